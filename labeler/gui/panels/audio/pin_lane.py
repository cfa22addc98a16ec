"""Where failures are pinned in time: A's in the upper rows of a lane, B's below; what overlaps has a row of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from labeler.domain.items import TimeSpan
from labeler.gui.panels.audio.lane import paint_name
from labeler.gui.panels.audio.view import LEFT, RIGHT, TimeView
from labeler.gui.theme import Theme, colour, sans
from labeler.gui.widgets.label import visible
from labeler.sessions.review.draft import Pin
from labeler.sessions.review.evidence import ShownPin
from labeler.sessions.review.moments import moment

_ROW = 19
_NARROWEST = 8.0
_MOST_ROWS = 3
"""Of a side; what overlaps more than that shares the last one."""


@dataclass(frozen=True, slots=True)
class PlacedPin:
    pin: ShownPin
    time_s: TimeSpan


class PinLane(QWidget):
    picked = Signal(object)
    """A pin that was clicked."""

    def __init__(self, theme: Theme, view: TimeView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._view = theme, view
        self._pins: tuple[PlacedPin, ...] = ()
        self._rows: dict[Pin, int] = {}
        """From the top of the lane."""
        self.setFixedHeight(_height(2))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        view.changed.connect(self.update)
        theme.changed.connect(self.update)

    def set_pins(self, pins: tuple[PlacedPin, ...]) -> None:
        """In the order in which they are painted: the last one lies on top."""
        if pins != self._pins:
            self._pins = pins
            above, of_a = rows_of([one for one in pins if one.pin.pin.letter == "A"])
            below, of_b = rows_of([one for one in pins if one.pin.pin.letter == "B"])
            self._rows = above | {pin: of_a + row for pin, row in below.items()}
            self.setFixedHeight(_height(of_a + of_b))
            said = (f"{one.pin.label} in {one.pin.pin.letter}, {moment(one.time_s[0])}" for one in pins)
            self.setAccessibleName("Pinned failures in time: " + "; ".join(said))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(700, self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        paint_name(painter, self._theme.palette, "Pins", self.height() / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(QRectF(LEFT - 2, 0, self.width() - LEFT - RIGHT + 4, self.height()))
        for one in self._pins:
            self._paint_pin(painter, one)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        under = [one for one in self._pins if self._frame(one).contains(event.position())]
        if under:
            self.picked.emit(under[-1].pin.pin)

    def _frame(self, one: PlacedPin) -> QRectF:
        left, right = (self._view.x(time) for time in one.time_s)
        return QRectF(left, 1 + self._rows[one.pin.pin] * (_ROW + 1), max(right - left, _NARROWEST), _ROW)

    def _paint_pin(self, painter: QPainter, one: PlacedPin) -> None:
        palette, frame = self._theme.palette, self._frame(one)
        painter.setPen(QPen(colour(palette.accent if one.pin.held else palette.border), 2.0 if one.pin.held else 1.0))
        painter.setBrush(colour(palette.surface))
        painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), 3, 3)
        side = QRectF(frame.left() + 1, frame.top() + 2, 3, frame.height() - 4)
        painter.fillRect(side, colour(palette.letter(one.pin.pin.letter)))
        font = sans(11)
        room = frame.intersected(QRectF(LEFT, 0, self.width() - LEFT - RIGHT, self.height())).adjusted(8, 0, -4, 0)
        words = QFontMetricsF(font).elidedText(visible(one.pin.label), Qt.TextElideMode.ElideRight, room.width())
        painter.setFont(font)
        painter.setPen(QColor(palette.text))
        if room.width() > 12:
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), words)


def rows_of(pins: Sequence[PlacedPin]) -> tuple[dict[Pin, int], int]:
    """A row for each pin of one side, such that pins of a row do not overlap; and how many rows: one at least.

    Which pin is held changes no row.
    """
    ends, rows = [-inf] * _MOST_ROWS, {}
    for one in sorted(pins, key=lambda one: (one.time_s, one.pin.label)):
        row = next((row for row, end in enumerate(ends) if end <= one.time_s[0]), _MOST_ROWS - 1)
        ends[row] = max(ends[row], one.time_s[1])
        rows[one.pin.pin] = row
    return rows, max(rows.values(), default=0) + 1


def _height(rows: int) -> int:
    return rows * (_ROW + 1) + 2
