"""Pinning failures on the picture: pins are shown and moved, places are drawn with Shift.

Shift and a drag draw a box, Shift and clicks the corners of an outline. The place in hand, and the pin that is held,
can be dragged. Everything else the pane does as ever.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF, QTransform

from labeler.domain.blind import Letter
from labeler.domain.shapes import Shape, Size
from labeler.domain.verdicts import At
from labeler.gui.panels.image.shapes import ShapeDrag, cursor_over, paint_handles, paint_outline
from labeler.gui.panels.image.tool import PointerAt
from labeler.gui.theme import Theme, sans
from labeler.gui.widgets.label import visible
from labeler.sessions.review.evidence import ShownEvidence, ShownPin, ShownSpot
from labeler.sessions.review.places import at_shape, region_place, shape_of

_HEAD = 6.0
"""Radius of a pin's head, in screen pixels."""
_STEP = 3 * _HEAD
_TO_HEAD = QPointF(2 * _HEAD, 0)
"""From a pin's tip to the middle of its head."""


class PinTool(QObject):
    """What a pane asks while failures can be pinned (see `ImageTool`)."""

    drawn = Signal(object)
    """At: a box that was drawn."""
    moved = Signal(object)
    """At: where the place in hand is now."""
    drawn_to = Signal(float, float)
    """One more corner of an outline."""
    held = Signal(object)
    """A pin that was clicked."""
    region_held = Signal(int)
    """Number of a gold region that was clicked."""
    changed = Signal()
    """Paint again."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pins: Sequence[ShownPin] = ()
        self._regions: list[Shape | None] | None = None
        self._spot: ShownSpot | None = None
        self._drag = ShapeDrag()
        self._page = 0
        self._draws_from: QPointF | None = None

    def show(self, evidence: ShownEvidence, size: Size, page: int) -> None:
        """Pins, or while they are edited the gold answer's regions; and the place in hand. Of one page, from 0."""
        self._page = page
        regions = evidence.gold_regions
        self._regions = None if regions is None else [self._shape_here(region_place(region)) for region in regions]
        self._pins = [p for p in evidence.pins if self._shape_here(p.at) is not None] if regions is None else []
        self._spot = evidence.spot
        self._drag.size = size
        self.changed.emit()

    def _shape_here(self, at: At) -> Shape | None:
        return shape_of(at) if at.page == self._page else None

    # What a pane asks

    def press(self, at: PointerAt) -> bool:
        self._draws_from = None
        if at.modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._draws_from = at.point
            self._drag.draw(at)
            return True
        shape = self._shape_in_hand()
        if shape is not None and self._drag.grab(shape, at):
            return True
        region = self._region_at(at)
        if region is not None:
            self.region_held.emit(region)
            grabbed = (self._regions or [])[region]
            return grabbed is not None and self._drag.grab(grabbed, at)
        pin = self._pin_at(at)
        if pin is not None:
            self.held.emit(pin.pin)
        return pin is not None

    def double_press(self, at: PointerAt) -> bool:
        return self.press(at)

    def drag(self, at: PointerAt) -> None:
        self._drag.drag(at)
        self.changed.emit()

    def release(self, at: PointerAt) -> None:
        start, self._draws_from = self._draws_from, None
        shape = self._drag.release()
        if start is not None and (at.point - start).manhattanLength() < at.reach:
            self.drawn_to.emit(start.x(), start.y())
        elif shape is not None:
            (self.moved if start is None else self.drawn).emit(at_shape(shape, self._page))
        self.changed.emit()

    def hover(self, at: PointerAt | None) -> None:
        """Pins look the same under the pointer."""

    def cursor(self, at: PointerAt) -> Qt.CursorShape | None:
        if at.modifiers & Qt.KeyboardModifier.ShiftModifier:
            return Qt.CursorShape.CrossCursor
        if self._pin_at(at) is not None or self._region_at(at) is not None:
            return Qt.CursorShape.PointingHandCursor
        shape = self._shape_in_hand()
        return None if shape is None else cursor_over(shape, at)

    def key(self, name: str) -> bool:  # noqa: ARG002
        """All keys are commands of the screen."""
        return False

    # Painting

    def paint(self, painter: QPainter, to_screen: QTransform, letter: Letter | None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = QColor(self._theme.palette.failure)
        stacked: dict[tuple[float, ...], int] = {}
        for pin in self._pins:
            shape = shape_of(pin.at)
            if shape is None or (letter is not None and pin.pin.letter != letter):
                continue
            if pin.pin.difference is None and not pin.held:
                paint_outline(painter, to_screen, shape, ink)
            place = stacked[shape.bounds] = stacked.get(shape.bounds, -1) + 1
            self._paint_head(painter, to_screen, pin, shape, place)
        for number, region in enumerate(self._regions or ()):
            if region is not None and (self._spot is None or self._spot.region != number):
                paint_outline(painter, to_screen, region, QColor(self._theme.palette.accent))
        self._paint_in_hand(painter, to_screen)

    def _paint_head(self, painter: QPainter, to_screen: QTransform, pin: ShownPin, shape: Shape, place: int) -> None:
        """A pin that points at the right edge from outside, with the side's letter in it: lines of text stand above
        each other, so that there is more room beside one than over it.
        """
        palette = self._theme.palette
        tip = _tip(to_screen, shape, place)
        head = tip + _TO_HEAD
        painter.setPen(QPen(QColor(palette.surface), 1))
        painter.setBrush(QColor(palette.failure))
        painter.drawPolygon(QPolygonF([tip, head + QPointF(-3, -_HEAD * 0.7), head + QPointF(-3, _HEAD * 0.7)]))
        painter.drawEllipse(head, _HEAD, _HEAD)
        painter.setPen(QColor(palette.surface))
        painter.setFont(sans(9, QFont.Weight.Bold))
        frame = QRectF(head.x() - _HEAD, head.y() - _HEAD, 2 * _HEAD, 2 * _HEAD)
        painter.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), pin.pin.letter)
        if pin.held:
            self._paint_label(painter, head, visible(pin.label))

    def _paint_label(self, painter: QPainter, head: QPointF, label: str) -> None:
        palette = self._theme.palette
        font = sans(11, QFont.Weight.Medium)
        width = QFontMetricsF(font).horizontalAdvance(label) + 12
        left = min(head.x() + _HEAD + 4, painter.viewport().width() / painter.device().devicePixelRatioF() - width - 4)
        frame = QRectF(left, head.y() + (_HEAD + 3 if left < head.x() + _HEAD else -9), width, 18)
        painter.setPen(QPen(QColor(palette.failure), 1))
        painter.setBrush(QColor(palette.surface))
        painter.drawRoundedRect(frame, 4, 4)
        painter.setPen(QColor(palette.text))
        painter.setFont(font)
        painter.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), label)

    def _paint_in_hand(self, painter: QPainter, to_screen: QTransform) -> None:
        accent = QColor(self._theme.palette.accent)
        shape = self._drag.preview or self._shape_in_hand()
        if shape is not None:
            paint_outline(painter, to_screen, shape, accent, dashed=True)
            corner = self._spot.corner if self._spot is not None and self._drag.preview is None else None
            paint_handles(painter, to_screen, shape.corners, accent, corner)
        elif self._spot is not None and self._spot.drawn:
            corners = [QPointF(x, y) for x, y in self._spot.drawn]
            painter.setPen(QPen(accent, 2))
            painter.drawPolyline(to_screen.map(QPolygonF(corners)))
            paint_handles(painter, to_screen, self._spot.drawn, accent, len(corners) - 1)

    # Inside

    def _shape_in_hand(self) -> Shape | None:
        return None if self._spot is None or self._spot.at is None else self._shape_here(self._spot.at)

    def _region_at(self, at: PointerAt) -> int | None:
        """The smallest gold region under the pointer."""
        here = [
            (_area(region), number)
            for number, region in enumerate(self._regions or ())
            if region is not None and region.contains(at.point.x(), at.point.y())
        ]
        return min(here)[1] if here else None

    def _pin_at(self, at: PointerAt) -> ShownPin | None:
        """The pin whose head is under the pointer."""
        scale = 6.0 / at.reach  # screen pixels a picture pixel
        stacked: dict[tuple[float, ...], int] = {}
        for pin in self._pins:
            shape = shape_of(pin.at)
            if shape is None or (at.letter is not None and pin.pin.letter != at.letter):
                continue
            place = stacked[shape.bounds] = stacked.get(shape.bounds, -1) + 1
            head = _tip(QTransform.fromScale(scale, scale), shape, place) + _TO_HEAD
            off = QPointF(at.point.x() * scale, at.point.y() * scale) - head
            if abs(off.x()) <= _HEAD + 2 and abs(off.y()) <= _HEAD + 2:
                return pin
        return None


def _area(shape: Shape) -> float:
    x0, y0, x1, y1 = shape.bounds
    return (x1 - x0) * (y1 - y0)


def _tip(to_screen: QTransform, shape: Shape, place: int) -> QPointF:
    """Where a pin's tip stands on the screen; `place` counts pins at the same shape, outwards."""
    _, top, right, bottom = shape.bounds
    return to_screen.map(QPointF(right, (top + bottom) / 2)) + QPointF(3 + place * _STEP, 0)
