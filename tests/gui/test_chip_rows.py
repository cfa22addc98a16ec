"""All failure codes are within reach of the mouse, however many a rubric has."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from labeler.gui.widgets.flow import ChipRows


def test_chips_that_need_more_height_than_there_is_are_scrolled_to(qtbot: QtBot) -> None:
    rows = ChipRows()
    qtbot.addWidget(rows)
    rows.resize(300, 120)
    chips = [QPushButton(f"Failure {number}") for number in range(60)]
    rows.set_chips(chips)
    rows.show()
    whole = rows.whole_height
    assert whole > 400
    rows.set_most(120)
    assert rows.sizeHint().height() == 120
    assert all(chip.geometry().right() < 290 for chip in chips)  # the bar covers none
    assert chips[-1].geometry().top() > 120
    for _ in range(60):  # notches of the wheel
        down = QWheelEvent(
            QPointF(10, 10), QPointF(10, 10), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(rows, down)
    assert chips[-1].geometry().bottom() < 120
    rows.set_most(None)
    assert chips[0].geometry().top() == 0
    assert rows.sizeHint().height() == whole
