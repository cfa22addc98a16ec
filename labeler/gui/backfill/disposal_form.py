"""Where a lead types a disposition: what is done, why, which steps it owes and by when."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from labeler.gui.project.fields import LineField, TextField
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.label import plain
from labeler.sessions.backfill.state import DisposalDraft

_FIELDS = {"disposition": "Do", "reason": "Why", "steps": "Steps", "due": "By"}


class DisposalForm(QWidget):
    """Shows a draft and says what is typed; Escape, and Enter in a line, give the keyboard back."""

    typed = Signal(str, object)
    """Which field of the draft, and what it is now."""
    left = Signal()

    def __init__(self, theme: Theme, record: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        self._fields: dict[str, LineField | TextField] = {
            "disposition": LineField("What is to be done"),
            "reason": TextField("Why", 2),
            "steps": LineField("Steps owed, with commas between them"),
            "due": LineField("By when: a day, or in how many days"),
        }
        self._fields["steps"].setPlaceholderText("corrected, notified")
        self._fields["due"].setPlaceholderText("2026-12-01, or 14 for in 14 days")
        self._fields["reason"].setPlaceholderText("Needed: it stands in the dossier and the ledger")
        for place, (name, field) in enumerate(self._fields.items()):
            grid.addWidget(plain("quiet", _FIELDS[name]), place, 0)
            grid.addWidget(field, place, 1)
            field.typed.connect(lambda text, name=name: self.typed.emit(name, text))
            field.left.connect(self.left)
        self._second = KeyButton(theme, Look.CHIP, "Somebody else approves it")
        self._second.clicked.connect(lambda: self.typed.emit("four_eyes", not self._second.isChecked()))
        grid.addWidget(self._second, len(self._fields), 1, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(grid)
        self.record = KeyButton(theme, Look.PRIMARY, "Record the disposition", record)
        column.addWidget(self.record)
        self._shown: DisposalDraft | None = None

    def show_draft(self, draft: DisposalDraft | None, *, second: bool) -> None:
        """`second`: the policy asks for a second person, so that the box cannot be cleared."""
        began = draft is not None and self._shown is None
        self._shown = draft
        self.setVisible(draft is not None)
        if draft is None:
            return
        for name, field in self._fields.items():
            field.show_text(getattr(draft, name), read_only=False)
        self._second.setChecked(draft.four_eyes)
        self._second.setEnabled(not second)
        self._second.set_label("Somebody else approves it" + (", says the policy" if second else ""))
        if began:
            for field in self._fields.values():
                if isinstance(field, LineField):
                    field.home(False)
            first = "reason" if draft.disposition else "disposition"
            self._fields[first].setFocus(Qt.FocusReason.ShortcutFocusReason)
