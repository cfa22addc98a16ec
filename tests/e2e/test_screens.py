"""The window's table of screens: each line is a button, a key and a line in the list of keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from labeler.gui.screens import SCREENS
from labeler.gui.widgets.button import KeyButton, Look
from tests.e2e.conftest import OpenWindow


def test_every_screen_is_a_key_away_and_marked_on_the_rail(demo_folder: Path, open_window: OpenWindow) -> None:
    window = open_window(demo_folder, "Ada Lead")
    for line in (*SCREENS[1:], SCREENS[0]):
        QTest.keySequence(QApplication.focusWidget() or window, QKeySequence(line.key))
        chosen = [b.text() for b in window.findChildren(QToolButton) if b.isChecked()]
        assert chosen == [line.name]
        assert window.current.isVisible()
        assert window.current.top.isVisible()
        assert line.key in {command.key for command in window.all_commands()}


def test_no_screen_uses_the_key_of_a_way_to_another(demo_folder: Path, open_window: OpenWindow) -> None:
    window = open_window(demo_folder, "Ada Lead")
    ways = {line.key for line in SCREENS}
    assert len(ways) == len(SCREENS)
    for line in SCREENS:
        window.go_to(line.id)
        assert not ways & {command.key for command in window.current.commands()}


@pytest.mark.parametrize(
    "height", [720, 868, *(pytest.param(n, marks=pytest.mark.soak) for n in (830, 900, 1000))]
)  # 868: 900 without a title bar
def test_all_failure_codes_stand_above_the_save_button(demo_folder: Path, open_window: OpenWindow, height: int) -> None:
    window = open_window(demo_folder, "Ada Lead")
    window.resize(1280, height)
    QTest.keySequence(window.current, QKeySequence("X"))
    QTest.keySequence(window.current, QKeySequence(","))
    QApplication.processEvents()
    panel = window.review.verdict
    chips = [b for b in panel.findChildren(KeyButton) if b._look is Look.FAILURE and b.isVisible()]
    save = next(b for b in panel.findChildren(KeyButton) if b._look is Look.PRIMARY)
    lowest = max(chip.mapTo(panel, chip.rect().bottomLeft()).y() for chip in chips)
    assert len(chips) > 20
    assert lowest < save.mapTo(panel, save.rect().topLeft()).y()


def test_keys_that_arrive_after_the_window_closed_do_nothing(demo_folder: Path, open_window: OpenWindow) -> None:
    window = open_window(demo_folder, "Ada Lead")
    shown = window.current
    window.close()
    QTest.keySequence(shown, QKeySequence("Ctrl+Shift+E"))
    QTest.keySequence(window, QKeySequence("Ctrl+Shift+E"))
    assert window.current is shown
