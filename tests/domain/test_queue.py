from __future__ import annotations

from math import sqrt

import pytest

from labeler.domain.differences.model import ItemClass
from labeler.domain.queue import Draw, Why, draw, rank


def test_every_flip_comes_for_certain() -> None:
    assert all(draw(f"i{n}", ItemClass.FLIP, 1, 0.1) == Draw(Why.FLIP, 1.0) for n in range(1000))


@pytest.mark.parametrize("item_class", [ItemClass.SAME, ItemClass.COSMETIC])
def test_of_the_rest_each_comes_with_the_stated_probability(item_class: ItemClass) -> None:
    n, share = 20_000, 0.1
    drawn = [found for k in range(n) if (found := draw(f"item-{k}", item_class, 7, share))]
    assert set(drawn) == {Draw(Why.RANDOM, share)}
    assert abs(len(drawn) - n * share) < 4 * sqrt(n * share * (1 - share))


def test_a_larger_share_keeps_what_a_smaller_one_drew() -> None:
    few = {k for k in range(2000) if draw(f"i{k}", ItemClass.SAME, 7, 0.1)}
    many = {k for k in range(2000) if draw(f"i{k}", ItemClass.SAME, 7, 0.3)}
    assert few < many


def test_the_draw_and_the_order_say_nothing_of_each_other() -> None:
    ranks = sorted(rank(f"i{k}", 7) for k in range(4000) if draw(f"i{k}", ItemClass.SAME, 7, 0.1))
    first_half = sum(place < 2**61 for place in ranks)
    assert abs(first_half - len(ranks) / 2) < 4 * sqrt(len(ranks)) / 2


def test_another_seed_is_another_order_and_another_draw() -> None:
    ids = [f"i{k}" for k in range(500)]
    assert sorted(ids, key=lambda i: rank(i, 1)) != sorted(ids, key=lambda i: rank(i, 2))
    assert [draw(i, ItemClass.SAME, 1, 0.5) for i in ids] != [draw(i, ItemClass.SAME, 2, 0.5) for i in ids]
    assert 0 <= min(rank(i, 1) for i in ids) <= max(rank(i, 1) for i in ids) < 2**62
