"""Tables and values in the image panel: what is shown, marked, linked and clicked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from labeler.domain.blind import BlindPair
from labeler.domain.items import ModelVersion, Output, Region, Table
from labeler.gui.panels.grid_pair import GridPair
from labeler.gui.theme import Theme, load_fonts
from labeler.gui.widgets.grid_view import GridView
from labeler.sessions.review.evidence import ShownEvidence, ViewSettings
from labeler.sessions.review.grids.grid import Cell
from tests.gui.image_states import outputs, state
from tests.gui.pointer import move_to

ROWS: Table = (
    ("Item", "Total"),
    ("Toner", "154.00"),
    ("Paper", "83.00"),
    *((f"Lamp {n}", f"{n}.00") for n in range(99)),
)


def pair() -> BlindPair:
    old = Output("t", ModelVersion("reader", "1"))
    regions = (Region("r1", (10, 10, 60, 30), text="Toner"), Region("r2", (70, 10, 99, 30), text="154.00"))
    changed = (*ROWS[:1], ("Toner", "164.00"), *ROWS[2:-1], ("Lamp 98", "98.50"))
    return outputs(replace(old, table=ROWS, regions=regions), replace(old, table=changed, regions=regions))


@pytest.fixture
def evidence() -> ShownEvidence:
    return state("t", None, pair())


@pytest.fixture
def grids(qtbot: QtBot, evidence: ShownEvidence) -> Iterator[GridPair]:
    load_fonts()
    panel = QWidget()
    qtbot.addWidget(panel)
    made = GridPair(Theme(), panel)
    for view in made.views.values():
        view.setParent(None)
        qtbot.addWidget(view)
        view.resize(300, 180)
        view.show()
    assert made.show_state(evidence)
    yield made
    panel.close()  # lives as long as they do


def middle(view: GridView, row: int, column: int) -> QPoint:
    return view.visualRect(view.model().index(row, column)).center()


def test_the_current_difference_comes_into_view_on_both_sides_and_they_scroll_as_one(
    grids: GridPair, evidence: ShownEvidence
) -> None:
    assert grids.views["A"].verticalScrollBar().value() == 0
    grids.show_state(replace(evidence, current=1))
    for view in grids.views.values():
        assert view.viewport().rect().contains(middle(view, 101, 1))
    grids.views["B"].verticalScrollBar().setValue(40)
    assert grids.views["A"].verticalScrollBar().value() == 40


def test_a_click_on_a_marked_cell_goes_to_its_difference_and_on_another_to_its_region(
    grids: GridPair, qtbot: QtBot
) -> None:
    view = grids.views["A"]
    with qtbot.waitSignal(grids.difference_picked) as picked:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, 1, 1))
    assert picked.args == ["d1"]
    with qtbot.waitSignal(grids.region_picked) as region:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, 1, 0))
    assert region.args == ["A", "A1"]


def test_cells_and_regions_light_each_other(grids: GridPair, qtbot: QtBot) -> None:
    view = grids.views["A"]
    accent = QColor(Theme().palette.accent).rgb()
    assert not painted(view, accent)
    grids.light("A", "A1")
    assert painted(view, accent)
    grids.light("A", None)
    assert not painted(view, accent)
    with qtbot.waitSignal(grids.hovered) as hovered:
        move_to(view.viewport(), middle(view, 1, 0))
    assert hovered.args is not None
    letter, cell = hovered.args
    assert letter == "A"
    assert isinstance(cell, Cell)
    assert cell.region == "A1"


def test_texts_as_the_models_wrote_them_are_no_grid(grids: GridPair, evidence: ShownEvidence) -> None:
    assert not grids.show_state(replace(evidence, view=ViewSettings(raw_text=True)))


def test_what_is_marked_is_said_to_a_screen_reader_too(grids: GridPair) -> None:
    model = grids.views["B"].model()
    said = [model.data(model.index(1, column), Qt.ItemDataRole.AccessibleTextRole) for column in (0, 1)]
    assert said == ["Toner", "164.00, differs"]


def painted(view: GridView, ink: int) -> bool:
    image = view.grab().toImage()
    return any(image.pixel(x, y) == ink for y in range(image.height()) for x in range(image.width()))
