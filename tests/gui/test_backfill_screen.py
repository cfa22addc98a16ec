from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from labeler.formats.ledger import check_ledger
from labeler.gui.app import application
from labeler.gui.backfill.screen import BackfillScreen
from labeler.gui.theme import Theme
from labeler.gui.window import ProjectWindow
from labeler.sessions.projects import open_review


@pytest.fixture
def window(demo_folder: Path, qtbot: QtBot) -> Iterator[ProjectWindow]:
    application()
    theme = Theme()
    theme.choose("light")
    made = ProjectWindow(theme, open_review(demo_folder, "Ada Lead", lambda: datetime.now(UTC), time.monotonic), {})
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    made.go_to("backfill")
    yield made
    made.close()


def screen(window: ProjectWindow, qtbot: QtBot) -> BackfillScreen:
    """The screen, once nothing is read or written beside it."""
    shown = window.current
    assert isinstance(shown, BackfillScreen)
    qtbot.waitUntil(lambda: not shown.session.state.loading and not shown.session.state.busy, timeout=60_000)
    return shown


def test_the_demos_decisions_go_through_the_window_to_a_ledger_that_proves_itself(
    window: ProjectWindow, qtbot: QtBot, demo_folder: Path
) -> None:
    backfill = screen(window, qtbot)
    assert backfill.table.model().rowCount() == 64
    QTest.mouseClick(backfill.plan.queue, Qt.MouseButton.LeftButton)
    assert screen(window, qtbot).plan.queue.isHidden()
    assert backfill.session.state.estimate
    backfill.session.apply_policy()
    screen(window, qtbot)
    QTest.mouseClick(backfill.cards[1], Qt.MouseButton.LeftButton)
    assert backfill.table.model().rowCount() == 15
    reversible = next(n for n, row in enumerate(backfill.session.state.rows) if row.disposition == "correct and notify")
    backfill.table.picked.emit(reversible)
    backfill.session.ask_step()
    backfill.session.answer(1)
    assert "notified by" in screen(window, qtbot).session.state.rows[backfill.session.state.chosen].next
    backfill.session.export_ledger()
    said = screen(window, qtbot).session.state.message.text
    (folder,) = (demo_folder / "ledgers").iterdir()
    found = check_ledger(folder, said.rpartition(" ")[2])
    assert (found.damage, found.records) == ((), 64)
