"""The right side of Review, top to bottom in the order in which one decides.

Tier, each difference, the verdict and the failures that follow, gold answer, whole item checked, note, save.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from labeler.gui.theme import Theme
from labeler.gui.verdict.answer import AnswerPart
from labeler.gui.verdict.outcome import FailuresPart, VerdictPart
from labeler.gui.verdict.parts import SPACING, Buttons
from labeler.gui.verdict.question import Question
from labeler.gui.verdict.reading import DifferencesPart, TierPart
from labeler.gui.widgets.button import Look
from labeler.gui.widgets.label import set_tip
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.state import ReviewState

WIDTH = 328
ROOMY = 760
"""From this height on the failures get two rows a side."""


class VerdictPanel(QFrame):
    """Shows the draft of a verdict; every click and keystroke goes to the session, and only its state comes back."""

    released = Signal()
    """A text field is done with; the keyboard belongs to the screen again."""

    def __init__(self, theme: Theme, session: ReviewSession, keys: Mapping[str, str]) -> None:
        super().__init__()
        self.setObjectName("verdictPanel")
        self.setFixedWidth(WIDTH)
        self._session = session
        buttons = Buttons(theme, keys)
        self._tier = TierPart(buttons, session)
        self._differences = DifferencesPart(buttons, session)
        self._verdict = VerdictPart(buttons, session)
        self._failures = FailuresPart(buttons, session)
        self._answer = AnswerPart(buttons, session)
        self._answer.released.connect(self.released)
        self._question = Question(theme, session, keys)
        self._question.released.connect(self.released)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 14)
        column.setSpacing(SPACING)
        column.addWidget(self._tier)
        column.addWidget(self._differences, 30)
        column.addWidget(self._verdict)
        column.addWidget(self._failures)
        column.addWidget(self._answer, 40)
        column.addStretch(1)  # only for what list and answer have no use for
        column.addWidget(self._question)
        self._build_save(column, buttons)
        parts = (self._tier, self._differences, self._verdict, self._failures, self._answer)
        inside = (one.layout() for part in parts for one in (*reversed(part.findChildren(QWidget)), part))
        self._layouts = [*filter(None, inside), column]

    def _build_save(self, column: QVBoxLayout, buttons: Buttons) -> None:
        session = self._session
        self._save = buttons.make(Look.PRIMARY, "Save verdict, next item", "save", session.save)
        column.addWidget(self._save)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._skip = buttons.make(Look.PLAIN, "Skip", "skip", session.ask_skip)
        self._undo = buttons.make(Look.PLAIN, "Undo", "undo", session.undo)
        row.addWidget(self._skip, 1)
        row.addWidget(self._undo, 1)
        column.addLayout(row)

    def show_state(self, old: ReviewState | None, new: ReviewState) -> None:
        """Draw what differs between two states; everything when `old` is None."""
        if old is None or old.evidence is not new.evidence or old.judgement is not new.judgement:
            self._show_draft(old, new)
        self._show_save(new)
        if old is None or old.screen.ask != new.screen.ask:
            self._question.show_ask(new.screen.ask)
        self._make_room(new)
        self._lay_out()
        if old is not None and old.evidence.request != new.evidence.request:
            self._answer.act(new.evidence.request.what)

    def _lay_out(self) -> None:
        """Before the next painting, from the inside out. Left to itself Qt lays the panel out before it knows how high
        the parts are, paints that, and paints all of it again in the right place.
        """
        for layout in self._layouts:
            layout.activate()

    def _show_draft(self, old: ReviewState | None, new: ReviewState) -> None:
        if old is None or old.judgement.rubric is not new.judgement.rubric:
            self._tier.show_rubric(new.judgement.rubric)
            self._failures.show_rubric(new.judgement.failures)
        self._tier.show_state(new)
        self._differences.show_state(new)
        self._verdict.show_state(new)
        if old is None or _failures_of(old) != _failures_of(new):
            self._failures.show_state(new, self._rows())
        self._answer.show_state(new)

    def _show_save(self, state: ReviewState) -> None:
        self._save.set_label(state.judgement.save_label)
        self._save.setEnabled(state.can_save)
        set_tip(self._save, state.judgement.missing)
        self._skip.setEnabled(state.evidence.item is not None)
        self._undo.setEnabled(state.screen.can_undo)

    def _make_room(self, state: ReviewState) -> None:
        """A question, or all failure codes, take the place of what is not decided meanwhile."""
        asked, all_codes = state.screen.ask is not None, state.evidence.view.more_codes
        self._failures.setVisible(not asked)
        self._answer.setVisible(not asked and not all_codes)
        self._failures.fit(self._room_beside() if all_codes else None)
        room = self._room_beside(self._failures) if all_codes else None
        for part in (self._differences, self._verdict):
            height = part.minimumSizeHint().height() + SPACING
            part.setVisible(room is None or height <= room)
            room = None if room is None else room - height

    def _room_beside(self, *parts: QWidget) -> int:
        """Pixels that these parts, and what always stands in the panel, leave for the rest."""
        margins = self._column.contentsMargins()
        always = (self._tier, *parts, *(part for part in self._feet() if not part.isHidden()))
        taken = sum(part.minimumSizeHint().height() + SPACING for part in always)
        return self.height() - margins.top() - margins.bottom() - taken

    def _feet(self) -> tuple[QWidget, ...]:
        """One part of each row that stands at the panel's foot."""
        return self._save, self._skip

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        state = self._session.state
        self._make_room(state)
        if not state.evidence.view.more_codes:
            self._failures.set_rows(self._rows())

    def _rows(self) -> int:
        return 2 if self.height() >= ROOMY else 1


def _failures_of(state: ReviewState) -> tuple[object, ...]:
    """What the chips show."""
    return state.judgement.failures, state.evidence.view, state.evidence.revealed
