"""The right side of Adjudicate: Review's panel, whose draft is a resolution."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from labeler.gui.theme import Theme
from labeler.gui.verdict.panel import ROOMY, VerdictPanel
from labeler.gui.verdict.parts import Buttons
from labeler.gui.widgets.button import Look
from labeler.gui.widgets.label import ElidedLabel, plain, set_tip
from labeler.sessions.adjudicate.session import AdjudicateSession
from labeler.sessions.adjudicate.state import AdjudicationState
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.state import ReviewState

_GAP, _GAP_BESIDE = 28, 12
"""Characters of the line to blame that its button has room for, alone and beside another button."""


class ResolutionPanel(VerdictPanel):
    """A resolution is a draft as a verdict is; it is built from a verdict's card and edited."""

    def __init__(self, theme: Theme, session: ReviewSession, keys: Mapping[str, str]) -> None:
        assert isinstance(session, AdjudicateSession)
        self._lead = session
        super().__init__(theme, session, keys)
        self._head = ElidedLabel("head")
        self._standing = plain("note")
        self._standing.setWordWrap(True)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.setContentsMargins(14, 6, 14, 8)  # a row more than in Review has to fit into a low window
        for place, label in enumerate((self._head, self._standing)):
            column.insertWidget(place, label)
        note = self.findChild(QLineEdit, "noteField")
        assert isinstance(note, QLineEdit)
        note.setPlaceholderText(f"Why, for the audit trail ({keys.get('note.edit', '')})")
        note.setAccessibleName("Why, for the audit trail")

    def _build_save(self, column: QVBoxLayout, buttons: Buttons) -> None:
        lead = self._lead
        self._look = buttons.make(Look.PRIMARY, "Show the verdicts", "cards.show", lead.reveal)
        self._save = buttons.make(Look.PRIMARY, "Resolve, next item", "save", lead.save)
        column.addWidget(self._look)
        column.addWidget(self._save)
        self._another = buttons.make(Look.CHIP, "Ask one more", "ask_another", lead.ask_another)
        set_tip(self._another, "One more person judges the item; until then it waits at the end of the list")
        self._gap = buttons.make(Look.CHIP, "Guideline gap", "resolve.gap", lead.ask_gap)
        self._names = buttons.make(Look.CHIP, "Names", "cards.names", lead.toggle_names)
        self._reopen = buttons.make(Look.CHIP, "Open again", "resolve.reopen", lead.reopen)
        # Two rows of low buttons: the gold answer above needs the height more.
        rows = QVBoxLayout()
        rows.setSpacing(2)
        for pair in ((self._another, self._names), (self._gap, self._reopen)):
            row = QHBoxLayout()
            row.setSpacing(6)
            for button in pair:
                button.setCheckable(button is self._gap)  # what is to blame has a tick, and stands on its button
                row.addWidget(button)
            row.addStretch(1)
            rows.addLayout(row)
        column.addLayout(rows)

    def show_state(self, old: ReviewState | None, new: ReviewState) -> None:
        super().show_state(old, new)
        known = self._lead.adjudication
        self._head.setText(f"Resolution {known.taken}".strip())
        self._answer.show_vouched(known.vouched)
        self._show_head()

    def _feet(self) -> tuple[QWidget, ...]:
        return self._head, self._standing, self._look, self._save, self._another, self._gap

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_head()

    def _show_head(self) -> None:
        """In a low window these lines belong to the gold answer; why nothing can be resolved stands at the button."""
        known, roomy = self._lead.adjudication, self.height() >= ROOMY
        self._head.setVisible(known.revealed and roomy)
        why = (
            known.standing
            or known.carried
            or (f"{known.blocked}." if known.revealed and known.blocked and roomy else "")
        )
        self._standing.setText(why)
        self._standing.setVisible(bool(why))

    def _show_save(self, state: ReviewState) -> None:
        known = self._lead.adjudication
        self._look.setVisible(not known.revealed)
        many = "1 verdict" if known.verdicts == 1 else f"{known.verdicts:,} verdicts"
        self._look.set_label(f"Show {many}" if known.verdicts else "Show the verdicts")
        self._look.setEnabled(state.evidence.revealed)
        self._save.setVisible(known.revealed)
        self._save.setEnabled(not known.blocked and state.evidence.item is not None)
        set_tip(self._save, known.blocked)
        self._another.set_label(f"Ask {known.another}" if known.another else "Ask one more")
        self._another.setEnabled(state.evidence.item is not None)
        self._show_gap(known)
        self._names.setEnabled(known.revealed)
        self._names.set_label("Hide names" if known.names else "Names")
        self._reopen.setVisible(bool(known.standing))

    def _show_gap(self, known: AdjudicationState) -> None:
        room = _GAP_BESIDE if known.standing else _GAP
        short = known.gap if len(known.gap) <= room else f"{known.gap[: room - 1].rstrip()}…"
        self._gap.set_label(f"Gap: {short}" if known.gap else "Guideline gap")
        self._gap.setChecked(bool(known.gap))
        self._gap.setEnabled(known.revealed)
        set_tip(
            self._gap,
            f"The rubric's line to blame: {known.gap}" if known.gap else "Which line of the rubric is to blame",
        )
        self._gap.setAccessibleDescription(known.gap)
