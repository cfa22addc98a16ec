"""Where a step that was taken is typed: by which channel, to whom, which text."""

from __future__ import annotations

from PySide6.QtCore import Qt

from labeler.gui.backfill.draft_form import DraftForm, Fields
from labeler.gui.project.fields import LineField, TextField
from labeler.gui.theme import Theme
from labeler.gui.widgets.label import plain
from labeler.sessions.backfill.state import StepDraft


class StepForm(DraftForm):
    """Shows the draft of a step."""

    def __init__(self, theme: Theme, record: str) -> None:
        """`record`: the key of the button."""
        fields: Fields = {
            "channel": ("Channel", LineField("Channel")),
            "to": ("To", LineField("To whom")),
            "text": ("Text", TextField("Text that was sent", 2)),
        }
        super().__init__(theme, fields, "Record it", record)
        self._title = plain("question")
        self._title.setWordWrap(True)
        self.column.insertWidget(0, self._title)
        self._shown: StepDraft | None = None

    def show_draft(self, draft: StepDraft | None) -> None:
        began = draft is not None and (self._shown is None or self._shown.step != draft.step)
        self._shown = draft
        self.setVisible(draft is not None)
        if draft is None:
            return
        self._title.setText(f"Step taken now: {draft.step}")
        self.show_fields(draft)
        if began:
            self.fields["channel"].setFocus(Qt.FocusReason.ShortcutFocusReason)
