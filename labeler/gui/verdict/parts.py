"""What the parts of the verdict panel are made of: heads with a note, buttons with their keys, rows of four choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.label import plain, set_tip
from labeler.sessions.review.draft import Choice

CHOICES = {Choice.A: "A", Choice.B: "B", Choice.BOTH: "Both", Choice.NONE: "None"}
SPACING = 5


class Part(QWidget):
    """A part of the panel, which can give way when a question or all failure codes need its room."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACING)

    def add_head(self, text: str, *buttons: KeyButton) -> tuple[QLabel, QLabel]:
        """A line with what is decided here and, at its end, a note on it and buttons: the two labels."""
        row = QHBoxLayout()
        row.setContentsMargins(0, 3, 0, 0)
        title, note = plain("head", text), plain("note")
        row.addWidget(title)
        row.addStretch(1)
        row.addWidget(note)
        for button in buttons:
            row.addWidget(button)
        self.column.addLayout(row)
        return title, note

    def add_row(self, *widgets: QWidget) -> QHBoxLayout:
        """Widgets side by side, from the left."""
        row = QHBoxLayout()
        row.setSpacing(6)
        for widget in widgets:
            row.addWidget(widget)
        row.addStretch(1)
        self.column.addLayout(row)
        return row


@dataclass(frozen=True, slots=True)
class Buttons:
    """Makes buttons that show the key of the command they stand for."""

    theme: Theme
    keys: Mapping[str, str]
    """Command to key."""

    def make(self, look: Look, text: str, command: str, act: Callable[[], None]) -> KeyButton:
        button = KeyButton(self.theme, look, text, self.keys.get(command, ""))
        button.clicked.connect(lambda _checked: act())
        return button

    def choices(self, part: Part, command: str, act: Callable[[Choice], None]) -> dict[Choice, KeyButton]:
        """A, B, both, none; the keys stand on the buttons of differences, in the tooltips of others."""
        grid = QGridLayout()
        grid.setSpacing(7)
        buttons = {}
        for place, (choice, text) in enumerate(CHOICES.items()):
            shown_key = f"{command}.{choice.name.lower()}" if command == "difference" else ""
            buttons[choice] = self.make(Look.CHOICE, text, shown_key, partial(act, choice))
            if command == "verdict":
                key = self.keys.get(f"verdict.{choice.name.lower()}")
                set_tip(buttons[choice], f"Overrule the verdict: {key}")
            grid.addWidget(buttons[choice], 0, place)
            grid.setColumnStretch(place, 1)
        part.column.addLayout(grid)
        return buttons
