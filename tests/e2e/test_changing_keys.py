"""Keys changed in the list of keys, by keys; they are the person's from then on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame
from pytestqt.qtbot import QtBot

from labeler.gui.app import App
from labeler.gui.own_keys import own_keys
from labeler.gui.window import ProjectWindow


@pytest.fixture
def app(qapp: QApplication, demo_folder: Path, qtbot: QtBot) -> Iterator[App]:
    made = App("Ana Annotator")
    made.open(demo_folder)
    wait_for_window(made, qtbot)
    yield made
    made.stop()
    if made.window is not None:
        made.window.close()
        made.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def wait_for_window(app: App, qtbot: QtBot, before: ProjectWindow | None = None) -> ProjectWindow:
    qtbot.waitUntil(lambda: app.window is not before and QApplication.activeWindow() is app.window)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    assert isinstance(app.window, ProjectWindow)
    return app.window


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifiers)


def choose(window: ProjectWindow, label: str) -> None:
    """Walk down the list to a command."""
    for _ in range(200):
        if window.findChildren(QFrame, "keyRowChosen")[0].accessibleName() == f"{label}, chosen":
            return
        press(Qt.Key.Key_Down)
    raise AssertionError(f"no {label}")


def open_changes() -> None:
    press(Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier)
    press(Qt.Key.Key_F2)


def test_a_key_is_changed_and_is_the_key_at_once_and_later(app: App, qtbot: QtBot) -> None:
    window = app.window
    assert isinstance(window, ProjectWindow)
    press(Qt.Key.Key_X)
    open_changes()
    choose(window, "Skip")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_N)  # taken by Next
    assert own_keys() == {}
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_F7)
    press(Qt.Key.Key_Escape)
    anew = wait_for_window(app, qtbot, window)
    assert own_keys() == {"skip": "F7"}
    assert anew.session.state.judgement.draft.tier is not None  # unsaved work is back
    press(Qt.Key.Key_S)
    assert not anew.session.asking
    press(Qt.Key.Key_F7)
    assert anew.session.asking


def test_a_key_goes_back_to_what_it_was(app: App, qtbot: QtBot) -> None:
    window = app.window
    assert isinstance(window, ProjectWindow)
    open_changes()
    choose(window, "Skip")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_F7)
    choose(window, "Next")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_S)  # free since a moment ago
    assert own_keys() == {"skip": "F7", "difference.next": "S"}
    press(Qt.Key.Key_Escape)
    second = wait_for_window(app, qtbot, window)
    open_changes()
    choose(second, "Next")
    press(Qt.Key.Key_Delete)
    press(Qt.Key.Key_Escape)
    wait_for_window(app, qtbot, second)
    assert own_keys() == {"skip": "F7"}
