"""A key whose command fails is told as a fault, and the next key works."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from labeler.domain.rubric import Tier
from tests.e2e.conftest import OpenWindow


def test_a_fault_behind_a_key_ends_with_that_key(
    demo_folder: Path, open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(demo_folder, "Ana Annotator")

    def fail(tier: Tier) -> None:
        raise RuntimeError(tier)

    with monkeypatch.context() as broken, qtbot.capture_exceptions() as faults:
        broken.setattr(window.session, "set_tier", fail)
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Z)
    assert [kind for kind, *_ in faults] == [RuntimeError]
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_X)
    assert window.session.state.judgement.draft.tier is Tier.MEDIUM
