"""A picture along the time axis, with the playhead over it: what waveform and spectrogram have in common.

All but the playhead is painted once into a picture; while it moves, only the strip that it leaves and the one that it
enters are painted again.
"""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from labeler.gui.panels.audio.tool import REACH, TimeTool, Toolbox
from labeler.gui.panels.audio.view import LEFT, RIGHT, TimeView
from labeler.gui.theme import Theme

_DRAG_FROM = 5
"""Pixels; a shorter move is a click."""


class TimeField(QWidget):
    """A click seeks, a drag is a tool's (by itself it selects), the middle button or Shift and the wheel scroll, the
    wheel zooms at the pointer."""

    sought = Signal(float)

    def __init__(self, theme: Theme, view: TimeView, tools: Toolbox, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = view
        self._tools = tools
        self._playhead_s: float | None = None
        self._picture: QPixmap | None = None
        self._pressed: QPointF | None = None
        self._tool: TimeTool | None = None
        """What the drag that is under way belongs to."""
        self._scrolled: QPointF | None = None
        self.setMouseTracking(True)
        view.changed.connect(self.forget)
        theme.changed.connect(self.forget)
        tools.changed.connect(self.update)

    # What a field is

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Paint everything but tools and playhead; `area` is where time is."""
        raise NotImplementedError

    @property
    def area(self) -> QRectF:
        """Where time is, in pixels of the widget."""
        return QRectF(LEFT, 0, self.width() - LEFT - RIGHT, self.height())

    @property
    def ready(self) -> bool:
        """There is a recording to point at."""
        return self._view.duration_s > 0

    def forget(self) -> None:
        """Paint the picture anew."""
        self._picture = None
        self.update()

    def set_playhead(self, time_s: float | None) -> None:
        if time_s != self._playhead_s:
            before = self._playhead()
            self._playhead_s = time_s
            if before != self._playhead():
                for strip in (before, self._playhead()):
                    if strip is not None:
                        self.update(strip)

    # Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture is None:
            self._picture = self._drawn()
        painter = QPainter(self)
        dirty, ratio = event.rect(), self._picture.devicePixelRatioF()
        source = QRectF(dirty.x() * ratio, dirty.y() * ratio, dirty.width() * ratio, dirty.height() * ratio)
        painter.drawPixmap(QRectF(dirty), self._picture, source)
        if self.ready:
            painter.save()
            for tool in self._tools.all:
                tool.paint(painter, self._view, self.area)
            painter.restore()
        strip = self._playhead()
        if strip is not None and strip.intersects(dirty):
            painter.fillRect(strip.adjusted(1, 0, -1, 0), QColor(self._theme.palette.playhead))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.forget()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self.forget()
        super().changeEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        if not self.ready:
            event.ignore()
        elif turned.x() or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._view.scroll(-(turned.x() or turned.y()) / 120 * self._view.length_s / 10)
        else:
            self._view.zoom(1.25 ** (turned.y() / 120), self._view.time(event.position().x()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton:
            self._scrolled = event.position()
        elif event.button() is Qt.MouseButton.LeftButton and self.ready:
            self._pressed = event.position()
            self._tool = self._tools.at(self._view.time(event.position().x()), self._reach_s)
            if self._tool is not None:
                self._tool.grab(self._view.time(event.position().x()), self._reach_s)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        if self._scrolled is not None:
            self._view.scroll((self._scrolled.x() - place.x()) / self._view.pixels_per_s)
            self._scrolled = place
        elif self._pressed is None:
            grips = self.ready and self._tools.at(self._view.time(place.x()), self._reach_s) is not None
            self.setCursor(Qt.CursorShape.SplitHCursor if grips else Qt.CursorShape.ArrowCursor)
        else:
            if self._tool is None and abs(place.x() - self._pressed.x()) >= _DRAG_FROM:
                self._tool = self._tools.default
                self._tool.grab(self._view.time(self._pressed.x()), self._reach_s)
            if self._tool is not None:
                self._tool.move(min(max(self._view.time(place.x()), 0.0), self._view.duration_s))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton:
            self._scrolled = None
        elif self._pressed is not None and event.button() is Qt.MouseButton.LeftButton:
            self._pressed, tool, self._tool = None, self._tool, None
            if tool is not None:
                tool.drop()
            else:
                self.sought.emit(min(max(self._view.time(event.position().x()), 0.0), self._view.duration_s))

    # Inside

    @property
    def _reach_s(self) -> float:
        return REACH / self._view.pixels_per_s

    def _playhead(self) -> QRect | None:
        if self._playhead_s is None or not self.ready:
            return None
        x, area = round(self._view.x(self._playhead_s)), self.area
        inside = LEFT - 2 <= x <= self.width() - RIGHT + 2
        return QRect(x - 2, round(area.top()), 4, round(area.height())) if inside else None

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(ceil(self.width() * ratio), ceil(self.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(self._theme.palette.surface))
        painter = QPainter(picture)
        self.draw(painter, self.area)
        painter.end()
        return picture
