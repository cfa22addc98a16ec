from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import binom, norm
from statsmodels.stats.contingency_tables import mcnemar

from labeler.domain.statistics.paired import (
    exact_mcnemar,
    mid_p_mcnemar,
    newcombe_paired,
    non_inferiority_p,
    tango_interval,
    tango_variance,
    tango_z,
)
from labeler.domain.statistics.power import discordance, items_to_ship_unchanged

# Bentur et al. (2009), the worked example of Fagerland, Lydersen and Laake (2013, 2014): both 1, 1, 7, neither 12.
BENTUR = {"both": 1, "b": 1, "c": 7, "neither": 12}


def test_mid_p_gives_what_fagerland_2013_prints() -> None:
    assert round(2 * mid_p_mcnemar(1, 7), 4) == 0.0391


def test_tango_gives_what_fagerland_2014_prints() -> None:
    interval = tango_interval(1, 7, 21)
    assert (round(interval.low, 3), round(interval.high, 3)) == (-0.517, -0.026)


def test_tango_gives_what_tango_1998_prints_for_44_contact_lens_wearers() -> None:
    interval = tango_interval(0, 1, 44, level=0.90)
    assert (round(interval.low, 3), round(interval.high, 3)) == (-0.096, 0.037)


def test_newcombe_gives_what_is_printed() -> None:
    bentur = newcombe_paired(**BENTUR)
    assert (round(bentur.low, 3), round(bentur.high, 3)) == (-0.507, -0.026)
    table_2 = newcombe_paired(36, 12, 2, 0)  # Newcombe (1998), Statistics in Medicine 17:2635
    assert (round(table_2.low, 4), round(table_2.high, 4)) == (0.0569, 0.3404)


def test_mid_p_is_the_exact_tail_less_half_a_point() -> None:
    for b in range(12):
        for c in range(12):
            if b + c:
                exact = binom.sf(c, b + c, 0.5) + 0.5 * binom.pmf(c, b + c, 0.5)
                assert mid_p_mcnemar(b, c) == pytest.approx(exact, abs=1e-12)
                two_sided = mcnemar([[0, b], [c, 0]], exact=True).pvalue
                assert 2 * min(mid_p_mcnemar(b, c), mid_p_mcnemar(c, b)) <= two_sided + 1e-12


def test_exact_mcnemar_agrees_with_statsmodels_and_says_nothing_of_nothing() -> None:
    random = np.random.default_rng(4)
    for b, c in random.integers(0, 60, (1000, 2)).tolist():
        if b + c:
            assert exact_mcnemar(b, c) == pytest.approx(mcnemar([[0, b], [c, 0]], exact=True).pvalue, abs=1e-12)
    assert exact_mcnemar(0, 0) == 1


def likelihood_of_only_old(b: int, c: int, n: int, delta: float) -> float:
    """The share of "only old right" that makes the data likeliest when the true change is delta, by brute force."""

    def unlikely(q: float) -> float:
        shares = (q + delta, q, 1 - 2 * q - delta)
        terms = zip((b, c, n - b - c), shares, strict=True)
        return -sum(k * math.log(s) for k, s in terms if k) if min(shares) > 0 else math.inf

    low, high = max(0.0, -delta), (1 - delta) / 2
    return float(minimize_scalar(unlikely, bounds=(low, high), method="bounded", options={"xatol": 1e-10}).x)


@pytest.mark.parametrize(("b", "c", "n"), [(3, 9, 60), (12, 5, 150), (1, 0, 40), (0, 4, 33), (20, 20, 90)])
@pytest.mark.parametrize("delta", [-0.2, -0.05, -0.02, 0.03])
def test_tangos_variance_is_that_of_the_numeric_maximum_likelihood(b: int, c: int, n: int, delta: float) -> None:
    q = likelihood_of_only_old(b, c, n, delta)
    assert tango_variance(b, c, n, delta) == pytest.approx(2 * q + delta * (1 - delta), abs=2e-6)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 200))
def test_the_interval_is_what_the_test_does_not_reject(b: int, c: int, rest: int) -> None:
    n = b + c + rest
    interval = tango_interval(b, c, n)
    assert -1 <= interval.low <= interval.high <= 1
    if not n:
        return
    assert interval.low < interval.high
    assert (b - c) / n in interval
    z = norm.ppf(0.975)
    if interval.low > -1:
        assert tango_z(b, c, n, interval.low) == pytest.approx(z, abs=1e-4)
    if interval.high < 1:
        assert tango_z(b, c, n, interval.high) == pytest.approx(-z, abs=1e-4)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 80), st.integers(0, 80))
