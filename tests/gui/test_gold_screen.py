"""The Gold screen in its window, by keys and mouse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from labeler.formats.gold.folder import verify
from labeler.gui.adjudicate import AdjudicateScreen
from labeler.gui.gold.screen import GoldScreen
from labeler.gui.window import ProjectWindow
from tests.gui.test_insights_screen import window_of


@pytest.fixture
def window(demo_folder: Path, qtbot: QtBot) -> Iterator[ProjectWindow]:
    shown = window_of(demo_folder, "Ada Lead")
    shown.resize(1280, 720)
    shown.show()
    shown.go_to("gold")
    wait_for(qtbot, shown)
    yield shown
    shown.close()


def screen_of(window: ProjectWindow) -> GoldScreen:
    assert isinstance(window.current, GoldScreen)
    return window.current


def wait_for(qtbot: QtBot, window: ProjectWindow) -> None:
    qtbot.waitUntil(lambda: not screen_of(window).session.state.busy, timeout=30_000)


def test_the_table_shows_every_node_and_the_session_decides_which_is_in_hand(window: ProjectWindow) -> None:
    screen = screen_of(window)
    table, state = screen.nodes, screen.session.state
    assert table.model().rowCount() == len(state.nodes) == 8
    third = table.visualRect(table.model().index(2, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=third)
    assert screen.session.state.chosen == 2 == table.currentIndex().row()
    QTest.keyClick(screen, Qt.Key.Key_Down)
    assert screen.session.state.chosen == 3 == table.currentIndex().row()
    QTest.keyClick(screen, Qt.Key.Key_E)
    assert screen.explained.isVisible()
    assert state.nodes[3].cells[0] in screen.explained.text()
    QTest.keyClick(screen, Qt.Key.Key_Escape)
    assert not screen.explained.isVisible()


def test_why_stands_apart_from_the_grounds_and_in_bold(window: ProjectWindow) -> None:
    titles = [label for label in screen_of(window).findChildren(QLabel, "storyTitle") if label.isVisible()]
    assert [label.text() for label in titles] == ["Why.", "The average says otherwise."]
    assert all(label.font().bold() or label.font().weight() >= QFont.Weight.DemiBold for label in titles)
    assert not any(label.text().startswith("Why.") for label in screen_of(window).findChildren(QLabel, "storyLine"))


def test_the_version_is_built_by_its_key_and_whoever_built_it_cannot_publish_it(
    window: ProjectWindow, qtbot: QtBot, demo_folder: Path
) -> None:
    screen = screen_of(window)
    assert screen.deed.isVisible()
    QTest.keyClick(screen, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "v0001" in screen.session.state.version, timeout=30_000)
    wait_for(qtbot, window)
    assert verify(demo_folder / "gold" / "Demo" / "v0001") == []
    assert not screen.deed.isVisible()
    assert (screen.bar.version.isVisible(), screen.bar.version.isChecked()) == (True, False)
    QTest.keyClick(screen, Qt.Key.Key_BracketLeft)
    wait_for(qtbot, window)
    assert (screen.bar.version.isChecked(), screen.bar.draft.isChecked()) == (True, False)
    QTest.mouseClick(screen.bar.draft, Qt.MouseButton.LeftButton)
    wait_for(qtbot, window)
    assert (screen.bar.version.isChecked(), screen.bar.draft.isChecked()) == (False, True)


def test_simulated_verdicts_are_said_and_what_is_thin_is_put_first(window: ProjectWindow, qtbot: QtBot) -> None:
    screen = screen_of(window)
    simulated = next(line for line in screen.session.state.changes if line.name == "Simulated")
    assert simulated.words == "rest on verdicts of simulated annotators"
    QTest.keyClick(screen, Qt.Key.Key_Q)
    wait_for(qtbot, window)
    assert "come first in Review" in screen.status().text


def test_the_gates_answer_is_copied_as_markdown(window: ProjectWindow) -> None:
    screen = screen_of(window)
    QTest.keyClick(screen, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("## Not enough evidence: audio pocketsphinx")


def test_an_unresolved_item_is_shown_in_adjudicate_by_its_key(window: ProjectWindow) -> None:
    screen = screen_of(window)
    assert screen.settle.isVisible()
    wanted = screen.session.state.unresolved[0]
    QTest.keyClick(screen, Qt.Key.Key_U)
    assert isinstance(window.current, AdjudicateScreen)
    shown = window.current.session.state.evidence.item
    assert shown is not None
    assert shown.id == wanted
