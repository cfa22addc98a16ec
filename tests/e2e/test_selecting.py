"""Selecting a span of a recording in the real window, by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from labeler.domain.items import Modality
from labeler.gui.panels.image.list import EvidenceList
from labeler.gui.window import ProjectWindow
from labeler.sessions.review.evidence import ShownSpot
from tests.e2e.conftest import OpenWindow


def press_in(window: ProjectWindow) -> Callable[..., None]:
    """Presses keys where the focus is."""

    def press(*keys: str) -> None:
        for key in keys:
            QTest.keySequence(QApplication.focusWidget() or window, QKeySequence(key))

    return press


def test_keys_select_words_from_the_playhead_and_let_go(
    demo_folder: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(demo_folder, "Ana Annotator")
    session, press = window.session, press_in(window)

    session.filter_modality(Modality.AUDIO)
    with qtbot.waitSignal(window.review.painted, timeout=20_000):
        session.show_item("aud-001")
    press("Right", "Ctrl+Shift+Right", "Ctrl+Shift+Right", "Shift+Right")
    selected = session.state.evidence.selected
    assert selected is not None
    assert selected[0] == pytest.approx(1.0, abs=0.01)
    assert selected[1] > 1.05
    assert window.player.state.span == selected
    press("Esc")
    qtbot.waitUntil(lambda: session.state.evidence.selected is None)
    assert window.player.state.span[1] > 4.0


def test_arrow_keys_walk_the_list_that_has_the_focus_and_leave_the_place_in_hand(
    demo_folder: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(demo_folder, "Ana Annotator")
    session, press = window.session, press_in(window)

    def in_hand() -> ShownSpot | None:
        return session.state.evidence.spot

    with qtbot.waitSignal(window.review.painted, timeout=20_000):
        session.show_item("img-040")
    press("X", "Ctrl+.", "Alt+E")
    listed = QApplication.focusWidget()
    assert isinstance(listed, EvidenceList)
    assert in_hand() is not None
    press("Down", "Down")
    assert listed.currentIndex().row() == 2
    assert session.state.evidence.current == 2
    assert in_hand() is None, "it went with the difference that it was picked at, and was not moved"
    window.review.setFocus()
    press("Ctrl+.")
    picked = in_hand()
    press("Down")
    moved = in_hand()
    assert picked is not None
    assert moved is not None
    assert moved.at != picked.at
