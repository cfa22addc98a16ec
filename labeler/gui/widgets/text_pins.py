"""Pins and the picked place in a text: painted under and around the letters, never over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from labeler.domain.items import Span
from labeler.gui.theme import Palette
from labeler.gui.widgets.text_marks import outline

_SIZE = 4.0
"""Half the width of a pin, in pixels."""


@dataclass(frozen=True, slots=True)
class PinnedWords:
    """Characters that a failure is pinned to; `held`: the pin that is in hand."""

    span: Span
    held: bool = False


def paint_pin(painter: QPainter, rects: Sequence[QRectF], palette: Palette, *, held: bool) -> None:
    """A filled head under the first letter, its tip upwards; the words of a pin in hand are outlined as well."""
    if not rects:
        return
    first = rects[0]
    tip = QPointF(first.left() + _SIZE, first.bottom() + 1)
    head = [tip, tip + QPointF(_SIZE, _SIZE * 1.4), tip + QPointF(-_SIZE, _SIZE * 1.4)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(palette.failure))
    painter.drawPolygon(QPolygonF(head))
    if held:
        outline(painter, rects, QPen(QColor(palette.failure), 1.6))


def paint_picked(painter: QPainter, rects: Sequence[QRectF], palette: Palette) -> None:
    """The place that takes the next failure: a dashed outline."""
    pen = QPen(QColor(palette.accent), 1.6)
    pen.setDashPattern([3, 2])
    outline(painter, rects, pen)
