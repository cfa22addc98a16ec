"""Where letters stand in a plain text widget. Ranges count UTF-16 units, as Qt's cursors do."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTextBlock, QTextLine
from PySide6.QtWidgets import QPlainTextEdit

_CARET_WIDTH = 6.0
"""How wide a range of no letters is, in pixels."""


def range_rects(edit: QPlainTextEdit, begin: int, end: int) -> list[QRectF]:
    """Where a UTF-16 range stands in the viewport: a rectangle a line, more where writing directions mix."""
    rects: list[QRectF] = []
    block = edit.document().findBlock(begin)
    bottom = edit.viewport().height()
    if block.blockNumber() < edit.firstVisibleBlock().blockNumber():
        block = edit.firstVisibleBlock()
    while block.isValid() and block.position() <= end:
        origin = edit.blockBoundingGeometry(block).translated(edit.contentOffset()).topLeft()
        if origin.y() > bottom:
            break
        for number in range(block.layout().lineCount()):
            line = block.layout().lineAt(number)
            rects += _line_rects(line, begin - block.position(), end - block.position(), origin)
        block = block.next()
    return rects


def unit_at(edit: QPlainTextEdit, position: QPointF) -> int | None:
    """The UTF-16 unit of the letter under a point of the viewport; None beside the letters."""
    block = edit.cursorForPosition(position.toPoint()).block()
    place = position - edit.blockBoundingGeometry(block).translated(edit.contentOffset()).topLeft()
    for number in range(block.layout().lineCount()):
        line = block.layout().lineAt(number)
        if line.y() <= place.y() < line.y() + line.height():
            if not line.naturalTextRect().contains(QPointF(place.x(), line.y() + 1)):
                return None
            return block.position() + line.xToCursor(place.x(), QTextLine.CursorPosition.CursorOnCharacter)
    return None


def visible_units(edit: QPlainTextEdit) -> tuple[int, int]:
    """First and last UTF-16 unit of the lines that are seen."""
    block: QTextBlock = edit.firstVisibleBlock()
    first = block.position()
    corner = edit.viewport().rect().bottomRight()
    last = edit.cursorForPosition(corner).block()
    return first, last.position() + last.length()


def _line_rects(line: QTextLine, begin: int, end: int, origin: QPointF) -> list[QRectF]:
    """The rectangles of a range of one line, in viewport coordinates; the range counts from the block's start."""
    first, last = max(begin, line.textStart()), min(end, line.textStart() + line.textLength())
    if last < first or (last == first and begin != end):
        return []
    top, height = origin.y() + line.y(), line.height()
    if begin == end:
        x = origin.x() + _x(line, begin)
        return [QRectF(x - _CARET_WIDTH / 2, top, _CARET_WIDTH, height)]
    # Glyph runs and not cursor positions: where writing directions mix, a range is not one stretch of the line.
    bounds = [run.boundingRect() for run in line.glyphRuns(first, last - first)]
    stretches = sorted((bound.left(), bound.right()) for bound in bounds) or [(_x(line, first), _x(line, last))]
    joined = [stretches[0]]
    for left, right in stretches[1:]:
        if left - joined[-1][1] < 1:
            joined[-1] = (joined[-1][0], max(right, joined[-1][1]))
        else:
            joined.append((left, right))
    return [QRectF(origin.x() + left, top, right - left, height) for left, right in joined]


def _x(line: QTextLine, unit: int) -> float:
    found: Any = line.cursorToX(unit)  # the stubs say float; PySide returns (x, unit)
    return float(found[0] if isinstance(found, tuple) else found)
