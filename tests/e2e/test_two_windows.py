"""What a lead puts in force in one window arrives in the other one by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from labeler.domain.people import Role
from labeler.domain.rubric_draft import RubricDraft
from labeler.gui.app import App
from labeler.gui.window import ProjectWindow
from labeler.steps.people import give_role
from labeler.steps.project import Project, person_called
from labeler.steps.rubric import publish_rubric
from tests.e2e.conftest import OpenWindow


def press(window: ProjectWindow, *keys: str) -> None:
    for key in keys:
        QTest.keySequence(QApplication.focusWidget() or window, QKeySequence(key))


def type_in(text: str) -> None:
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, text)


def test_a_new_rubric_is_offered_while_a_note_is_typed_and_nothing_of_it_is_lost(
    demo: Project, demo_folder: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(demo_folder, person_called(demo, "Ana Annotator").name)
    press(window, "X", "K")
    type_in("half a sen")
    modality = window.session.state.evidence.item.modality  # type: ignore[union-attr]  # the demo has items
    draft = RubricDraft.of(demo.rubrics)
    code = draft.rubrics[modality].failures[0].code
    draft = draft.edited(modality, code, label="Called otherwise")
    publish_rubric(demo, person_called(demo, "Ada Lead"), draft.rubrics, draft.changes)
    qtbot.waitUntil(lambda: window.session.state.screen.newer_rubric == "2", timeout=10_000)
    assert any("Ctrl+Shift+N" in note for note in window.review.status().notes)
    type_in("tence")
    press(window, "Ctrl+Shift+N")
    state = window.session.state
    assert state.judgement.draft.note == "half a sentence"
    assert state.judgement.failures[0].label == "Called otherwise"
    assert all("Ctrl+Shift+N" not in note for note in window.review.status().notes)


def test_a_role_that_a_lead_gives_opens_the_window_anew_with_the_draft(
    demo: Project, demo_folder: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    ana = person_called(demo, "Ana Annotator")
    app = App(ana.name)
    app.open(demo_folder)
    first = app.window
    assert isinstance(first, ProjectWindow)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    press(first, "X")
    tier = first.session.state.judgement.draft.tier
    give_role(demo, person_called(demo, "Ada Lead"), ana, Role.AUDITOR, now=lambda: datetime.now(UTC))
    qtbot.waitUntil(lambda: app.window is not first, timeout=10_000)
    second = app.window
    assert isinstance(second, ProjectWindow)
    assert second.session.state.place.person == "Ana Annotator · auditor, changes nothing"
    assert second.session.state.judgement.draft.tier == tier
    second.close()
    app.stop()
