"""Places are picked, drawn and moved with the mouse on a real picture and in real texts, and pins are shown there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from labeler.domain.verdicts import At
from labeler.gui.panels.image.canvas import Canvas
from labeler.gui.panels.image.panel import ImagePanel
from labeler.gui.panels.marks import chosen_words, pinned_words
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme, load_fonts
from labeler.gui.widgets.output_text import OutputText
from labeler.gui.widgets.text_pins import PinnedWords
from labeler.modalities.image.decoder import PictureDecoder
from labeler.sessions.review.draft import Pin
from labeler.sessions.review.evidence import Request, ShownEvidence, ShownPin, ShownSpot, ViewRequest
from labeler.shipped import DEMO_PROJECT
from tests.gui.image_states import demo, outputs, state
from tests.gui.pointer import move_to

SHIFT = Qt.KeyboardModifier.ShiftModifier
RECEIPT = "img-040"
DRAWN = At(box=(100, 150, 260, 230))


@pytest.fixture
def receipt() -> ShownEvidence:
    item, old, new = demo(RECEIPT)
    return state(RECEIPT, DEMO_PROJECT / (item.media or ""), outputs(old, new))


@pytest.fixture
def panel(qtbot: QtBot, receipt: ShownEvidence) -> Iterator[ImagePanel]:
    load_fonts()
    tasks, decoder = Tasks(), PictureDecoder()
    made = ImagePanel(Theme(), tasks, decoder, {})
    qtbot.addWidget(made)
    made.resize(1035, 758)
    made.show()
    with qtbot.waitSignal(made.painted):
        made.show_state(None, receipt)
    yield made
    made.hide()
    tasks.stop()
    decoder.close()


def canvas(panel: ImagePanel) -> Canvas:
    return panel.cards["A"].canvas


def on_screen(panel: ImagePanel, x: float, y: float) -> QPoint:
    pane = canvas(panel)
    return pane.view.transform(pane.viewport()).map(QPointF(x, y)).toPoint()


def drag(panel: ImagePanel, start: tuple[float, float], end: tuple[float, float], keys: Qt.KeyboardModifier) -> None:
    QTest.mousePress(canvas(panel), Qt.MouseButton.LeftButton, keys, on_screen(panel, *start))
    move_to(canvas(panel), on_screen(panel, (start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
    move_to(canvas(panel), on_screen(panel, *end))
    QTest.mouseRelease(canvas(panel), Qt.MouseButton.LeftButton, keys, on_screen(panel, *end))


def with_pin(receipt: ShownEvidence, at: At, *, held: bool = False) -> ShownEvidence:
    pin = Pin("A", "row_missing", at=at)
    spot = ShownSpot(at, None, pin, 2) if held else None
    return replace(receipt, pins=(ShownPin(pin, "Row missing", at, held),), spot=spot)


def test_shift_and_a_drag_draw_a_box_in_whole_pixels_of_the_picture(panel: ImagePanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.place_drawn) as picked:
        drag(panel, (100, 150), (260, 230), SHIFT)
    assert picked.args is not None
    (at,) = picked.args
    assert at.box == pytest.approx(DRAWN.box, abs=1)
    assert all(value == round(value) for value in at.box)


def test_a_box_never_leaves_the_picture(panel: ImagePanel, qtbot: QtBot) -> None:
    picture = canvas(panel).picture
    assert picture is not None
    size = picture.picture
    with qtbot.waitSignal(panel.place_drawn) as picked:
        drag(panel, (size.width - 20, 40), (size.width + 15, 60), SHIFT)
    assert picked.args is not None
    (at,) = picked.args
    assert at.box[2] == size.width


def test_shift_and_clicks_set_the_corners_of_an_outline(panel: ImagePanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.drawn_to) as corner:
        QTest.mouseClick(canvas(panel), Qt.MouseButton.LeftButton, SHIFT, on_screen(panel, 300, 60))
    assert corner.args == pytest.approx([300, 60], abs=1)


def test_a_click_on_a_region_picks_it(panel: ImagePanel, receipt: ShownEvidence, qtbot: QtBot) -> None:
    assert receipt.pair is not None
    region = receipt.pair.a.regions[0]
    x0, y0, x1, y1 = region.bounds()
    with qtbot.waitSignal(panel.place_picked) as picked:
        QTest.mouseClick(canvas(panel), Qt.MouseButton.LeftButton, pos=on_screen(panel, (x0 + x1) / 2, (y0 + y1) / 2))
    assert picked.args == [At(box=region.box)]


def test_the_pin_in_hand_is_dragged_and_pulled_at_its_corners(
    panel: ImagePanel, receipt: ShownEvidence, qtbot: QtBot
) -> None:
    panel.show_state(receipt, with_pin(receipt, DRAWN, held=True))
    with qtbot.waitSignal(panel.place_picked) as moved:
        drag(panel, (180, 190), (200, 180), Qt.KeyboardModifier.NoModifier)
    assert moved.args is not None
    (at,) = moved.args
    assert at.box == pytest.approx((120, 140, 280, 220), abs=1)
    assert at.box[2] - at.box[0] == 160
    with qtbot.waitSignal(panel.place_picked) as pulled:
        drag(panel, (260, 230), (300, 260), Qt.KeyboardModifier.NoModifier)
    assert pulled.args is not None
    (at,) = pulled.args
    assert at.box == pytest.approx((100, 150, 300, 260), abs=1)


def test_a_pin_is_shown_beside_its_place_on_its_own_side_and_taken_up_by_a_click(
    panel: ImagePanel, receipt: ShownEvidence, qtbot: QtBot
) -> None:
    pinned = with_pin(receipt, DRAWN)
    panel.show_state(receipt, pinned)
    QApplication.processEvents()
    red = QColor(Theme().palette.failure).rgb()
    counts = {}
    for letter, card in panel.cards.items():
        image = card.canvas.grab().toImage()
        pixels = [image.pixel(x, y) for y in range(0, image.height(), 2) for x in range(0, image.width(), 2)]
        counts[letter] = pixels.count(red)
    assert counts["A"] > 50
    assert counts["B"] == 0
    head = on_screen(panel, 260, 190) + QPoint(15, 0)
    with qtbot.waitSignal(panel.pin_picked) as picked:
        QTest.mouseClick(canvas(panel), Qt.MouseButton.LeftButton, pos=head)
    assert picked.args == [pinned.pins[0].pin]


def test_a_key_draws_a_box_in_the_middle_of_what_is_seen(
    panel: ImagePanel, receipt: ShownEvidence, qtbot: QtBot
) -> None:
    view, viewport = canvas(panel).view, canvas(panel).viewport()
    for zoom in (view.fit, lambda: view.zoom_by(8.0, QPointF(3, 3), viewport), lambda: view.step(+1, viewport)):
        zoom()
        asked = replace(receipt, request=ViewRequest(receipt.request.serial + 1, Request.DRAW_BOX))
        with qtbot.waitSignal(panel.place_drawn) as drawn:
            panel.show_state(receipt, asked)
        box = drawn.args[0].box
        seen = view.seen(viewport)
        assert seen.contains(QRectF(QPointF(*box[:2]), QPointF(*box[2:])))
        assert all(value == int(value) for value in box)
        assert abs(box[0] + box[2] - 2 * seen.center().x()) <= 2
        assert (box[3] - box[1]) == pytest.approx(seen.height() / 5, abs=0.5)


def test_words_under_a_pin_are_marked_on_the_side_that_failed(receipt: ShownEvidence) -> None:
    assert receipt.pair is not None
    region = receipt.pair.a.regions[0]
    pinned = with_pin(receipt, At(box=region.box), held=True)
    (words,) = pinned_words(pinned, "A")
    assert receipt.pair.a.text[slice(*words.span)] == region.text
    assert words.held
    assert pinned_words(pinned, "B") == []
    assert chosen_words(pinned, "A") == [words.span]


def test_a_clicked_word_and_selected_words_can_be_pinned_to(qtbot: QtBot) -> None:
    load_fonts()
    text = OutputText(Theme())
    qtbot.addWidget(text)
    text.resize(480, 120)
    text.show()
    text.set_text("the sum is 😀 70 pounds")
    with qtbot.waitSignal(text.chosen) as chosen:
        QTest.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=middle(text, 4))
    assert chosen.args == [(4, 7)]
    with qtbot.waitSignal(text.chosen) as chosen:
        QTest.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, SHIFT, middle(text, 9))
    assert chosen.args is not None
    first, last = chosen.args[0]
    assert first in (4, 5)  # half of a character decides
    assert last in (9, 10)
    text.set_pins([PinnedWords((11, 12))], [(4, 7)])
    red = QColor(Theme().palette.failure).rgb()
    image = text.grab().toImage()
    assert any(image.pixel(x, y) == red for y in range(image.height()) for x in range(image.width()))


def middle(text: OutputText, character: int) -> QPoint:
    """The middle of a character on the screen."""
    for y in range(2, text.viewport().height(), 4):
        columns = [x for x in range(text.viewport().width()) if text.character_at(QPointF(x, y)) == character]
        if columns:
            return QPoint(columns[len(columns) // 2], y + 2)
    raise AssertionError(f"character {character} is not in view")
