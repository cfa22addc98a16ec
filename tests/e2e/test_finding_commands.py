"""The command palette in the real window: opened, typed into, and done with Enter."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QWidget

from labeler.domain.rubric import Tier
from tests.e2e.conftest import OpenWindow

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_a_command_is_found_by_its_name_and_done_and_the_keys_are_the_screens_again(
    demo_folder: Path, open_window: OpenWindow
) -> None:
    window = open_window(demo_folder, "Ana Annotator")
    QTest.keyClick(focused(), Qt.Key.Key_P, CTRL_SHIFT)
    QTest.keyClicks(focused(), "hard")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    tiers = [window.session.state.judgement.draft.tier]
    QTest.keyClick(focused(), Qt.Key.Key_Z)
    assert [*tiers, window.session.state.judgement.draft.tier] == [Tier.HARD, Tier.EASY]


def test_escape_closes_the_palette_and_does_nothing(demo_folder: Path, open_window: OpenWindow) -> None:
    window = open_window(demo_folder, "Ana Annotator")
    QTest.keyClick(focused(), Qt.Key.Key_P, CTRL_SHIFT)
    QTest.keyClicks(focused(), "skip")
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert not window.session.asking
    QTest.keyClick(focused(), Qt.Key.Key_S)
    assert window.session.asking


def test_a_name_that_no_command_has_is_answered_and_enter_leaves_it_to_be_mended(
    demo_folder: Path, open_window: OpenWindow
) -> None:
    window = open_window(demo_folder, "Ana Annotator")
    QTest.keyClick(focused(), Qt.Key.Key_P, CTRL_SHIFT)
    QTest.keyClicks(focused(), "hardd")
    (said,) = (listed for listed in window.findChildren(QListWidget) if listed.accessibleName() == "Commands")
    assert (said.count(), said.item(0).text()) == (1, "No command of that name can act here now")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    QTest.keyClick(focused(), Qt.Key.Key_Backspace)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert window.session.state.judgement.draft.tier is Tier.HARD
