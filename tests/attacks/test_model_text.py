"""What models and files say is shown as text in every widget, tooltip and report: never markup, never fetched."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractTableModel, QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot

import labeler
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from labeler.gui.app import application
from labeler.gui.new_project import NewProjectCard
from labeler.gui.screen import Screen
from labeler.gui.screens import SCREENS
from labeler.gui.start import StartWindow
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme
from labeler.gui.widgets.gold_field import GoldField
from labeler.gui.widgets.label import LONGEST, PlainLabel, WrappedLabel, set_tip, visible
from labeler.gui.widgets.shown_text import WRITTEN_OUT
from labeler.gui.window import ProjectWindow
from labeler.sessions.projects import ProjectCard, card, open_review
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.evidence import Request
from labeler.steps.opening import open_project
from tests.attacks.nasty import NASTY, judge_nasty, make_nasty
from tests.attacks.texts import make_texts


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return application()


@pytest.fixture
def nasty_project(tmp_path: Path) -> Path:
    return make_nasty(tmp_path)


@pytest.fixture
def window(nasty_project: Path, qtbot: QtBot) -> Iterator[ProjectWindow]:
    theme = Theme()
    theme.choose("light")
    made = ProjectWindow(theme, open_review(nasty_project, "ada", lambda: datetime.now(UTC), time.monotonic), {})
    made.resize(1280, 720)
    made.show()
    yield made
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def interpreted(window: QWidget) -> list[str]:
    """Widgets whose text Qt would read as markup, or that hold what cannot be seen."""
    found = []
    for widget in window.findChildren(QWidget):
        where = f"{type(widget).__name__} {widget.objectName()}"
        if isinstance(widget, QLabel) and widget.objectName() != "qtooltip_label":  # Qt's own; looked at below
            # Where it may break a word it says so to Qt; what it says to people is its accessible name.
            text = widget.accessibleName() if isinstance(widget, WrappedLabel) else widget.text()
            if "<" in text and widget.textFormat() is not Qt.TextFormat.PlainText:
                found.append(f"{where}: {text[:60]}")
            if any(ord(character) in WRITTEN_OUT for character in text):
                found.append(f"{where}: hidden characters in {text[:60]!r}")
        if isinstance(widget, QPlainTextEdit) and any(ord(c) in WRITTEN_OUT for c in widget.toPlainText()):
            found.append(f"{where}: hidden characters in {widget.toPlainText()[:60]!r}")
        if isinstance(widget, QLineEdit) and hidden(widget.text()):
            found.append(f"{where}: hidden characters in {widget.text()[:60]!r}")
        if isinstance(widget, QTextEdit):
            found.append(f"{where}: a widget for rich text")
    return found


def hidden(text: str) -> bool:
    return any(ord(character) in WRITTEN_OUT for character in text)


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every text that the program paints by itself."""
    texts: set[str] = set()
    draw = QPainter.drawText

    def note(painter: QPainter, *arguments: Any) -> Any:
        texts.update(argument for argument in arguments if isinstance(argument, str))
        return draw(painter, *arguments)

    monkeypatch.setattr(QPainter, "drawText", note)
    return texts


def listed(window: QWidget) -> list[str]:
    """Places of lists and tables whose text is hidden, or whose tooltip Qt would read as markup."""
    found = []
    for view in window.findChildren(QAbstractItemView):
        model = view.model()
        columns = model.columnCount() if isinstance(model, QAbstractTableModel) else 1
        for row in range(model.rowCount()):
            for column in range(columns):
                index = model.index(row, column)
                shown = index.data(Qt.ItemDataRole.DisplayRole)
                tip = index.data(Qt.ItemDataRole.ToolTipRole) or ""
                where = f"{type(view).__name__} in {type(view.parentWidget()).__name__}"
                if isinstance(shown, str) and hidden(shown) and view.itemDelegate().__class__.__module__ == "PySide6":
                    found.append(f"{where}: hidden characters in {shown[:40]!r}")
                if "<" in tip and not tip.startswith("<p style"):
                    found.append(f"{where}: the tooltip {tip[:60]!r}")
    return found


@pytest.fixture
def judged(nasty_project: Path, tmp_path: Path) -> Path:
    return judge_nasty(nasty_project, tmp_path)


@pytest.mark.parametrize("steps", [5, pytest.param(20, marks=pytest.mark.soak)])
@pytest.mark.parametrize("screen", [line.id for line in SCREENS if line.id != "review"])
def test_nothing_that_a_file_or_a_person_says_is_interpreted_on_any_screen(
    judged: Path, qtbot: QtBot, painted: set[str], screen: str, steps: int
) -> None:
    theme = Theme()
    theme.choose("light")
    window = ProjectWindow(theme, open_review(judged, "ada", lambda: datetime.now(UTC), time.monotonic), {})
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    window.go_to(screen)
    assert isinstance(window.current, Screen)
    for _ in range(steps):
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Right):
            QTest.keyClick(QApplication.focusWidget() or window, key)
        qtbot.wait(20)
        assert interpreted(window) == []
        assert listed(window) == []
    assert painted
    assert [text for text in painted if hidden(text.replace("\u200b", ""))] == []
    assert not hidden(window.windowTitle())
    window.close()


