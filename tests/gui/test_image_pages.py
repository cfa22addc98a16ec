"""Big pictures, pages and moving pictures in the real panel, through the real decoder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from labeler.domain.items import ModelVersion, Output, Region
from labeler.domain.verdicts import At
from labeler.gui.panels.image.canvas import Canvas
from labeler.gui.panels.image.paint import ShownPicture
from labeler.gui.panels.image.panel import ImagePanel
from labeler.gui.panels.image.source import PictureSource
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme, load_fonts
from labeler.modalities.image.decoder import Picture, PictureDecoder
from labeler.modalities.image.picture import Band
from labeler.sessions.review.draft import Pin
from labeler.sessions.review.evidence import Request, ShownEvidence, ShownPin, ShownSpot, ViewRequest
from tests.gui.image_states import outputs, state
from tests.gui.pointer import move_to

MODEL = ModelVersion("reader", "1")


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[ImagePanel]:
    load_fonts()
    tasks = Tasks()
    with PictureDecoder(folder=tmp_path / "cache") as decoder:
        made = ImagePanel(Theme(), tasks, decoder, {"view.page_next": "PageDown"})
        qtbot.addWidget(made)
        made.resize(1035, 758)
        made.show()
        yield made
        tasks.stop()


@pytest.fixture
def pages(tmp_path: Path) -> ShownEvidence:
    """Three pages, white, grey and black; the outputs differ on the first and on the third."""
    path = tmp_path / "pages.tif"
    sheets = [Image.new("RGB", (600, 400), name) for name in ("white", "#808080", "black")]
    sheets[0].save(path, save_all=True, append_images=sheets[1:])
    rows = ((0, "292.80", 100), (1, "Paper", 100), (2, "Toner 44", 300))
    a = tuple(Region(f"r{n}", (50, y, 200, y + 20), text=text, page=n) for n, text, y in rows)
    b = tuple(replace(r, text=r.text.replace("292", "262").replace("44", "45")) for r in a)
    both = (Output("pages", MODEL, text="\n".join(r.text for r in one), regions=one) for one in (a, b))
    return state("pages", path, outputs(*both))


def pane(panel: ImagePanel) -> Canvas:
    return panel.cards["A"].canvas


def ground(panel: ImagePanel) -> str:
    """The colour in the middle of the pane."""
    return pane(panel).grab().toImage().pixelColor(pane(panel).rect().center()).name()


def words(panel: ImagePanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def ask(panel: ImagePanel, last: ShownEvidence, what: Request) -> ShownEvidence:
    asked = replace(last, request=ViewRequest(last.request.serial + 1, what))
    panel.show_state(last, asked)
    return asked


def test_a_big_picture_is_coarse_at_first_and_then_sharp_without_a_jump(
    panel: ImagePanel, qtbot: QtBot, big: Path
) -> None:
    seen: list[tuple[int, QRectF]] = []

    def note() -> None:
        shown = pane(panel).picture
        if shown is not None:
            whole = QRectF(0, 0, shown.picture.width, shown.picture.height)
            seen.append((shown.picture.shrunk, pane(panel).view.transform(pane(panel).viewport()).mapRect(whole)))

    pane(panel).painted.connect(note)
    panel.show_state(None, state("big", big, None))
    qtbot.waitUntil(lambda: bool(seen) and seen[-1][0] == 0, timeout=60_000)
    assert seen[0][0] == 3
    assert all(place == seen[0][1] for _, place in seen), "nothing moved when the detail came"


def test_the_rows_zoomed_to_while_a_big_picture_is_read_are_sharp_first(
    panel: ImagePanel, qtbot: QtBot, big: Path
) -> None:
    arrived: list[Picture] = []
    source = panel.findChildren(PictureSource)[0]

    def note(picture: Picture) -> None:
        arrived.append(picture)
        if len(arrived) == 1:
            canvas = pane(panel)
            canvas.view.actual_size(canvas.viewport())
            canvas.view.centre_on(QPointF(picture.width / 2, picture.height * 0.9), canvas.viewport())

    source.arrived.connect(note)
    panel.show_state(None, state("big", big, None))
    qtbot.waitUntil(lambda: bool(arrived) and not arrived[-1].shrunk, timeout=60_000)
    coarse, *parts, whole = arrived  # one part, or two where the machine was too busy to say in time where one looks
    assert not coarse.bands
    seen = whole.height * 0.9
    sharp = next(part for part in parts if part.pixel(0, int(seen)) is not None)
    top, until = next(band.rows for band in sharp.bands if band.rows[1] > seen)
    assert top < seen - 300 < seen + 300 < until
    assert until - top < whole.height / 2, "and not all of them"


def test_what_is_not_read_yet_is_hatched_and_not_taken_for_a_part_of_the_picture(panel: ImagePanel) -> None:
    size = 6400, 6400
    levels = tuple(np.full((side, side, 4), 255, np.uint8) for side in (800, 400, 200))
    rows = np.full((1600, size[0], 4), 255, np.uint8)
    there = Picture(levels, 1, False, 3, size, bands=(Band((0, 1600), rows),), patchy=True)
    canvas = pane(panel)
    canvas.view.show_picture(*size)
    canvas.set_picture(ShownPicture(there))

    def colours(y: float) -> set[str]:
        shown, to_screen = canvas.grab().toImage(), canvas.view.transform(canvas.viewport())
        places = (to_screen.map(QPointF(x, y)).toPoint() for x in range(400, 6000, 8))
        return {shown.pixelColor(at).name() for at in places}

    assert colours(800) == {"#ffffff"}
    assert colours(3000) == {panel.theme.palette.canvas, panel.theme.palette.border}
    assert ShownPicture(there).coarse == "being read, 25 % is there"
    canvas.set_picture(ShownPicture(replace(there, patchy=False)))
    assert colours(3000) == {"#ffffff"}


def test_a_walk_turns_to_the_page_where_the_difference_stands(
    panel: ImagePanel, qtbot: QtBot, pages: ShownEvidence
) -> None:
    panel.show_state(None, pages)
    qtbot.waitUntil(lambda: pane(panel).picture is not None)
    assert ground(panel) == "#ffffff"
    assert "Page 1 of 3" in words(panel)
    assert len(pages.walk) == 2
    panel.show_state(pages, replace(pages, current=1))
    qtbot.waitUntil(lambda: ground(panel) == "#000000")
    assert "Page 3 of 3" in words(panel)
    assert "2 regions here" in words(panel)
    assert pane(panel).notice == ""
    (boxes,) = pane(panel).scene.boxes
    assert [box.box[1::2] for box in boxes.boxes] == [(300, 320)], "each page has its own regions"


def test_pages_are_turned_by_key_and_where_one_looks_stays(
    panel: ImagePanel, qtbot: QtBot, pages: ShownEvidence
) -> None:
    pages = replace(pages, current=None)  # of which nothing is brought nearer
    panel.show_state(None, pages)
    qtbot.waitUntil(lambda: pane(panel).picture is not None)
    pane(panel).view.zoom_by(3, QPointF(100, 100), pane(panel).viewport())
    before = pane(panel).view.transform(pane(panel).viewport())
    last = ask(panel, pages, Request.NEXT_PAGE)
    qtbot.waitUntil(lambda: "Page 2 of 3" in words(panel))
    qtbot.waitUntil(lambda: ground(panel) == "#808080")
    assert pane(panel).view.transform(pane(panel).viewport()) == before
    ask(panel, ask(panel, last, Request.PREVIOUS_PAGE), Request.PREVIOUS_PAGE)
    qtbot.waitUntil(lambda: "Page 3 of 3" in words(panel))


def test_a_moving_picture_stands_still_until_it_is_played(panel: ImagePanel, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "moves.gif"
    frames = [Image.new("RGB", (600, 400), name) for name in ("white", "#ff0000", "black")]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=30, loop=0)
    opened = state("moves", path, None)
    panel.show_state(None, opened)
    qtbot.waitUntil(lambda: "Frame 1 of 3" in words(panel))
    playing = ask(panel, opened, Request.PLAY_PICTURE)
    shown: set[str] = set()

    def note() -> bool:
        shown.add(ground(panel))
        return {"#ffffff", "#ff0000", "#000000"} <= shown

    qtbot.waitUntil(note, timeout=20_000)
    ask(panel, playing, Request.PLAY_PICTURE)
    frame = words(panel)
    QApplication.processEvents()
    assert words(panel) == frame


def test_a_single_picture_has_no_strip_of_pages(panel: ImagePanel, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "one.png"
    Image.new("RGB", (600, 400), QColor("white").name()).save(path)
    panel.show_state(None, state("one", path, None))
    qtbot.waitUntil(lambda: pane(panel).picture is not None)
    assert not any("Page" in text for text in words(panel))


def test_the_strip_of_pages_goes_with_its_picture(panel: ImagePanel, qtbot: QtBot, pages: ShownEvidence) -> None:
    hidden = replace(pages, pair=None, walk=(), current=None)
    panel.show_state(None, hidden)
    qtbot.waitUntil(lambda: "Page 1 of 3" in words(panel))
    assert not any("regions here" in text for text in words(panel)), "nothing of the outputs before they are revealed"
    panel.show_state(hidden, pages)
    assert "2 regions here" in words(panel)
    panel.show_state(pages, state("gone", None, None, problem="gone.png is missing"))
    assert not any("Page" in text for text in words(panel))


def test_pins_stand_on_their_page_alone_and_taking_one_up_turns_to_it(
    panel: ImagePanel, qtbot: QtBot, pages: ShownEvidence
) -> None:
    turned: list[int] = []
    panel.turned.connect(turned.append)
    panel.show_state(None, pages)
    qtbot.waitUntil(lambda: pane(panel).picture is not None)
    bare = pane(panel).grab().toImage()
    at = At(box=(50, 200, 200, 220), page=2)
    pinned = replace(pages, pins=(ShownPin(Pin("A", "value_misread", at=at), "Value misread", at, held=False),))
    panel.show_state(pages, pinned)
    assert pane(panel).grab().toImage() == bare, "nothing of it on the first page"
    panel.show_state(pinned, replace(pinned, spot=ShownSpot(at)))
    qtbot.waitUntil(lambda: ground(panel) == "#000000")
    assert turned == [0, 2]
    drawn: list[At] = []
    panel.place_drawn.connect(drawn.append)
    to_screen = pane(panel).view.transform(pane(panel).viewport())
    start, end = (to_screen.map(QPointF(x, y)).toPoint() for x, y in ((300, 50), (400, 150)))
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mousePress(pane(panel), Qt.MouseButton.LeftButton, shift, start)
    move_to(pane(panel), end)
    QTest.mouseRelease(pane(panel), Qt.MouseButton.LeftButton, shift, end)
    assert [(one.page, one.box is not None) for one in drawn] == [(2, True)]
