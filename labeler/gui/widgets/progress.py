"""A thin bar that says how much is done. Qt's own repaints the whole window at once whenever its value changes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from labeler.gui.theme import Theme, colour


class ProgressLine(QWidget):
    """The share done, from 0 to 1, as a line."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._share = 0.0
        self.setFixedSize(150, 4)
        theme.changed.connect(self.update)

    def show_progress(self, done: int, total: int) -> None:
        share = done / total if total else 0.0
        if share != self._share:
            self._share = share
            self.setAccessibleName(f"{done} of {total} done")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for share, ink in ((1.0, self._theme.palette.border), (self._share, self._theme.palette.accent)):
            painter.setBrush(colour(ink))
            painter.drawRoundedRect(QRectF(0, 0, self.width() * share, self.height()), 2, 2)
        painter.end()
