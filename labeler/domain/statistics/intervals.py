"""Intervals for proportions, and corrections for many tests. Never Wald.

Counts may be fractional: a weighted sample enters with its effective size (see `gate_tally`). Degenerate counts give
an honest interval, never an exception or NaN: n = 0 gives all that is possible.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends belong to it."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


def normal_quantile(p: float) -> float:
    """The z below which a share `p` of the standard normal lies, 0 < p < 1."""
    return _NORMAL.inv_cdf(p)


def normal_cdf(z: float) -> float:
    """Share of the standard normal below `z`; infinite z give 0 and 1."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def wilson(successes: float, n: float, level: float = 0.95) -> Interval:
    """Wilson score interval for a proportion, in [0, 1]. Newcombe (1998), method 3. n = 0 gives (0, 1)."""
    if n <= 0:
        return Interval(0.0, 1.0)
    z = normal_quantile((1 + level) / 2)
    p = successes / n
    middle = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    # At 0 and 1 the ends are exact; rounding must not push them inside.
    low = 0.0 if successes <= 0 else max(0.0, (middle - half) / scale)
    high = 1.0 if successes >= n else min(1.0, (middle + half) / scale)
    return Interval(low, high)


def clopper_pearson(successes: float, n: float, level: float = 0.95) -> Interval:
    """Exact interval for a proportion: each tail holds at most (1 - level) / 2. n = 0 gives (0, 1)."""
    tail = (1 - level) / 2
    return Interval(clopper_pearson_lower(successes, n, tail), clopper_pearson_upper(successes, n, tail))


@lru_cache(maxsize=1 << 16)
def clopper_pearson_lower(successes: float, n: float, alpha: float) -> float:
    """One-sided exact lower bound: a true rate below it would give so many successes with probability < alpha."""
    from scipy.special import betaincinv

    if n <= 0 or successes <= 0:
        return 0.0
    return float(betaincinv(successes, n - successes + 1, alpha))


def clopper_pearson_upper(successes: float, n: float, alpha: float) -> float:
    """One-sided exact upper bound, the mirror of `clopper_pearson_lower`."""
    return 1.0 - clopper_pearson_lower(n - successes, n, alpha) if n > 0 else 1.0


def newcombe_independent(x1: float, n1: float, x2: float, n2: float, level: float = 0.95) -> Interval:
    """Interval for p1 - p2 of two independent samples. Newcombe (1998), method 10 of the unpaired paper."""
    if n1 <= 0 or n2 <= 0:
        return Interval(-1.0, 1.0)
    p1, p2 = x1 / n1, x2 / n2
    one, two = wilson(x1, n1, level), wilson(x2, n2, level)
    return Interval(
        p1 - p2 - math.hypot(p1 - one.low, two.high - p2),
        p1 - p2 + math.hypot(one.high - p1, p2 - two.low),
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values corrected step by step, in the order given: reject where one is <= the family's level. Holm (1979)."""
    corrected = [0.0] * len(p_values)
    worst = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        worst = max(worst, min(1.0, (len(p_values) - rank) * p_values[index]))
        corrected[index] = worst
    return corrected
