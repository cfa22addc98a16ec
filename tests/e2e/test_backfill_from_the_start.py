"""From the start screen to a ledger that proves itself: the demo's decisions on its pictures, by keys alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from labeler.domain.events import EventKind
from labeler.formats.ledger import check_ledger
from labeler.gui.app import App
from labeler.gui.backfill.screen import BackfillScreen
from labeler.gui.start import StartWindow
from labeler.gui.window import ProjectWindow
from labeler.shipped import DEMO_PROJECT
from labeler.steps.opening import open_project
from labeler.steps.project import person_called
from tests.e2e.annotator import Annotator

JUDGED = 4


@pytest.fixture
def app(qapp: QApplication) -> Iterator[App]:
    made = App("Lea Lead")
    yield made
    made.stop()


def given(folder: Path) -> list[Path]:
    """The demo's files, of its first pictures alone: their items, outputs and media, and every decision on them."""
    folder.mkdir()
    lines = {
        name: read(DEMO_PROJECT / f"{name}.jsonl") for name in ("items", "outputs-old", "outputs-new", "decisions")
    }
    decided = {line["item_id"] for line in lines["decisions"]}
    items = [line for line in lines["items"] if line["modality"] == "image" and line["id"] in decided][:8]
    kept = {line["id"] for line in items}
    for item in items:
        (folder / item["media"]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DEMO_PROJECT / item["media"], folder / item["media"])
    written = []
    for name, of_all in lines.items():
        path = folder / f"{name}.jsonl"
        some = [line for line in of_all if (line["id"] if name == "items" else line["item_id"]) in kept]
        path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in some))
        written.append(path)
    return written


def read(path: Path) -> list[dict[str, str]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def drop(window: StartWindow, paths: list[Path]) -> None:
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPointF(300, 300), copy, files, left, Qt.KeyboardModifier.NoModifier))


def press(*keys: str) -> None:
    for key in keys:
        window = QApplication.activeWindow()
        assert window is not None
        QTest.keySequence(QApplication.focusWidget() or window, QKeySequence(key))


def write(text: str) -> None:
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, text)


def at_rest(window: ProjectWindow, qtbot: QtBot) -> BackfillScreen:
    """The screen, once nothing is read or written beside it."""
    shown = window.current
    assert isinstance(shown, BackfillScreen)
    qtbot.waitUntil(lambda: not shown.session.state.loading and not shown.session.state.busy, timeout=60_000)
    return shown


def test_decisions_go_from_the_start_screen_to_a_ledger_that_proves_itself(
    app: App, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "documents"))
    app.start()
    start = app.window
    assert isinstance(start, StartWindow)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is start)
    files = given(tmp_path / "invoices")
    drop(start, files)
    qtbot.waitUntil(
        lambda: any(label.text().startswith("Compared:") for label in start.findChildren(QLabel)), timeout=60_000
    )
    press("Return")
    qtbot.waitUntil(lambda: isinstance(app.window, ProjectWindow), timeout=60_000)
    window = app.window
    assert isinstance(window, ProjectWindow)
    qtbot.waitUntil(lambda: window.isActiveWindow() and QApplication.focusWidget() is not None)

    press("Ctrl+Shift+B")
    backfill = at_rest(window, qtbot)
    decisions = len(files[3].read_bytes().splitlines())
    assert backfill.session.state.summary.startswith(f"{decisions} decisions")
    press("Q")
    at_rest(window, qtbot)
    assert "in the review queue" in backfill.session.state.message.text

    folder = tmp_path / "documents" / "Labeler" / "invoices"
    with open_project(folder) as project:
        press("Ctrl+Shift+R")
        annotator = Annotator(window, project, person_called(project, "Lea Lead").id, qtbot)
        # The order of the queue is another in each project: on, until the old model was wrong somewhere.
        right: list[bool] = []
        while len(right) < JUDGED or all(right):
            right.append(annotator.judge()[1].outputs["old"])

        press("Ctrl+Shift+B")
        state = at_rest(window, qtbot).session.state
        assert state.cards[1].title == "Wrong among contested, estimated"
        assert state.estimate[0].value is not None
        press("W", "Shift+P")
        at_rest(window, qtbot)
        rows = backfill.session.state.rows
        assert rows
        assert all(row.disposition != "–" for row in rows)
        first = next(n for n, row in enumerate(rows) if row.disposition == "correct and notify")
        press("Home", *["Down"] * first, "R", "1")
        assert backfill.session.state.step is not None
        write("letter")
        press("Tab")
        write("Zoe Smith")
        press("Ctrl+Return")
        at_rest(window, qtbot)
        (step,) = project.store.events(kinds=[EventKind.STEP])
        assert (step.body["decision_id"], step.body["channel"]) == (rows[first].id, "letter")
        assert project.store.private_of(step.id)["to"] == "Zoe Smith"

        press("Shift+E")
        said = at_rest(window, qtbot).session.state.message.text
        (ledger,) = (folder / "ledgers").iterdir()
        found = check_ledger(ledger, said.rpartition(" ")[2])
        assert (found.damage, found.records) == ((), int(state.cards[0].value))
