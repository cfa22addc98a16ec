"""A text field that Escape leaves; what was typed stays."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit


class TypedField(QPlainTextEdit):
    """Looks as the gold answer's field does."""

    left = Signal()
    """Escape was pressed: the keyboard belongs to the screen again."""

    def __init__(self, name: str, placeholder: str, height: int, text: str = "") -> None:
        super().__init__(text)
        self.setObjectName("gold")
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setFixedHeight(height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
