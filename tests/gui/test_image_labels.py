from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from labeler.gui.panels.image.labels import HEIGHT, MOST, Label, LabelPlaces, Rect, width_of

SIDES = st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(4, 200), st.integers(4, 60))
EVERYWHERE = (-1e6, -1e6, 1e6, 1e6)


@pytest.fixture(autouse=True)
def application(qapp: QApplication) -> QApplication:
    return qapp


def labels(sides: list[tuple[int, int, int, int]]) -> list[Label]:
    return [Label(str(n), (x, y, x + w, y + h), f"label {n}", "a") for n, (x, y, w, h) in enumerate(sides)]


def overlap(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


@given(sides=st.lists(SIDES, max_size=40), scale=st.sampled_from([0.25, 1.0, 3.0]))
@settings(max_examples=60)
def test_no_label_covers_another_or_the_region_it_names(sides: list[tuple[int, int, int, int]], scale: float) -> None:
    placed = LabelPlaces(labels(sides)).visible(EVERYWHERE, scale)
    rects: list[Rect] = []
    for label, (x, y) in placed:
        rect = (x, y, x + width_of(label.words), y + HEIGHT)
        x0, y0, x1, y1 = label.box
        assert not overlap(rect, (x0 * scale, y0 * scale, x1 * scale, y1 * scale))
        assert not any(overlap(rect, other) for other in rects)
        rects.append(rect)


def test_labels_do_not_stand_out_of_the_picture_where_there_is_another_place() -> None:
    named = labels([(440, 100, 50, 20), (440, 20, 50, 20), (5, 60, 50, 20)])
    placed = LabelPlaces(named, width=500.0).visible(EVERYWHERE, 1.0)
    assert len(placed) == len(named)
    assert all(x >= -12 and x + width_of(label.words) <= 512 for label, (x, _) in placed)


def test_a_label_stays_where_it_is_while_one_pans() -> None:
    places = LabelPlaces(labels([(n * 60, 100, 50, 20) for n in range(20)]))
    first = dict(places.visible((0, 0, 300, 300), 1.0))
    later = dict(places.visible((150, 0, 900, 300), 1.0))
    both = first.keys() & later.keys()
    assert both
    assert all(first[label] == later[label] for label in both)


def test_too_many_labels_are_drawn_when_one_zooms_in() -> None:
    places = LabelPlaces(labels([(n % 100 * 10, n // 100 * 100, 8, 8) for n in range(MOST * 2)]))
    assert places.visible(EVERYWHERE, 1.0) == []
    assert len(places.visible((0, 0, 200, 50), 4.0)) > 0
