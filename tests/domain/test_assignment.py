from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from labeler.domain.assignment import (
    ARCS,
    SHARE_STEPS,
    Assignment,
    Route,
    arc_bounds,
    arcs,
    at_random,
    needed,
)
from labeler.domain.queue import rank


@given(st.integers(0, 2**62 - 1), st.floats(0, 1), st.floats(0, 1), st.integers(1, 5), st.integers(1, 5))
def test_a_greater_share_only_adds_items_and_nobody_is_needed_less(
    place: int, one: float, other: float, overlap: int, shared_by: int
) -> None:
    less, more = sorted((one, other))
    few, many = (needed(place, overlap, shared_by, Assignment(shared=s).shared_below) for s in (less, more))
    assert overlap <= few <= many
    assert needed(place, overlap, shared_by, SHARE_STEPS) == max(overlap, shared_by)
    assert needed(place, overlap, shared_by, 0, asked=3) == overlap + 3


def test_the_share_is_met() -> None:
    below = Assignment(shared=0.2).shared_below
    shared = sum(needed(rank(f"i{n}", 7), 1, 3, below) == 3 for n in range(10_000))
    assert abs(shared - 2_000) < 4 * math.sqrt(10_000 * 0.2 * 0.8)


@given(st.text(min_size=1, max_size=8), st.integers(0, 1000))
def test_a_persons_order_goes_through_every_part_of_the_queue_once(person: str, seed: int) -> None:
    assert sorted(arcs(person, seed)) == list(range(ARCS))
    assert arcs(person, seed) == arcs(person, seed)


def test_the_parts_hold_every_rank_once_and_people_go_through_them_differently() -> None:
    bounds = [arc_bounds(arc) for arc in range(ARCS)]
    assert (bounds[0][0], bounds[-1][1]) == (0, 2**62 - 1)
    assert all(before[1] + 1 == after[0] for before, after in pairwise(bounds))
    assert arcs("ada", 1) != arcs("bob", 1) != arcs("bob", 2)


def test_a_fifth_is_drawn_at_random() -> None:
    drawn = sum(at_random(turn, "ada", 3) for turn in range(5_000))
    assert abs(drawn - 1_000) < 4 * math.sqrt(5_000 * 0.2 * 0.8)


def test_a_slice_is_kept_from_everyone_whom_no_route_of_it_names() -> None:
    scots = ("accent", "en-gb-scotland")
    rules = Assignment(routes=(Route(scots, ("Morag",)), Route(scots, ("Ian",)), Route(("kind", "table"), ("Bo",))))
    assert rules.kept_from({"Bo", "p-1"}) == (scots,)
    assert rules.kept_from({"Ann", "p-2"}) == (scots, ("kind", "table"))
    assert rules.kept_from({"Morag"}) == rules.kept_from({"Ian"}) == (("kind", "table"),)
