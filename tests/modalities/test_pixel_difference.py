"""The pixel difference of two pictures: exact at every threshold, and no single pixel gets lost on the way down."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from labeler.modalities.image import pixel_difference
from labeler.modalities.image.decoder import Picture
from labeler.modalities.image.pixel_difference import apart, places, shown
from tests.painted import LOST_LINE, STAIN, cleaned_with_loss, form, stained

INK = (199, 119, 0)


def picture(image: Image.Image) -> Picture:
    """As the decoder hands it over, without the smaller levels."""
    rgba = np.asarray(image.convert("RGBA"))
    return Picture((np.ascontiguousarray(rgba[..., [2, 1, 0, 3]]),), 1, has_alpha=False)


def test_the_places_are_those_that_were_changed() -> None:
    found = apart(picture(cleaned_with_loss()), picture(stained()))
    boxes = places(found, 30)
    assert len(boxes) == 2
    stain, line = boxes
    assert all(abs(one - other) <= 8 for one, other in zip(stain, STAIN, strict=True)), "blurred at its edge"
    printed = [y for y in range(LOST_LINE[1], LOST_LINE[3] + 1) if form().getpixel((50, y)) == (43, 47, 56)]
    assert line == (40.0, float(printed[0]), 261.0, float(printed[-1] + 1))


def test_a_higher_threshold_leaves_less() -> None:
    found = apart(picture(form()), picture(stained()))
    shares = [found.share(threshold) for threshold in (0, 16, 64, 128, 248)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[-1] == 0
    assert places(found, 248) == []


@given(
    st.integers(1, 70), st.integers(1, 70), st.lists(st.tuples(st.integers(0, 69), st.integers(0, 69)), max_size=8),
    st.integers(0, 100),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_every_changed_pixel_is_inked_lies_in_a_place_and_none_else_does(
    width: int, height: int, dots: list[tuple[int, int]], threshold: int
) -> None:
    a = np.full((height, width, 4), 100, np.uint8)
    b = a.copy()
    wanted = np.zeros((height, width), bool)
    for x, y in dots:
        b[y % height, x % width, 1] = 100 + threshold + 1
        wanted[y % height, x % width] = True
    found = apart(Picture((a,), 1, False), Picture((b,), 1, False))
    inked = (shown(found, threshold, INK).levels[0][..., :3] == INK[::-1]).all(axis=2)
    assert (inked == wanted).all()
    inside = np.zeros_like(wanted)
    for x0, y0, x1, y1 in places(found, threshold):
        part = np.s_[int(y0) : int(y1), int(x0) : int(x1)]
        assert wanted[part].any()
        assert wanted[part][0].any()
        assert wanted[part][-1].any()
        inside[part] = True
    assert not (wanted & ~inside).any()
    assert not places(found, threshold + 1)


def test_a_single_pixel_is_seen_on_every_level() -> None:
    a, b = (np.full((1200, 1600, 4), 255, np.uint8) for _ in "ab")
    b[801, 1203, 0] = 0
    levels = shown(apart(Picture((a,), 1, False), Picture((b,), 1, False)), 16, INK).levels
    assert len(levels) > 2
    assert [int((level[..., :3] == INK[::-1]).all(axis=2).sum()) for level in levels] == [1] * len(levels)


@pytest.mark.parametrize("turned", [False, True])
def test_a_picture_half_as_large_is_laid_over_the_whole_of_the_other(turned: bool) -> None:
    large, small = form(), form().resize((240, 160), Image.Resampling.NEAREST)
    pair = (picture(small), picture(large)) if turned else (picture(large), picture(small))
    found = apart(*pair)
    assert found.size == large.size
    assert found.share(16) < 0.08, "only edges differ"


def test_what_one_picture_has_beyond_the_other_differs() -> None:
    wide, square = Image.new("RGB", (64, 32), "white"), Image.new("RGB", (32, 32), "white")
    found = apart(picture(wide), picture(square))
    assert places(found, 16) == [(32.0, 0.0, 64.0, 32.0)]


def test_a_very_large_picture_is_compared_a_level_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pixel_difference, "MOST_PIXELS", 200 * 200)
    whole, half = np.zeros((400, 400, 4), np.uint8), np.zeros((200, 200, 4), np.uint8)
    changed = half.copy()
    changed[7, 100] = 255
    found = apart(Picture((whole, half), 1, has_alpha=False), Picture((whole, changed), 1, has_alpha=False))
    assert found.scale == 2
    assert places(found, 16) == [(200.0, 14.0, 202.0, 16.0)]
    drawn = shown(found, 16, INK)
    assert (drawn.width, drawn.height, drawn.shrunk) == (400, 400, 1)
