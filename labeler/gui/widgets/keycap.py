"""A key's name on a key cap."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from labeler.gui import keys
from labeler.gui.theme import Theme, colour, mono


class KeyCap(QWidget):
    """A small outlined cap, as on the buttons."""

    def __init__(self, theme: Theme, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_key(key)
        theme.changed.connect(self.update)

    def show_key(self, key: str) -> None:
        self._text = keys.shown(key)
        self.setAccessibleName(f"Key {key}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(max(18, round(QFontMetricsF(mono(11)).horizontalAdvance(self._text)) + 10), 19)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour(palette.border), 1))
        painter.setBrush(colour(palette.tag))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3.5, 3.5)
        painter.setPen(QColor(palette.quiet))
        painter.setFont(mono(11))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._text)
        painter.end()
