"""What is left behind: the gold answer, whether the whole item was checked, and a note for the lead."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from labeler.domain.items import Modality
from labeler.gui.verdict.parts import Buttons, Part
from labeler.gui.widgets.button import Look
from labeler.gui.widgets.gold_field import GoldField
from labeler.gui.widgets.label import plain, set_tip
from labeler.sessions.review import words
from labeler.sessions.review.evidence import Request
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.state import ReviewState


class AnswerPart(Part):
    """Two text fields and a tick. What is typed goes to the session at once."""

    released = Signal()
    """A text field is done with; the keyboard belongs to the screen again."""

    def __init__(self, buttons: Buttons, session: ReviewSession) -> None:
        super().__init__()
        edit = buttons.make(Look.FLAT, "edit", "gold.edit", lambda: session.request(Request.EDIT_GOLD))
        _, self._gold_note = self.add_head("Gold answer", edit)
        self._gold = GoldField(buttons.theme)
        self._gold.typed.connect(session.edit_gold)
        self._gold.left.connect(self.released)
        self.column.addWidget(self._gold, 4)
        self._whole = buttons.make(Look.CHIP, "Whole item checked", "verdict.whole", session.toggle_whole_checked)
        self._heard = plain("note")
        self._heard_words = self._vouched = ""
        self.add_row(self._whole, self._heard)
        self._note = QLineEdit()
        self._note.setObjectName("noteField")
        self._note.setPlaceholderText(f"Note for the lead ({buttons.keys.get('note.edit', '')})")
        self._note.setAccessibleName("Note for the lead")
        self._note.textEdited.connect(session.edit_note)
        self._note.installEventFilter(self)
        self.column.addWidget(self._note)

    def show_state(self, state: ReviewState) -> None:
        draft = state.judgement.draft
        self._gold.show_state(state)
        self._gold_note.setText(words.gold_note(state.judgement.gold))
        audio = state.evidence.shows is Modality.AUDIO
        self._whole.set_label("Whole item heard" if audio else "Whole item checked")
        self._whole.setChecked(draft.whole_checked)
        self._whole.setEnabled(state.evidence.revealed)
        each = bool(state.evidence.takes)
        self._heard_words = words.heard(draft, state.evidence.lengths_s, each=each) if audio else ""
        self._show_heard()
        if self._note.text() != draft.note:
            self._note.setText(draft.note)
        self._note.setReadOnly(not state.evidence.revealed)

    def show_vouched(self, by_whom: str) -> None:
        """Whose word it is that the whole item was checked for this answer, beside the tick that is one's own."""
        if by_whom != self._vouched:
            self._vouched = by_whom
            self._show_heard()

    def _show_heard(self) -> None:
        theirs = self._vouched and not self._whole.isChecked()
        self._heard.setText(self._vouched if theirs else self._heard_words)
        own = f" (you: {self._heard_words})" if self._heard_words else ""
        tip = f"The whole item was checked {self._vouched}, for this very answer. Tick it where you did so too{own}."
        set_tip(self._whole, tip if theirs else "")
        self._whole.setAccessibleDescription(tip if theirs else "")

    def act(self, request: Request | None) -> None:
        if request is Request.EDIT_GOLD and not self._gold.isReadOnly():
            self._gold.take_up()
        elif request is Request.EDIT_NOTE and not self._note.isReadOnly():
            self._note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape and Enter leave the note, which has one line; Enter with a modifier saves."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()
            if enter or event.key() == Qt.Key.Key_Escape:
                self.released.emit()
                return True
        return super().eventFilter(watched, event)
