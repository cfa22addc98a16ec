"""The Adjudicate screen: the list of what needs a decision, Review's evidence, the verdicts and the resolution."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from labeler.gui.bars import ReviewBar
from labeler.gui.review import ReviewScreen
from labeler.gui.screen import Frame, Status
from labeler.gui.theme import Theme
from labeler.gui.verdict.resolution import ResolutionPanel
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.docket_list import DocketList
from labeler.gui.widgets.label import plain, set_tip
from labeler.gui.widgets.verdict_card import CardColumn
from labeler.sessions.adjudicate.commands import COMMANDS
from labeler.sessions.adjudicate.session import AdjudicateSession
from labeler.sessions.adjudicate.state import Listed
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.state import ReviewState

SIDE_WIDTH = 244
BOTH = 1_640
"""From this width on the list stays beside the verdicts, and both pictures are still as wide as at 1280."""
_ORDERED = {
    Listed.OPEN: "Ordered by expected information × severity",
    Listed.RESOLVED: "The newest first",
    Listed.CHECKS: "Those first that most people judged otherwise",
}


class AdjudicateScreen(ReviewScreen):
    """Review's screen for another session, with a list at its left."""

    def __init__(self, frame: Frame) -> None:
        opened = frame.opened
        self._lead = AdjudicateSession(opened.project, opened.person, opened.now, opened.monotonic, frame.tasks.run)
        super().__init__(frame, self._lead, COMMANDS, AdjudicateBar, ResolutionPanel)
        self._list = DocketList(frame.theme)
        self._list.picked.connect(self._lead.show_item)
        self._cards = CardColumn(frame.theme)
        self._cards.taken.connect(self._lead.take)
        # The verdicts stand beside the list where there is room for both. Else the list gives way to them: once they
        # are shown, it is this item that is to be decided.
        self._listed = _in_card(self._list)
        side = QHBoxLayout()
        side.setContentsMargins(13, 13, 0, 13)
        side.setSpacing(13)
        for part in (self._listed, self._cards):
            part.setFixedWidth(SIDE_WIDTH)
            side.addWidget(part)
        self._cards.hide()
        row = self.layout()
        assert isinstance(row, QBoxLayout)
        row.insertLayout(0, side)
        self._lead.listen(self._show_list)
        self._show_list(self._lead.state, self._lead.state)

    def enter(self) -> None:
        super().enter()
        self._lead.refresh()

    def status(self) -> Status:
        state = self._lead.state
        message, place = state.screen.message, state.place
        blind = "Models are named" if state.evidence.models else "Sides are blind and shuffled per item"
        notes = [self._lead.adjudication.unblinded or blind]
        if place.simulated:
            notes.append(f"{place.simulated:,} verdicts here are of simulated annotators")
        who = f"{place.person} · {self._lead.role}"
        return Status(message.text or "All is saved", message.serious, who, tuple(notes))

    def nothing_left(self, state: ReviewState) -> str:  # noqa: ARG002  # what is left is not among it
        known = self._lead.adjudication
        if known.looking:
            return "Finding out what people disagree on…"
        if known.resolved:
            return f"Nothing needs a decision. {known.resolved:,} items are resolved."
        return "Nothing needs a decision yet: no item has two verdicts that differ, or one that is not sure."

    def _show_list(self, old: ReviewState, new: ReviewState) -> None:  # noqa: ARG002
        known = self._lead.adjudication
        self._list.show_lines(known.lines, known.chosen)
        self._cards.show_cards(known)
        self._show_side()
        self._bar.show_heard(known.pinned, known.pinned_short)
        if new.evidence.item is None:
            self._empty_text.setText(self.nothing_left(new))

    def _show_side(self) -> None:
        revealed = self._lead.adjudication.revealed
        for part, there in ((self._listed, not revealed or self.width() >= BOTH), (self._cards, revealed)):
            if part.isHidden() is there:
                part.setVisible(there)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_side()


def _in_card(widget: QWidget) -> QFrame:
    card = QFrame()
    card.setObjectName("card")
    column = QVBoxLayout(card)
    column.setContentsMargins(1, 1, 1, 1)
    column.addWidget(widget)
    return card


class AdjudicateBar(ReviewBar):
    """Top bar of Adjudicate: how many items need a decision, and how many are resolved."""

    def __init__(self, theme: Theme, session: ReviewSession, keys: Mapping[str, str]) -> None:
        assert isinstance(session, AdjudicateSession)
        self._lead = session
        super().__init__(theme, session, keys)

    def _build(self, row: QHBoxLayout) -> None:
        self._open = KeyButton(self._theme, Look.CHIP, "")
        self._resolved = KeyButton(self._theme, Look.CHIP, "", self._keys["list.resolved"])
        self._checks = KeyButton(self._theme, Look.CHIP, "", self._keys["list.checks"])
        set_tip(self._checks, "Items on which hidden checks said otherwise than the decision, or than the first time")
        self._chips = {Listed.OPEN: self._open, Listed.RESOLVED: self._resolved, Listed.CHECKS: self._checks}
        for listed, chip in self._chips.items():
            chip.clicked.connect(partial(self._choose_list, listed))
            row.addWidget(chip)
        self._settle = KeyButton(self._theme, Look.CHIP, "Settle what is sure", self._keys["list.settle"])
        self._settle.setCheckable(False)
        self._settle.setVisible(bool(self._lead.adjudication.policy))
        set_tip(self._settle, f"Items of which the verdicts are sure by {self._lead.adjudication.policy}")
        self._settle.clicked.connect(self._lead.settle_sure)
        row.addWidget(self._settle)
        row.addStretch(1)
        self._order = plain("quiet", _ORDERED[Listed.OPEN])
        row.addWidget(self._order)

    def _choose_list(self, listed: Listed) -> None:
        if self._lead.adjudication.listed is not listed:
            self._lead.show_list(listed)

    def show_state(self, old: ReviewState | None, new: ReviewState) -> None:  # noqa: ARG002  # as in Review
        self.show_place(new)
        known = self._lead.adjudication
        self._open.set_label(f"Needs a decision {known.open:,}")
        self._resolved.set_label(f"Resolved {known.resolved:,}")
        self._checks.set_label(f"Hidden checks {known.checks or 0:,}")
        if self._checks.isHidden() is bool(known.checks):
            self._checks.setVisible(bool(known.checks))
        self._order.setText(_ORDERED[known.listed])
        for listed, chip in self._chips.items():
            chip.setChecked(known.listed is listed)
