"""What a sample of decisions is worth: as if so many equal units had been drawn, one by one, from so many.

Decisions are drawn by chance, and reviewed item by item: a look at an item decides all the decisions on it, alike. So
there are two phases. The first is a simple random sample of decisions, the second one of the items that they lie on, in
the order of review. Each adds its variance, by the share's p (1 - p): the first that of the decisions that were not
drawn, the second that of the drawn ones that nobody looked at yet, between items (ultimate clusters; Lohr 2010, 5.2 and
6.4). The effective size is what a simple random sample would need for the same variance (Kish 1965; Korn and Graubard
1998); where every item has one decision and all count alike, it is the size itself, and where all is reviewed the
second phase is over.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import NamedTuple

from labeler.domain.backfill.inversion import PERFECT, Reviewer, wrong_in_population
from labeler.domain.statistics.intervals import Interval

_MANY = 10**6
_NONE = 1e-12
_OTHERS = 4
_LEAST_LEFT = 1e-6
"""Of what was looked at, when one amount is left out that is nearly all of it."""


class Inversion(Enum):
    """Which numbers an interval leaves out."""

    EXACT = auto()
    """Covers at least 95 %, whatever is true."""
    AVERAGE = auto()
    """Covers 95 % on the average: mid-p."""
    EACH_BOUND = auto()
    """So, with 2.5 % on either side: distances to such bounds can be added up as squares."""


class Amount(NamedTuple):
    """What a decision counts, and the item that it rests on; `currency` is empty when it has no amount."""

    value: float
    currency: str
    item: str


Amounts = tuple[Amount, ...]
_Change = Callable[[Amounts], Amounts]


@dataclass(frozen=True)
class StratumSample:
    """What is known of a stratum: every member, and of the sample what was decided and what was not."""

    name: str
    contested: bool
    members: Amounts
    wrong: Amounts = ()
    upheld: Amounts = ()
    unresolved: Amounts = ()
    """Looked at without an answer: undecidable, or reviewers do not agree (yet)."""
    pending: Amounts = ()
    """Drawn and not looked at yet."""
    wrong_aside: Amounts = ()
    """Found wrong without having been drawn: no evidence of the rest, but known."""
    upheld_aside: Amounts = ()

    @property
    def decided(self) -> int:
        return len(self.wrong) + len(self.upheld)

    @property
    def drawn(self) -> Amounts:
        return (*self.wrong, *self.upheld, *self.unresolved, *self.pending)

    @cached_property
    def whole(self) -> float:
        return total(self.members)

    @cached_property
    def squares(self) -> float:
        return _squares(amount.value for amount in self.members)

    def counted(self) -> StratumSample:
        """The same with every decision as one."""
        return self._each(lambda listed: tuple(amount._replace(value=1.0) for amount in listed))

    def of_currency(self, currency: str) -> StratumSample:
        """The part in one currency: given how many were drawn, a random sample of its own."""
        return self._each(lambda listed: tuple(amount for amount in listed if amount.currency == currency))

    def _each(self, change: _Change) -> StratumSample:
        parts = (self.members, self.wrong, self.upheld, self.unresolved, self.pending)
        aside = (self.wrong_aside, self.upheld_aside)
        return StratumSample(self.name, self.contested, *map(change, (*parts, *aside)))


def total(amounts: Iterable[Amount]) -> float:
    """The sum of their values."""
    return math.fsum(amount.value for amount in amounts)


@dataclass(frozen=True, slots=True)
class Worth:
    """A sample by its value: `share` of what was looked at was called wrong.

    Variances are those of the estimated share, over share (1 - share).
    """

    share: float
    seen: float
    """The part of the whole that was looked at."""
    drawing: float
    """Variance of the first phase: which decisions were drawn."""
    order: Mapping[str, float]
    """By item, how much it would move the estimated share, were it called otherwise: variance of the second phase."""
    roughness: float
    """How much more the items differ than if being wrong had nothing to do with how much lies on them; at least 1."""
    calls: Mapping[str, float]
    """By item, its part of what was looked at: reviewers err by item."""

    @property
    def variance(self) -> float:
        return self.drawing + self.roughness * _squares(self.order.values())

    def bounds(self, reviewer: Reviewer, how: Inversion) -> Interval:
        """Of the share that is truly wrong in the whole: the exact ones at the effective size."""
        variance = self.variance
        if reviewer == PERFECT:
            if variance <= _NONE:
                return Interval(self.share, self.share)
            n = (1 - self.seen) / variance
            return _between(self.share, n, n / self.seen, reviewer, how)
        by_call = _squares(self.calls.values())
        left = max(by_call - variance, 1 / _MANY)
        return _between(self.share, 1 / max(by_call, variance), 1 / left, reviewer, how)


def worth_of(sample: StratumSample, wrong: Amounts, right: Amounts) -> Worth | None:
    """What the sample is worth when these were called so; None when they have no value."""
    looked = total(wrong) + total(right)
    if sample.whole <= 0 or looked <= 0:
        return None
    seen, called = by_item((*wrong, *right)), by_item(wrong)
    share = min(1.0, total(wrong) / looked)
    drawn = sample.drawn
    both = by_item(drawn)
    in_sample = total(drawn)
    unseen = {item: value - seen.get(item, 0.0) for item, value in both.items()}
    waiting = in_sample - looked
    order = {
        item: (seen.get(item, 0.0) * waiting / looked - unseen[item]) / in_sample
        for item in both
        if waiting > _NONE * in_sample
    }
    return Worth(
        share,
        min(1.0, looked / sample.whole),
        _drawing(sample, drawn, in_sample) * _unevenness(wrong, right, share),
        order,
        _roughness(seen, called, share),
        {item: value / looked for item, value in seen.items()},
    )


def _drawing(sample: StratumSample, drawn: Amounts, in_sample: float) -> float:
    """For a simple random sample of equal decisions 1 / n - 1 / N (Cochran 1977, 2.13)."""
    rest = max(0.0, sample.whole - in_sample)
    if rest <= _NONE * sample.whole:
        return 0.0
    squares = _squares(amount.value for amount in drawn)
    return ((rest / in_sample) ** 2 * squares + max(0.0, sample.squares - squares)) / sample.whole**2


def _unevenness(wrong: Amounts, right: Amounts, share: float) -> float:
    """How much more, or less, decisions differ than if being wrong had nothing to do with the amount; 1 where all count
    alike.

    By the delete-one jackknife of a ratio estimator (Cochran 1977, 6.17; Wolter 2007, 4.3), since one large amount
    draws the ratio to itself, and its own residual says too little of that.
    """
    looked, n = total(wrong) + total(right), len(wrong) + len(right)
    if not 0 < share < 1:
        return 1.0
    without = [((1 - share) * value, max(_LEAST_LEFT, 1 - value / looked)) for value, _, _ in wrong]
    without += [(share * value, max(_LEAST_LEFT, 1 - value / looked)) for value, _, _ in right]
    jackknifed = ((n - 1) / n) ** 2 * _squares(residual / left for residual, left in without)
    usual = share * (1 - share) * (_squares(a.value for a in wrong) + _squares(a.value for a in right))
    return _damped(jackknifed / usual, min(len(wrong), len(right)))


def _damped(ratio: float, rarer: int) -> float:
    """A ratio that was seen on so many of the rarer kind counts as far as they go against a few more, whose ratio is 1:
    as many as Agresti and Coull (1998) add to a sample.
    """
    return 1 + (ratio - 1) * rarer / (rarer + _OTHERS)


def _roughness(seen: Mapping[str, float], called: Mapping[str, float], share: float) -> float:
    """The linearised variance between items over that of equal ones (Lohr 2010, 5.17)."""
    if len(seen) < 2 or not 0 < share < 1:
        return 1.0
    residuals = _squares(called.get(item, 0.0) - share * value for item, value in seen.items())
    usual = share * (1 - share) * _squares(seen.values())
    ratio = residuals / usual * len(seen) / (len(seen) - 1)
    return max(1.0, _damped(ratio, min(len(called), len(seen) - len(called))))


def by_item(amounts: Iterable[Amount]) -> dict[str, float]:
    """The values, those of one item as one."""
    together: dict[str, float] = {}
    for value, _currency, item in amounts:
        together[item] = together.get(item, 0.0) + value
    return together


def _between(share: float, n: float, population: float, reviewer: Reviewer, how: Inversion) -> Interval:
    """Bounds for a size and a number of calls that need not be whole: between those of the whole ones around them."""
    n = max(1.0, n)
    low = high = 0.0
    between = not (_is_whole(n) and _is_whole(population) and _is_whole(share * n))
    for size, weight in _whole_ones(n):
        among = max(size, round(population * size / n))
        for called, part in _whole_ones(share * size):
            found = wrong_in_population(
                min(called, size),
                size,
                among,
                reviewer=reviewer,
                mid_p=how is not Inversion.EXACT,
                equal_tails=how is Inversion.EACH_BOUND,
                between=between,
            )
            low += weight * part * found.low / among
            high += weight * part * found.high / among
    return Interval(low, high)


def _is_whole(x: float) -> bool:
    return abs(x - round(x)) < 1e-6 * max(1.0, x)


def _whole_ones(x: float) -> list[tuple[int, float]]:
    """The whole numbers around x, with the weights that give x."""
    below = math.floor(x + 1e-7)
    part = x - below
    return [(below, 1.0)] if part < 1e-7 else [(below, 1 - part), (below + 1, part)]


def _squares(values: Iterable[float]) -> float:
    return math.fsum(value * value for value in values)
