"""Agreement statistics give the printed digits of published tables, and say where they are not defined."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.domain.agreement import alpha as agreement
from labeler.domain.agreement.alpha import Agreement, by_distance, in_words
from labeler.domain.agreement.matrices import codes_apart_each, texts_apart_each
from labeler.domain.statistics.intervals import Interval

if TYPE_CHECKING:
    from labeler.domain.agreement.alpha import Floats

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011): four observers, twelve units, missing data.
FOUR_OBSERVERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
# Fleiss, "Measuring nominal scale agreement among many raters" (1971): how many of six psychiatrists gave each of
# five diagnoses to each of thirty patients.
DIAGNOSES = (
    "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 "
    "00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"
)


def unlike(values: Sequence[object]) -> Floats:
    """Two values are the same or not, each with each."""
    return np.array([[float(one != other) for other in values] for one in values]).reshape(len(values), len(values))


def units_of(*observers: str) -> list[list[int]]:
    rows = [observer.split() for observer in observers]
    return [[int(value) for value in unit if value != "."] for unit in zip(*rows, strict=True)]


def diagnoses() -> list[list[int]]:
    return [[code for code, n in enumerate(patient) for _ in range(int(n))] for patient in DIAGNOSES.split()]


def printed(found: Agreement) -> str:
    assert found.alpha is not None
    return f"{found.alpha:.3f}"


def test_krippendorffs_four_observers_to_the_printed_digits() -> None:
    units = units_of(*FOUR_OBSERVERS)
    found = agreement.nominal(units)
    assert (printed(found), found.units, found.values) == ("0.743", 11, 40)
    assert printed(agreement.ordinal(units, [1, 2, 3, 4, 5])) == "0.815"
    assert printed(agreement.interval_scaled([[float(v) for v in unit] for unit in units])) == "0.849"


def test_krippendorffs_two_observers_to_the_printed_digits() -> None:
    assert printed(agreement.nominal(list(zip("aabbdcccedda", "babbbccceddd", strict=True)))) == "0.692"
    assert printed(agreement.nominal(list(zip("0100000010", "1110010000", strict=True)))) == "0.095"


def test_fleiss_diagnoses_to_the_printed_digits() -> None:
    units = diagnoses()
    totals = [sum(unit.count(code) for unit in units) for code in range(5)]
    assert totals == [26, 26, 30, 55, 43]
    assert f"{agreement.fleiss_kappa(units):.3f}" == "0.430"


def test_fleiss_refuses_units_of_different_sizes() -> None:
    with pytest.raises(ValueError, match="different numbers"):
        agreement.fleiss_kappa([[1, 2], [1, 1, 1]])


def test_ac1_stays_high_where_one_answer_dominates_and_alpha_does_not() -> None:
    units = [["right", "right"]] * 46 + [["right", "wrong"], ["wrong", "right"]] * 2
    alpha = agreement.nominal(units).alpha
    ac1 = agreement.gwet_ac1(units, ["right", "wrong"])
    assert alpha is not None
    assert ac1 is not None
    assert alpha < 0
    # pₐ = 46/50; π = 0.96, so pₑ = 2 · 0.96 · 0.04 / (2 − 1).
    assert ac1 == pytest.approx((0.92 - 0.0768) / (1 - 0.0768))


def test_nothing_to_differ_on_is_not_perfect_agreement() -> None:
    found = agreement.nominal([["a", "a"], ["a", "a"]])
    assert (found.alpha, found.interval, found.unanimous) == (None, None, True)
    assert agreement.in_words(found).startswith("everyone always gave the same answer")


@pytest.mark.parametrize("units", [[], [["a"]], [["a"], ["b"]]])
def test_without_overlap_there_is_no_figure(units: list[list[str]]) -> None:
    found = agreement.nominal(units)
    assert (found.alpha, found.interval, found.units) == (None, None, 0)
    assert agreement.by_distance(units, unlike) == found


answers = st.lists(st.lists(st.sampled_from("abc"), max_size=4), max_size=12)


def by_definition(units: Sequence[Sequence[str]]) -> float | None:
    """Alpha pair by pair, as the definition has it and no faster."""
    several = [unit for unit in units if len(unit) > 1]
    values = [v for unit in several for v in unit]
    expected = sum(a != b for a, b in combinations(values, 2)) * 2 / max(len(values) - 1, 1)
    observed = sum(sum(a != b for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in several)
    return 1 - observed / expected if expected else None


@settings(max_examples=60, deadline=None)
@given(answers)
def test_alpha_is_what_its_definition_says_by_either_way(units: list[list[str]]) -> None:
    wanted = by_definition(units)
    for found in (agreement.nominal(units), agreement.by_distance(units, unlike)):
        assert (found.alpha is None) == (wanted is None)
        if wanted is not None:
            assert found.alpha == pytest.approx(wanted)
        if found.alpha is not None and found.interval is not None:
            assert found.interval.low <= found.interval.high


def resampled_unit_by_unit(units: Sequence[Sequence[str]], seed: int) -> tuple[float, float]:
    """The bootstrap's interval as its definition has it: units drawn, and alpha of what was drawn, again and again."""
    several = [unit for unit in units if len(unit) > 1]
    draws = np.random.default_rng(seed).multinomial(len(several), np.full(len(several), 1 / len(several)), size=1_000)
    values = sorted({value for unit in several for value in unit})
    counts = np.array([[unit.count(value) for value in values] for unit in several], dtype=float)
    size = counts.sum(axis=1)
    within = (size**2 - (counts**2).sum(axis=1)) / (size - 1)
    given = draws @ counts
    total = given.sum(axis=1)
    expected = (total**2 - (given**2).sum(axis=1)) / (total - 1)
    low, high = np.quantile(1 - (draws @ within)[expected > 0] / expected[expected > 0], (0.025, 0.975))
    return float(low), float(high)


