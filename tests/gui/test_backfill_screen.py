from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from labeler.formats.ledger import check_ledger
from labeler.gui.app import application
from labeler.gui.backfill.screen import BackfillScreen
from labeler.gui.theme import Theme
from labeler.gui.widgets.rows_table import _within
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


def press(window: ProjectWindow, *keys: str) -> None:
    for key in keys:
        QTest.keySequence(QApplication.focusWidget() or window, QKeySequence(key))


def rows(backfill: BackfillScreen) -> list[list[str]]:
    """What stands in the table, as a person reads it."""
    model = backfill.table.model()
    columns = range(model.columnCount())
    return [[model.index(row, column).data() for column in columns] for row in range(model.rowCount())]


def test_the_demos_decisions_go_through_the_window_to_a_ledger_that_proves_itself(
    window: ProjectWindow, qtbot: QtBot, demo_folder: Path
) -> None:
    """With keys alone; each effect is read off the screen, and the ledger is checked by itself."""
    backfill = screen(window, qtbot)
    assert len(rows(backfill)) == 64
    assert not backfill.plot.accessibleName().startswith("Wrong decisions: All")
    press(window, "Q")
    assert screen(window, qtbot).plan.queue.isHidden()
    assert backfill.plot.accessibleName().startswith("Wrong decisions: All")
    press(window, "W")
    assert [row[6] for row in rows(backfill)] == ["old wrong (sim.)"] * 15
    assert {row[7] for row in rows(backfill)} == {"–"}
    press(window, "Shift+P")
    screen(window, qtbot)
    assert "–" not in {row[7] for row in rows(backfill)}
    reversible = next(n for n, row in enumerate(rows(backfill)) if row[7] == "correct and notify")
    press(window, "Home", *["Down"] * reversible, "R", "1", "Ctrl+Return")
    screen(window, qtbot)
    assert rows(backfill)[reversible][8].startswith("notified by")
    others = [row[8] for n, row in enumerate(rows(backfill)) if row[7] == "correct and notify" and n != reversible]
    assert others
    assert all(said.startswith("corrected by") for said in others)
    press(window, "Shift+E")
    said = screen(window, qtbot).session.state.message.text
    (folder,) = (demo_folder / "ledgers").iterdir()
    found = check_ledger(folder, said.rpartition(" ")[2])
    assert (found.damage, found.records) == ((), 64)


def test_a_figure_leads_to_its_records_by_a_click(window: ProjectWindow, qtbot: QtBot) -> None:
    backfill = screen(window, qtbot)
    QTest.mouseClick(backfill.cards[1], Qt.MouseButton.LeftButton)
    assert len(rows(backfill)) == 15


def test_columns_are_as_wide_as_their_words_and_the_longest_give_way() -> None:
    assert _within([50, 80, 60], 300) == [50, 80, 60]
    assert _within([50, 400, 60], 300) == [50, 190, 60]
    assert _within([50, 400, 900], 300) == [50, 125, 125]
