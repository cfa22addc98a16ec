"""Outputs that are pictures themselves, in the image panel: real files, the real decoder, real mouse events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from labeler.domain.blind import Letter
from labeler.domain.items import Modality, ModelVersion, Output
from labeler.domain.shapes import Size
from labeler.domain.verdicts import At
from labeler.gui.panels.image.canvas import Canvas
from labeler.gui.panels.image.panel import ImagePanel
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme, load_fonts
from labeler.modalities.image.decoder import PictureDecoder
from labeler.sessions.review.evidence import Layout, Request, ShownEvidence, ShownMedium, ViewRequest, ViewSettings
from tests.gui.image_states import outputs, state
from tests.painted import HEIGHT, STAIN, WIDTH, cleaned_with_loss, form, stained

MODEL = ModelVersion("painter", "1")


@pytest.fixture(scope="module")
def decoder() -> Iterator[PictureDecoder]:
    with PictureDecoder() as started:
        yield started


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication, decoder: PictureDecoder) -> Iterator[ImagePanel]:
    load_fonts()
    tasks = Tasks()
    made = ImagePanel(Theme(), tasks, decoder, {})
    qtbot.addWidget(made)
    made.resize(1035, 700)
    made.show()
    yield made
    tasks.stop()


@pytest.fixture
def evidence(tmp_path: Path) -> ShownEvidence:
    """A has lost a line of print, B has left the stain; the files name the models."""
    paths = [tmp_path / name for name in ("item.png", "painter-1/a.png", "painter-2/b.png")]
    for path, picture in zip(paths, (stained(), cleaned_with_loss(), stained()), strict=True):
        path.parent.mkdir(exist_ok=True)
        picture.save(path)
    made = [
        Output("form", MODEL, media=path.name, media_sha256=digest * 32)
        for path, digest in zip(paths[1:], ("1f", "2e"), strict=True)
    ]
    media: dict[Letter, ShownMedium] = {
        "A": ShownMedium(Modality.IMAGE, paths[1]),
        "B": ShownMedium(Modality.IMAGE, paths[2]),
    }
    return replace(state("form", paths[0], outputs(*made)), media=media)


Show = Callable[..., ShownEvidence]


@pytest.fixture
def show(qtbot: QtBot, panel: ImagePanel, evidence: ShownEvidence) -> Show:
    shown: list[ShownEvidence] = []

    def show_it(media: dict[Letter, ShownMedium] | None = None, **view: object) -> ShownEvidence:
        new = replace(evidence, view=replace(ViewSettings(), **view), media=evidence.media if media is None else media)  # type: ignore[arg-type]
        panel.show_state(shown[-1] if shown else None, new)
        shown.append(new)
        qtbot.waitUntil(lambda: all(pane.picture is not None or pane.message for pane in panes(panel)))
        panel.grab()
        return new

    return show_it


def panes(panel: ImagePanel) -> list[Canvas]:
    return [card.canvas for card in panel.cards.values() if card.isVisible()]


def colour_at(pane: Canvas, x: float, y: float) -> QColor:
    image = pane.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return image.pixelColor(pane.view.transform(pane.viewport()).map(QPointF(x, y)).toPoint())


STAINED = ((STAIN[0] + STAIN[2]) / 2, (STAIN[1] + STAIN[3]) / 2)


def is_stained(pane: Canvas) -> bool:
    return colour_at(pane, *STAINED).blue() < 190


def test_each_pane_shows_its_own_picture(panel: ImagePanel, show: Show) -> None:
    show()
    assert [is_stained(pane) for pane in panes(panel)] == [False, True]


def test_nothing_of_the_outputs_is_there_before_they_are_revealed(
    panel: ImagePanel, evidence: ShownEvidence, qtbot: QtBot
) -> None:
    hidden = replace(evidence, pair=None, walk=(), current=None, media={})
    panel.show_state(None, hidden)
    qtbot.waitUntil(lambda: panes(panel)[0].picture is not None)
    assert len(panes(panel)) == 1
    assert is_stained(panes(panel)[0]), "the item's own picture"


def test_blink_changes_the_picture_and_the_place_looked_at_stays(panel: ImagePanel, show: Show) -> None:
    show(layout=Layout.BLINK, blink_letter="A")
    (pane,) = panes(panel)
    pane.view.zoom_by(3, pane.viewport().middle, pane.viewport())
    before = pane.view.transform(pane.viewport())
    show(layout=Layout.BLINK, blink_letter="B")
    assert pane.view.transform(pane.viewport()) == before
    assert pane.picture is not None


def test_the_divider_parts_the_pictures(panel: ImagePanel, show: Show) -> None:
    show(layout=Layout.SWIPE, divider=1.0)
    (pane,) = panes(panel)
    assert not is_stained(pane)
    show(layout=Layout.SWIPE, divider=0.0)
    assert is_stained(pane)


def test_the_items_own_picture_can_be_looked_at(panel: ImagePanel, show: Show) -> None:
    show(original=True)
    assert [is_stained(pane) for pane in panes(panel)] == [True, True]
    show(original=False)
    assert [is_stained(pane) for pane in panes(panel)] == [False, True]


def test_the_pixel_difference_inks_what_differs_and_says_how_much(panel: ImagePanel, show: Show, qtbot: QtBot) -> None:
    show(layout=Layout.BOTH)
    (pane,) = panes(panel)
    qtbot.waitUntil(lambda: pane.picture is not None)
    ink = QColor(panel.theme.palette.difference)
    assert colour_at(pane, *STAINED) == ink
    assert colour_at(pane, 450, 20) != ink
    said = " ".join(label.text() for label in panel.findChildren(QLabel))
    assert "differ by more than 16 of 255, in 2 places" in said
    assert pane.accessibleName() == "Pixel difference of A and B, 2 places"
    show(layout=Layout.BOTH, threshold=248)
    qtbot.waitUntil(
        lambda: "no pixel differs by more than 248" in " ".join(one.text() for one in panel.findChildren(QLabel))
    )
    assert colour_at(pane, *STAINED) != ink


def test_the_places_are_walked_and_taken_in_hand(panel: ImagePanel, show: Show, qtbot: QtBot) -> None:
    seen = show(layout=Layout.BOTH)
    qtbot.waitUntil(lambda: panes(panel)[0].picture is not None)
    picked: list[At] = []
    panel.place_picked.connect(picked.append)
    for serial, request in enumerate(
        (Request.NEXT_PLACE, Request.NEXT_PLACE, Request.NEXT_PLACE, Request.PREVIOUS_PLACE), 1
    ):
        following = replace(seen, request=ViewRequest(serial, request))
        with qtbot.waitSignal(panel.place_picked):
            panel.show_state(seen, following)
            assert len(picked) < serial, "a state would be shown to some before the one that it follows"
        seen = following
    boxes = [at.box for at in picked]
    assert boxes[0] == boxes[2] != boxes[1] == boxes[3]
    assert boxes[0] is not None
    assert np.allclose(boxes[0], STAIN, atol=8)


def test_a_smaller_picture_lies_over_the_larger_one(
    panel: ImagePanel, show: Show, evidence: ShownEvidence, qtbot: QtBot
) -> None:
    file = evidence.media["B"].file
    assert file is not None
    form().resize((WIDTH // 2, HEIGHT // 2)).save(file)
    measured: list[Size] = []
    panel.measured.connect(measured.append)
    show()
    qtbot.waitUntil(lambda: all(pane.picture is not None for pane in panes(panel)))
    frame: Size = (WIDTH, HEIGHT)
    assert measured[-1] == frame, "places count in pixels of the larger picture, whichever side it is"
    assert colour_at(panes(panel)[1], 50, 43).lightness() < 90, "a line of print"
    assert "240 × 160 px, shown 2× as large" in " ".join(label.text() for label in panel.findChildren(QLabel))


def test_what_cannot_be_shown_is_said_without_the_file_s_name(
    panel: ImagePanel, show: Show, evidence: ShownEvidence, qtbot: QtBot
) -> None:
    file = evidence.media["A"].file
    assert file is not None
    file.write_bytes(b"no picture")
    gone = replace(evidence.media["B"], file=None, problem="is missing from the project's folder")
    show({"A": evidence.media["A"], "B": gone})
    a, b = panes(panel)
    qtbot.waitUntil(lambda: bool(a.message and b.message))
    assert a.message == "A's picture is a text file, not a picture."
    assert b.message == "B's picture is missing from the project's folder."
    assert "painter" not in a.message + b.message


def test_of_a_text_the_pictures_are_shown_and_the_text_in_place_of_the_item_s_own(
    panel: ImagePanel, evidence: ShownEvidence, qtbot: QtBot
) -> None:
    assert evidence.item is not None
    item = replace(evidence.item, modality=Modality.TEXT, media=None, content="A form with a stain.")
    made = replace(evidence, item=item)
    assert made.shows is Modality.IMAGE
    problems: list[str] = []
    panel.problem.connect(problems.append)
    panel.show_state(None, made)
    qtbot.waitUntil(lambda: all(pane.picture is not None for pane in panes(panel)))
    assert [is_stained(pane) for pane in panes(panel)] == [False, True]
    panel.show_state(made, replace(made, view=ViewSettings(original=True)))
    assert [pane.message for pane in panes(panel)] == ["A form with a stain."] * 2
    assert problems == [], "a text has no picture, and nothing is wrong with that"


def test_a_difference_of_large_pictures_says_that_it_was_made_at_half_size(
    panel: ImagePanel, show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeler.modalities.image.pixel_difference.MOST_PIXELS", WIDTH * HEIGHT // 2)
    show(layout=Layout.BOTH)
    qtbot.waitUntil(lambda: panes(panel)[0].picture is not None)
    shown = panes(panel)[0].picture
    assert shown is not None
    assert shown.coarse == "compared at 1/2 size"
    assert "compared at 1/2 size" in " ".join(label.text() for label in panel.cards["A"].findChildren(QLabel))


@pytest.mark.parametrize(
    ("letters", "said"),
    [("AB", "A and B are recordings, not shown here: skip"), ("B", "B is a recording, not shown here: skip"), ("", "")],
)
def test_recordings_of_a_picture_are_not_passed_over_in_silence(
    panel: ImagePanel, show: Show, evidence: ShownEvidence, tmp_path: Path, letters: str, said: str
) -> None:
    heard = ShownMedium(Modality.AUDIO, tmp_path / "a.wav")
    show(media={letter: heard if letter in letters else medium for letter, medium in evidence.media.items()})
    for pane in panes(panel):
        assert pane.notice[: len(said) or None] == said
    if letters == "AB":
        show(media=dict.fromkeys(evidence.media, heard), layout=Layout.BOTH)
        assert "say the same" not in " ".join(label.text() for label in panel.cards["A"].findChildren(QLabel))
