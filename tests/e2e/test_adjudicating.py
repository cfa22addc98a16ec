"""A lead decides disputed items in the real window, with keys alone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from labeler.domain.verdicts import ResolvedBy
from labeler.gui.adjudicate import AdjudicateScreen
from labeler.gui.difference_bar import DifferenceBar
from labeler.gui.widgets.label import ElidedLabel
from labeler.gui.window import ProjectWindow
from labeler.sessions.adjudicate.session import AdjudicateSession
from labeler.steps.project import Project
from tests.e2e.conftest import OpenWindow
from tests.e2e.test_blind import all_texts


def press(window: ProjectWindow, *keys: str) -> None:
    for key in keys:
        QTest.keySequence(QApplication.focusWidget() or window, QKeySequence(key))


def adjudicate(window: ProjectWindow, qtbot: QtBot) -> AdjudicateSession:
    press(window, "Ctrl+Shift+A")
    assert isinstance(window.current, AdjudicateScreen)
    session = window.current.session
    assert isinstance(session, AdjudicateSession)
    qtbot.waitUntil(lambda: session.state.evidence.item is not None, timeout=60_000)
    return session


def test_a_lead_decides_three_items_with_keys_alone(
    demo: Project, demo_folder: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(demo_folder, "Ada Lead")
    session = adjudicate(window, qtbot)
    decided = []
    for card in ("F1", "F2", "F3"):
        assert session.state.evidence.item is not None
        decided.append(session.state.evidence.item.id)
        press(window, "C", ",", ",", "J", card)  # with a look at all failure codes
        assert session.adjudication.taken == f"from annotator {card[1]}"
        press(window, "V", "Ctrl+K", "1")
        assert session.adjudication.gap
        assert any(text.startswith(f"Gap: {session.adjudication.gap[:8]}") for text in all_texts(window))
        press(window, "Return")
        qtbot.waitUntil(lambda: session.adjudication.chosen not in decided)
    qtbot.waitUntil(lambda: session.state.screen.message.text == f"Resolved {decided[-1]}")
    press(window, "Ctrl+Z")
    release = demo.store.latest_release()
    assert release is not None
    found = [demo.store.resolution(release.id, item) for item in decided]
    assert [stored and stored.resolution.by for stored in found] == [ResolvedBy.LEAD, ResolvedBy.LEAD, None]
    assert session.adjudication.chosen == decided[-1]


def test_no_text_of_the_screen_names_a_model_or_a_person(
    demo: Project, demo_folder: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    release = demo.store.latest_release()
    assert release is not None
    names = {word.lower() for p in release.pairs.values() for m in (p.old, p.new) for word in (m.name, m.version)}
    names |= {person.name.lower() for person in demo.store.people() if person.simulated}
    window = open_window(demo_folder, "Ada Lead")
    session = adjudicate(window, qtbot)
    for _ in range(4):
        press(window, "C", "J")
        assert session.adjudication.revealed
        assert not [text for text in all_texts(window) for name in names if name in text.lower()]
        press(window, "Down")


def test_before_the_outputs_are_shown_the_line_below_says_all_of_what_is_to_be_done(
    demo_folder: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    """Buttons that did nothing yet left it a few letters."""
    window = open_window(demo_folder, "Ada Lead")
    for width, height in ((1440, 900), (1280, 720)):
        window.resize(width, height)
        session = adjudicate(window, qtbot)
        assert not session.state.evidence.revealed
        bar = window.current.findChild(DifferenceBar)
        assert bar is not None
        label = bar.findChild(ElidedLabel)
        assert label is not None
        qtbot.waitUntil(lambda label=label: label.text().endswith("."))  # type: ignore[misc]
