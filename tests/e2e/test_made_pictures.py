"""Judging pictures that models made in the real window, by keys alone, without learning which model made which."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from labeler.domain.items import Modality
from labeler.gui.panels.image.panel import ImagePanel
from labeler.steps.project import Project
from tests.e2e.conftest import OpenWindow
from tests.e2e.test_blind import all_texts
from tests.painted import NAMES


def test_a_place_of_the_pixel_difference_is_pinned_and_saved_without_a_name_shown(
    painted: Project, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(painted.folder, "Ada Lead")
    session = window.session
    panel = window.review.panel(Modality.IMAGE)
    assert isinstance(panel, ImagePanel)
    shown: set[str] = set()

    def press(*keys: str) -> None:
        for key in keys:
            QTest.keySequence(QApplication.focusWidget() or window, QKeySequence(key))
        shown.update(all_texts(window))

    with qtbot.waitSignal(window.review.painted, timeout=20_000):
        session.show_item("p1")
    press("X", "Alt+2", "Alt+3", "B", "Alt+4", "Alt+Right", "Alt+0")
    qtbot.waitUntil(lambda: any("in 2 places" in label.text() for label in panel.findChildren(QLabel)), timeout=20_000)
    press("Alt+Up", "Alt+Down", ".")
    qtbot.waitUntil(lambda: session.state.evidence.spot is not None)
    spot = session.state.evidence.spot
    assert spot is not None
    assert spot.at is not None
    press("L", "Alt+O", "Alt+O", "Alt+1", "2", "H", "Enter")
    qtbot.waitUntil(lambda: session.state.screen.message.text == "Saved p1")
    release = painted.store.latest_release()
    assert release is not None
    (stored,) = painted.store.verdicts(release.id, "p1")
    places = [at for failure in stored.verdict.failures for at in failure.at]
    assert spot.at in places
    assert not [text for text in shown for names in NAMES.values() for name in names if name in text]


def test_a_file_that_is_no_picture_is_said_on_its_side_and_blind(
    painted: Project, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(painted.folder, "Ada Lead")
    panel = window.review.panel(Modality.IMAGE)
    assert isinstance(panel, ImagePanel)
    with qtbot.waitSignal(window.review.painted, timeout=20_000):
        window.session.show_item("p5")
    QTest.keySequence(QApplication.focusWidget() or window, QKeySequence("X"))
    canvases = [card.canvas for card in panel.cards.values()]
    qtbot.waitUntil(lambda: any("is a text file, not a picture" in one.message for one in canvases), timeout=20_000)
    qtbot.waitUntil(lambda: any(one.picture is not None for one in canvases), timeout=20_000)
    assert not [text for text in all_texts(window) for name, _ in NAMES.values() if name in text]
