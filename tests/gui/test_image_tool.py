"""A tool on a real canvas: it gets picture pixels, keeps its drags, and leaves the rest to the pane."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTransform
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from labeler.domain.blind import Letter
from labeler.gui.panels.image.canvas import Canvas
from labeler.gui.panels.image.paint import ShownPicture
from labeler.gui.panels.image.tool import PointerAt
from labeler.gui.panels.image.view import View
from labeler.gui.theme import Theme
from labeler.modalities.image.decoder import Picture
from tests.gui.pointer import move_to


@dataclass
class Stamp:
    """Takes presses right of x = 50, and paints a dot at its last place."""

    told: list[str] = field(default_factory=list)
    last: PointerAt | None = None

    def _note(self, what: str, at: PointerAt | None) -> None:
        self.told.append(what)
        self.last = at

    def press(self, at: PointerAt) -> bool:
        self._note("press", at)
        return at.point.x() > 50

    def double_press(self, at: PointerAt) -> bool:
        self._note("double", at)
        return True

    def drag(self, at: PointerAt) -> None:
        self._note("drag", at)

    def release(self, at: PointerAt) -> None:
        self._note("release", at)

    def hover(self, at: PointerAt | None) -> None:
        self._note("hover", at)

    def cursor(self, at: PointerAt) -> Qt.CursorShape | None:
        return Qt.CursorShape.CrossCursor if at.point.x() > 50 else None

    def key(self, name: str) -> bool:
        self.told.append(name)
        return True

    def paint(self, painter: QPainter, to_screen: QTransform, letter: Letter | None) -> None:
        if letter == "A":
            painter.fillRect(to_screen.mapRect(QRectF(20, 20, 10, 10)), QColor("#ff00ff"))


@pytest.fixture
def pane(qtbot: QtBot) -> Canvas:
    """A white picture of 100 × 80 at twice its size, as output A."""
    view = View()
    made = Canvas(Theme(), view)
    qtbot.addWidget(made)
    made.resize(300, 260)
    view.show_picture(100, 80)
    view.zoom_by(2 / view.scale(made.viewport()), made.viewport().middle, made.viewport())
    made.set_picture(ShownPicture(Picture((np.full((80, 100, 4), 255, np.uint8),), 1, False)))
    made.set_output("A", None, ())
    made.show()
    return made


def on_screen(pane: Canvas, x: float, y: float) -> QPoint:
    return pane.view.transform(pane.viewport()).map(QPointF(x, y)).toPoint()


def test_a_tool_gets_picture_pixels_and_keeps_the_drag_it_took(pane: Canvas, qtbot: QtBot) -> None:
    stamp = Stamp()
    pane.set_tool(stamp)
    before = pane.view.transform(pane.viewport())
    with qtbot.assertNotEmitted(pane.clicked):
        QTest.mousePress(pane, Qt.MouseButton.LeftButton, pos=on_screen(pane, 60, 40))
        move_to(pane, on_screen(pane, 80, 50))
        QTest.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=on_screen(pane, 90, 60))
    assert stamp.told == ["press", "drag", "release"]
    assert stamp.last is not None
    assert stamp.last.point == QPointF(90, 60)
    assert (stamp.last.letter, stamp.last.reach) == ("A", 3.0)
    assert pane.view.transform(pane.viewport()) == before, "the picture stood still"


def test_what_a_tool_does_not_take_is_a_click_or_a_pan(pane: Canvas, qtbot: QtBot) -> None:
    pane.set_tool(Stamp())
    with qtbot.waitSignal(pane.clicked) as clicked:
        QTest.mouseClick(pane, Qt.MouseButton.LeftButton, pos=on_screen(pane, 30, 40))
    assert clicked.args == [QPointF(30, 40)]


def test_a_tool_hovers_shapes_the_pointer_and_hears_keys(pane: Canvas) -> None:
    stamp = Stamp()
    pane.set_tool(stamp)
    move_to(pane, on_screen(pane, 70, 40))
    assert pane.cursor().shape() is Qt.CursorShape.CrossCursor
    QTest.keyClick(pane, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    QTest.mouseDClick(pane, Qt.MouseButton.LeftButton, pos=on_screen(pane, 70, 40))
    QTest.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=on_screen(pane, 70, 40))
    assert stamp.told == ["hover", "Shift+Left", "double", "release"]


def test_a_tool_paints_above_the_picture_until_it_is_taken_away(pane: Canvas) -> None:
    stamp = Stamp()
    at = on_screen(pane, 25, 25)
    pane.set_tool(stamp)
    assert pane.grab().toImage().pixelColor(at) == QColor("#ff00ff")
    pane.set_tool(None)
    assert pane.grab().toImage().pixelColor(at) == QColor("white")
    assert stamp.told == ["hover"]
    assert stamp.last is None
