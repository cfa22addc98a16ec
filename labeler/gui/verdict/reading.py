"""How difficult the item is, and which reading is right at each difference."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from labeler.domain.rubric import Rubric, Tier
from labeler.gui.verdict.parts import Buttons, Part
from labeler.gui.widgets.button import Look
from labeler.gui.widgets.difference_list import DifferenceList
from labeler.gui.widgets.label import set_tip
from labeler.sessions.review import words
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.state import ReviewState

_BLIND = "Difficulty, before the outputs are shown"


class TierPart(Part):
    """The four tiers. They are chosen before the outputs are shown, unless the project's settings say otherwise."""

    def __init__(self, buttons: Buttons, session: ReviewSession) -> None:
        super().__init__()
        self._head, _ = self.add_head(_BLIND)
        segments = QFrame()
        segments.setObjectName("segments")
        row = QHBoxLayout(segments)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        self._tiers = {
            tier: buttons.make(Look.SEGMENT, tier.value.capitalize(), f"tier.{tier}", partial(session.set_tier, tier))
            for tier in Tier
        }
        for button in self._tiers.values():
            row.addWidget(button, 1)
        self.column.addWidget(segments)

    def show_rubric(self, rubric: Rubric | None) -> None:
        for definition in rubric.tiers if rubric else ():
            set_tip(self._tiers[definition.tier], f"{definition.definition}\nFor example: {definition.example}")

    def show_state(self, state: ReviewState) -> None:
        draft = state.judgement.draft
        self._head.setText("Difficulty" if state.evidence.revealed and not draft.tier_before_outputs else _BLIND)
        for tier, button in self._tiers.items():
            button.setChecked(draft.tier is tier)
            button.setEnabled(state.evidence.item is not None)


class DifferencesPart(Part):
    """The current difference's four answers, and the list of all."""

    def __init__(self, buttons: Buttons, session: ReviewSession) -> None:
        super().__init__()
        # No taller than its rows: what is left over belongs to the gold answer.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._head, self._note = self.add_head("Which reading is right here?")
        self._choices = buttons.choices(self, "difference", session.judge)
        self._list = DifferenceList(buttons.theme)
        self._list.picked.connect(session.pick_difference)
        self.column.addWidget(self._list, 3)

    def show_state(self, state: ReviewState) -> None:
        evidence, draft = state.evidence, state.judgement.draft
        difference = evidence.difference
        chosen = draft.choices.get(difference.id) if difference else None
        whole = evidence.revealed and not evidence.walk
        for choice, button in self._choices.items():
            either = choice in (Choice.BOTH, Choice.NONE) or not evidence.alike
            button.setEnabled(difference is not None or (whole and either))
            button.setChecked(chosen is choice or (whole and draft.overruled is choice))
        self._head.setText("Are both outputs right?" if whole else "Which reading is right here?")
        self._note.setText(words.which(evidence))
        self._list.setVisible(bool(evidence.walk))
        self._list.show_differences(evidence, draft.choices)
