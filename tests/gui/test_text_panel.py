"""Text items whose outputs are tables or values: as grids, with the difference that is clicked taken up."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from labeler.domain.blind import LETTERS
from labeler.domain.items import Modality, ModelVersion, Output, Table
from labeler.gui.panels.text import TextPanel
from labeler.gui.theme import Theme, load_fonts
from labeler.gui.widgets.grid_view import GridView
from labeler.gui.widgets.output_text import OutputText
from labeler.sessions.review.evidence import ShownEvidence, ShownItem, ShownMedium
from tests.gui.image_states import outputs, state

MODEL = ModelVersion("reader", "1")


def evidence(a: Output, b: Output) -> ShownEvidence:
    item = ShownItem("t", Modality.TEXT, "Make a table of it.", {}, None, None, content="Toner: 4 for 154.00")
    return replace(state("t", None, outputs(a, b)), item=item)


def test_tables_stand_side_by_side_and_a_changed_cell_is_picked_by_a_click(qtbot: QtBot, qapp: QApplication) -> None:
    load_fonts()
    panel = TextPanel(Theme())
    qtbot.addWidget(panel)
    panel.resize(1000, 700)
    panel.show()
    head = ("Item", "Qty", "Total")

    def answered(total: str) -> Output:
        table: Table = (head, ("Toner", "4", total))
        return Output("t", MODEL, table=table)

    shown = evidence(answered("154.00"), answered("145.00"))
    panel.show_state(None, shown)
    grids = [grid for grid in panel.findChildren(GridView) if grid.isVisible()]
    assert len(grids) == 2
    assert not any(text.isVisible() for text in panel.findChildren(OutputText))
    picked: list[str] = []
    panel.difference_picked.connect(picked.append)
    model = grids[0].model()
    (cell,) = [
        index
        for row in range(model.rowCount())
        for column in range(model.columnCount())
        if (index := model.index(row, column)).data() in ("154.00", "145.00")
    ]
    QTest.mouseClick(grids[0].viewport(), Qt.MouseButton.LeftButton, pos=grids[0].visualRect(cell).center())
    assert picked == [shown.walk[0].id]
    words = evidence(Output("t", MODEL, text="four"), Output("t", MODEL, text="five"))
    panel.show_state(shown, words)
    assert not any(grid.isVisible() for grid in panel.findChildren(GridView))
    assert all(text.isVisible() for text in panel.findChildren(OutputText))


def test_files_that_no_text_is_are_not_passed_over_in_silence(qtbot: QtBot, qapp: QApplication) -> None:
    load_fonts()
    panel = TextPanel(Theme(), "S")
    qtbot.addWidget(panel)
    panel.show()
    made = evidence(*(Output("t", MODEL, text=text) for text in ("", "a caption")))
    kinds = {"A": Modality.IMAGE, "B": Modality.AUDIO}
    media = {letter: ShownMedium(kinds[letter], None) for letter in LETTERS}
    panel.show_state(None, replace(made, media=media))
    notice = "A is a picture, B is a recording, not shown here: skip (S)"
    said = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert notice in said
    assert f"2 words · {notice}" in said
    assert [text.placeholderText() for text in panel.findChildren(OutputText)] == [notice, notice]
