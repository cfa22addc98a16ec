"""The capability cliff: the average rises because easy items get better, while the hard ones do not move or fall."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from labeler.domain.gate.policy import HARD_TIERS
from labeler.domain.gate.tally import Tally
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from labeler.domain.statistics.intervals import normal_quantile
from labeler.domain.statistics.paired import tango_bound


@dataclass(frozen=True, slots=True)
class TierShare:
    """What one tier adds to the change of the average: its share of the traffic times its own change."""

    tier: Tier
    share: float
    in_gold: float
    """Its share of the gold set's records, which the plain average goes by."""
    delta: float

    @property
    def contribution(self) -> float:
        return self.share * self.delta


@dataclass(frozen=True, slots=True)
class Cliff:
    """Differences are fractions of 1. The alarm stands when the average has surely risen and the hard tiers have
    surely fallen behind the rest without rising themselves."""

    modality: Modality
    alarm: bool
    delta: float
    delta_low: float
    """Lower one-sided 95 % bound of the traffic-weighted change."""
    hard: float
    rest: float
    gap_high: float
    """Upper bound of the hard tiers' change less that of the rest."""
    tiers: tuple[TierShare, ...]

    @property
    def mix(self) -> float:
        """How much of the plain average's change comes only from the gold set holding another mix than the traffic."""
        return sum((tier.in_gold - tier.share) * tier.delta for tier in self.tiers)


def find_cliff(
    modality: Modality, tiers: Mapping[Tier, Tally], traffic: Mapping[Tier, float] | None, alpha: float
) -> Cliff | None:
    """Look for a cliff in one modality; None when it has no hard tier, no other tier, was not drawn at random, or
    waits for people to judge some items.

    `alpha` is the share of this modality in the error of the alarm. Bounds of sums are put together from the tiers'
    Tango bounds by MOVER (Zou and Donner 2008).
    """
    hard = [tier for tier in tiers if tier in HARD_TIERS and tiers[tier].n]
    rest = [tier for tier in tiers if tier not in HARD_TIERS and tiers[tier].n]
    if not hard or not rest or any(tally.flips_alone or tally.open for tally in tiers.values()):
        return None
    shares = _shares(tiers, traffic)
    if not sum(shares[tier] for tier in hard) or not sum(shares[tier] for tier in rest):
        return None
    delta_hard, delta_rest = (_mean(group, shares) for group in (hard, rest))
    contrast = {**delta_hard, **{tier: -weight for tier, weight in delta_rest.items()}}
    delta, delta_low = _bound(shares, tiers, -normal_quantile(0.95))
    gap, gap_high = _bound(contrast, tiers, normal_quantile(1 - alpha))
    hard_change = _bound(delta_hard, tiers, 0)[0]
    return Cliff(
        modality=modality,
        alarm=delta_low > 0 and gap_high < 0 and hard_change <= 0,
        delta=delta,
        delta_low=delta_low,
        hard=hard_change,
        rest=hard_change - gap,
        gap_high=gap_high,
        tiers=_contributions(tiers, shares),
    )


def _contributions(tiers: Mapping[Tier, Tally], shares: Mapping[Tier, float]) -> tuple[TierShare, ...]:
    records = sum(tally.n for tally in tiers.values())
    return tuple(
        TierShare(tier, shares[tier], tally.n / records, tally.rate("new") - tally.rate("old"))
        for tier, tally in tiers.items()
    )


def _shares(tiers: Mapping[Tier, Tally], traffic: Mapping[Tier, float] | None) -> dict[Tier, float]:
    """Shares of the traffic among the tiers that hold items; without a policy's word the sampling weights speak."""
    raw = {tier: traffic.get(tier, 0.0) if traffic else tally.weight for tier, tally in tiers.items() if tally.n}
    total = sum(raw.values())
    return {tier: value / total if total else 0.0 for tier, value in raw.items()}


def _mean(group: list[Tier], shares: Mapping[Tier, float]) -> dict[Tier, float]:
    total = sum(shares[tier] for tier in group)
    return {tier: shares[tier] / total for tier in group}


def _bound(weights: Mapping[Tier, float], tiers: Mapping[Tier, Tally], z: float) -> tuple[float, float]:
    """A weighted sum of the tiers' changes, and its bound on the side of `z`."""
    estimate, square = 0.0, 0.0
    for tier, weight in weights.items():
        paired = tiers[tier].paired()
        estimate += weight * paired.delta
        # A tier that is subtracted moves the sum with its other end.
        end = tango_bound(paired.b, paired.c, paired.n, z if weight >= 0 else -z)
        square += (weight * (end - paired.delta)) ** 2
    return estimate, estimate + math.copysign(math.sqrt(square), z)