def test_exchanging_the_models_mirrors_every_interval(b: int, c: int, both: int, neither: int) -> None:
    n = both + b + c + neither
    forward, back = tango_interval(b, c, n), tango_interval(c, b, n)
    assert (forward.low, forward.high) == pytest.approx((-back.high, -back.low), abs=1e-8)
    there, again = newcombe_paired(both, b, c, neither), newcombe_paired(both, c, b, neither)
    assert (there.low, there.high) == pytest.approx((-again.high, -again.low), abs=1e-9)


def test_at_a_change_of_0_the_score_test_is_mcnemars() -> None:
    assert tango_z(12, 5, 100, 0) == pytest.approx((12 - 5) / math.sqrt(12 + 5))


def test_no_discordant_pair_is_not_certainty() -> None:
    interval = tango_interval(0, 0, 100)
    assert interval.low < -0.03
    assert interval.high > 0.03
    assert mid_p_mcnemar(0, 0) == 1
    assert newcombe_paired(10, 0, 0, 0).low < 0
    assert tango_interval(5, 0, 5).low < 1


def test_no_items_say_nothing() -> None:
    assert (tango_interval(0, 0, 0).low, tango_interval(0, 0, 0).high) == (-1, 1)
    assert (newcombe_paired(0, 0, 0, 0).low, newcombe_paired(0, 0, 0, 0).high) == (-1, 1)
    assert non_inferiority_p(0, 0, 0, 0.05) == 1
    assert non_inferiority_p(9, 0, 100, 0) == 1


def test_fractional_counts_lie_between_whole_ones() -> None:
    assert mid_p_mcnemar(3, 8) < mid_p_mcnemar(3, 7.5) < mid_p_mcnemar(3, 7)
    assert tango_interval(3, 7, 80).low > tango_interval(3, 7.5, 80).low > tango_interval(3, 8, 80).low


def exact_size(n: int, margin: float, discordant: float, alpha: float) -> float:
    """Probability that a model exactly at the margin ships, over every outcome of n items."""
    only_new, only_old = (discordant - margin) / 2, (discordant + margin) / 2
    size = 0.0
    for b in range(n + 1):
        at_b = float(binom.pmf(b, n, only_new))
        if at_b < 1e-9:
            continue
        c = 0  # the p-value grows with c: find where it stops being significant
        while c <= n - b and non_inferiority_p(b, c, n, margin) <= alpha:
            c += 1
        size += at_b * float(binom.cdf(c - 1, n - b, only_old / (1 - only_new)))
    return size


@pytest.mark.parametrize("n", [60, 100, 200, 400])
@pytest.mark.parametrize(("margin", "discordant"), [(0.02, 0.03), (0.03, 0.08), (0.05, 0.06), (0.05, 0.15)])
def test_the_exact_size_of_the_non_inferiority_test_stays_below_5_2_per_cent(
    n: int, margin: float, discordant: float
) -> None:
    assert exact_size(n, margin, discordant, alpha=0.04) <= 0.052


@pytest.mark.parametrize("n", [20, 30, 40])
@pytest.mark.parametrize(("margin", "discordant"), [(0.10, 0.15), (0.10, 0.25), (0.15, 0.151), (0.15, 0.3)])
def test_at_the_margins_of_the_pilot_20_items_keep_the_size_below_5_per_cent(
    n: int, margin: float, discordant: float
) -> None:
    assert exact_size(n, margin, discordant, alpha=0.04) <= 0.05


def test_the_sample_size_reaches_its_power_by_simulation() -> None:
    share, margin, alpha, power = 0.1, 0.05, 0.04, 0.8
    n = items_to_ship_unchanged(share, margin, alpha, power)
    counts = np.random.default_rng(3).multinomial(n, [share / 2, share / 2, 1 - share], size=2000)
    shipped = np.mean([non_inferiority_p(int(b), int(c), n, margin) <= alpha for b, c, _ in counts])
    assert shipped == pytest.approx(power, abs=0.035)


def test_more_power_or_a_tighter_margin_needs_more_items() -> None:
    base = items_to_ship_unchanged(0.1, 0.05, 0.04, 0.8)
    assert items_to_ship_unchanged(0.1, 0.05, 0.04, 0.9) > base
    assert items_to_ship_unchanged(0.1, 0.03, 0.04, 0.8) > base
    assert items_to_ship_unchanged(0.2, 0.05, 0.04, 0.8) > base
    with pytest.raises(ValueError, match="margin"):
        items_to_ship_unchanged(0.1, 0.0, 0.04, 0.8)


def test_the_discordance_is_never_0_before_it_is_known() -> None:
    assert 0 < discordance(0, 0, 100) < 0.01
    assert discordance(0, 0, 0) == 0.5
