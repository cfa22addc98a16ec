"""Strata that are reviewed together: an item whose decisions lie in several is seen in all of them by one look."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from labeler.domain.backfill.inversion import PERFECT, Reviewer, corrected
from labeler.domain.backfill.worth import Worth
from labeler.domain.statistics.intervals import Interval


@dataclass(frozen=True, slots=True)
class Part:
    """A stratum's part of a total."""

    whole: float
    value: float
    chance: Interval
    """The bounds by chance alone, with what is unresolved left out."""
    open: Interval
    """The bounds whatever the unresolved turn out to be."""
    worth: Worth | None
    """None where nothing is decided."""
    known: Interval
    """Where the truth lies for certain."""

    def unknown_but(self, share: float) -> Part:
        """Nothing is decided here, and elsewhere this share was wrong."""
        value = share * self.whole
        return replace(self, value=value, chance=Interval(value, value), open=Interval(0, self.whole))


def togetherness(parts: Sequence[Part], reviewer: Reviewer) -> float:
    """How much wider a total is than were its strata reviewed each by itself, at least 1.

    What one item moves adds up before it is squared; what the drawing moves in one stratum has nothing to do with what
    it moves in another.
    """
    told = [(part.whole, part.worth) for part in parts if part.worth]
    drawing = sum(whole**2 * w.share * (1 - w.share) * w.drawing for whole, w in told)
    moves = [
        [_times(w.order, whole * math.sqrt(w.share * (1 - w.share) * w.roughness)) for whole, w in told],
        [_times(w.calls, whole * math.sqrt(_call_variance(w.share, reviewer))) for whole, w in told],
    ]
    alone = drawing + sum(x**2 for kind in moves for part in kind for x in part.values())
    joint = drawing + sum(x**2 for kind in moves for x in _added(kind).values())
    return math.sqrt(max(1.0, joint / alone)) if alone > 0 else 1.0


def _call_variance(share: float, reviewer: Reviewer) -> float:
    """Of a call about an item whose truth stays the same, when `share` is called wrong."""
    if reviewer == PERFECT:
        return 0.0
    wrong = corrected(share, reviewer)
    missed, alarmed = 1 - reviewer.sensitivity, 1 - reviewer.specificity
    return wrong * missed * (1 - missed) + (1 - wrong) * alarmed * (1 - alarmed)


def _times(moved: Mapping[str, float], factor: float) -> dict[str, float]:
    return {item: factor * x for item, x in moved.items()} if factor else {}


def _added(moved: Sequence[Mapping[str, float]]) -> dict[str, float]:
    together: defaultdict[str, float] = defaultdict(float)
    for part in moved:
        for item, x in part.items():
            together[item] += x
    return together
