"""The sampling plan: which decisions are reviewed, so that the rest need not be.

Decisions are divided into strata; certainty strata are reviewed whole. Within a stratum the sample is the beginning of
a seeded shuffle, so that a later plan with a smaller margin goes on where the first one stopped.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from labeler.domain.backfill.allocation import (
    Allocation,
    Spread,
    margin_of,
    simple_random_size,
    sizes_for,
    spread_of_share,
)
from labeler.domain.backfill.conditions import When
from labeler.domain.backfill.records import Record


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """What a plan aims at. Margins are half the width of the 95 % interval of the total."""

    margin: float
    """Of the number of wrong decisions."""
    margin_amount: Mapping[str, float] = field(default_factory=dict)
    """Of the amount of wrong decisions, by currency."""
    strata: tuple[str, ...] = ("modality",)
    """`modality`, `action`, `reversible`, `jurisdiction`, `amount`, or the key of a slice."""
    amount_edges: tuple[float, ...] = ()
    allocation: Allocation = Allocation.NEYMAN
    certainty: tuple[When, ...] = ()
    uncontested: bool = True
    """Whether decisions that no flip contests are sampled too: both versions can be wrong together."""
    expected_contested: float = 0.5
    expected_uncontested: float = 0.05
    """Shares expected to be wrong. They decide how much is reviewed, never what is found."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the decisions, and those of it that are to be reviewed, in the order of the shuffle."""

    name: str
    contested: bool
    certainty: bool
    members: tuple[Record, ...]
    chosen: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Of the members' ids: a plan is out of date when it is no longer the same."""
        return "sha256:" + sha256("\n".join(sorted(record.id for record in self.members)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Plan:
    """`simple_random` is how many reviews a simple random sample needs for the margin of the number."""

    settings: PlanSettings
    strata: tuple[Stratum, ...]
    promised_margin: float
    simple_random: int

    @property
    def reviews(self) -> int:
        return sum(len(stratum.chosen) for stratum in self.strata)


def divide(records: Sequence[Record], settings: PlanSettings) -> tuple[Stratum, ...]:
    """The strata of these records: certainty first, then contested ones, then the rest, by name."""
    parts: dict[tuple[bool, bool, str], list[Record]] = {}
    for record in records:
        if not (record.contested or settings.uncontested):
            continue
        certain = any(when.holds(record) for when in settings.certainty)
        name = "certainty" if certain else " · ".join(_value(record, key, settings) for key in settings.strata)
        parts.setdefault((not certain, not record.contested, name or "all"), []).append(record)
    return tuple(
        Stratum(name, not uncontested, not drawn, tuple(sorted(members, key=lambda r: r.id)))
        for (drawn, uncontested, name), members in sorted(parts.items(), key=lambda part: part[0])
    )


def _value(record: Record, key: str, settings: PlanSettings) -> str:
    decision = record.decision
    match key:
        case "modality":
            return str(record.modality)
        case "action":
            return decision.action
        case "jurisdiction":
            return decision.jurisdiction or "nowhere"
        case "reversible":
            return {True: "reversible", False: "irreversible", None: "reversible?"}[decision.reversible]
        case "amount":
            return _bin(decision.amount, settings.amount_edges)
        case _:
            return f"{key}={record.slices.get(key, '–')}"


def _bin(amount: float | None, edges: tuple[float, ...]) -> str:
    if amount is None:
        return "no amount"
    at = bisect_right(edges, amount)
    if at == 0:
        return f"under {edges[0]:,g}" if edges else "amount"
    return f"from {edges[at - 1]:,g}" + (f" to {edges[at]:,g}" if at < len(edges) else "")


def make_plan(records: Sequence[Record], settings: PlanSettings) -> Plan:
    """The smallest sample that promises the margins, by the shares that are expected."""
    strata = divide(records, settings)
    drawn = [stratum for stratum in strata if not stratum.certainty]
    spreads = [spread_of_share(len(s.members), _expected(s.contested, settings)) for s in drawn]
    sizes = sizes_for(spreads, settings.margin, settings.allocation) if drawn else []
    for currency, margin in settings.margin_amount.items():
        amounts = [_spread_of_amount(s, currency, _expected(s.contested, settings)) for s in drawn]
        more = sizes_for(amounts, margin, settings.allocation, least=0)
        sizes = [max(one, other) for one, other in zip(sizes, more, strict=True)]
    chosen = dict(zip((id(stratum) for stratum in drawn), sizes, strict=True))
    return Plan(
        settings,
        tuple(
            Stratum(
                s.name,
                s.contested,
                s.certainty,
                s.members,
                shuffled(s.members, settings.seed)[: chosen.get(id(s), len(s.members))],
            )
            for s in strata
        ),
        margin_of(spreads, sizes) if drawn else 0.0,
        math.ceil(simple_random_size(_whole(strata, settings), settings.margin)),
    )


def shuffled(members: Sequence[Record], seed: int) -> tuple[str, ...]:
    """The ids in an order of chance that is the same for the same seed, whoever else is there."""
    ids = (record.id for record in members)
    return tuple(sorted(ids, key=lambda one: sha256(f"backfill/{seed}/{one}".encode()).digest()))


def _expected(contested: bool, settings: PlanSettings) -> float:
    return settings.expected_contested if contested else settings.expected_uncontested


def _whole(strata: Sequence[Stratum], settings: PlanSettings) -> Spread:
    n = sum(len(stratum.members) for stratum in strata)
    wrong = sum(len(stratum.members) * _expected(stratum.contested, settings) for stratum in strata)
    return spread_of_share(n, wrong / n if n else 0.0)


def _spread_of_amount(stratum: Stratum, currency: str, share: float) -> Spread:
    """The standard deviation of the amount of a decision if wrong and 0 if not, of one currency."""
    n = len(stratum.members)
    amounts = [r.decision.amount or 0.0 for r in stratum.members if r.decision.currency == currency]
    if n < 2:
        return Spread(n, 0.0)
    mean = share * sum(amounts) / n
    squares = share * sum(amount * amount for amount in amounts) / n
    return Spread(n, math.sqrt(max(0.0, squares - mean * mean) * n / (n - 1)))
