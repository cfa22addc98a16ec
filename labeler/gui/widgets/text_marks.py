"""Marks of differences in a text: what they stand for, and how they are painted around and under the letters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from labeler.domain.items import Span
from labeler.gui.theme import Palette
from labeler.gui.widgets.shown_text import Insertion

NO_BREAK = "\u00a0"
Style = Literal["difference", "current", "gap", "current_gap", "cosmetic"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the text (`span` counts code points) that belongs to a difference.

    `gap` and `current_gap` stand for nothing: `words` are shown at `span[0]`, on a line of their own if `own_line`.
    """

    span: Span
    difference: str | None
    style: Style
    words: str = "nothing here"
    own_line: bool = False

    @property
    def current(self) -> bool:
        return self.style in ("current", "current_gap")

    @property
    def gap(self) -> bool:
        return self.style in ("gap", "current_gap")


def paint_mark(painter: QPainter, rects: Sequence[QRectF], style: Style, palette: Palette) -> None:
    """Where the marked words stand, a rectangle a line, in viewport coordinates."""
    amber = QColor(palette.difference)
    match style:
        case "current":
            outline(painter, rects, QPen(amber, 2))
        case "difference":
            _underline(painter, rects, QPen(amber, 2))
        case "gap" | "current_gap":
            width = 3 if style == "current_gap" else 2
            _underline(painter, rects, QPen(amber, width, Qt.PenStyle.DashLine, Qt.PenCapStyle.FlatCap))
        case "cosmetic":
            _underline(painter, rects, QPen(QColor(palette.quiet), 1.2, Qt.PenStyle.DotLine))


def outline(painter: QPainter, rects: Sequence[QRectF], pen: QPen) -> None:
    """A frame around each of the words' rectangles."""
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rect in rects:
        painter.drawRoundedRect(rect.adjusted(-2.5, 0, 2.5, 1), 4, 4)


def insertions(text: str, marks: Iterable[Mark]) -> list[Insertion]:
    """The words that stand for nothing, at their places in a text."""
    return [Insertion(mark.span[0], _gap_words(text, mark)) for mark in marks if mark.gap]


def _gap_words(text: str, mark: Mark) -> str:
    if not mark.own_line:
        return f" {mark.words.replace(' ', NO_BREAK)} "
    offset = min(max(mark.span[0], 0), len(text))
    before = "\n" if offset and text[offset - 1] != "\n" else ""
    after = "\n" if offset < len(text) and text[offset] != "\n" else ""
    return f"{before} {mark.words} {after}"


def places_of(marks: Iterable[Mark]) -> list[tuple[Span, bool]]:
    """What of the marks decides where they stand: the span of each, and whether words are put in there."""
    return [(mark.span, mark.gap) for mark in marks]


def current_of(marks: Iterable[Mark]) -> Mark | None:
    return next((mark for mark in marks if mark.current), None)


def _underline(painter: QPainter, rects: Sequence[QRectF], pen: QPen) -> None:
    painter.setPen(pen)
    for rect in rects:
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