def test_nothing_that_a_file_says_is_interpreted_on_the_start_screen(
    nasty_project: Path, qtbot: QtBot, painted: set[str], tmp_path: Path
) -> None:
    theme, tasks = Theme(), Tasks()
    made = NewProjectCard(theme, tasks, "Ada")
    start = StartWindow(
        theme, [card(nasty_project, "ada"), ProjectCard(tmp_path, NASTY["turned"], problem="<b>")], made
    )
    qtbot.addWidget(start)
    start.show()
    bad = tmp_path / "given" / f"{NASTY['image'].replace('/', '_')}.jsonl"
    bad.write_text('{"id": "<b>\u202e"}\nno json <img src=x>\n', encoding="utf-8")
    files = [bad, *sorted((tmp_path / "given").glob("*.jsonl"))]
    made.take(files)
    qtbot.waitUntil(lambda: not made.busy)
    start.say(NASTY["image"] + NASTY["turned"])
    qtbot.wait(20)
    assert interpreted(start) == []
    assert listed(start) == []
    assert [text for text in painted if hidden(text)] == []
    tasks.stop()


def test_nothing_that_a_file_says_is_interpreted_in_the_window(
    window: ProjectWindow, qtbot: QtBot, painted: set[str]
) -> None:
    session = window.session
    seen = set()
    while (item := session.state.evidence.item) is not None:
        assert interpreted(window) == [], item.id
        if item.modality is not Modality.TEXT:
            qtbot.wait(250)  # a decoder of its own begins to paint
        session.set_tier(Tier.HARD)
        session.toggle_whole_checked()
        for _ in range(3):
            session.judge(Choice.A)
            session.request(Request.EDIT_GOLD)
            qtbot.wait(5)
            assert interpreted(window) == [], item.id
            assert listed(window) == [], item.id
        tips = [widget for widget in window.findChildren(QWidget) if "<" in widget.toolTip()]
        for widget in tips:
            QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), QPoint(1, 1)))
            assert "<img" not in QToolTip.text()
            assert "<a " not in QToolTip.text()
        seen.add(item.modality)
        session.ask_skip()
        session.answer(5)
    assert len(seen) == len(Modality)
    assert [text for text in painted if hidden(text.replace("\u200b", ""))] == []


def test_a_gold_answer_without_a_space_is_typed_over_and_saved_as_it_was_typed(tmp_path: Path, qtbot: QtBot) -> None:
    """A fifth of a megabyte takes Qt's own field longer than a test may take (its layout is of the square of it)."""
    make_texts(tmp_path / "texts", 2, padding="x" * 200_000 + "\u202e\x00\u00a0")
    theme = Theme()
    window = ProjectWindow(theme, open_review(tmp_path / "texts", "ada", lambda: datetime.now(UTC), time.monotonic), {})
    qtbot.addWidget(window)
    window.show()
    session = window.session
    session.set_tier(Tier.HARD)
    for _ in session.state.evidence.walk:
        session.judge(Choice.A)
    answer = session.state.judgement.gold
    assert answer is not None
    session.request(Request.EDIT_GOLD)
    field = window.findChild(GoldField)
    assert field is not None
    field.setTextCursor(field.cursor_over((0, 0)))
    QTest.keyClicks(field, "and ")
    typed = session.state.judgement.draft.gold_text
    assert typed == f"and {answer.text}"
    session.toggle_whole_checked()
    session.save()
    qtbot.waitUntil(lambda: session.state.screen.message.text.startswith("Saved"))
    window.close()
    with open_project(tmp_path / "texts", read_only=True) as project:
        release = project.store.releases()[0].id
        (saved,) = (v for item in project.store.judged_items(release) for v in project.store.verdicts(release, item))
    assert saved.verdict.gold is not None
    assert saved.verdict.gold.answer.text == typed


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_a_label_shows_any_text_as_it_is(qapp: QApplication, text: str) -> None:
    label = PlainLabel(text)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert len(label.text()) <= 8 * LONGEST
    assert not any(ord(character) in WRITTEN_OUT for character in label.text())
    label.adjustSize()
    label.setText(text)
    assert label.text() == visible(text)


def test_a_tooltip_that_looks_like_markup_is_shown_as_text(qapp: QApplication, qtbot: QtBot) -> None:
    label = PlainLabel("x")
    qtbot.addWidget(label)
    set_tip(label, NASTY["image"])
    label.show()
    QApplication.sendEvent(label, QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), QPoint(1, 1)))
    assert "<img" not in QToolTip.text()
    assert "&lt;img" in QToolTip.text()


def test_every_tooltip_is_set_by_the_function_that_shows_text_as_it_is() -> None:
    package = Path(labeler.__file__).parent
    found = [path.name for path in package.rglob("*.py") if ".setToolTip(" in path.read_text(encoding="utf-8")]
    assert found == ["label.py"]
