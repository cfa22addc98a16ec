"""The start screen, driven as a person does: files dropped on it, keys, buttons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDropEvent, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from labeler.gui import app
from labeler.gui.new_project import NewProjectCard
from labeler.gui.start import StartWindow
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme, load_fonts
from labeler.gui.widgets.button import KeyButton
from labeler.steps.opening import open_project
from tests.sessions.test_new_project import text_items, texts


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[StartWindow]:
    load_fonts()
    theme, tasks = Theme(), Tasks()
    made = StartWindow(theme, [], NewProjectCard(theme, tasks, "Ada"))
    qtbot.addWidget(made)
    made.show()
    yield made
    tasks.stop()


def drop(window: StartWindow, *paths: Path) -> None:
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(300, 300), Qt.DropAction.CopyAction, files, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)


def said(window: StartWindow) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def button(window: StartWindow, text: str) -> KeyButton | None:
    return next((b for b in window.findChildren(KeyButton) if b.text() == text and b.isVisible()), None)


def test_dropped_files_become_a_project_by_one_key(window: StartWindow, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    new = texts(folder, "new.jsonl", "2", "a x c")
    drop(window, text_items(folder, 2), texts(folder, "old.jsonl", "1", "a b c", "12"))
    qtbot.waitUntil(lambda: "One outputs file is missing" in said(window))
    create = button(window, "Create project and review")
    assert create is not None
    assert not create.isEnabled()
    drop(window, new)
    qtbot.waitUntil(lambda: "Compared: 1 flips" in said(window))
    assert "1 outputs of the old model stand alone" in said(window)
    assert create.isEnabled()
    with qtbot.waitSignal(window.chosen) as chosen:
        QTest.keyClick(window, Qt.Key.Key_Return)
    assert chosen.args is not None
    place = chosen.args[0]
    assert place.name == "letters"
    with open_project(place, read_only=True) as project:
        release = project.store.latest_release()
        assert release is not None
        assert [str(pair.new) for pair in release.pairs.values()] == ["reader 2"]


def test_old_and_new_can_be_turned_by_a_key(window: StartWindow, qtbot: QtBot, tmp_path: Path) -> None:
    text_items(tmp_path, 1)
    texts(tmp_path, "a.jsonl", "1", "x")
    texts(tmp_path, "b.jsonl", "2", "y")
    drop(window, tmp_path)
    qtbot.waitUntil(lambda: "Compared" in said(window))
    assert "old model · 1 outputs: reader 1" in said(window)
    QTest.keyClick(window, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: "old model · 1 outputs: reader 2" in said(window))


def test_lines_that_cannot_be_read_are_listed_as_plain_text(window: StartWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = texts(tmp_path, "new.jsonl", "2", "x")
    with path.open("ab") as file:
        file.write(b'{"item_id": "<img src=http://example.org/x>", "model": "<b>"}\n')
    drop(window, path)
    qtbot.waitUntil(lambda: "1 of 2 lines read" in said(window))
    look = button(window, "1 to look at")
    assert look is not None
    QTest.mouseClick(look, Qt.MouseButton.LeftButton)
    shown = window.findChildren(QPlainTextEdit)[0]
    assert shown.isVisible()
    assert shown.toPlainText().startswith("line 2: model: give an object with name and version")


def test_a_file_can_be_taken_out_again(window: StartWindow, qtbot: QtBot, tmp_path: Path) -> None:
    drop(window, texts(tmp_path, "a.jsonl", "1", "x"))
    qtbot.waitUntil(lambda: "a.jsonl" in said(window))
    out = button(window, "Take out")
    assert out is not None
    QTest.mouseClick(out, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "a.jsonl" not in said(window))


def test_a_dialog_that_chooses_files_can_not_delete_them(
    window: StartWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "items.jsonl").write_text("{}\n")
    could: list[bool] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        could.extend(action.isEnabled() for action in dialog.findChildren(QAction) if "elete" in action.text())
        could.append(not dialog.testOption(QFileDialog.Option.ReadOnly))
        dialog.reject()

    for key in (Qt.Key.Key_N, "Ctrl+O"):
        QTimer.singleShot(0, window, look)
        QTest.keySequence(window, QKeySequence(key))
    qtbot.waitUntil(lambda: len(could) >= 2)
    assert not any(could)


@pytest.mark.parametrize("fits", [True, False])
def test_a_first_window_that_does_not_fit_fills_the_screen(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fits: bool
) -> None:
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path))
    room = QGuiApplication.primaryScreen().availableSize()
    monkeypatch.setattr(app, "_FIRST_SIZE", room / 2 if fits else room)  # the title bar comes on top
    made = app.App("Ada")
    made.start()
    assert made.window is not None
    qtbot.addWidget(made.window)
    assert made.window.isMaximized() is not fits
    made.stop()
