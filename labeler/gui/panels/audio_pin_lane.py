"""Where failures are pinned in time: A's in the upper half of a lane, B's in the lower one."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from labeler.domain.items import TimeSpan
from labeler.gui.panels.audio_lane import paint_name
from labeler.gui.panels.audio_view import LEFT, RIGHT, TimeView
from labeler.gui.theme import Theme, colour, sans
from labeler.gui.widgets.label import visible
from labeler.sessions.review.evidence import ShownPin
from labeler.sessions.review.moments import moment

_ROW = 19
_HEIGHT = 2 * _ROW + 4
_NARROWEST = 8.0


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
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        view.changed.connect(self.update)
        theme.changed.connect(self.update)

    def set_pins(self, pins: tuple[PlacedPin, ...]) -> None:
        """In the order in which they are painted: the last one lies on top."""
        if pins != self._pins:
            self._pins = pins
            said = (f"{one.pin.label} in {one.pin.pin.letter}, {moment(one.time_s[0])}" for one in pins)
            self.setAccessibleName("Pinned failures in time: " + "; ".join(said))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(700, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        paint_name(painter, self._theme.palette, "Pins", _HEIGHT / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(QRectF(LEFT - 2, 0, self.width() - LEFT - RIGHT + 4, _HEIGHT))
        for one in self._pins:
            self._paint_pin(painter, one)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        under = [one for one in self._pins if self._frame(one).contains(event.position())]
        if under:
            self.picked.emit(under[-1].pin.pin)

    def _frame(self, one: PlacedPin) -> QRectF:
        left, right = (self._view.x(time) for time in one.time_s)
        top = 1 if one.pin.pin.letter == "A" else _ROW + 2
        return QRectF(left, top, max(right - left, _NARROWEST), _ROW)

    def _paint_pin(self, painter: QPainter, one: PlacedPin) -> None:
        palette, frame = self._theme.palette, self._frame(one)
        painter.setPen(QPen(colour(palette.accent if one.pin.held else palette.border), 2.0 if one.pin.held else 1.0))
        painter.setBrush(colour(palette.surface))
        painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), 3, 3)
        side = QRectF(frame.left() + 1, frame.top() + 2, 3, frame.height() - 4)
        painter.fillRect(side, colour(palette.letter(one.pin.pin.letter)))
        font = sans(11)
        room = frame.intersected(QRectF(LEFT, 0, self.width() - LEFT - RIGHT, _HEIGHT)).adjusted(8, 0, -4, 0)
        words = QFontMetricsF(font).elidedText(visible(one.pin.label), Qt.TextElideMode.ElideRight, room.width())
        painter.setFont(font)
        painter.setPen(QColor(palette.text))
        if room.width() > 12:
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), words)
