from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from labeler.gui.app import application
from labeler.gui.board.screen import BoardScreen
from labeler.gui.board.table import BoardTable
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton
from labeler.gui.window import ProjectWindow
from labeler.sessions.board.state import Part, Row, Shown
from labeler.sessions.projects import open_review
from labeler.steps.opening import open_project
from labeler.steps.threads import ask_lead, threads

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
Open = Callable[[str], tuple[ProjectWindow, BoardScreen]]


@pytest.fixture
def open_board(demo_folder: Path, qtbot: QtBot) -> Iterator[Open]:
    made: list[ProjectWindow] = []

    def open_as(name: str) -> tuple[ProjectWindow, BoardScreen]:
        application()
        theme = Theme()
        theme.choose("light")
        window = ProjectWindow(theme, open_review(demo_folder, name, lambda: datetime.now(UTC), time.monotonic), {})
        qtbot.addWidget(window)
        made.append(window)
        window.resize(1280, 720)
        window.show()
        window.go_to("board")
        board = window.current
        assert isinstance(board, BoardScreen)
        qtbot.waitUntil(lambda: not board.session.state.loading, timeout=60_000)
        return window, board

    yield open_as
    for window in made:
        window.close()


def press(window: ProjectWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def test_keys_go_through_the_board_and_answer_a_question(open_board: Open, demo_folder: Path, qtbot: QtBot) -> None:
    with open_project(demo_folder) as project:
        bo = project.store.add_person("Bo", at=NOON)
        item = next(iter(project.store.items())).id
        ask_lead(project, bo, item, "<b>Is</b> this a seven?", NOON)
    window, board = open_board("Ada Lead")
    press(window, Qt.Key.Key_2)
    assert board.session.state.part is Part.PEOPLE
    press(window, Qt.Key.Key_3)
    assert board.table.model().index(0, 2).data() == "<b>Is</b> this a seven?"
    press(window, Qt.Key.Key_A)
    qtbot.waitUntil(board.detail.field.hasFocus)
    QTest.keyClicks(board.detail.field, "yes, 7 it is")
    press(window, Qt.Key.Key_Escape)
    assert not board.session.state.typing
    press(window, Qt.Key.Key_A)
    assert board.detail.field.toPlainText() == "yes, 7 it is"
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not board.session.state.loading, timeout=60_000)
    assert board.session.state.shown.rows[0].cells[-1] == "answered"
    with open_project(demo_folder, read_only=True) as project:
        assert [said.text for said in threads(project)[0].said] == ["<b>Is</b> this a seven?", "yes, 7 it is"]
    press(window, Qt.Key.Key_Return)
    assert window.current is window.review
    assert window.session.state.evidence.item is not None
    assert window.session.state.evidence.item.id == item


def test_an_annotators_board_names_nobody_else_no_pace_and_no_check(open_board: Open) -> None:
    window, board = open_board("Ana Annotator")
    assert board.session.state.parts == (Part.LEFT, Part.QUESTIONS)
    said = [
        str(getattr(w, "text", str)())
        for w in [board, board.top, *board.findChildren(QWidget)]
        if callable(getattr(w, "text", None))
    ]
    said += [w.toolTip() for w in board.findChildren(QWidget)] + [repr(board.session.state.shown)]
    found = " ".join(said).lower()
    assert not [word for word in ("of work", "ada", "simulated", "hidden", "check") if word in found]
    press(window, Qt.Key.Key_2)
    assert board.session.state.part is Part.LEFT


def test_a_question_is_typed_in_review_and_digits_stay_digits(open_board: Open, qtbot: QtBot) -> None:
    window, _ = open_board("Ana Annotator")
    window.go_to("review")
    press(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QPlainTextEdit))
    field = QApplication.focusWidget()
    assert isinstance(field, QPlainTextEdit)
    assert field.accessibleName() == "Question"
    QTest.keyClicks(field, "1 or 7?")
    assert QApplication.focusWidget() is field
    assert window.session.state.judgement.draft.question == "1 or 7?"
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.session.state.screen.ask is None
    assert window.session.state.screen.message.text.startswith("Sent")
    qtbot.waitUntil(window.review.hasFocus)


def test_five_thousand_lines_cost_what_five_do(qtbot: QtBot) -> None:
    application()
    table = BoardTable(Theme())
    qtbot.addWidget(table)
    table.resize(900, 500)
    table.show()
    rows = tuple(Row((f"item {n}", "ein sehr langes Wort " * 9, f"{n:,}"), share=n / 5000) for n in range(5_000))
    began = time.process_time()
    table.show_part(Shown((), ("item", "what", "n"), 2, rows), 0)
    for chosen in range(0, 5_000, 50):
        table.show_part(Shown((), ("item", "what", "n"), 2, rows) if chosen == 0 else table.model().shown, chosen)  # type: ignore[attr-defined]
    assert table.currentIndex().row() == 4_950
    assert sum(table.columnWidth(column) for column in range(3)) <= 900
    assert time.process_time() - began < 5


def test_ones_times_are_erased_by_the_mouse_alone(open_board: Open) -> None:
    _, board = open_board("Ana")

    def click(words: str) -> None:
        found = [one for one in board.findChildren(KeyButton) if one.isVisible() and one.text() == words]
        assert len(found) == 1
        QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)

    click("Erase your times and guesses")
    click("Not now")
    assert not board.session.asking
    click("Erase your times and guesses")
    click("Erase them")
    assert board.session.state.message == "0 times and guesses are erased"
