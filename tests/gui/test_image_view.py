from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QPointF, QRectF

from labeler.gui.panels.image.view import LEGIBLE, View, Viewport, Zoom
from labeler.modalities.image.upright import open_upright

# Where a stored pixel stands in the upright picture, by the definition of EXIF's orientations.
UPRIGHT: dict[int, Callable[[int, int, int, int], tuple[int, int]]] = {
    1: lambda x, y, w, h: (x, y),
    2: lambda x, y, w, h: (w - 1 - x, y),
    3: lambda x, y, w, h: (w - 1 - x, h - 1 - y),
    4: lambda x, y, w, h: (x, h - 1 - y),
    5: lambda x, y, w, h: (y, x),
    6: lambda x, y, w, h: (h - 1 - y, x),
    7: lambda x, y, w, h: (h - 1 - y, w - 1 - x),
    8: lambda x, y, w, h: (y, w - 1 - x),
}
RATIOS = st.sampled_from([1.0, 1.25, 2.0])
PANES = st.builds(Viewport, st.integers(160, 1600), st.integers(120, 1200), RATIOS)
SIZES = st.tuples(st.integers(1, 12_000), st.integers(1, 12_000))


def seen(view: View, pane: Viewport, box: QRectF) -> QRectF:
    return view.transform(pane).mapRect(box)


@given(size=SIZES, pane=PANES, x=st.floats(0, 1), y=st.floats(0, 1), factor=st.floats(0.1, 20))
def test_a_point_goes_to_the_screen_and_back(
    size: tuple[int, int], pane: Viewport, x: float, y: float, factor: float
) -> None:
    view = View()
    view.show_picture(*size)
    view.zoom_by(factor, QPointF(x * pane.width, y * pane.height), pane)
    transform = view.transform(pane)
    back, invertible = transform.inverted()
    point = QPointF(x * size[0], y * size[1])
    again = back.map(transform.map(point))
    assert invertible
    assert abs(again.x() - point.x()) < 1e-6 * max(size)
    assert abs(again.y() - point.y()) < 1e-6 * max(size)


@given(size=SIZES, pane=PANES)
def test_a_whole_picture_is_in_view_at_fit(size: tuple[int, int], pane: Viewport) -> None:
    view = View()
    view.show_picture(*size)
    frame = seen(view, pane, QRectF(0, 0, *size))
    assert QRectF(0, 0, pane.width, pane.height).contains(frame)


@given(size=SIZES, pane=PANES)
def test_at_100_percent_picture_pixels_lie_on_the_devices_pixels(size: tuple[int, int], pane: Viewport) -> None:
    view = View()
    view.show_picture(*size)
    view.actual_size(pane)
    transform = view.transform(pane)
    assert transform.m11() * pane.ratio == pytest.approx(1)
    for offset in (transform.dx() * pane.ratio, transform.dy() * pane.ratio):
        assert offset == pytest.approx(round(offset), abs=1e-9)


@given(pane=PANES, x=st.floats(0.4, 0.6), y=st.floats(0.4, 0.6), factor=st.floats(1.05, 3))
def test_what_is_under_the_pointer_stays_under_it(pane: Viewport, x: float, y: float, factor: float) -> None:
    view = View()
    view.show_picture(8000, 8000)
    view.actual_size(pane)
    at = QPointF(x * pane.width, y * pane.height)
    before = view.transform(pane).inverted()[0].map(at)
    view.zoom_by(factor, at, pane)
    after = view.transform(pane).map(before)
    assert (after - at).manhattanLength() <= 4.5 / pane.ratio, "up to half a pixel each time, enlarged"


@given(size=SIZES, pane=PANES, dx=st.floats(-1e5, 1e5), dy=st.floats(-1e5, 1e5), factor=st.floats(0.05, 50))
def test_a_picture_cannot_be_dragged_out_of_view(
    size: tuple[int, int], pane: Viewport, dx: float, dy: float, factor: float
) -> None:
    view = View()
    view.show_picture(*size)
    view.zoom_by(factor, pane.middle, pane)
    view.pan(QPointF(dx, dy), pane)
    middle = view.transform(pane).inverted()[0].map(pane.middle)
    slack = 1 / view.scale(pane)  # the picture is put on whole pixels of the screen
    assert -slack <= middle.x() <= size[0] + slack
    assert -slack <= middle.y() <= size[1] + slack


def test_the_mode_and_a_free_scale_stay_from_picture_to_picture() -> None:
    pane, view = Viewport(500, 500), View()
    view.show_picture(1000, 1000)
    view.zoom_by(3, pane.middle, pane)
    scale = view.scale(pane)
    view.show_picture(700, 2000)
    assert (view.zoom, view.scale(pane)) == (Zoom.FREE, scale)
    view.fit()
    view.show_picture(1000, 1000)
    assert view.zoom is Zoom.FIT


def test_a_zoom_to_a_difference_ends_with_its_item() -> None:
    pane, view = Viewport(500, 500), View()
    view.show_picture(4000, 4000)
    view.look_at(QRectF(100, 100, 60, 12))
    view.transform(pane)
    zooms = [view.zoom]
    view.show_picture(4000, 4000)
    assert [*zooms, view.zoom] == [Zoom.DIFFERENCE, Zoom.FIT]


