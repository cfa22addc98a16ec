"""The panels of a page of insights as tables: the same for the terminal, the HTML page, CSV and the clipboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from labeler.domain.agreement.alpha import Agreement, figure, in_words
from labeler.domain.gate.report import Node
from labeler.domain.gold.drift import drift_words
from labeler.domain.insights.failures import HeatMap
from labeler.domain.insights.page import FEW, Insights, ReleaseRate
from labeler.domain.insights.rates import Change
from labeler.domain.statistics.intervals import Interval
from labeler.formats.gate.words import answer, percent, points

NO_TRAFFIC = "A sample of the traffic as traffic.jsonl in the project's folder would say how far the mix has drifted"
FAILURES = "failures-"
"""Begins the ids of the heat maps; the modality follows."""


class Kind(StrEnum):
    """How a column's values are written for people; in CSV they are plain numbers, fractions of 1."""

    TEXT = "text"
    COUNT = "count"
    RATE = "rate"
    CHANGE = "change"
    RATES = "rates"
    """An interval of rates."""
    CHANGES = "changes"
    """An interval of changes."""
    P = "p"


Value = str | int | float | Interval | None
"""None is what is not defined: a rate of no items."""


@dataclass(frozen=True, slots=True)
class Table:
    id: str
    title: str
    columns: tuple[tuple[str, Kind], ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""


CHANGE_COLUMNS = (
    ("Items", Kind.COUNT),
    ("Old", Kind.RATE),
    ("Old, 95 %", Kind.RATES),
    ("New", Kind.RATE),
    ("New, 95 %", Kind.RATES),
    ("Change, pt", Kind.CHANGE),
    ("Change, 95 %", Kind.CHANGES),
)


def written(value: Value, kind: Kind) -> str:
    """A value for people: `91.6 %`, `+3.5`, `+1.3 to +5.7`; `–` where nothing is defined."""
    if value is None:
        return "–"
    if isinstance(value, Interval):
        write = percent if kind is Kind.RATES else points
        return f"{write(value.low)} to {write(value.high)}"
    if isinstance(value, str):
        return value
    match kind:
        case Kind.RATE:
            return percent(value)
        case Kind.CHANGE:
            return points(value)
        case Kind.P:
            return f"{value:.2g}"
        case _:
            return f"{value:,}"


def tables(page: Insights, labels: Mapping[str, str]) -> tuple[Table, ...]:
    """Every panel of a page, in the order of the screen. `labels` are the failure codes' names."""
    return (
        modalities(page),
        tiers(page),
        flipped(page),
        *(failures(heat, labels) for heat in page.failures),
        watch(page.watch),
        residual_since(page),
        residual_failures(page, labels),
        releases(page.releases),
        gold(page),
        agreement(page),
        drift(page),
    )


def modalities(page: Insights) -> Table:
    rows = []
    for rate in page.modalities:
        rows.append((str(rate.modality), *_cells(rate.whole), said(rate.whole)))
        rows.append((f"{rate.modality}, hard and frontier", *_cells(rate.hard), said(rate.hard)))
    columns = (("Modality", Kind.TEXT), *CHANGE_COLUMNS, ("Says", Kind.TEXT))
    return Table("modalities", "Pass rate by modality", columns, tuple(rows), _flips_note(page))


def tiers(page: Insights) -> Table:
    rows = tuple((str(r.modality), str(r.tier), *_cells(r.change), said(r.change)) for r in page.tiers)
    columns = (("Modality", Kind.TEXT), ("Tier", Kind.TEXT), *CHANGE_COLUMNS, ("Says", Kind.TEXT))
    return Table("tiers", "Pass rate by difficulty tier", columns, rows)


def flipped(page: Insights) -> Table:
    found = page.flipped
    columns = (("", Kind.TEXT), ("New right", Kind.COUNT), ("New wrong", Kind.COUNT))
    rows = (("Old right", found.kept, found.regressed), ("Old wrong", found.fixed, found.residual))
    return Table("flipped", "What flipped", columns, rows, flipped_words(page))


def flipped_words(page: Insights) -> str:
    """What the exact test says, and what it leaves out."""
    found = page.flipped
    if not found.discordant:
        said = "No item flipped between right and wrong, so that there is nothing to test"
    else:
        pairs = "pair" if found.discordant == 1 else "pairs"
        said = f"Exact McNemar p = {found.p:.2g}, {found.discordant:,} discordant {pairs}"
    return said + (f"; {found.undecidable:,} undecidable, not counted" if found.undecidable else "")


def failures(found: HeatMap, labels: Mapping[str, str]) -> Table:
    columns = (("Failure", Kind.TEXT), *((value, Kind.COUNT) for value in found.values), ("All", Kind.COUNT))
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (labels.get(code, code), *line, total)
        for code, line, total in zip(found.codes, found.counts, found.totals, strict=True)
    )
    title = f"Failures of the {found.side} model, {found.modality}{f' by {found.key}' if found.key else ''}"
    return Table(f"{FAILURES}{found.modality}", title, columns, rows, "Items per failure and slice")


