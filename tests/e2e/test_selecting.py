"""Selecting a span of a recording in the real window, by keys alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from labeler.domain.items import Modality
from tests.e2e.conftest import OpenWindow


def test_keys_select_words_from_the_playhead_and_let_go(
    demo_folder: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(demo_folder, "Ana Annotator")
    session = window.session

    def press(*keys: str) -> None:
        for key in keys:
            QTest.keySequence(QApplication.focusWidget() or window, QKeySequence(key))

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
