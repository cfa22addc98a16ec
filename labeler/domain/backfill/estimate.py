"""How many past decisions were wrong, and what they amount to: number, share and amount with 95 % intervals.

Per stratum the number is exact for the finite population (`inversion`), at the size that the sample is worth (`worth`).
Strata are added up by MOVER (Zou and Donner, 2008): distances from estimate to bound add as squares, since the samples
are independent. What is unresolved could be all right or all wrong and errs in one direction, so it adds up linearly;
how well reviewers are known to judge is the same in all strata and enters once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from labeler.domain.backfill.inversion import PERFECT, Reviewer, corrected
from labeler.domain.backfill.joint import Part, togetherness
from labeler.domain.backfill.worth import Inversion, StratumSample, Worth, total, worth_of
from labeler.domain.statistics.intervals import Interval, wilson


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

    @property
    def share_interval(self) -> Interval:
        """Everything is possible of nothing."""
        if not self.population:
            return Interval(0, 1)
        return Interval(self.interval.low / self.population, self.interval.high / self.population)


@dataclass(frozen=True, slots=True)
class StratumEstimate:
    """`number` has an interval that covers at least 95 %; `mid_p` one that covers 95 % on the average."""

    sample: StratumSample
    number: Figure
    mid_p: Figure
    amounts: dict[str, Figure]
    """By currency."""


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
    numbers = [s.counted() for s in strata]
    currencies = sorted({amount.currency for s in strata for amount in s.members if amount.currency})
    amounts = {currency: [s.of_currency(currency) for s in strata] for currency in currencies}
    everything = _total(numbers, error)
    contested = [s for s in numbers if s.contested]
    return Estimate(
        strata=tuple(
            StratumEstimate(
                s,
                _alone(number, error.reviewer, Inversion.EXACT),
                _alone(number, error.reviewer, Inversion.AVERAGE),
                {
                    currency: _alone(of[n], error.reviewer, Inversion.EACH_BOUND)
                    for currency, of in amounts.items()
                    if of[n].whole
                },
            )
            for n, (s, number) in enumerate(zip(strata, numbers, strict=True))
        ),
        contested=everything if len(contested) == len(numbers) else _total(contested, error),
        everything=everything,
        amounts={currency: _total(of, error, Inversion.EACH_BOUND) for currency, of in amounts.items()},
        error=error,
    )


def _part(s: StratumSample, reviewer: Reviewer, how: Inversion) -> Part:
    """A stratum by itself. With reviewers who do not err, what is known bounds it too."""
    least, most = 0.0, s.whole
    if reviewer == PERFECT:
        least = total(s.wrong) + total(s.wrong_aside)
        most = s.whole - total(s.upheld) - total(s.upheld_aside)
    worth = worth_of(s, s.wrong, s.upheld)
    if worth is None:
        return Part(s.whole, 0.5 * s.whole, Interval(0, s.whole), Interval(0, s.whole), None, Interval(least, most))
    chance = _scaled(worth, s.whole, reviewer, how)
    value = min(max(s.whole * corrected(worth.share, reviewer), chance.low), chance.high)
    return Part(s.whole, value, chance, _unresolved(s, chance, reviewer, how), worth, Interval(least, most))


def _unresolved(s: StratumSample, chance: Interval, reviewer: Reviewer, how: Inversion) -> Interval:
    """The bounds when all that is unresolved turns out right (low) or wrong (high)."""
    if not s.unresolved:
        return chance
    right = worth_of(s, s.wrong, (*s.upheld, *s.unresolved))
    wrong = worth_of(s, (*s.wrong, *s.unresolved), s.upheld)
    low = chance.low if right is None else _scaled(right, s.whole, reviewer, how).low
    high = chance.high if wrong is None else _scaled(wrong, s.whole, reviewer, how).high
    return Interval(min(low, chance.low), max(high, chance.high))


def _scaled(worth: Worth, whole: float, reviewer: Reviewer, how: Inversion) -> Interval:
    share = worth.bounds(reviewer, how)
    return Interval(share.low * whole, share.high * whole)


def _alone(s: StratumSample, reviewer: Reviewer, how: Inversion) -> Figure:
    part = _part(s, reviewer, how)
    value = None if part.worth is None else min(max(part.value, part.known.low), part.known.high)
    low, high = max(part.open.low, part.known.low), min(part.open.high, part.known.high)
    return Figure(value, Interval(low, high), part.whole)


def _total(strata: Sequence[StratumSample], error: ReviewerError, alone: Inversion = Inversion.AVERAGE) -> Figure:
    """`alone`: of one stratum nothing is added up, so that no more than its own bounds are asked for."""
    how = Inversion.EACH_BOUND if sum(s.whole > 0 for s in strata) > 1 else alone
    parts = [_part(s, error.reviewer, how) for s in strata]
    whole = sum(part.whole for part in parts)
    if not any(part.worth for part in parts):
        return Figure(None, Interval(0, whole), whole)
    parts = _filled(parts)
    value = sum(part.value for part in parts)
    together = togetherness(parts, error.reviewer)
    below = [together * (part.value - part.chance.low) for part in parts]
    above = [together * (part.chance.high - part.value) for part in parts]
    if error.known:
        start = _sum_of(parts, error.reviewer)
        for ends in error.others():
            moved = [_sum_of(parts, one) - start for one in ends if one.informative]
            below.append(max(0.0, -min(moved, default=0.0)))
            above.append(max(0.0, max(moved, default=0.0)))
    low = value - math.hypot(*below) - sum(part.chance.low - part.open.low for part in parts)
    high = value + math.hypot(*above) + sum(part.open.high - part.chance.high for part in parts)
    # Only here: a bound that is certain is not one of chance, whose distances may be added as squares.
    least, most = sum(part.known.low for part in parts), sum(part.known.high for part in parts)
    return Figure(min(max(value, least), most), Interval(max(least, low), min(most, high)), whole)


def _sum_of(parts: Sequence[Part], reviewer: Reviewer) -> float:
    return sum(part.whole * corrected(part.worth.share, reviewer) for part in parts if part.worth)


def _filled(parts: Sequence[Part]) -> list[Part]:
    """Where nothing was decided yet, the point is the share of the others; the interval is all that is possible."""
    known = [part for part in parts if part.worth]
    share = sum(part.value for part in known) / sum(part.whole for part in known)
    return [part if part.worth else part.unknown_but(share) for part in parts]
