"""The verdict that follows from the differences or overrules them, and the failures of each side."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from labeler.domain.blind import LETTERS, Letter
from labeler.gui.verdict.parts import Buttons, Part
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.flow import ChipRows
from labeler.gui.widgets.label import set_tip
from labeler.sessions.review import words
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.state import ReviewState, ShownFailure


class VerdictPart(Part):
    """Which output is right as a whole; undecidable; not sure."""

    def __init__(self, buttons: Buttons, session: ReviewSession) -> None:
        super().__init__()
        _, self._note = self.add_head("Verdict")
        self._verdicts = buttons.choices(self, "verdict", session.overrule)
        self._undecidable = buttons.make(Look.CHIP, "Undecidable", "verdict.undecidable", session.ask_undecidable)
        self._not_sure = buttons.make(Look.CHIP, "Not sure", "verdict.not_sure", session.toggle_sure)
        self.add_row(self._undecidable, self._not_sure)

    def show_state(self, state: ReviewState) -> None:
        evidence, judgement = state.evidence, state.judgement
        for choice, button in self._verdicts.items():
            button.setChecked(judgement.verdict is choice)
            button.setEnabled(evidence.revealed and (choice in (Choice.BOTH, Choice.NONE) or not evidence.alike))
        self._note.setText(words.verdict_note(state))
        self._undecidable.setChecked(judgement.draft.undecidable is not None)
        set_tip(self._undecidable, judgement.draft.undecidable or "Nobody could tell which is right")
        self._not_sure.setChecked(not judgement.draft.sure)
        for button in (self._undecidable, self._not_sure):
            button.setEnabled(evidence.revealed)


LEAST = 80
"""Pixels of chips that a side always shows."""


class FailuresPart(Part):
    """The rubric's failure codes as chips, A's and B's in the same order."""

    def __init__(self, buttons: Buttons, session: ReviewSession) -> None:
        super().__init__()
        self._buttons, self._session = buttons, session
        self._chips: dict[tuple[Letter, str], KeyButton] = {}
        self._notes: dict[Letter, QLabel] = {}
        self._rows: dict[Letter, ChipRows] = {}
        self._shown: dict[tuple[Letter, str], tuple[ShownFailure, bool]] = {}
        """What each chip shows, and whether it can be pressed: few change from state to state."""
        for letter in LETTERS:
            _, self._notes[letter] = self.add_head(f"What failed in {letter}")
            self._rows[letter] = ChipRows()
            self.column.addWidget(self._rows[letter])

    def show_rubric(self, failures: tuple[ShownFailure, ...]) -> None:
        """Make the chips anew, for another rubric."""
        self._chips, self._shown = {}, {}
        for letter in LETTERS:
            chips = [self._chip(f) for f in failures if f.letter == letter]
            more = self._buttons.make(Look.FAILURE, "…", "failures.more", self._toggle_more)
            more.setCheckable(False)
            set_tip(more, "All failure codes")
            self._rows[letter].set_chips(chips, more)

    def show_state(self, state: ReviewState, rows: int) -> None:
        """`rows` limits the height of each side's chips while not all codes are asked for."""
        if self._chips.keys() != {(f.letter, f.code) for f in state.judgement.failures}:
            self.show_rubric(state.judgement.failures)  # an older verdict names a code that is not given any more
        for failure in state.judgement.failures:
            self._show_failure(failure, enabled=state.evidence.revealed)
        for letter in LETTERS:
            self._notes[letter].setText(words.failure_note(state, letter))
            self._rows[letter].set_rows(None if state.evidence.view.more_codes else rows)
            self._rows[letter].arrange()

    def _show_failure(self, failure: ShownFailure, *, enabled: bool) -> None:
        key = failure.letter, failure.code
        before, chip = self._shown.get(key), self._chips[key]
        if before == (failure, enabled):
            return
        self._shown[key] = failure, enabled
        chip.setEnabled(enabled)
        if before is not None and before[0] == failure:
            return
        chip.setChecked(failure.on)
        chip.set_count(len(failure.pins))
        chip.set_label(f"{failure.label}, {failure.severity}" if failure.regraded else failure.label)
        set_tip(chip, _tip(failure))

    def fit(self, height: int | None) -> None:
        """Scroll the codes of each side where both together need more than this height; None: show what there is."""
        whole = [chips.whole_height for chips in self._rows.values()]
        shown = [chips.minimumSizeHint().height() for chips in self._rows.values()]
        room = None if height is None else height - self.minimumSizeHint().height() + sum(shown)
        each = None if room is None or sum(whole) <= room else max(room // 2, LEAST)
        for chips in self._rows.values():
            chips.set_most(each)

    def set_rows(self, rows: int) -> None:
        for chips in self._rows.values():
            chips.set_rows(rows)

    def _chip(self, failure: ShownFailure) -> KeyButton:
        chip = KeyButton(self._buttons.theme, Look.FAILURE, failure.label, failure.key)
        chip.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        chip.customContextMenuRequested.connect(lambda _at: self._session.pins.regrade(failure.letter, failure.code))
        chip.clicked.connect(lambda: self._session.pins.toggle_failure(failure.letter, failure.code))
        self._chips[failure.letter, failure.code] = chip
        return chip

    def _toggle_more(self) -> None:
        self._session.change_view(more_codes=not self._session.state.evidence.view.more_codes)


def _tip(failure: ShownFailure) -> str:
    severity = f"{failure.severity.capitalize()}; a click with the right button changes it"
    return f"{failure.definition}\nFor example: {failure.example}\n{severity}"