def watch(nodes: Sequence[Node]) -> Table:
    """Tier nodes, and cells of at least `FEW` items: of fewer nothing can be said, and there are always many."""
    listed = [node for node in nodes if node.n >= FEW or node.key.slice is None]
    rest = len(nodes) - len(listed)
    note = "What blocks comes first, then by the lower end of the interval"
    if rest:
        note += f"; {rest:,} {'cell' if rest == 1 else 'cells'} of fewer than {FEW} items not listed"
    columns = (
        ("Slice", Kind.TEXT),
        ("Items", Kind.COUNT),
        ("Old", Kind.RATE),
        ("New", Kind.RATE),
        ("Change, pt", Kind.CHANGE),
        ("Change, 95 %", Kind.CHANGES),
        ("Gate", Kind.TEXT),
    )
    return Table("watch", "Slices to watch", columns, tuple(map(_watched, listed)), note)


def _watched(node: Node) -> tuple[Value, ...]:
    if not node.n:
        return str(node.key), 0, None, None, None, None, answer(node)
    return str(node.key), node.n, node.old_rate, node.new_rate, node.delta, node.interval, answer(node)


def residual_since(page: Insights) -> Table:
    found = page.residual
    columns = (("Missed since", Kind.TEXT), ("Items", Kind.COUNT))
    note = f"{found.items:,} of {found.of:,} items are missed by both versions"
    return Table("residual", "Residual, by the version since which it is missed", columns, found.since, note)


def residual_failures(page: Insights, labels: Mapping[str, str]) -> Table:
    rows = tuple((labels.get(code, code), count) for code, count in page.residual.failures)
    columns = (("Failure of the new model", Kind.TEXT), ("Items", Kind.COUNT))
    return Table("residual-failures", "Residual, by failure", columns, rows)


def releases(rates: Sequence[ReleaseRate]) -> Table:
    columns = (("Release", Kind.COUNT), ("Modality", Kind.TEXT), ("Tier", Kind.TEXT), *CHANGE_COLUMNS)
    rows = tuple(
        (rate.number, str(rate.modality), str(rate.tier or "all"), *_cells(rate.change), _models(rate))
        for rate in rates
    )
    return Table("releases", "Releases over time", (*columns, ("Models", Kind.TEXT)), rows)


def gold(page: Insights) -> Table:
    names = ("Gold set", "Version", "Records", "Built", "Published")
    columns = tuple((name, Kind.COUNT if name == "Records" else Kind.TEXT) for name in names)
    rows = tuple((one.name, one.version, one.records, one.at[:10], one.published[:10] or "draft") for one in page.gold)
    return Table("gold", "Gold sets", columns, rows)


def agreement(page: Insights) -> Table:
    columns = (("Question", Kind.TEXT), ("Items", Kind.COUNT), ("Alpha, 95 %", Kind.TEXT), ("Means", Kind.TEXT))
    rows = tuple(
        (str(question), found.units, _alpha(found), in_words(found)) for question, found in page.agreement.items()
    )
    note = "Krippendorff's alpha, of items that at least two people judged, whatever else is chosen" if rows else ""
    return Table("agreement", "Agreement", columns, rows, note)


def _alpha(found: Agreement) -> str:
    between = f" ({figure(found.interval.low)} to {figure(found.interval.high)})" if found.interval else ""
    return f"{figure(found.alpha)}{between}"


def drift(page: Insights) -> Table:
    """The mix of the resolved items against the traffic, the farthest off first."""
    columns = (("Slice", Kind.TEXT), ("Says", Kind.TEXT), ("To add", Kind.TEXT))
    if page.drift is None:
        return Table("drift", "Mix against traffic", columns, (), NO_TRAFFIC)
    rows = tuple(
        (f"{one.modality} · {one.key}", drift_words(one), ", ".join(f"{need.add:,} {need.value}" for need in one.needs))
        for one in page.drift.slices
    )
    sizes = f"{page.drift.gold_items:,} resolved items against {page.drift.traffic_items:,} of the traffic"
    note = f"{sizes}; Jensen–Shannon divergence in bits, permutation test, Holm"
    return Table("drift", "Mix against traffic", columns, rows, note)


def said(change: Change) -> str:
    """What may be concluded from the interval alone."""
    if change.delta is None:
        return "no items"
    if not change.distinguishable:
        return "not distinguishable"
    return "better" if change.delta > 0 else "worse"


def _cells(change: Change) -> tuple[Value, ...]:
    if change.old is None or change.new is None:
        return 0, None, None, None, None, None, None
    old, new = change.old, change.new
    return change.n, old.value, old.interval, new.value, new.interval, change.delta, change.interval


def _models(rate: ReleaseRate) -> str:
    """Once a modality: its tiers have the same."""
    old, new = rate.pair.old, rate.pair.new
    return "" if rate.tier else f"{old} → {new.version if old.name == new.name else new}"


def _flips_note(page: Insights) -> str:
    words = "Weighted by how items were drawn"
    alone = [str(rate.modality) for rate in page.modalities if rate.whole.flips_alone]
    if not alone:
        return words
    return f"{words}; {' and '.join(alone)}: flips alone, from which no rate of the traffic follows"
