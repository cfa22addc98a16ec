"""The letter of a side on its colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from labeler.domain.blind import Letter
from labeler.gui.theme import Theme, colour, sans


class Badge(QWidget):
    """A violet A or a teal B."""

    def __init__(self, theme: Theme, letter: Letter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._letter = letter
        self.setFixedSize(22, 22)
        self.setAccessibleName(f"Side {letter}")
        theme.changed.connect(self.update)

    def set_letter(self, letter: Letter) -> None:
        self._letter = letter
        self.setAccessibleName(f"Side {letter}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(22, 22)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(palette.letter(self._letter)))
        painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
        painter.setPen(QColor(palette.letter_text))
        painter.setFont(sans(12, QFont.Weight.Bold))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._letter)
        painter.end()
