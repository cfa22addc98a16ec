"""A store that goes bad while it is open: said in words, the window stays up, and what was done is kept."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from labeler.domain.rubric import Tier
from labeler.errors import LabelerError
from labeler.gui.app import App, application
from labeler.gui.window import ProjectWindow
from labeler.sessions.projects import open_review
from labeler.steps.opening import open_project
from labeler.store import FILE_NAME
from labeler.store.engine import open_file
from tests.attacks.texts import make_texts

PAGE = 4096


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return application()


def smash_pages(file: Path) -> None:
    """Overwrite everything but the schema, and let the connections that are open see that something changed."""
    with closing(open_file(file)) as connection:
        connection.execute("INSERT INTO facts VALUES ('smashed', '1')")
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        roots = {row[0] for row in connection.execute("SELECT rootpage FROM sqlite_schema")}
    with file.open("r+b") as pages:
        for number in sorted(roots - {0, 1}):
            pages.seek((number - 1) * PAGE)
            pages.write(b"\xff" * PAGE)


def spoil_values(file: Path) -> None:
    """Put bytes that are no JSON where items were."""
    with closing(open_file(file)) as connection:
        connection.execute("UPDATE items SET data = x'ff'")


def press(key: Qt.Key) -> None:
    """As the display server does it: an error then meets Qt's event loop, not this test."""
    focused = QApplication.focusWidget()
    assert focused is not None
    none = Qt.KeyboardModifier.NoModifier
    QApplication.postEvent(focused, QKeyEvent(QEvent.Type.KeyPress, key, none, chr(key.value)))


@pytest.mark.parametrize("damage", [smash_pages, spoil_values])
def test_the_window_stays_up_and_says_what_cannot_be_read(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], None]
) -> None:
    make_texts(tmp_path / "texts", 4)
    app = App("ada")
    monkeypatch.setattr(sys, "excepthook", app.report)
    app.open(tmp_path / "texts")
    window = app.window
    assert isinstance(window, ProjectWindow)
    qtbot.addWidget(window)
    window.session.set_tier(Tier.HARD)
    damage(tmp_path / "texts" / FILE_NAME)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.session.ask_skip()
    press(Qt.Key.Key_1)
    shown = window.status.findChildren(QLabel)[0]
    qtbot.waitUntil(lambda: "cannot be read" in shown.text())
    assert "labeler restore" in shown.toolTip() or "Not saved" in shown.text()
    assert window.session.state.judgement.draft.tier is Tier.HARD, "what was done stays on the desk"
    assert window.isVisible()
    window.close()
    app.stop()


@pytest.mark.parametrize("damage", [smash_pages, spoil_values])
def test_a_session_and_a_command_raise_nothing_but_words(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    folder = tmp_path / "texts"
    make_texts(folder, 4)
    opened = open_review(folder, "ada", lambda: datetime.now(UTC), time.monotonic)
    opened.session.set_tier(Tier.HARD)
    with open_project(folder, read_only=True) as project:
        damage(folder / FILE_NAME)
        with pytest.raises((LabelerError, ValueError)) as failed:
            list(project.store.items())
        said = opened.explain(failed.value)
    assert "cannot be read" in said.what
    assert "labeler restore" in said.remedy
    opened.session.close()
    opened.close()
    assert any((folder / "drafts").rglob("*.json*")), "the unsaved work is kept"


def test_a_fault_of_the_program_is_not_called_damage(tmp_path: Path) -> None:
    make_texts(tmp_path / "texts", 4)
    opened = open_review(tmp_path / "texts", "ada", lambda: datetime.now(UTC), time.monotonic)
    assert "fault of the program" in opened.explain(ValueError("a slip")).what
    assert "fault of the program" in opened.explain(ZeroDivisionError()).what
    opened.close()
