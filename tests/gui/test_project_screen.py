"""The Project screen in the real window, by keys."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from labeler.domain.items import Modality
from labeler.formats.project import read_settings
from labeler.gui.app import application
from labeler.gui.project.agreement_tab import AgreementTab
from labeler.gui.project.assignment_tab import AssignmentTab
from labeler.gui.project.people_tab import PeopleTab
from labeler.gui.project.rubric_tab import RubricTab
from labeler.gui.project.screen import ProjectScreen
from labeler.gui.project.sound_crop import SoundCrop
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton
from labeler.gui.window import ProjectWindow
from labeler.sessions.project.rubric import RubricSession
from labeler.sessions.projects import open_review
from labeler.steps.project import Project

Key, Mod = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def window(texts: Project, qtbot: QtBot) -> Iterator[ProjectWindow]:
    application()
    theme = Theme()
    opened = open_review(texts.folder, "Ada Lead", lambda: datetime.now(UTC), time.monotonic)
    made = ProjectWindow(theme, opened, {})
    qtbot.addWidget(made)
    made.resize(1280, 720)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.go_to("project")
    yield made
    made.close()


def press(window: ProjectWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = Mod.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifiers)


def typing() -> QWidget:
    """The field that has the keyboard."""
    focused = QApplication.focusWidget()
    assert focused is not None
    return focused


def screen(window: ProjectWindow) -> ProjectScreen:
    assert isinstance(window.current, ProjectScreen)
    return window.current


def test_a_code_is_split_relabelled_and_put_in_force_with_keys_alone(
    window: ProjectWindow, qtbot: QtBot, texts: Project
) -> None:
    tab = screen(window).tab
    assert isinstance(tab, RubricTab)
    qtbot.waitUntil(lambda: not tab.session.state.busy)
    press(window, Key.Key_S)
    press(window, Key.Key_1)
    press(window, Key.Key_Down)
    press(window, Key.Key_Return)
    QTest.keyClicks(typing(), "Sum")
    press(window, Key.Key_Escape)
    assert tab.session.state.lines[1].label == "Sum"
    press(window, Key.Key_Return, Mod.ControlModifier)
    qtbot.waitUntil(lambda: tab.session.state.version == "2" and not tab.session.state.busy)
    assert [line.label for line in tab.session.state.lines[:2]] == ["Number or date", "Sum"]
    assert "Sum" in (texts.folder / "rubric.toml").read_text("utf-8")


def test_people_are_let_in_get_roles_and_work_here(window: ProjectWindow, qtbot: QtBot, texts: Project) -> None:
    press(window, Key.Key_2, Mod.ControlModifier)
    tab = screen(window).tab
    assert isinstance(tab, PeopleTab)
    press(window, Key.Key_N)
    QTest.keyClicks(typing(), "Eve")
    press(window, Key.Key_Return)
    press(window, Key.Key_R)
    press(window, Key.Key_3)
    assert [(line.name, line.role) for line in tab.session.state.lines] == [("Ada Lead", "lead"), ("Eve", "auditor")]
    with qtbot.waitSignal(window.person_wanted) as wanted:
        press(window, Key.Key_Return)
    eve = texts.store.person("Eve")
    assert eve is not None
    assert wanted.args == [eve.id]


def test_agreement_leads_to_an_item_in_review(window: ProjectWindow, qtbot: QtBot, texts: Project) -> None:
    press(window, Key.Key_4, Mod.ControlModifier)
    tab = screen(window).tab
    assert isinstance(tab, AgreementTab)
    qtbot.waitUntil(lambda: not tab.session.state.busy)
    assert tab.session.state.judged == 0  # nobody has judged here yet, and that is said
    tab.session.show_item("t2")
    assert window.current is window.review
    assert window.session.state.evidence.item is not None
    assert window.session.state.evidence.item.id == "t2"
    assert "verdicts" in window.session.state.judgement.draft.exposed


def shows_example(session: RubricSession) -> bool:
    return session.state.form is not None and session.state.form.crop is not None


def test_a_real_example_of_a_recording_is_seen_and_heard(demo_folder: Path, qtbot: QtBot) -> None:
    application()
    opened = open_review(demo_folder, "Ada Lead", lambda: datetime.now(UTC), time.monotonic)
    made = ProjectWindow(Theme(), opened, {})
    qtbot.addWidget(made)
    made.resize(1280, 720)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.go_to("project")
    session = screen(made).session
    assert isinstance(session, RubricSession)
    session.choose_modality(Modality.AUDIO)
    for _ in session.state.lines:
        session.next_crop()  # a code that nobody pinned has no real example
        if shows_example(session):
            break
        session.move(+1)
    (crop,) = made.findChildren(SoundCrop)
    qtbot.waitUntil(crop.isVisible, timeout=20_000)
    hear = next(command for command in screen(made).commands() if command.id == "rubric.hear")
    assert hear.when(session)
    player = made._media.example_player
    press(made, Key.Key_Space)
    assert session.state.form is not None
    assert session.state.form.crop is not None
    assert player.state.span == session.state.form.crop.span
    qtbot.waitUntil(lambda: not player.state.playing, timeout=20_000)  # once, and not in a loop
    QTest.mouseClick(crop, Qt.MouseButton.LeftButton)
    assert player.state.playing or "no sound device" in player.state.problem  # as machines of tests have none
    session.next_crop(-1)
    qtbot.waitUntil(crop.isHidden)
    assert not hear.when(session)
    made.close()


def test_a_lead_changes_who_judges_what_by_keys(window: ProjectWindow, texts: Project, qtbot: QtBot) -> None:
    press(window, Key.Key_3, Mod.ControlModifier)
    tab = screen(window).tab
    assert isinstance(tab, AssignmentTab)
    qtbot.waitUntil(lambda: not tab.session.state.loading)
    press(window, Key.Key_Return)
    field = window.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClick(field, Key.Key_A, Mod.ControlModifier)
    QTest.keyClicks(field, "0")
    QTest.keyClick(field, Key.Key_Return)
    assert texts.settings.overlap == 1
    assert window.focusWidget() is field
    QTest.keyClick(field, Key.Key_Backspace)
    QTest.keyClicks(field, "3")
    QTest.keyClick(field, Key.Key_Return)
    assert read_settings(texts.folder).overlap == 3
    press(window, Key.Key_Down)
    assert tab.session.state.rules[tab.session.state.rule].where == "assignment.shared"
    assert tab.session.state.rules[0].value == "3 people"


def test_the_questions_of_every_tab_are_answered_by_clicks_as_well(window: ProjectWindow) -> None:
    def click(words: str) -> None:
        found = [one for one in window.current.findChildren(KeyButton) if one.isVisible() and one.text() == words]
        assert len(found) == 1
        QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)

    screen = window.current
    assert isinstance(screen, ProjectScreen)
    tab = screen.tab
    assert isinstance(tab, RubricTab)
    click("Split")
    click("Not now")
    assert tab.session.state.ask is None
    click("Split")
    click("Two new codes")
    assert "was split into" in tab.session.state.changes[0]
    press(window, Key.Key_2, Mod.ControlModifier)
    people = screen.tab
    assert isinstance(people, PeopleTab)
    click("Change the role")
    click("Auditor")
    assert people.session.state.message == "Ada Lead is the only lead"
    press(window, Key.Key_3, Mod.ControlModifier)
    assignment = screen.tab
    assert isinstance(assignment, AssignmentTab)
    assignment.session.choose_rule([line.where for line in assignment.session.state.rules].index("assignment.order"))
    click("Change")
    click("By information")
    assert read_settings(window._opened.project.folder).assignment.order == "information"


def test_verdicts_are_handed_over_and_taken_in_by_keys(
    window: ProjectWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.jsonl"
    monkeypatch.setattr("labeler.gui.project.people_tab.choose_where", lambda *_: (file, ""))
    monkeypatch.setattr("labeler.gui.project.people_tab.choose_file", lambda *_: file)
    press(window, Key.Key_2, Mod.ControlModifier)
    screen = window.current
    assert isinstance(screen, ProjectScreen)
    press(window, Key.Key_X)
    qtbot.waitUntil(lambda: screen.status().text.startswith("mine.jsonl holds all"))
    press(window, Key.Key_T)
    qtbot.waitUntil(lambda: screen.status().text.startswith("mine.jsonl: 0 events are new here"))
