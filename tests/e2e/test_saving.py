"""Saving in the real window, where a thread waits for the disk."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from labeler.domain.events import EventKind
from labeler.gui.app import App
from labeler.gui.window import ProjectWindow
from labeler.steps.project import Project, person_called
from labeler.store import Store
from tests.attacks.texts import START, make_texts
from tests.e2e.annotator import Annotator
from tests.e2e.conftest import OpenWindow


def test_undo_right_after_enter_brings_the_item_back_with_its_verdict(
    demo: Project, demo_folder: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    person = person_called(demo, "Ana Annotator")
    ana = Annotator(open_window(demo_folder, person.name), demo, person.id, qtbot)
    first = ana.state.evidence.item
    assert first is not None
    ana.press("X")
    for _ in ana.state.evidence.walk:
        ana.press("1")
    choices = ana.state.judgement.draft.choices
    ana.press("Return", "Ctrl+Z")
    assert ana.state.evidence.item == first
    assert ana.state.judgement.draft.choices == choices
    assert not ana.window.session.outbox.busy
    QApplication.processEvents()  # the thread's answer comes late
    assert ana.state.screen.message.text == f"Taken back: {first.id}"
    release = demo.store.latest_release()
    assert release is not None
    assert demo.store.verdict_of(release.id, first.id, person.id) is None


def test_a_window_that_closes_right_after_enter_has_saved(
    demo: Project, demo_folder: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    person = person_called(demo, "Ana Annotator")
    ana = Annotator(open_window(demo_folder, person.name), demo, person.id, qtbot)
    item_id, _ = ana.judge()
    second = ana.state.evidence.item
    assert second is not None
    ana.press("X", "U", "1", "Return")
    ana.window.close()
    release = demo.store.latest_release()
    assert release is not None
    for judged in (item_id, second.id):
        assert demo.store.verdict_of(release.id, judged, person.id) is not None


@pytest.fixture
def texts_folder(tmp_path: Path) -> Path:
    make_texts(tmp_path / "texts", 10)
    return tmp_path / "texts"


@pytest.fixture
def running(texts_folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[App, ProjectWindow]]:
    """The app, and the window of a project in it."""
    app = App("Ada")
    monkeypatch.setattr(sys, "excepthook", app.report)
    app.open(texts_folder)
    window = app.window
    assert isinstance(window, ProjectWindow)
    window.activateWindow()
    qtbot.waitUntil(lambda: window.isActiveWindow() and QApplication.focusWidget() is not None)
    yield app, window
    assert app.window is not None
    app.window.close()
    app.stop()


@contextmanager
def full_disk(window: ProjectWindow) -> Iterator[None]:
    connection = window._opened.project.store.connection
    connection.execute("PRAGMA max_page_count = 1")
    try:
        yield
    finally:
        if window.isVisible():  # a closed one has no connection any more
            connection.execute("PRAGMA max_page_count = 1000000")


def type_verdict(window: ProjectWindow, note: str = "") -> str:
    """Judge the item that is shown and press Enter; nothing is painted in between."""
    item = window.session.state.evidence.item
    assert item is not None
    press(window, "X")
    window.session.edit_note(note)
    press(window, *("1" for _ in window.session.state.evidence.walk), "Return")
    return item.id


def press(window: ProjectWindow, *keys: str) -> None:
    for key in keys:
        QTest.keySequence(QApplication.focusWidget() or window, QKeySequence(key))


def judged(folder: Path) -> list[str]:
    with Store.open(folder, read_only=True) as store:
        return [str(event.body["item_id"]) for event in store.events() if event.kind == "verdict"]


def status(window: ProjectWindow) -> str:
    return window.status.findChildren(QLabel)[0].text()


LARGE = "x" * 500_000
"""More than what SQLite keeps at hand for the next pages."""


def test_a_window_that_paints_nothing_saves_all_the_same(
    texts_folder: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(texts_folder, "Ada")
    window.showMinimized()
    qtbot.waitUntil(window.isMinimized)
    first = type_verdict(window)
    assert status(window) == "● Saving…"
    qtbot.waitUntil(lambda: status(window) == f"● Saved {first}")
    assert judged(texts_folder) == [first]


@pytest.mark.parametrize("way", ["board", "start", "person", "same person"])
def test_whoever_leaves_right_after_enter_finds_the_verdict_there(
    texts_folder: Path, running: tuple[App, ProjectWindow], way: str
) -> None:
    app, window = running
    first = type_verdict(window)
    assert judged(texts_folder) == []
    match way:
        case "board":
            window.go_to("board")
        case "start":
            window.leave.emit()
        case "person":
            window.person_wanted.emit("Bob")
        case "same person":
            window.keys_changed.emit("review")
    assert judged(texts_folder) == [first]
    if way == "same person":
        assert isinstance(app.window, ProjectWindow)
        item = app.window.session.state.evidence.item
        assert item is not None
        assert item.id != first, "it would be judged twice"


@pytest.mark.parametrize("way", ["close", "board", "start"])
def test_a_window_that_is_left_when_the_disk_is_full_stays_and_says_so_once(
    texts_folder: Path, running: tuple[App, ProjectWindow], way: str
) -> None:
    app, window = running
    first = type_verdict(window, LARGE)
    with full_disk(window):
        match way:
            case "close":
                window.close()
            case "board":
                window.go_to("board")
            case "start":
                window.leave.emit()
        assert window.isVisible()
        assert window.current is window.review
        assert status(window).startswith("! Not saved")
        item = window.session.state.evidence.item
        assert item is not None
        assert item.id == first
        window.close()
        assert not window.isVisible()
    app.open(texts_folder)
    assert isinstance(app.window, ProjectWindow)
    state = app.window.session.state
    assert state.evidence.item == item
    assert state.judgement.draft.note == LARGE
    assert judged(texts_folder) == []


def test_a_full_disk_while_the_next_item_is_judged_brings_the_first_one_back_and_keeps_both(
    texts_folder: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(texts_folder, "Ada")
    first = type_verdict(window, LARGE)
    second = window.session.state.evidence.item
    press(window, "C")
    with full_disk(window):
        qtbot.waitUntil(lambda: status(window).startswith("! Not saved"))
    item = window.session.state.evidence.item
    assert item is not None
    assert item.id == first
    press(window, "Return")
    qtbot.waitUntil(lambda: status(window) == f"● Saved {first}")
    assert window.session.state.evidence.item == second
    assert str(window.session.state.judgement.draft.tier) == "hard"
    assert judged(texts_folder) == [first]


def test_another_program_that_writes_meanwhile_loses_and_doubles_nothing(
    texts_folder: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(texts_folder, "Ada")
    mine = []
    with Store.open(texts_folder) as other:
        for n in range(5):
            mine.append(type_verdict(window))
            if n % 2:
                other.append(other.stream("ada"), EventKind.SKIP, skip_of(other, f"t{10 - n:04}"), START)
    window.settle()
    with Store.open(texts_folder, read_only=True) as store:
        assert store.chain_damage() == []
        assert [e.body["item_id"] for e in store.events() if e.kind == "verdict"] == mine
        assert sum(e.kind == "skip" for e in store.events()) == 2


def skip_of(store: Store, item: str) -> dict[str, str]:
    return {"kind": "skip", "item_id": item, "release": store.releases()[0].id, "reason": "mine"}
