"""What a pane looks like, laid beside pictures that were looked at by a person when they were kept.

After a wanted change: `LABELER_KEEP_SNAPSHOTS=1 pytest tests/gui/test_image_snapshots.py`, then look at each of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from labeler.domain.items import Box, ModelVersion, Output, Region
from labeler.gui.panels.image.canvas import Canvas
from labeler.gui.panels.image.paint import ShownPicture
from labeler.gui.panels.image.seats import Sources, scene, seats
from labeler.gui.panels.image.view import View
from labeler.gui.theme import Theme, load_fonts
from labeler.modalities.image.decoder import Picture
from labeler.sessions.review.evidence import LayerLook, Layers, Layout, ShownEvidence, ViewSettings
from tests.gui.image_states import outputs, state

KEPT = Path(__file__).parent.parent / "data" / "snapshots"
KEEPING = "LABELER_KEEP_SNAPSHOTS" in os.environ
MODEL = ModelVersion("reader", "1")
ROWS: tuple[tuple[str, Box], ...] = (
    ("Invoice 20418", (20, 20, 130, 36)),
    ("292.80", (20, 60, 80, 76)),
    ("Delivery on Monday", (20, 100, 130, 116)),
    ("Cable USB-C", (150, 20, 230, 36)),
)
VIEWS = {
    "one": ViewSettings(),
    "swipe": ViewSettings(layout=Layout.SWIPE),
    "both": ViewSettings(layout=Layout.BOTH),
    "layers": ViewSettings(layers=Layers(a=LayerLook(opacity=0.4, width=3), differences=LayerLook(shown=False))),
}


@pytest.fixture
def evidence() -> ShownEvidence:
    a = tuple(Region(f"r{n}", box, text=text, label="row" if n == 0 else None) for n, (text, box) in enumerate(ROWS))
    b = (a[0], replace(a[1], text="262.80"), replace(a[2], box=(150, 160, 270, 176)))
    pair = (Output("p", MODEL, text="\n".join(r.text for r in one), regions=one) for one in (a, b))
    made = state("p", None, outputs(*pair))
    return replace(made, seen=frozenset(d.id for d in made.walk))


@pytest.fixture
def pane(qtbot: QtBot, qapp: QApplication) -> Iterator[Canvas]:
    load_fonts()
    view, theme = View(), Theme()
    theme.choose("light")
    made = Canvas(theme, view)
    qtbot.addWidget(made)
    made.resize(340, 240)
    pixels = np.full((200, 300, 4), 255, np.uint8)
    pixels[190:, :, :3] = 200
    view.show_picture(300, 200)
    made.set_picture(ShownPicture(Picture((pixels,), 1, False)))
    yield made
    theme.choose("system")


def show(pane: Canvas, evidence: ShownEvidence) -> QImage:
    letters = seats(evidence)["A"]
    pane.set_look(evidence.view.layers, evidence.view.divider, evidence.view.minimap)
    pane.set_scene(scene(evidence, letters, Sources.of(evidence, 0)))
    pane.set_current(evidence.difference.id if evidence.difference else None, evidence.seen)
    return pane.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)


def compare(shown: QImage, name: str) -> None:
    """Letters may differ by a shade between versions of Qt; lines may not."""
    found = as_array(shown)
    path = KEPT / f"{name}.png"
    if KEEPING:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(found).save(path, optimize=True)
    kept = np.asarray(Image.open(path).convert("RGB"))
    assert found.shape == kept.shape
    differs = np.abs(found.astype(int) - kept).max(axis=2) > 60
    assert differs.mean() < 0.004, f"{differs.sum()} pixels of {name}.png differ"


def as_array(image: QImage) -> NDArray[np.uint8]:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


@pytest.mark.parametrize("name", VIEWS)
def test_overlays_and_layouts_look_as_they_were_kept(pane: Canvas, evidence: ShownEvidence, name: str) -> None:
    compare(show(pane, replace(evidence, view=VIEWS[name])), f"image-{name}")


def test_single_pixels_and_the_small_map_look_as_they_were_kept(pane: Canvas, evidence: ShownEvidence) -> None:
    pane.view.zoom_by(48, QPointF(170, 215), pane.viewport())
    compare(show(pane, evidence), "image-pixels")


@pytest.mark.skipif(KEEPING, reason="what it shows is not what is to be kept")
def test_a_snapshot_would_notice_a_missing_outline(pane: Canvas, evidence: ShownEvidence) -> None:
    hidden = replace(evidence, view=ViewSettings(layers=Layers(a=LayerLook(shown=False))))
    with pytest.raises(AssertionError, match="pixels of image-one"):
        compare(show(pane, hidden), "image-one")
