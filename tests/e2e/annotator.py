"""A person who knows the reference and judges by keys alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from labeler.domain.blind import Sides, sides
from labeler.domain.items import Item, Side
from labeler.domain.simulation.tiers import tier_by_slices
from labeler.domain.simulation.truth import Truth, truth_of
from labeler.gui.window import ProjectWindow
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.state import ReviewState
from labeler.steps.project import Project

TIER_KEYS = {"easy": "Z", "medium": "X", "hard": "C", "frontier": "V"}
CHOICE_KEYS = {Choice.A: "1", Choice.B: "2", Choice.BOTH: "3", Choice.NONE: "4"}


@dataclass
class Annotator:
    """Presses keys on a window; looks things up in a second connection to the project, as nobody else may."""

    window: ProjectWindow
    project: Project
    person_id: str
    qtbot: QtBot

    @property
    def state(self) -> ReviewState:
        return self.window.session.state

    def press(self, *keys: str) -> None:
        for key in keys:
            QTest.keySequence(QApplication.focusWidget() or self.window, QKeySequence(key))

    def judge(self) -> tuple[str, Truth]:
        """Judge the item on the screen as its reference has it, save, and wait for the next one and for the disk."""
        assert self.state.evidence.item is not None
        item, truth, shown = self.look_up()
        self.press(TIER_KEYS[tier_by_slices(item)])
        for difference in self.state.evidence.walk:
            assert self.state.evidence.difference == difference
            self.press(CHOICE_KEYS[letters(truth.readings[difference.id], shown)])
        self.settle_verdict(letters(truth.outputs, shown))
        self.leave_the_right_answer(item)
        if self.state.evidence.walk:
            self.press("H")
        assert self.state.judgement.missing == ""
        self.press("Return")
        self.qtbot.waitUntil(lambda: self.state.evidence.item is None or self.state.evidence.item.id != item.id)
        self.qtbot.waitUntil(lambda: self.state.screen.message.text == f"Saved {item.id}")
        return item.id, truth

    def look_up(self) -> tuple[Item, Truth, Sides]:
        assert self.state.evidence.item is not None
        release = self.project.store.latest_release()
        assert release is not None
        item = self.project.store.item(self.state.evidence.item.id)
        pair = release.pairs[item.modality]
        old, new = self.project.store.output(item.id, pair.old), self.project.store.output(item.id, pair.new)
        comparison = self.project.store.comparison(release.id, item.id)
        assert old is not None
        assert new is not None
        assert comparison is not None
        shown = sides(item.id, self.person_id, self.project.settings.seed)
        return item, truth_of(item, {"old": old, "new": new}, comparison), shown

    def settle_verdict(self, right: Choice) -> None:
        """Where the whole says something else than its parts (both missed a line), say so and name a failure."""
        if self.state.judgement.verdict is not right:
            self.press(f"Ctrl+{CHOICE_KEYS[right]}")
        if self.state.judgement.missing.startswith("Say what failed in A"):
            self.press("T")
        if self.state.judgement.missing.startswith("Say what failed in B"):
            self.press("Shift+T")

    def leave_the_right_answer(self, item: Item) -> None:
        """Type over a gold answer that is not what the reference says; pasted, as long texts are."""
        assert item.reference is not None
        assert item.reference.text is not None
        assert self.state.judgement.gold is not None
        if self.state.judgement.gold.complete and self.state.judgement.gold.text == item.reference.text:
            return
        QGuiApplication.clipboard().setText(item.reference.text)
        self.press("G", "Ctrl+A", "Ctrl+V", "Esc")
        assert self.state.judgement.draft.gold_text == item.reference.text


def letters(holds: Mapping[Side, bool], shown: Sides) -> Choice:
    """What is right of old and new, in terms of A and B."""
    a, b = holds[shown.a], holds[shown.b]
    if a and b:
        return Choice.BOTH
    if a:
        return Choice.A
    return Choice.B if b else Choice.NONE
