"""The whole recording in a strip: which part of it is in view, and where its differences are."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from labeler.domain.items import TimeSpan
from labeler.gui.panels.audio.picture import WavePicture
from labeler.gui.panels.audio.view import LEFT, RIGHT, TimeView
from labeler.gui.theme import Theme, colour
from labeler.gui.widgets.label import set_tip

_HEIGHT = 22
_NARROWEST = 6.0
"""Pixels of the frame around what is in view: of three hours, a second would be none."""


class Minimap(QWidget):
    """A press or a drag brings that place into the middle of the view."""

    def __init__(self, theme: Theme, view: TimeView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = view
        self._wave: WavePicture | None = None
        self._differences: tuple[TimeSpan, ...] = ()
        self._picture: QPixmap | None = None
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Whole recording")
        set_tip(self, "The whole recording. Click or drag to move what is in view.")
        view.changed.connect(self.update)
        theme.changed.connect(self.forget)

    def set_wave(self, wave: WavePicture | None) -> None:
        if wave is not self._wave:
            self._wave = wave
            self.forget()

    def set_differences(self, spans: Sequence[TimeSpan]) -> None:
        if tuple(spans) != self._differences:
            self._differences = tuple(spans)
            self.update()

    def forget(self) -> None:
        """Draw the recording anew: there is more of it, or in other colours."""
        self._picture = None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(700, _HEIGHT)

    # Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter, palette, area = QPainter(self), self._theme.palette, self._area
        if self._wave is None:
            painter.end()
            return
        if self._picture is None or self._picture.devicePixelRatioF() != self.devicePixelRatioF():
            self._picture = self._drawn(self._wave)
        painter.drawPixmap(0, 0, self._picture)
        painter.setPen(QPen(colour(palette.difference), 2))
        for start, end in self._differences:
            left = self._x(start)
            painter.drawLine(QLineF(left, area.bottom() - 1, max(self._x(end), left + 2), area.bottom() - 1))
        if not self._view.whole:
            left, right = self._x(self._view.start_s), self._x(self._view.end_s)
            middle, width = (left + right) / 2, max(right - left, _NARROWEST)
            painter.setPen(QPen(colour(palette.accent), 1.5))
            painter.drawRect(QRectF(middle - width / 2, area.top() + 1, width, area.height() - 2))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.forget()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self._wave is not None:
            at = (event.position().x() - self._area.left()) / self._area.width() * self._view.duration_s
            self._view.show(at - self._view.length_s / 2, at + self._view.length_s / 2)

    # Drawing

    @property
    def _area(self) -> QRectF:
        return QRectF(LEFT, 2, max(self.width() - LEFT - RIGHT, 1), self.height() - 4)

    def _x(self, time_s: float) -> float:
        return self._area.left() + time_s / max(self._view.duration_s, 1e-9) * self._area.width()

    def _drawn(self, wave: WavePicture) -> QPixmap:
        ratio, area = self.devicePixelRatioF(), self._area
        picture = QPixmap(ceil(self.width() * ratio), ceil(self.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(self._theme.palette.surface))
        painter = QPainter(picture)
        painter.fillRect(area, colour(self._theme.palette.wave_field))
        wave.paint_whole(painter, self._theme.palette, area)
        painter.end()
        return picture
