from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from labeler.domain.statistics.intervals import (
    clopper_pearson,
    clopper_pearson_lower,
    clopper_pearson_upper,
    holm,
    newcombe_independent,
    wilson,
)


def random_tables(count: int) -> list[tuple[int, int]]:
    random = np.random.default_rng(1)
    sizes = random.integers(1, 400, count)
    return [(int(random.integers(0, n + 1)), int(n)) for n in sizes]


@pytest.mark.parametrize(
    ("successes", "n", "printed"),
    [(81, 263, (0.2553, 0.3662)), (15, 148, (0.0624, 0.1605)), (0, 20, (0.0, 0.1611)), (1, 29, (0.0061, 0.1718))],
)
def test_wilson_gives_what_newcombe_1998_prints(successes: int, n: int, printed: tuple[float, float]) -> None:
    interval = wilson(successes, n)
    assert (round(interval.low, 4), round(interval.high, 4)) == printed


@pytest.mark.parametrize(
    ("successes", "n", "printed"),
    [(81, 263, (0.2527, 0.3676)), (15, 148, (0.0578, 0.1617)), (0, 20, (0.0, 0.1684)), (1, 29, (0.0009, 0.1776))],
)
def test_clopper_pearson_gives_what_newcombe_1998_prints(successes: int, n: int, printed: tuple[float, float]) -> None:
    interval = clopper_pearson(successes, n)
    assert (round(interval.low, 4), round(interval.high, 4)) == printed


@pytest.mark.parametrize(("ours", "theirs"), [(wilson, "wilson"), (clopper_pearson, "beta")])
def test_one_proportion_agrees_with_statsmodels_on_1000_tables(ours: object, theirs: str) -> None:
    assert callable(ours)
    for successes, n in random_tables(1000):
        interval = ours(successes, n, 0.9)
        assert (interval.low, interval.high) == pytest.approx(
            proportion_confint(successes, n, alpha=0.1, method=theirs), abs=1e-9
        )


def test_independent_newcombe_agrees_with_statsmodels() -> None:
    for (x1, n1), (x2, n2) in zip(random_tables(1000), reversed(random_tables(1000)), strict=True):
        interval = newcombe_independent(x1, n1, x2, n2)
        oracle = confint_proportions_2indep(x1, n1, x2, n2, method="newcomb")
        assert (interval.low, interval.high) == pytest.approx(oracle, abs=1e-9)


def test_a_one_sided_lower_bound_leaves_alpha_above_it() -> None:
    bound = clopper_pearson_lower(88, 100, 0.05)
    assert binom.sf(87, 100, bound) == pytest.approx(0.05, abs=1e-9)
    assert clopper_pearson_upper(12, 100, 0.05) == pytest.approx(1 - bound)


@pytest.mark.parametrize("families", [5, pytest.param(300, marks=pytest.mark.soak)])
def test_holm_agrees_with_statsmodels_on_families_of_up_to_50(families: int) -> None:
    random = np.random.default_rng(2)
    for size in (*random.integers(1, 51, families).tolist(), 50):
        p_values = np.round(random.uniform(0, 0.2, size), int(random.integers(2, 9))).tolist()  # some of them equal
        assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1].tolist())
    assert holm([]) == []


@given(st.integers(0, 300), st.integers(0, 300))
def test_every_interval_holds_its_estimate_and_is_finite(successes: int, more: int) -> None:
    n = successes + more
    for interval in (wilson(successes, n), clopper_pearson(successes, n)):
        assert 0 <= interval.low <= interval.high <= 1
        assert n == 0 or successes / n in interval
        assert interval.high - interval.low > 0
        assert not math.isnan(interval.low + interval.high)


def test_nothing_seen_means_everything_is_possible() -> None:
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0, 1)
    assert (clopper_pearson(0, 0).low, clopper_pearson(0, 0).high) == (0, 1)
    assert (newcombe_independent(0, 0, 3, 4).low, newcombe_independent(0, 0, 3, 4).high) == (-1, 1)


def test_all_right_is_not_a_hundred_per_cent() -> None:
    assert wilson(20, 20).low < 0.9
    assert clopper_pearson_lower(20, 20, 0.05) == pytest.approx(0.05 ** (1 / 20))
