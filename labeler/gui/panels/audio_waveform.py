"""Ruler, waveform, differences and playhead.

All but the playhead is painted once into a picture; while it moves, only the strip that it leaves and the one that it
enters are painted again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from labeler.domain.items import TimeSpan
from labeler.gui.panels.audio_picture import WavePicture
from labeler.gui.panels.audio_view import LEFT, RIGHT, TimeView
from labeler.gui.theme import Theme, colour, sans

RULER = 22
_DRAG_FROM = 5
"""Pixels; a shorter move is a click."""
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
_LEAST_TICK = 84


@dataclass(frozen=True, slots=True)
class Band:
    """Where a difference stands. `outline` is what is looped: the difference and its context."""

    difference: str
    span: TimeSpan
    current: bool = False
    estimated: bool = False
    outline: TimeSpan | None = None


class Waveform(QWidget):
    """A click seeks, a drag or Shift and the wheel scrolls, the wheel zooms at the pointer."""

    sought = Signal(float)
    painted = Signal()
    """The recording, or why it cannot be drawn, is on the screen for the first time."""

    def __init__(self, theme: Theme, view: TimeView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = view
        self._wave: WavePicture | None = None
        self._words = ""
        self._bands: tuple[Band, ...] = ()
        self._playhead_s: float | None = None
        self._picture: QPixmap | None = None
        self._first = False
        self._pressed: QPointF | None = None
        self._dragged = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(RULER + 72)
        self.setAccessibleName("Waveform")
        view.changed.connect(self._forget)
        theme.changed.connect(self._forget)

    def set_wave(self, wave: WavePicture | None, words: str = "") -> None:
        """The recording to draw, or words in its place: why it cannot be drawn. Neither: it is still being read."""
        self._wave, self._words = wave, words
        self._first = wave is not None or bool(words)
        self.setAccessibleDescription(words)
        self._forget()

    def set_bands(self, bands: Sequence[Band]) -> None:
        if tuple(bands) != self._bands:
            self._bands = tuple(bands)
            self._forget()

    def set_playhead(self, time_s: float | None) -> None:
        if time_s != self._playhead_s:
            before = self._playhead()
            self._playhead_s = time_s
            if before != self._playhead():
                for strip in (before, self._playhead()):
                    if strip is not None:
                        self.update(strip)

    def sizeHint(self) -> QSize:
        return QSize(700, RULER + 220)

    # Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture is None:
            self._picture = self._drawn()
        painter = QPainter(self)
        dirty, ratio = event.rect(), self._picture.devicePixelRatioF()
        source = QRectF(dirty.x() * ratio, dirty.y() * ratio, dirty.width() * ratio, dirty.height() * ratio)
        painter.drawPixmap(QRectF(dirty), self._picture, source)
        strip = self._playhead()
        if strip is not None and strip.intersects(dirty):
            painter.fillRect(strip.adjusted(1, 0, -1, 0), QColor(self._theme.palette.playhead))
        painter.end()
        if self._first:
            self._first = False
            self.painted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._view.set_width(event.size().width())
        self._forget()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._forget()
        super().changeEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        if self._wave is None:
            event.ignore()
        elif turned.x() or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._view.scroll(-(turned.x() or turned.y()) / 120 * self._view.length_s / 10)
        else:
            self._view.zoom(1.25 ** (turned.y() / 120), self._view.time(event.position().x()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        moved = event.position().x() - self._pressed.x()
        if self._dragged or abs(moved) >= _DRAG_FROM:
            self._dragged = True
            self._view.scroll(-moved / self._view.pixels_per_s)
            self._pressed = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and not self._dragged and self._wave is not None:
            self.sought.emit(min(max(self._view.time(event.position().x()), 0.0), self._view.duration_s))
        self._pressed = None

    # Drawing

    def _forget(self) -> None:
        self._picture = None
        self.update()

    def _playhead(self) -> QRect | None:
        if self._playhead_s is None or self._wave is None:
            return None
        x = round(self._view.x(self._playhead_s))
        return QRect(x - 2, RULER, 4, self.height() - RULER) if LEFT - 2 <= x <= self.width() - RIGHT + 2 else None

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(ceil(self.width() * ratio), ceil(self.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        palette = self._theme.palette
        picture.fill(colour(palette.surface))
        field = QRectF(LEFT, RULER, self.width() - LEFT - RIGHT, self.height() - RULER)
        painter = QPainter(picture)
        painter.fillRect(QRectF(LEFT, 0, field.width(), self.height()), colour(palette.wave_field))
        if self._wave is None:
            painter.setPen(QColor(palette.quiet))
            painter.setFont(sans(13))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(field.adjusted(24, 0, -24, 0), int(flags), self._words)
        else:
            painter.setClipRect(QRectF(LEFT, 0, field.width(), self.height()))
            self._draw_ruler(painter)
            for band in self._bands:
                self._draw_band(painter, band)
            self._wave.paint(painter, palette, field, self._view.start_s, self._view.pixels_per_s)
            painter.setClipping(False)
            for band in self._bands:
                self._draw_outline(painter, band)
        painter.end()
        return picture

    def _draw_ruler(self, painter: QPainter) -> None:
        step = tick_step(_LEAST_TICK / self._view.pixels_per_s)
        painter.setFont(sans(11))
        first = floor(self._view.start_s / step)
        for n in range(first, ceil(self._view.end_s / step) + 1):
            x = round(self._view.x(n * step)) + 0.5
            painter.setPen(QPen(colour(self._theme.palette.border), 1))
            painter.drawLine(QLineF(x, 4, x, RULER))
            painter.setPen(QColor(self._theme.palette.quiet))
            painter.drawText(QPointF(x + 4, 15), tick_label(n * step, step))

    def _draw_band(self, painter: QPainter, band: Band) -> None:
        left, right = self._view.x(band.span[0]), self._view.x(band.span[1])
        area = QRectF(left, RULER, max(right - left, 3.0), self.height() - RULER)
        palette = self._theme.palette
        painter.fillRect(area, colour(palette.difference_soft, 1.0 if band.current or not palette.dark else 0.5))
        if band.current and not palette.dark:
            painter.fillRect(area, colour(palette.difference, 0.12))
        if band.estimated:
            painter.setPen(QPen(colour(palette.difference), 1, Qt.PenStyle.DashLine))
            painter.drawLine(area.topLeft(), area.bottomLeft())
            painter.drawLine(area.topRight(), area.bottomRight())

    def _draw_outline(self, painter: QPainter, band: Band) -> None:
        if band.outline is None:
            return
        left, right = (min(max(self._view.x(time), LEFT - 4.0), self.width() - RIGHT + 4.0) for time in band.outline)
        if right - left < 2:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour(self._theme.palette.difference), 2))
        painter.drawRoundedRect(QRectF(left, RULER + 1, right - left, self.height() - RULER - 2), 3, 3)


def tick_step(least_s: float) -> float:
    """The smallest step of a ruler, in seconds, that is at least this long."""
    for step in _STEPS:
        if step >= least_s > 0.5:
            return float(step)
    power = 1e-5
    while True:
        for factor in (1, 2, 5):
            if power * factor >= least_s:
                return power * factor
        power *= 10


def tick_label(time_s: float, step: float) -> str:
    """`5.0 s`, from a minute on `1:05`, from an hour on `1:00:05`; with as many digits as the step needs."""
    if time_s >= 60 and step >= 1:
        hours, rest = divmod(round(time_s), 3600)
        return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
    digits = 1
    while round(step * 10**digits, 6) != round(step * 10**digits) and digits < 5:
        digits += 1
    return f"{time_s:.{digits}f} s"