def test_a_difference_that_can_be_read_where_it_is_moves_nothing() -> None:
    pane, view = Viewport(500, 500), View()
    view.show_picture(600, 400)
    before = view.transform(pane)
    view.look_at(QRectF(400, 300, 60, 26))
    assert view.transform(pane) == before


@given(
    pane=PANES,
    x=st.floats(0, 5800),
    y=st.floats(0, 3900),
    width=st.floats(4, 200),
    height=st.floats(4, 100),
)
def test_a_difference_comes_into_view_large_enough_to_read(
    pane: Viewport, x: float, y: float, width: float, height: float
) -> None:
    view, box = View(), QRectF(x, y, width, height)
    view.show_picture(6000, 4000)
    view.look_at(box)
    on_screen = seen(view, pane, box)
    assert QRectF(-1, -1, pane.width + 2, pane.height + 2).contains(on_screen)
    room = min(0.85 * pane.width / width, 0.85 * pane.height / height, 1.5)
    assert view.scale(pane) >= min(LEGIBLE / min(width, height), room) * 0.99


def test_a_small_picture_keeps_what_is_around_a_difference_in_view() -> None:
    pane, view = Viewport(500, 500), View()
    view.show_picture(458, 300)
    view.look_at(QRectF(200, 100, 30, 6))
    view.transform(pane)
    assert 500 / view.scale(pane) >= 458 / 2.6


def test_walking_between_near_differences_keeps_the_scale() -> None:
    pane, view = Viewport(500, 500), View()
    view.show_picture(4000, 3000)
    scales = []
    for row in range(10):
        view.look_at(QRectF(500, 400 + row * 60, 120, 16))
        scales.append(view.scale(pane))
    assert len(set(scales)) == 1
    assert view.zoom is Zoom.DIFFERENCE


def test_a_difference_too_large_for_the_scale_is_shown_whole() -> None:
    pane, view = Viewport(500, 500), View()
    view.show_picture(4000, 3000)
    view.zoom_by(20, pane.middle, pane)
    view.look_at(QRectF(100, 100, 3000, 40))
    assert QRectF(0, 0, 500, 500).contains(seen(view, pane, QRectF(100, 100, 3000, 40)))


def test_steps_go_through_round_scales_and_back() -> None:
    pane, view = Viewport(500, 500), View()
    view.show_picture(1000, 1000)
    view.actual_size(pane)
    shown = []
    for direction in (1, 1, 1, -1, -1, -1, -1):
        view.step(direction, pane)
        shown.append(round(view.scale(pane) * 100))
    assert shown == [150, 200, 300, 200, 150, 100, 67]


@given(
    width=st.integers(2, 40),
    height=st.integers(2, 40),
    at=st.tuples(st.floats(0, 0.999), st.floats(0, 0.999)),
    orientation=st.integers(1, 8),
    pane=PANES,
    zoom=st.floats(1, 30),
)
def test_a_stored_pixel_is_found_upright_on_the_screen_and_back_again(
    width: int, height: int, at: tuple[float, float], orientation: int, pane: Viewport, zoom: float
) -> None:
    """Stored -> upright by the decoder's own code, upright -> screen -> upright by the view, at every scale factor."""
    x, y = int(at[0] * width), int(at[1] * height)
    stored = Image.new("RGB", (width, height), "white")
    stored.putpixel((x, y), (0, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    stored.save(file, "PNG", exif=exif)
    with tempfile.NamedTemporaryFile(suffix=".png") as kept:
        kept.write(file.getvalue())
        kept.flush()
        upright = open_upright(Path(kept.name))
    assert upright.full == ((width, height) if orientation < 5 else (height, width))
    rows, columns = np.nonzero(np.asarray(upright.picture)[:, :, 0] == 0)
    (row,), (column,) = rows.tolist(), columns.tolist()
    assert (column, row) == UPRIGHT[orientation](x, y, width, height)
    view = View()
    view.show_picture(*upright.full)
    view.zoom_by(zoom, pane.middle, pane)
    transform = view.transform(pane)
    back = transform.inverted()[0].map(transform.map(QPointF(column + 0.5, row + 0.5)))
    assert (int(back.x()), int(back.y())) == (column, row)


def test_steps_keep_what_is_looked_at_in_view_also_near_the_edge() -> None:
    view, pane, box = View(), Viewport(500, 400), QRectF(40, 30, 30, 24)
    view.show_picture(4000, 4000)
    view.zoom_by(10.0, QPointF(20, 20), pane)
    for _ in range(8):
        view.step(+1, pane, box)
        assert QRectF(0, 0, 500, 400).contains(seen(view, pane, box).center())
    assert (seen(view, pane, box).center() - pane.middle).manhattanLength() < 400
    middle = view.seen(pane).center()
    view.step(+1, pane, QRectF(3900, 3900, 9, 9))
    assert (view.seen(pane).center() - middle).manhattanLength() < 1, "what is not seen draws the view nowhere"
