"""Where a step that was taken is typed: by which channel, to whom, which text."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from labeler.gui.project.fields import LineField, TextField
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.label import plain
from labeler.sessions.backfill.state import StepDraft


class StepForm(QWidget):
    """Shows a draft and says what is typed; Escape and Enter in a line give the keyboard back."""

    typed = Signal(str, str)
    """Which field, and its text."""
    left = Signal()

    def __init__(self, theme: Theme, record: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._title = plain("question")
        self._title.setWordWrap(True)
        column.addWidget(self._title)
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        self._fields: dict[str, LineField | TextField] = {
            "channel": LineField("Channel"),
            "to": LineField("To whom"),
            "text": TextField("Text that was sent", 2),
        }
        for place, (name, field) in enumerate(self._fields.items()):
            grid.addWidget(plain("quiet", {"channel": "Channel", "to": "To", "text": "Text"}[name]), place, 0)
            grid.addWidget(field, place, 1)
            field.typed.connect(lambda text, name=name: self.typed.emit(name, text))
            field.left.connect(self.left)
        column.addLayout(grid)
        self.record = KeyButton(theme, Look.PRIMARY, "Record it", record)
        column.addWidget(self.record)
        self._shown: StepDraft | None = None

    def show_draft(self, draft: StepDraft | None) -> None:
        began = draft is not None and (self._shown is None or self._shown.step != draft.step)
        self._shown = draft
        self.setVisible(draft is not None)
        if draft is None:
            return
        self._title.setText(f"Step taken now: {draft.step}")
        for name, field in self._fields.items():
            field.show_text(getattr(draft, name), read_only=False)
        if began:
            self._fields["channel"].setFocus(Qt.FocusReason.ShortcutFocusReason)
