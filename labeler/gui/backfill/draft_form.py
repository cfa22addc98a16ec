"""Fields in which something is typed about a record: each with a word before it, then a button that records."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from labeler.gui.project.fields import LineField, TextField
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.label import plain

Fields = Mapping[str, tuple[str, LineField | TextField]]
"""By their name in the draft; each with the word before it."""


class DraftForm(QWidget):
    """Says what is typed; Escape, and Enter in a line, give the keyboard back."""

    typed = Signal(str, object)
    """Which field of the draft, and what it is now."""
    left = Signal()

    def __init__(self, theme: Theme, fields: Fields, label: str, key: str) -> None:
        """`label` and `key` of the button."""
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(6)
        self.grid = QGridLayout()
        self.grid.setVerticalSpacing(4)
        self.fields = {name: field for name, (_, field) in fields.items()}
        for place, (name, (word, field)) in enumerate(fields.items()):
            self.grid.addWidget(plain("quiet", word), place, 0)
            self.grid.addWidget(field, place, 1)
            field.typed.connect(lambda text, name=name: self.typed.emit(name, text))
            field.left.connect(self.left)
        self.column.addLayout(self.grid)
        self.record = KeyButton(theme, Look.PRIMARY, label, key)
        self.column.addWidget(self.record)

    def show_fields(self, draft: object) -> None:
        """What stands in the draft under each field's name."""
        for name, field in self.fields.items():
            field.show_text(getattr(draft, name), read_only=False)
