"""Text fields that give the keyboard back with Escape, and a piece of a picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from labeler.domain.items import Box
from labeler.gui.theme import Theme, colour
from labeler.gui.widgets.edited_text import EditedText
from labeler.gui.widgets.label import visible
from labeler.modalities.image.decoder import Picture

AROUND, LEAST = 0.6, 60
"""How much of the picture around a box is shown: of the box's longer side, and at least so many pixels."""


class LineField(QLineEdit):
    """One line, with hidden characters written out: what is seen is what is kept where somebody types in it."""

    typed = Signal(str)
    left = Signal()

    def __init__(self, name: str, longest: int = 200) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setMaxLength(longest)
        self.textEdited.connect(self.typed)

    def show_text(self, text: str, *, read_only: bool) -> None:
        shown = visible(text)
        if shown != self.text():
            self.setText(shown)
        self.setReadOnly(read_only)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class TextField(EditedText):
    """Several lines; Tab goes to the next field."""

    left = Signal()

    def __init__(self, name: str, lines: int) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 22)

    def show_text(self, text: str, *, read_only: bool) -> None:
        if text != self.text:
            self.set_text(text)
        self.setReadOnly(read_only)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class CropView(QWidget):
    """A box of a picture with a little around it, outlined, as large as there is room."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._image: QImage | None = None
        self._box = QRectF()
        self.setMinimumHeight(96)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def clear(self) -> None:
        self._image = None
        self.update()

    def show_picture(self, picture: Picture, box: Box) -> None:
        """Take the piece over; the picture itself is not kept."""
        x0, y0, x1, y1 = box
        around = max(max(x1 - x0, y1 - y0) * AROUND, LEAST)
        left, top = max(0, int(x0 - around)), max(0, int(y0 - around))
        right, bottom = min(picture.width, int(x1 + around) + 1), min(picture.height, int(y1 + around) + 1)
        scale = 2**picture.shrunk
        piece = picture.pixels[top // scale : bottom // scale, left // scale : right // scale]
        if not piece.size:
            self.clear()
            return
        height, width, _ = piece.shape
        self._image = QImage(
            piece.tobytes(), width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied
        ).copy()
        self._box = QRectF((x0 - left) / scale, (y0 - top) / scale, (x1 - x0) / scale, (y1 - y0) / scale)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self._image is None:
            return
        painter = QPainter(self)
        fit = min(self.width() / self._image.width(), self.height() / self._image.height(), 4.0)
        size = self._image.width() * fit, self._image.height() * fit
        place = QRectF(0.0, 0.0, *size)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, fit < 1)
        painter.drawImage(place, self._image)
        painter.setPen(QPen(colour(self._theme.palette.difference), 2))
        painter.drawRect(
            QRectF(self._box.x() * fit, self._box.y() * fit, self._box.width() * fit, self._box.height() * fit)
        )
        painter.end()
