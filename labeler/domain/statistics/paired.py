"""Two models on the same items: tests and intervals for δ, the change of the pass rate.

Of n items, `b` are right with the new model only and `c` with the old one only; δ = (b - c) / n. Counts may be
fractional (effective counts of a weighted sample).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from labeler.domain.statistics.intervals import Interval, normal_cdf, normal_quantile, wilson

REMEMBERED = 1 << 16
"""Answers that are kept: cells of a gold set often hold the same few counts."""


@lru_cache(maxsize=REMEMBERED)
def mid_p_mcnemar(b: float, c: float) -> float:
    """One-sided mid-p McNemar test that the new model is worse: P(more than c) + ½ P(exactly c) among b + c fair coins.

    Fagerland, Lydersen and Laake (2013). The binomial tail is written as an incomplete beta function, which takes
    fractional counts too. b + c = 0 says nothing: 1.
    """
    from scipy.special import betainc

    if b + c <= 0:
        return 1.0
    at_least = float(betainc(c, b + 1, 0.5)) if c > 0 else 1.0
    more = float(betainc(c + 1, b, 0.5)) if b > 0 else 0.0
    return (at_least + more) / 2


def exact_mcnemar(b: int, c: int) -> float:
    """Two-sided exact McNemar test that the models are equally often right alone. McNemar (1947), binomial form.

    b + c = 0 says nothing: 1.
    """
    from scipy.special import bdtr

    return min(1.0, 2 * float(bdtr(min(b, c), b + c, 0.5))) if b + c > 0 else 1.0


def tango_variance(b: float, c: float, n: float, delta: float) -> float:
    """Variance of b - c for each item when the true change is `delta`, with the rest at its maximum likelihood.

    Tango (1998), equations 4 and 5. `b`, `c`, `n` may be shares of one (n = 1).
    """
    linear = (2 * n - b + c) * delta - b - c
    only_old = (math.sqrt(max(0.0, linear**2 + 8 * n * c * delta * (1 - delta))) - linear) / (4 * n)
    return max(0.0, 2 * only_old + delta * (1 - delta))


def tango_z(b: float, c: float, n: float, delta: float) -> float:
    """Tango's score statistic for a true change of `delta`: standard normal if it is, large if the change is above it.

    Raises ValueError for n <= 0.
    """
    if n <= 0:
        raise ValueError("a score test needs at least one item")
    excess = b - c - n * delta
    deviation = math.sqrt(n * tango_variance(b, c, n, delta))
    if deviation <= 1e-12 * n:
        return math.copysign(math.inf, excess) if abs(excess) > 1e-12 * n else 0.0
    return excess / deviation


def non_inferiority_p(b: float, c: float, n: float, margin: float) -> float:
    """One-sided p of "the new model loses `margin` or more". n = 0 or a margin of 0 or less is no evidence: 1."""
    if n <= 0 or margin <= 0:
        return 1.0
    return 1 - normal_cdf(tango_z(b, c, n, -margin))


def tango_interval(b: float, c: float, n: float, level: float = 0.95) -> Interval:
    """Score interval for δ: every change that `tango_z` does not reject. n = 0 gives (-1, 1)."""
    if n <= 0:
        return Interval(-1.0, 1.0)
    z = normal_quantile((1 + level) / 2)
    return Interval(tango_bound(b, c, n, -z), tango_bound(b, c, n, z))


@lru_cache(maxsize=REMEMBERED)
def tango_bound(b: float, c: float, n: float, z: float) -> float:
    """The end of the score interval on the side of `z`: negative gives the lower end, positive the upper one."""
    estimate = (b - c) / n

    def gap(delta: float) -> float:
        return (delta - estimate) * math.sqrt(n) - z * math.sqrt(tango_variance(b, c, n, delta))

    if z == 0:
        return estimate
    # Without discordant pairs the gap is 0 at the estimate too; the end that is meant lies beyond it.
    low, high = (min(1.0, estimate + 1e-9), 1.0) if z > 0 else (-1.0, max(-1.0, estimate - 1e-9))
    return _crossing(gap, low, high)


def newcombe_paired(both: float, b: float, c: float, neither: float, level: float = 0.95) -> Interval:
    """Interval for δ by the square-and-add method with φ corrected. Newcombe (1998), paired paper, method 10."""
    n = both + b + c + neither
    if n <= 0:
        return Interval(-1.0, 1.0)
    new, old = (both + b) / n, (both + c) / n
    new_interval, old_interval = wilson(both + b, n, level), wilson(both + c, n, level)
    phi = _corrected_phi(both, b, c, neither)
    delta = new - old

    def width(new_part: float, old_part: float) -> float:
        return math.sqrt(max(0.0, new_part**2 - 2 * phi * new_part * old_part + old_part**2))

    return Interval(
        max(-1.0, delta - width(new - new_interval.low, old_interval.high - old)),
        min(1.0, delta + width(new_interval.high - new, old - old_interval.low)),
    )


def _corrected_phi(both: float, b: float, c: float, neither: float) -> float:
    """Correlation of the two models' successes, drawn towards 0 where positive; 0 when a margin is empty."""
    n = both + b + c + neither
    margins = (both + b) * (c + neither) * (both + c) * (b + neither)
    if margins <= 0:
        return 0.0
    product = both * neither - b * c
    return (max(product - n / 2, 0.0) if product > 0 else product) / math.sqrt(margins)


def _crossing(gap: Callable[[float], float], low: float, high: float) -> float:
    """Where an increasing function crosses 0 between `low` and `high`, by the Illinois method, to 1e-12."""
    at_low, at_high = gap(low), gap(high)
    if at_low >= 0:
        return low
    if at_high <= 0:
        return high
    for _ in range(200):
        middle = high - at_high * (high - low) / (at_high - at_low)
        value = gap(middle)
        if abs(value) < 1e-13 or high - low < 1e-12:
            return middle
        if value < 0:
            low, at_low, at_high = middle, value, at_high / 2
        else:
            high, at_high, at_low = middle, value, at_low / 2
    return (low + high) / 2
