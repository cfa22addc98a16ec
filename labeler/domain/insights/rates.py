"""Old against new: pass rates, their change, and what flipped, each with its interval and the items behind it."""

from __future__ import annotations

from dataclasses import dataclass

from labeler.domain.gate.tally import Tally
from labeler.domain.items import Side
from labeler.domain.statistics.intervals import Interval, wilson
from labeler.domain.statistics.paired import exact_mcnemar, tango_interval


@dataclass(frozen=True, slots=True)
class Rate:
    """A pass rate, weighted by how items were drawn, with its 95 % interval (Wilson, of the effective size)."""

    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Change:
    """Two models on the same `n` items. Fractions of 1; None where there is no item: undefined, not zero."""

    n: int
    old: Rate | None
    new: Rate | None
    delta: float | None
    interval: Interval
    """95 % interval of the change (Tango); all that is possible without items."""
    flips_alone: bool
    """Nothing was drawn at random: the rates are those of flips, not of the traffic."""

    @property
    def distinguishable(self) -> bool:
        """The interval excludes "no change"."""
        return self.n > 0 and 0 not in self.interval


def change(tally: Tally) -> Change:
    """What a table says of the two models."""
    paired = tally.paired()
    return Change(
        n=tally.n,
        old=_rate(tally, "old"),
        new=_rate(tally, "new"),
        delta=paired.delta if tally.n else None,
        interval=tango_interval(paired.b, paired.c, paired.n),
        flips_alone=tally.flips_alone,
    )


def _rate(tally: Tally, side: Side) -> Rate | None:
    return Rate(tally.rate(side), wilson(*tally.passes(side))) if tally.n else None


@dataclass(frozen=True, slots=True)
class Flipped:
    """How many items became what: plain counts, not weighted."""

    kept: int
    regressed: int
    fixed: int
    residual: int
    undecidable: int
    p: float
    """Exact McNemar, two-sided: how surprising so uneven a split would be between equal models."""

    @property
    def discordant(self) -> int:
        return self.regressed + self.fixed


def flipped(tally: Tally, undecidable: int) -> Flipped:
    residual, fixed, regressed, kept = map(round, tally.items)
    return Flipped(kept, regressed, fixed, residual, undecidable, exact_mcnemar(fixed, regressed))
