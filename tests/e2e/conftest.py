"""A real window on a project, with a person in front of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from labeler.gui.app import application
from labeler.gui.theme import Theme
from labeler.gui.window import ProjectWindow
from labeler.sessions.projects import open_review
from tests.windows import settings_of_nobody

OpenWindow = Callable[[Path, str], ProjectWindow]


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return application()


@pytest.fixture(autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings_of_nobody(tmp_path_factory.mktemp("settings"))


@pytest.fixture
def open_window(qtbot: QtBot) -> Iterator[OpenWindow]:
    """Opens a project's window for a person; all are closed after the test."""
    windows: list[ProjectWindow] = []

    def open_it(folder: Path, person: str) -> ProjectWindow:
        opened = open_review(folder, person, lambda: datetime.now(UTC), time.monotonic)
        theme = Theme()
        theme.choose("light")
        window = ProjectWindow(theme, opened, {})
        window.resize(1440, 900)
        windows.append(window)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: window.isActiveWindow() and QApplication.focusWidget() is not None)
        return window

    yield open_it
    for window in windows:
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