@pytest.mark.parametrize("seed", range(8))
def test_counting_what_is_said_alike_once_leaves_every_figure_as_it_is(seed: int) -> None:
    chance = Random(seed)
    kinds = "abcd"[: chance.randint(2, 4)]
    units = [[chance.choice(kinds) for _ in range(chance.randint(1, 5))] for _ in range(chance.randint(4, 90))]
    wanted = resampled_unit_by_unit(units, seed)
    for found in (agreement.nominal(units, seed=seed), agreement.by_distance(units, unlike, seed=seed)):
        assert found.alpha == pytest.approx(by_definition(units), abs=1e-12)
        assert found.interval is not None
        assert (found.interval.low, found.interval.high) == pytest.approx(wanted, abs=1e-12)


def test_what_was_drawn_for_one_question_is_drawn_for_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    units = [["a", "a"], ["a", "b"], ["b", "b"]] * 9
    kept = agreement.nominal(units, seed=3)
    monkeypatch.setattr(agreement, "KEPT_UNITS", 10)
    assert agreement.nominal(units, seed=3) == kept
    assert agreement.nominal(units, seed=4) != kept


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    """Two observers who agree with probability 0.8 on two balanced classes: alpha is 0.6 in the long run."""
    import numpy as np

    chance, inside = np.random.default_rng(5), 0
    for _ in range(60):
        one = chance.integers(0, 2, 120)
        other = np.where(chance.random(120) < 0.8, one, 1 - one)
        found = agreement.nominal(list(zip(one.tolist(), other.tolist(), strict=True)))
        assert found.interval is not None
        inside += 0.6 in found.interval
    assert 52 <= inside <= 60


def test_a_sample_is_drawn_where_there_are_too_many_units_for_their_distances() -> None:
    units = [[f"text {n}", f"text {n}{'x' * (n % 2)}"] for n in range(40)]
    found = agreement.by_distance(units, unlike, most=10, few=10)
    assert (found.units, found.drawn_from) == (10, 40)
    assert found == agreement.by_distance(units, unlike, most=10, few=10)


@pytest.mark.parametrize(
    ("alpha", "low", "words"),
    [
        (0.9, 0.85, "reliable"),
        (0.85, 0.6, "looks reliable"),
        (0.7, 0.5, "enough"),
        (0.5, 0.3, "people read"),
        (0.1, -0.2, "hardly"),
    ],
)
def test_every_figure_has_its_words(alpha: float, low: float, words: str) -> None:
    interval = Interval(low, min(1.0, alpha + 0.1))
    assert agreement.in_words(Agreement(alpha, interval, 30, 60, 0.4)).startswith(words)


def test_few_different_values_are_all_looked_at_and_of_many_it_is_said_how_many_were() -> None:
    chance = np.random.default_rng(4)
    sets = [frozenset({("old", code)}) for code in "abcdefgh"]
    few = [[sets[int(n)] for n in chance.integers(0, 8, 2)] for _ in range(3_000)]
    found = by_distance(few, codes_apart_each)
    assert (found.units, found.drawn_from) == (3_000, 0)
    assert "drawn at random" not in in_words(found)
    many = [[f"text {n}", f"text {n + int(chance.integers(0, 2))}"] for n in range(0, 3_000, 3)]
    found = by_distance(many, texts_apart_each)
    assert (found.units, found.drawn_from) == (250, 1_000)
    assert in_words(found).endswith(" (measured on 250 of 1,000 items, drawn at random)")


def test_people_who_answer_against_each_other_are_not_called_hardly_better_than_chance() -> None:
    found = agreement.nominal([["a", "b"], ["b", "a"]] * 40)
    assert found.interval is not None
    assert found.interval.high < 0
    assert in_words(found).startswith("worse than chance")


def test_a_handful_of_items_says_nothing_however_narrow_their_interval() -> None:
    found = agreement.nominal([["a", "b"], ["b", "a"]])
    assert found.interval is not None
    assert found.interval.high - found.interval.low < 0.1
    assert in_words(found) == "too few items to tell: 2 items say little of the others"


def test_low_alpha_where_one_answer_dominates_is_not_taken_for_people_who_disagree() -> None:
    found = agreement.nominal([["a", "a"]] * 95 + [["a", "b"]] * 5)
    assert found.alpha is not None
    assert found.alpha < 0
    assert in_words(found).startswith("nearly all say the same")


def test_an_alpha_below_chance_has_a_minus_and_no_hyphen() -> None:
    assert [agreement.figure(value) for value in (0.517, -0.083, None)] == ["0.52", "−0.08", "–"]
