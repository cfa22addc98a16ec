"""How many past decisions were wrong, and what they amount to: number, share and amount with 95 % intervals.

Per stratum the number is exact for the finite population (`inversion`). Strata are added up by MOVER (Zou and
Donner, 2008): distances from estimate to bound add as squares, since the samples are independent. What is unresolved
could be all right or all wrong and errs in one direction, so it adds up linearly; how well reviewers are known to judge
is the same in all strata and enters once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from labeler.domain.backfill.clusters import Amount, by_item, design_effect, evidence
from labeler.domain.backfill.inversion import PERFECT, Reviewer, corrected, wrong_in_population
from labeler.domain.statistics import Interval, normal_quantile, wilson


@dataclass(frozen=True, slots=True)
class StratumSample:
    """What is known of a stratum: every member's amount, and of the sample what was decided and what was not."""

    name: str
    contested: bool
    members: tuple[Amount, ...]
    wrong: tuple[Amount, ...] = ()
    upheld: tuple[Amount, ...] = ()
    unresolved: tuple[Amount, ...] = ()
    """Looked at without an answer: undecidable, or reviewers do not agree (yet)."""
    pending: int = 0
    """Drawn and not looked at yet: what was looked at is then a sample of items."""

    @property
    def effect(self) -> float:
        """How many decisions that were looked at say as much as one."""
        return design_effect((*self.wrong, *self.upheld, *self.unresolved)) if self.pending else 1.0

    @property
    def decided(self) -> int:
        return len(self.wrong) + len(self.upheld)


@dataclass(frozen=True, slots=True)
class ReviewerError:
    """How reviewers did on records whose truth is known: wrong ones caught, right ones passed. (0, 0) is not known."""

    caught: tuple[int, int] = (0, 0)
    passed: tuple[int, int] = (0, 0)

    @property
    def known(self) -> bool:
        return self.caught[1] > 0 and self.passed[1] > 0

    @property
    def reviewer(self) -> Reviewer:
        if not self.known:
            return PERFECT
        return Reviewer(self.caught[0] / self.caught[1], self.passed[0] / self.passed[1])

    def others(self) -> tuple[tuple[Reviewer, Reviewer], tuple[Reviewer, Reviewer]]:
        """Reviewers at the ends of the intervals: of the sensitivity (low, high), and of the specificity."""
        middle, caught, passed = self.reviewer, wilson(*self.caught), wilson(*self.passed)
        return (
            (Reviewer(caught.low, middle.specificity), Reviewer(caught.high, middle.specificity)),
            (Reviewer(middle.sensitivity, passed.low), Reviewer(middle.sensitivity, passed.high)),
        )


UNMEASURED = ReviewerError()


@dataclass(frozen=True, slots=True)
class Figure:
    """An estimate with its 95 % interval, out of `population`; `value` is None when nothing says anything about it."""

    value: float | None
    interval: Interval
    population: float

    @property
    def share(self) -> float | None:
        return self.value / self.population if self.value is not None and self.population else None


@dataclass(frozen=True, slots=True)
class StratumEstimate:
    sample: StratumSample
    number: Figure


@dataclass(frozen=True, slots=True)
class Estimate:
    """`everything` holds no uncontested decision when none is in the sample: then it is wrong among contested."""

    strata: tuple[StratumEstimate, ...]
    contested: Figure
    everything: Figure
    amounts: dict[str, Figure]
    """By currency, of all strata."""
    error: ReviewerError

    @property
    def among_contested_only(self) -> bool:
        return all(stratum.sample.contested for stratum in self.strata)


def estimate(strata: Sequence[StratumSample], error: ReviewerError = UNMEASURED) -> Estimate:
    """What the samples say. Strata of which nothing was decided yet count with everything that is possible."""
    found = tuple(StratumEstimate(s, _stratum_number(s, error.reviewer)) for s in strata)
    currencies = sorted({amount.currency for s in strata for amount in s.members if amount.currency})
    return Estimate(
        strata=found,
        contested=_total([s for s in strata if s.contested], error, _number, _wrong_number),
        everything=_total(strata, error, _number, _wrong_number),
        amounts={
            currency: _total([_of_currency(s, currency) for s in strata], error, _amount, _wrong_amount)
            for currency in currencies
        },
        error=error,
    )


class _Part(NamedTuple):
    """A stratum's share in a total: point, bounds by chance alone, and how far the unresolved could move them."""

    value: float
    low: float
    high: float
    unresolved_low: float
    unresolved_high: float
    size: float
    known: bool


_Value = Callable[[StratumSample, Reviewer], float]
_Measure = Callable[[StratumSample, Reviewer], _Part]


def _total(strata: Sequence[StratumSample], error: ReviewerError, measure: _Measure, value_of: _Value) -> Figure:
    parts = [measure(stratum, error.reviewer) for stratum in strata]
    size = sum(part.size for part in parts)
    if not any(part.known and part.size > 0 for part in parts):
        return Figure(None, Interval(0, size), size)
    parts = _filled(parts)
    value = sum(part.value for part in parts)
    below = [part.value - part.low for part in parts]
    above = [part.high - part.value for part in parts]
    if error.known:
        start = _sum_of(strata, error.reviewer, value_of)
        for ends in error.others():
            moved = [_sum_of(strata, one, value_of) - start for one in ends if one.informative]
            below.append(max(0.0, -min(moved, default=0.0)))
            above.append(max(0.0, max(moved, default=0.0)))
    low = value - math.hypot(*below) - sum(part.unresolved_low for part in parts)
    high = value + math.hypot(*above) + sum(part.unresolved_high for part in parts)
    return Figure(value, Interval(max(0.0, low), min(size, high)), size)


