"""Insights in the window: what is painted leads to the items that the session says stand behind it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from labeler.domain.people import Role
from labeler.gui.app import application
from labeler.gui.insights.screen import InsightsScreen
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton
from labeler.gui.window import ProjectWindow
from labeler.sessions.insights.state import PanelId
from labeler.sessions.projects import open_review
from labeler.steps.opening import open_project


def window_of(folder: Path, name: str) -> ProjectWindow:
    application()
    theme = Theme()
    theme.choose("light")
    return ProjectWindow(theme, open_review(folder, name, lambda: datetime.now(UTC), time.monotonic), {})


@pytest.fixture
def window(demo_folder: Path, qtbot: QtBot) -> Iterator[ProjectWindow]:
    shown = window_of(demo_folder, "Ada Lead")
    shown.resize(1440, 900)
    shown.show()
    shown.go_to("insights")
    screen = shown.current
    assert isinstance(screen, InsightsScreen)
    qtbot.waitUntil(lambda: not screen.session.state.loading and bool(screen.session.state.marks), timeout=30_000)
    yield shown
    shown.close()


def screen_of(window: ProjectWindow) -> InsightsScreen:
    assert isinstance(window.current, InsightsScreen)
    return window.current


def test_each_panel_has_a_place_for_every_mark(window: ProjectWindow) -> None:
    screen = screen_of(window)
    for panel, canvas in screen._canvases.items():
        rects = canvas.rects()
        assert len(rects) == len(screen.session.state.marks[panel])
        assert all(canvas.rect().toRectF().adjusted(-1, -1, 1, 1).contains(rect) for rect in rects), panel


def test_a_click_on_a_cell_lists_its_items_and_one_of_them_opens_in_review(window: ProjectWindow) -> None:
    screen = screen_of(window)
    canvas = screen._canvases[PanelId.FLIPPED]
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rects()[3].center().toPoint())
    behind = screen.session.state.behind
    assert behind is not None
    assert behind.title == "residual"
    back = next(b for b in screen.findChildren(KeyButton) if b.isVisible() and b.text() == "Back to the figures")
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert screen.session.state.behind is None
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rects()[3].center().toPoint())
    screen.session.open()
    assert window.current is window.review
    item = window.session.state.evidence.item
    assert item is not None
    assert item.id == behind.line(0).item_id
    assert window.session.state.judgement.draft.exposed >= {"models", "verdicts"}


def test_a_panel_is_copied_as_a_table_and_as_a_picture(window: ProjectWindow) -> None:
    screen = screen_of(window)
    screen.session.point(PanelId.TIERS, 0)
    screen.session.copy("csv")
    assert QGuiApplication.clipboard().text().startswith("Modality,Tier,Items")
    screen.session.copy("picture")
    first = QGuiApplication.clipboard().image()
    assert first.width() > 300
    screen.session.point(PanelId.TIERS, 1)
    screen.session.copy("picture")
    assert QGuiApplication.clipboard().image() == first  # which mark is chosen is nobody else's
    QGuiApplication.clipboard().clear()


def test_the_mark_that_the_keyboard_is_on_is_read_out(window: ProjectWindow) -> None:
    screen = screen_of(window)
    screen.session.point(PanelId.FLIPPED, 1)
    assert "regressed" in screen._canvases[PanelId.FLIPPED].accessibleName()


def test_an_annotator_is_told_that_the_figures_are_the_leads(demo_folder: Path, qtbot: QtBot) -> None:
    with open_project(demo_folder) as project:
        project.store.add_person("Ben", Role.ANNOTATOR, at=datetime.now(UTC))
    shown = window_of(demo_folder, "Ben")
    shown.go_to("insights")
    assert shown.current is shown.review
    shown.close()


@pytest.mark.parametrize(
    ("key", "steps", "cut"),
    [(Qt.Key.Key_5, 1, "modality"), pytest.param(Qt.Key.Key_7, 2, "person", marks=pytest.mark.soak)],
)
def test_a_filter_is_chosen_with_keys_alone(window: ProjectWindow, key: Qt.Key, steps: int, cut: str) -> None:
    screen = screen_of(window)
    assert getattr(screen.session.state.cut, cut) is None
    QTest.keyClick(screen, key)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    for _ in range(steps):
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert getattr(screen.session.state.cut, cut) is not None
