"""The mix of a gold set against the traffic's: known distances, a test that keeps its size, additions that add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from math import log2

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from labeler.domain.gold.drift import LEVEL, NONE, Mix, divergence, drift, drift_words
from labeler.domain.items import Modality

AUDIO = Modality.AUDIO


def mix(**keys: Mapping[str, int]) -> Mix:
    found = Mix()
    for key, values in keys.items():
        for value, times in values.items():
            found.add(AUDIO, {key: value}, times)
    return found


def test_distances_are_those_of_the_definition() -> None:
    assert divergence([1, 1], [5, 5]) == 0
    assert divergence([3, 0], [0, 7]) == 1
    # By hand: p = (1/2, 1/2), q = (1, 0), m = (3/4, 1/4).
    wanted = (0.5 * log2(0.5 / 0.75) + 0.5 * log2(0.5 / 0.25) + log2(1 / 0.75)) / 2
    assert divergence([1, 1], [4, 0]) == pytest.approx(wanted)


def test_distances_are_those_of_scipy() -> None:
    random = np.random.default_rng(1)
    for _ in range(300):
        one, two = random.integers(0, 20, (2, 6)) + np.eye(6, dtype=int)[:2]
        wanted = jensenshannon(one, two, base=2) ** 2
        assert divergence(one.tolist(), two.tolist()) == pytest.approx(wanted, abs=1e-9)


def test_what_is_rare_in_the_gold_set_is_named_with_how_much_to_add() -> None:
    gold = mix(accent={"en-us": 90, "en-india": 10})
    traffic = mix(accent={"en-us": 700, "en-india": 300})
    (found,) = drift(gold, traffic).slices
    assert found.drifted
    (need,) = found.needs
    assert (need.value, need.gold_share, need.traffic_share) == ("en-india", 0.1, 0.3)
    assert need.add == 29
    assert (10 + need.add) / (100 + need.add) >= 0.3 > (10 + need.add - 1) / (100 + need.add - 1)
    assert drift_words(found).startswith("accent: en-india 10 % of gold, 30 % of traffic (JS ")


def test_where_nothing_can_be_added_it_says_whose_shares_are_off() -> None:
    gold, traffic = Mix(), Mix()
    for found, tiers in ((gold, ["hard"] * 80 + ["easy"] * 20), (traffic, ["hard"] * 100 + ["easy"] * 900)):
        for tier in tiers:
            found.add(AUDIO, {"tier": tier})
    (one,) = drift(gold, traffic).slices
    words = drift_words(replace(one, needs=()))
    assert words.startswith("tier: easy 20 % of gold, 90 % of traffic, hard 80 % of gold, 10 % of traffic (JS ")


def test_additions_to_several_values_together_give_the_shares_of_the_traffic() -> None:
    gold = {"a": 80, "b": 15, "c": 5}
    (found,) = drift(mix(k=dict(gold)), mix(k={"a": 500, "b": 300, "c": 200})).slices
    added = Counter(gold) + Counter({need.value: need.add for need in found.needs})
    assert {value: round(times / added.total(), 2) for value, times in added.items()} == {"a": 0.5, "b": 0.3, "c": 0.2}


def test_few_items_that_lie_far_off_are_not_called_close() -> None:
    (found,) = drift(mix(k={"a": 2, "b": 2}), mix(k={"a": 9, "b": 1})).slices
    assert not found.drifted
    assert "not to be told from traffic" in drift_words(found)


def test_a_gold_set_drawn_from_the_traffic_has_seldom_drifted() -> None:
    random = np.random.default_rng(2)
    shares = [0.5, 0.3, 0.15, 0.05]

    def sample(size: int) -> Mix:
        return mix(**{key: dict(zip("abcd", random.multinomial(size, shares).tolist(), strict=True)) for key in "xy"})

    drifted = sum(any(one.drifted for one in drift(sample(80), sample(400), seed=n).slices) for n in range(60))
    assert drifted <= 60 * LEVEL + 3 * (60 * LEVEL * (1 - LEVEL)) ** 0.5


def test_numbers_with_many_values_are_binned_and_names_are_left_alone() -> None:
    gold, traffic = Mix(), Mix()
    for n in range(400):
        traffic.add(AUDIO, {"seconds": n / 10, "call": f"c{n}", "clean": n % 2 == 0})
        gold.add(AUDIO, {"seconds": n / 40, "call": f"g{n}", "clean": n % 2 == 0})
    found = {one.key: one for one in drift(gold, traffic).slices}
    assert found.keys() == {"seconds", "clean"}
    assert list(found) == ["seconds", "clean"]  # what has drifted comes first
    assert len(found["seconds"].traffic) == 5
    assert (found["clean"].divergence, found["clean"].drifted, found["clean"].needs) == (0, False, ())


def test_items_without_the_slice_count_and_degenerate_mixes_say_nothing() -> None:
    gold, traffic = mix(noise={"hum": 5}), mix(noise={"hum": 5})
    traffic.add(AUDIO, {}, 5)
    (found,) = drift(gold, traffic).slices
    assert found.traffic == {"hum": 5, NONE: 5}
    assert drift(mix(k={"a": 3}), mix(k={"a": 9})).slices == ()
    assert drift(Mix(), mix(k={"a": 3, "b": 1})).unseen == (AUDIO,)
    other = drift(mix(k={"a": 3}), mix(k={"b": 9})).slices[0]
    assert other.divergence == 1
    assert other.needs == ()  # no addition can make 3 of another value a share of 0
