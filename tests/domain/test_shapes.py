"""Boxes and outlines move by whole pixels and stay inside the picture."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from labeler.domain.shapes import Shape, box_between

SIZE = (640.0, 480.0)
by = st.integers(-2000, 2000)
boxes = st.tuples(st.integers(0, 600), st.integers(0, 440), st.integers(1, 40), st.integers(1, 40)).map(
    lambda b: Shape(box=(b[0], b[1], b[0] + b[2], b[1] + b[3]))
)
outlines = st.lists(st.tuples(st.integers(0, 640), st.integers(0, 480)), min_size=3, max_size=9).map(
    lambda corners: Shape(polygon=tuple(corners))
)


def inside(shape: Shape) -> bool:
    x0, y0, x1, y1 = shape.bounds
    return x0 >= 0 and y0 >= 0 and x1 <= SIZE[0] and y1 <= SIZE[1]


@given(boxes | outlines, by, by)
def test_a_moved_shape_keeps_its_size_and_stays_in_the_picture(shape: Shape, dx: int, dy: int) -> None:
    moved = shape.moved(dx, dy, SIZE)
    (x0, y0, x1, y1), (u0, v0, u1, v1) = shape.bounds, moved.bounds
    assert inside(moved)
    assert (u1 - u0, v1 - v0) == (x1 - x0, y1 - y0)
    assert len(moved.corners) == len(shape.corners)


@given(boxes, st.integers(0, 3), st.floats(-900, 900), st.floats(-900, 900))
def test_a_box_pulled_at_a_corner_stays_a_box_of_whole_pixels(shape: Shape, corner: int, dx: float, dy: float) -> None:
    pulled = shape.with_corner_moved(corner, dx, dy, SIZE)
    x0, y0, x1, y1 = pulled.bounds
    assert x1 - x0 >= 1
    assert y1 - y0 >= 1
    assert inside(pulled)
    assert all(value == round(value) for value in pulled.bounds)
    assert shape.corners[(corner + 2) % 4] in pulled.corners


@given(outlines, st.integers(0, 8))
def test_a_corner_that_is_added_can_be_taken_away_again(shape: Shape, number: int) -> None:
    number %= len(shape.corners)
    assert shape.with_corner_behind(number).without_corner(number + 1) == shape


def test_an_outline_keeps_three_corners() -> None:
    outline = Shape(polygon=((0, 0), (9, 0), (9, 9)))
    assert outline.without_corner(1) == outline


def test_a_point_is_in_an_outline_or_beside_it() -> None:
    outline = Shape(polygon=((0, 0), (10, 0), (10, 10)))
    assert outline.contains(8, 3)
    assert not outline.contains(2, 8)
    assert outline.corner_near(9, 11, 2) == 2
    assert outline.corner_near(5, 5, 2) is None


def test_a_drawn_box_is_cut_at_the_edge_and_needs_a_pixel() -> None:
    drawn = box_between(600.4, 20, 700, 10.2, SIZE)
    assert drawn == Shape(box=(600, 10, 640, 20))
    assert box_between(5, 5, 5.2, 9, SIZE) is None
