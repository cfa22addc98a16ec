"""Everything that the Insights screen and the report say, from columns: one function a panel, and all together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from labeler.domain.agreement.alpha import Agreement
from labeler.domain.agreement.answers import Question
from labeler.domain.gate.cliff import Cliff
from labeler.domain.gate.decide import decide
from labeler.domain.gate.policy import HARD_TIERS, Policy
from labeler.domain.gate.report import Node, NodeState
from labeler.domain.gate.tally import NodeKey, Tallies
from labeler.domain.gold.drift import Drift
from labeler.domain.insights.columns import CELLS, TIERS, Became, Columns, Mask
from labeler.domain.insights.counting import cuts_of, tallies_of, tally_of
from labeler.domain.insights.cut import Cut, chosen
from labeler.domain.insights.failures import HeatMap, heat_map
from labeler.domain.insights.rates import Change, Flipped, change, flipped
from labeler.domain.insights.residual import Residual, residual
from labeler.domain.items import Modality, Pair, Release, Side
from labeler.domain.rubric import Tier

FEW = 5
"""Cells of fewer items say next to nothing."""


@dataclass(frozen=True, slots=True)
class ModalityRate:
    """A modality's change, and that of its hard tiers alone. `pair` is None where the release lacks it."""

    modality: Modality
    pair: Pair | None
    whole: Change
    hard: Change


@dataclass(frozen=True, slots=True)
class TierRate:
    modality: Modality
    tier: Tier
    change: Change


@dataclass(frozen=True, slots=True)
class ReleaseRate:
    """What one release did to a modality, or (with a tier) to a tier of it. `number` counts releases from 1."""

    number: int
    modality: Modality
    pair: Pair
    tier: Tier | None
    change: Change


@dataclass(frozen=True, slots=True)
class GoldVersion:
    """A gold set's version: when it was built, and when a second person published it (empty: a draft). RFC 3339."""

    name: str
    version: str
    records: int
    at: str
    published: str = ""


@dataclass(frozen=True, slots=True)
class Insights:
    """One page about one release, for the items that `cut` leaves."""

    cut: Cut
    items: int
    """Resolved items that the cut leaves, undecidable ones too."""
    simulated: int
    """Of them, those that rest on a simulated annotator's verdict."""
    policy: Policy
    modalities: tuple[ModalityRate, ...]
    tiers: tuple[TierRate, ...]
    cliffs: tuple[Cliff, ...]
    flipped: Flipped
    failures: tuple[HeatMap, ...]
    """One a modality."""
    watch: tuple[Node, ...]
    """Tier nodes and cells, as `to_watch` puts them."""
    residual: Residual
    releases: tuple[ReleaseRate, ...] = ()
    gold: tuple[GoldVersion, ...] = ()
    drift: Drift | None = None
    """Of the mix of all the release's resolved items, whatever the cut; None without a sample of the traffic."""
    agreement: Mapping[Question, Agreement] = field(default_factory=dict)
    """Of the newest release's people, whatever the cut; empty where it was not measured."""


def insights(columns: Columns, release: Release, policy: Policy, cut: Cut, side: Side, slice_key: str) -> Insights:
    """The page of one release; `side` and `slice_key` say whose failures the heat maps show, and by which slice."""
    rows = chosen(columns, cut)
    tallies = tallies_of(columns, rows, cuts_of(columns, policy))
    report = decide(tallies, policy)
    return Insights(
        cut=cut,
        items=int(rows.sum()),
        simulated=int((rows & columns.simulated).sum()),
        policy=policy,
        modalities=modality_rates(columns, rows, release),
        tiers=tier_rates(tallies),
        cliffs=report.cliffs,
        flipped=flipped(tallies.whole, int((rows & (columns.cell == CELLS[Became.UNDECIDABLE])).sum())),
        failures=tuple(heat_map(columns, rows, modality, side, slice_key) for modality in tallies.modalities()),
        watch=to_watch(report.nodes),
        residual=residual(columns, rows),
    )


def modality_rates(columns: Columns, rows: Mask, release: Release) -> tuple[ModalityRate, ...]:
    """In order of modality: those of the release, and those of which there are items all the same."""
    found = []
    for modality in Modality:
        here = rows & chosen(columns, Cut(modality=modality))
        if modality in release.pairs or here.any():
            hard = here & chosen(columns, Cut(tiers=HARD_TIERS))
            changes = change(tally_of(columns, here)), change(tally_of(columns, hard))
            found.append(ModalityRate(modality, release.pairs.get(modality), *changes))
    return tuple(found)


def tier_rates(tallies: Tallies) -> tuple[TierRate, ...]:
    """Each tier of each modality that has items, easiest first. Rates of modalities are never added up."""
    return tuple(
        TierRate(modality, tier, change(tallies.nodes[NodeKey(modality, tier)]))
        for modality in tallies.modalities()
        for tier in TIERS
        if NodeKey(modality, tier) in tallies.nodes
    )


def to_watch(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """What blocks first, then by the lower end of the change's interval: the greatest loss that is not excluded.

    Nodes of few items come last: of one item any loss is possible, and there are always many such cells.
    """
    blocking = (NodeState.REGRESSED, NodeState.BELOW_FLOOR)
    return tuple(sorted(nodes, key=lambda n: (n.state not in blocking, not n.n, n.n < FEW, n.interval.low, str(n.key))))


def over_time(history: Sequence[tuple[Release, Columns]], cut: Cut) -> tuple[ReleaseRate, ...]:
    """Each release's change, oldest first: by modality, then by tier.

    Dates do not cut here: a release's verdicts are those of its own time.
    """
    found = []
    kept = replace(cut, since=None, until=None)
    for number, (release, columns) in enumerate(history, 1):
        tallies = tallies_of(columns, chosen(columns, kept), ())
        for modality in Modality:
            pair = release.pairs.get(modality)
            if pair is not None and kept.modality in (None, modality):
                here = chosen(columns, replace(kept, modality=modality))
                found.append(ReleaseRate(number, modality, pair, None, change(tally_of(columns, here))))
                found += [
                    ReleaseRate(number, modality, pair, rate.tier, rate.change)
                    for rate in tier_rates(tallies)
                    if rate.modality is modality
                ]
    return tuple(found)