def _sum_of(strata: Sequence[StratumSample], reviewer: Reviewer, value_of: _Value) -> float:
    return sum(value_of(stratum, reviewer) for stratum in strata if stratum.decided)


def _filled(parts: Sequence[_Part]) -> list[_Part]:
    """Where nothing was decided yet, the point is the share of the others; the interval is all that is possible."""
    known = [part for part in parts if part.known and part.size > 0]
    share = sum(part.value for part in known) / sum(part.size for part in known) if known else 0.5
    return [part if part.known else _nothing_known(part.size, share) for part in parts]


def _nothing_known(size: float, share: float = 0.5) -> _Part:
    return _Part(share * size, share * size, share * size, share * size, (1 - share) * size, size, known=False)


def _stratum_number(s: StratumSample, reviewer: Reviewer) -> Figure:
    """Exact: at least 95 %, whatever the unresolved turn out to be."""
    low, high = _bounds(s, reviewer, unresolved=True)
    value = len(s.members) * corrected(len(s.wrong) / s.decided, reviewer) if s.decided else None
    return Figure(value, Interval(low, high), len(s.members))


def _bounds(s: StratumSample, reviewer: Reviewer, *, unresolved: bool, mid_p: bool = False) -> tuple[float, float]:
    """Of the number of wrong ones. With `unresolved`, those all turn out right below and wrong above."""
    unsure, population, effect = len(s.unresolved) if unresolved else 0, len(s.members), s.effect
    n = s.decided + unsure
    least, most = evidence(len(s.wrong), n, effect), evidence(len(s.wrong) + unsure, n, effect)
    low = wrong_in_population(least.low, least.n, population, reviewer=reviewer, mid_p=mid_p).low
    high = wrong_in_population(most.high, most.n, population, reviewer=reviewer, mid_p=mid_p).high
    if reviewer == PERFECT and effect > 1:  # what was seen is known, however little it says of the rest
        return max(low, len(s.wrong)), min(high, population - len(s.upheld))
    return low, high


def _wrong_number(s: StratumSample, reviewer: Reviewer) -> float:
    population = len(s.members)
    return population * corrected(len(s.wrong) / s.decided, reviewer) if s.decided else 0.0


def _wrong_amount(s: StratumSample, reviewer: Reviewer) -> float:
    whole, wrong = _sum(s.members), _sum(s.wrong)
    seen = wrong + _sum(s.upheld)
    return whole * corrected(wrong / seen, reviewer) if seen > 0 else 0.0


def _number(s: StratumSample, reviewer: Reviewer) -> _Part:
    population = len(s.members)
    if not s.decided:
        return _nothing_known(population)
    chance_low, chance_high = _bounds(s, reviewer, unresolved=False, mid_p=True)
    value = min(max(_wrong_number(s, reviewer), chance_low), chance_high)
    if not s.unresolved:
        return _Part(value, chance_low, chance_high, 0, 0, population, known=True)
    low, high = _bounds(s, reviewer, unresolved=True, mid_p=True)
    below, above = max(0.0, chance_low - low), max(0.0, high - chance_high)
    return _Part(value, chance_low, chance_high, below, above, population, known=True)


def _of_currency(s: StratumSample, currency: str) -> StratumSample:
    """The part of a stratum in one currency: given how many were drawn, a random sample of its own."""

    def only(amounts: Iterable[Amount]) -> tuple[Amount, ...]:
        return tuple(amount for amount in amounts if amount.currency == currency)

    return StratumSample(
        s.name, s.contested, only(s.members), only(s.wrong), only(s.upheld), only(s.unresolved), s.pending
    )


def _amount(s: StratumSample, reviewer: Reviewer) -> _Part:
    """What was wrong among the decided, and of the rest the wrong share of the decided amount (ratio estimator).

    The interval is Wilson's at the effective size of Kish (1965), smaller still where few were drawn: one decision of
    a million among a thousand of ten says as little as it should.
    """
    whole, wrong, unsure = _sum(s.members), _sum(s.wrong), _sum(s.unresolved)
    seen = wrong + _sum(s.upheld)
    if whole <= 0 or seen <= 0:
        return _nothing_known(whole)
    rest = whole - seen
    share = wrong / seen
    clusters = by_item((*s.wrong, *s.upheld)) if s.pending else [a.value for a in (*s.wrong, *s.upheld)]
    size = seen**2 / sum(value**2 for value in clusters) * _for_few(len(clusters))
    if reviewer == PERFECT:
        squares = _squares(s.members) - _squares(s.wrong) - _squares(s.upheld)
        both = 1 / (1 / size + max(squares, 0.0) / rest**2) if rest > 1e-9 * whole else math.inf
        bounds = wilson(share * both, both) if both < math.inf else Interval(share, share)
        value, low, high = (wrong + rest * s_ for s_ in (share, bounds.low, bounds.high))
    else:
        bounds = wilson(share * size, size)
        value, low, high = (whole * corrected(s_, reviewer) for s_ in (share, bounds.low, bounds.high))
    spread = whole / (seen + unsure) * unsure if unsure else 0.0
    return _Part(value, low, high, spread * share, spread * (1 - share), whole, known=True)


def _for_few(n: int) -> float:
    """What is left of an effective size when its variance comes from `n` units. Korn and Graubard (1998)."""
    from scipy.special import stdtrit

    return (normal_quantile(0.975) / float(stdtrit(n - 1, 0.975))) ** 2 if n > 1 else 0.25


def _sum(amounts: Iterable[Amount]) -> float:
    return sum(amount.value for amount in amounts)


def _squares(amounts: Iterable[Amount]) -> float:
    return sum(amount.value**2 for amount in amounts)
