"""Every key that a screen lists can be pressed at any time: it does its work or nothing, and never is a fault."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from labeler.gui.review import ReviewScreen
from labeler.gui.screen import Screen
from labeler.gui.screens import SCREENS
from labeler.gui.window import ProjectWindow
from labeler.steps.check import check_project
from labeler.steps.project import Project
from tests.e2e.conftest import OpenWindow


@pytest.fixture(autouse=True)
def nothing_beside_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dialogs for files are left at once, and no browser is started."""
    for name, left in {"getSaveFileName": ("", ""), "getOpenFileNames": ([], ""), "getOpenFileName": ("", "")}.items():
        monkeypatch.setattr(QFileDialog, name, staticmethod(lambda *_, left=left, **__: left))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", staticmethod(lambda *_, **__: ""))
    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(lambda _: True))


def press(window: ProjectWindow, key: str) -> None:
    QTest.keySequence(QApplication.focusWidget() or window, QKeySequence(key))
    QApplication.processEvents()


def go_to(window: ProjectWindow, key: str, qtbot: QtBot) -> Screen:
    while window.help_is_open:
        press(window, "Escape")
    press(window, key)
    screen = window.current
    if isinstance(screen, ReviewScreen):  # Adjudicate is one, too: without an item most of its keys do nothing
        qtbot.waitUntil(lambda: screen.session.state.evidence.item is not None, timeout=60_000)
    return screen


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_each_key_of_each_screen_in_any_order(
    demo: Project, demo_folder: Path, open_window: OpenWindow, qtbot: QtBot, seed: int
) -> None:
    chance = random.Random(seed)
    window = open_window(demo_folder, "Ada Lead")
    window.resize(*chance.choice([(1440, 900), (1280, 720)]))
    for line in SCREENS:
        shown = go_to(window, line.key, qtbot)
        keys = [command.key for command in shown.commands() if command.key and not command.hidden]
        for key in chance.sample(keys, len(keys)):
            press(window, key)
            if chance.random() < 0.5:
                press(window, "Escape")
            if window.current is not shown or window.help_is_open:
                go_to(window, line.key, qtbot)
        press(window, "Escape")
    assert check_project(demo).findings == ()
