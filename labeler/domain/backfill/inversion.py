"""How many of a finite population are wrong, from a sample of it judged by people who err.

The number of units called wrong is a hypergeometric count of truly wrong ones, each seen with probability
`sensitivity`, plus the right ones taken for wrong. Its exact distribution is inverted, so that the finite population
and the reviewers' error enter together and no normal approximation does. Without error it is the inverted
hypergeometric of Cochran (1977), section 3.6; its mean gives the correction of Rogan and Gladen (1978).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from labeler.domain.statistics.intervals import Interval

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Reviewer:
    """How often a wrong output is called wrong (sensitivity), and a right one right (specificity)."""

    sensitivity: float = 1.0
    specificity: float = 1.0

    @property
    def informative(self) -> bool:
        return self.sensitivity + self.specificity > 1


PERFECT = Reviewer()
_TIES = 1e-9
"""Tails that differ by less are as large as each other."""


def corrected(share: float, reviewer: Reviewer) -> float:
    """The share that is wrong when `share` is called wrong, within [0, 1]. Rogan and Gladen (1978)."""
    if not reviewer.informative:
        return share
    youden = reviewer.sensitivity + reviewer.specificity - 1
    return min(1.0, max(0.0, (share + reviewer.specificity - 1) / youden))


def wrong_in_population(
    called: int,
    n: int,
    population: int,
    *,
    reviewer: Reviewer = PERFECT,
    mid_p: bool = False,
    equal_tails: bool = False,
    between: bool = False,
    level: float = 0.95,
) -> Interval:
    """Interval for the number of wrong units among `population`, when `called` of `n` drawn ones were called wrong.

    From the first to the last number that Blaker (2000) does not rule out, which lies within the interval of equal
    tails: it covers at least `level`, whatever is true. `mid_p` counts half of the observed outcome's probability, and
    covers `level` on the average; with `equal_tails` each bound by itself, for who adds up distances to them.
    `between`: the units stand for others of unequal size, so that what is sought need not be a whole number of them,
    and the bounds lie where the probabilities do. n = 0 gives all that is possible.
    """
    if n <= 0 or not reviewer.informative:
        return Interval(0, population)
    left_out = 0.5 if mid_p else 0.0
    tails = _Tails(called, n, population, reviewer, left_out if equal_tails else 0.0, left_out)
    tail = (1 - level) / 2
    first, last = (called, population - (n - called)) if reviewer == PERFECT else (0, population)
    low = _smallest(lambda wrong: tails.at_least(wrong) > tail, first, last)
    high = population - _smallest(lambda right: tails.at_most(population - right) > tail, population - last, population)
    low, high = min(low, high), max(low, high)
    if equal_tails:
        return _bounds(low, high, (tails.at_least, tails.at_most), tail, (first, last), between=between)
    low = _inward(low, high, lambda near, far: tails.below(near, far) <= 2 * tail)
    high = _inward(high, low, lambda near, far: tails.above(near, far) <= 2 * tail)
    return _bounds(low, high, (tails.below, tails.above), 2 * tail, (first, last), between=between)


def _inward(start: int, end: int, ruled_out: Callable[[int, int], bool]) -> int:
    """The first number from `start` to `end` that is not ruled out; `ruled_out(near, far)` may say no of a stretch
    in which all are, but not of a single number.
    """
    way = 1 if end >= start else -1
    stretch, growing = 1, True
    while start != end:
        near = start + way * (min(stretch, abs(end - start)) - 1)
        if ruled_out(near, start):
            start = near + way
            stretch *= 2 if growing else 1
        elif stretch == 1:
            break
        else:
            stretch, growing = stretch // 2, False
    return start


_At = Callable[[int], float]


def _bounds(
    low: int, high: int, chances: tuple[_At, _At], least: float, possible: tuple[int, int], *, between: bool
) -> Interval:
    """Whole ones, or those where the chances become `least`; `possible` are the ends that nothing goes beyond."""
    if not between:
        return Interval(low, high)
    return Interval(
        _crossing(chances[0], low - 1, low, least) if low > possible[0] else low,
        _crossing(chances[1], high + 1, high, least) if high < possible[1] else high,
    )


def _crossing(tail_at: _At, outside: int, inside: int, tail: float) -> float:
    """Where between two neighbours, of which one is ruled out, the tail is as large as it may be."""
    out, within = tail_at(outside), tail_at(inside)
    part = (within - tail) / (within - out) if within > out else 0.0
    return inside + (outside - inside) * min(1.0, max(0.0, part))


class _Tails:
    """Probability of so many calls or fewer (more), for any number of wrong units in the population."""

    def __init__(
        self, called: int, n: int, population: int, reviewer: Reviewer, of_tails: float, of_blakers: float
    ) -> None:
        """How much of the observed outcome's probability is left out of equal tails, and of Blaker's chances."""
        self._called, self._n, self._population = called, n, population
        self._reviewer, self._share, self._of_blakers = reviewer, 1 - of_tails, of_blakers
        self._below, self._equal = _calls_given_wrong(called, n, reviewer)

    def at_most(self, wrong: int) -> float:
        drawn = self._drawn(wrong)
        return float(drawn @ self._below + self._share * (drawn @ self._equal))

    def at_least(self, wrong: int) -> float:
        drawn = self._drawn(wrong)
        return float(1 - drawn @ self._below - (1 - self._share) * (drawn @ self._equal))

    def below(self, near: int, far: int | None = None) -> float:
        """Blaker's chance of a number below what was observed; at least that of each from `far` up to `near`.

        It is the observed tail and, of the other side, the largest one that is no larger. Towards `near` the former
        grows, and so does what the latter may reach; towards `far` that one itself grows. For mid-p see Fagerland,
        Lydersen and Laake (2017), chapter 2.
        """
        drawn = self._drawn(near)
        observed = 1 - self._fewer(self._called, drawn)
        ties = observed * (1 + _TIES)
        left = _smallest(lambda left: self._fewer(self._called - left, drawn) <= ties, 0, self._called)
        other = self._fewer(self._called - left, self._drawn(near if far is None else far))
        return observed - self._left_out(drawn) + min(ties, other)

    def above(self, near: int, far: int | None = None) -> float:
        """The mirror of `below`: of a number above what was observed, and of each from `near` up to `far`."""
        drawn = self._drawn(near)
        observed = self._fewer(self._called + 1, drawn)
        ties = observed * (1 + _TIES)
        calls = _smallest(lambda calls: 1 - self._fewer(calls, drawn) <= ties, self._called + 1, self._n + 1)
        other = 1 - self._fewer(calls, self._drawn(near if far is None else far))
        return observed - self._left_out(drawn) + min(ties, other)

    def _left_out(self, drawn: NDArray[float64]) -> float:
        return float(self._of_blakers * (drawn @ self._equal))

    def _fewer(self, than: int, drawn: NDArray[float64]) -> float:
        if than > self._n:
            return 1.0
        return float(drawn @ _calls_given_wrong(than, self._n, self._reviewer)[0])

    def _drawn(self, wrong: int) -> NDArray[float64]:
        """Probability that k = 0 … n of the drawn units are wrong: shape (n + 1,)."""
        import numpy as np
        from scipy.special import gammaln

        k = np.arange(self._n + 1)
        right = self._population - wrong
        possible = (k <= wrong) & (self._n - k <= right)
        k = k[possible]

        def log_choose(of: int, some: NDArray[int64] | int) -> NDArray[float64]:
            made: NDArray[float64] = gammaln(of + 1) - gammaln(np.asarray(some) + 1) - gammaln(of - some + 1)
            return made

        chances = np.zeros(self._n + 1)
        chances[possible] = np.exp(
            log_choose(wrong, k) + log_choose(right, self._n - k) - log_choose(self._population, self._n)
        )
        return chances


@lru_cache(maxsize=1024)
def _calls_given_wrong(called: int, n: int, reviewer: Reviewer) -> tuple[NDArray[float64], NDArray[float64]]:
    """For k = 0 … n wrong units drawn: probability of fewer calls than `called`, and of exactly so many."""
    import numpy as np

    k = np.arange(n + 1)
    if reviewer == PERFECT:
        return (k < called).astype(float), (k == called).astype(float)
    seen = np.arange(called + 1)[:, None]
    hit = _binomial(seen, k, reviewer.sensitivity)
    alarm = _binomial(np.arange(called + 1)[:, None], n - k, 1 - reviewer.specificity)
    fewer = np.vstack([np.zeros(n + 1), np.cumsum(alarm, axis=0)[:-1]])
    return (hit * fewer[::-1]).sum(axis=0), (hit * alarm[::-1]).sum(axis=0)


def _binomial(seen: NDArray[int64], of: NDArray[int64], p: float) -> NDArray[float64]:
    """Probability of `seen` among `of`; 0 where that is impossible."""
    import numpy as np
    from scipy.special import gammaln, xlog1py, xlogy

    rest = np.maximum(of - seen, 0)
    log = gammaln(of + 1) - gammaln(seen + 1) - gammaln(rest + 1) + xlogy(seen, p) + xlog1py(rest, -p)
    made: NDArray[float64] = np.where(seen <= of, np.exp(log), 0.0)
    return made


def _smallest(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The smallest number of low … high for which a condition that never fails again holds; `high` if none before."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
