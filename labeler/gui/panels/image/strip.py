"""A strip above the picture, with buttons that are commands: the one of layers, the one of pages."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look


class Strip(QFrame):
    """Hidden until there is something to say."""

    asked = Signal(str)
    """Id of a command."""

    def __init__(self, left: int, spacing: int) -> None:
        """Both in pixels; `left` is the margin there."""
        super().__init__()
        self.setObjectName("card")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(left, 4, 8, 4)
        self.row.setSpacing(spacing)
        self.buttons: dict[str, KeyButton] = {}
        self.hide()

    def add_buttons(self, theme: Theme, keys: Mapping[str, str], actions: Mapping[str, str]) -> None:
        """On the right, one for each command (id to words)."""
        self.row.addStretch(1)
        for command, words in actions.items():
            button = self.buttons[command] = KeyButton(theme, Look.FLAT, words, keys.get(command, ""))
            button.clicked.connect(lambda _checked, command=command: self.asked.emit(command))
            self.row.addWidget(button)
