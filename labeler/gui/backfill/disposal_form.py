"""Where a lead types a disposition: what is done, why, which steps it owes and by when."""

from __future__ import annotations

from PySide6.QtCore import Qt

from labeler.gui.backfill.draft_form import DraftForm, Fields
from labeler.gui.project.fields import LineField, TextField
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.sessions.backfill.state import DisposalDraft

_SECOND = "Somebody else approves it"


class DisposalForm(DraftForm):
    """Shows the draft of a disposition."""

    def __init__(self, theme: Theme, record: str) -> None:
        """`record`: the key of the button."""
        fields: Fields = {
            "disposition": ("Do", LineField("What is to be done")),
            "reason": ("Why", TextField("Why", 2)),
            "steps": ("Steps", LineField("Steps owed, with commas between them")),
            "due": ("By", LineField("By when: a day, or in how many days")),
        }
        super().__init__(theme, fields, "Record the disposition", record)
        self.fields["steps"].setPlaceholderText("corrected, notified")
        self.fields["due"].setPlaceholderText("2026-12-01, or 14 for in 14 days")
        self.fields["reason"].setPlaceholderText("Needed: it stands in the dossier and the ledger")
        self._second = KeyButton(theme, Look.CHIP, _SECOND)
        self._second.clicked.connect(lambda: self.typed.emit("four_eyes", not self._second.isChecked()))
        self.grid.addWidget(self._second, len(self.fields), 1, Qt.AlignmentFlag.AlignLeft)
        self._shown: DisposalDraft | None = None

    def show_draft(self, draft: DisposalDraft | None, *, second: bool) -> None:
        """`second`: the policy asks for a second person, so that the box cannot be cleared."""
        began = draft is not None and self._shown is None
        self._shown = draft
        self.setVisible(draft is not None)
        if draft is None:
            return
        self.show_fields(draft)
        self._second.setChecked(draft.four_eyes)
        self._second.setEnabled(not second)
        self._second.set_label(_SECOND + (", says the policy" if second else ""))
        if began:
            for field in self.fields.values():
                if isinstance(field, LineField):
                    field.home(False)
            first = "reason" if draft.disposition else "disposition"
            self.fields[first].setFocus(Qt.FocusReason.ShortcutFocusReason)
