"""Which marks the panels have, and which items each stands for: the pictures and the keyboard both go by these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from labeler.domain.gate.policy import HARD_TIERS
from labeler.domain.gate.report import Node
from labeler.domain.gold.drift import SliceDrift, drift_words
from labeler.domain.insights.columns import MODALITIES, Became
from labeler.domain.insights.cut import Cut
from labeler.domain.insights.failures import HeatMap
from labeler.domain.insights.page import FEW, Insights, ModalityRate, ReleaseRate
from labeler.domain.insights.rates import Change
from labeler.formats.gate.words import answer, in_items, percent, points
from labeler.formats.insights.tables import said
from labeler.sessions.insights.state import Mark, PanelId

MOST_WATCHED = 12
"""Lines of "Slices to watch" on the screen; the report lists all."""
MOST_RESIDUAL = 6
MOST_DRIFTED = 8


def marks_of(page: Insights, heat: HeatMap | None, labels: Mapping[str, str]) -> dict[PanelId, tuple[Mark, ...]]:
    """The marks of every panel, row by row."""
    return {
        PanelId.MODALITIES: _modalities(page),
        PanelId.TIERS: _tiers(page),
        PanelId.FLIPPED: _flipped(page),
        PanelId.FAILURES: _failures(page, heat, labels) if heat else (),
        PanelId.WATCH: _watched(page),
        PanelId.RESIDUAL: _residual(page, labels),
        PanelId.RELEASES: _releases(page),
        PanelId.DRIFT: _drift(page),
    }


def watched(page: Insights) -> tuple[Node, ...]:
    """The nodes that the screen lists: with enough items to say something."""
    return tuple(node for node in page.watch if node.n >= FEW)[:MOST_WATCHED]


def whole_releases(page: Insights) -> tuple[ReleaseRate, ...]:
    """The releases as the chart shows them: by modality, each in order of time; by tier where one is chosen."""
    tiers = page.cut.tiers
    return tuple(
        sorted(
            (rate for rate in page.releases if (rate.tier in tiers if len(tiers) == 1 else rate.tier is None)),
            key=lambda rate: (MODALITIES.index(rate.modality), rate.number),
        )
    )


def change_words(change: Change) -> str:
    """`old 88.1 %, new 91.6 %, change +3.5 points (+1.3 to +5.7), better; 602 items`."""
    if change.old is None or change.new is None or change.delta is None:
        return "no items"
    interval = f"{points(change.interval.low)} to {points(change.interval.high)}"
    return (
        f"old {percent(change.old.value)}, new {percent(change.new.value)}, "
        f"change {points(change.delta)} points ({interval}), {said(change)}; {in_items(change.n)}"
    )


def _modalities(page: Insights) -> tuple[Mark, ...]:
    """A card a modality: all of it, then its hard tiers."""

    def both(column: int, rate: ModalityRate) -> tuple[Mark, Mark]:
        cut = replace(page.cut, modality=rate.modality)
        hard = replace(cut, tiers=(page.cut.tiers or HARD_TIERS) & HARD_TIERS or HARD_TIERS)
        return (
            Mark(0, column, f"{rate.modality}: {change_words(rate.whole)}", cut),
            Mark(1, column, f"{rate.modality}, hard and frontier: {change_words(rate.hard)}", hard),
        )

    return tuple(mark for column, rate in enumerate(page.modalities) for mark in both(column, rate))


def _tiers(page: Insights) -> tuple[Mark, ...]:
    return tuple(
        Mark(
            row,
            0,
            f"{rate.modality}, {rate.tier}: {change_words(rate.change)}",
            replace(page.cut, modality=rate.modality, tiers=frozenset({rate.tier})),
        )
        for row, rate in enumerate(page.tiers)
    )


def _flipped(page: Insights) -> tuple[Mark, ...]:
    found = page.flipped
    cells = (
        (0, 0, Became.KEPT, found.kept, "old right, new right"),
        (0, 1, Became.REGRESSED, found.regressed, "old right, new wrong"),
        (1, 0, Became.FIXED, found.fixed, "old wrong, new right"),
        (1, 1, Became.RESIDUAL, found.residual, "old wrong, new wrong"),
        (2, 0, Became.UNDECIDABLE, found.undecidable, "nobody could tell"),
    )
    return tuple(
        Mark(row, column, f"{became}: {in_items(count)}, {words}", replace(page.cut, became=became))
        for row, column, became, count, words in cells
    )


def _failures(page: Insights, heat: HeatMap, labels: Mapping[str, str]) -> tuple[Mark, ...]:
    base = replace(page.cut, modality=heat.modality)
    marks = []
    for row, (code, line, total) in enumerate(zip(heat.codes, heat.counts, heat.totals, strict=True)):
        cut = replace(base, failure=(heat.side, code))
        name = labels.get(code, code)
        for column, (value, count, of) in enumerate(zip(heat.values, line, heat.of, strict=True)):
            words = f"{name}, {heat.key}={value}: {count:,} of {in_items(of)}"
            marks.append(Mark(row, column, words, cut.of_slice(heat.key, value)))
        marks.append(Mark(row, len(heat.values), f"{name}: {in_items(total)}", cut))
    return tuple(marks)


def _watched(page: Insights) -> tuple[Mark, ...]:
    marks = []
    for row, node in enumerate(watched(page)):
        cut = replace(page.cut, modality=node.key.modality, tiers=frozenset({node.key.tier}))
        interval = f"{points(node.interval.low)} to {points(node.interval.high)}"
        rates = f"old {percent(node.old_rate)}, new {percent(node.new_rate)}, change {points(node.delta)} points"
        words = f"{node.key}: {rates} ({interval}), {in_items(node.n)}; gate: {answer(node)}"
        marks.append(Mark(row, 0, words, cut.of_slice(*node.key.slice) if node.key.slice else cut))
    return tuple(marks)


def _residual(page: Insights, labels: Mapping[str, str]) -> tuple[Mark, ...]:
    base = replace(page.cut, became=Became.RESIDUAL)
    since = [
        Mark(row, 0, f"missed since {version}: {in_items(count)}", replace(base, missed_since=version))
        for row, (version, count) in enumerate(page.residual.since[:MOST_RESIDUAL])
    ]
    failed = [
        Mark(row, 1, f"{labels.get(code, code)}: {in_items(count)}", replace(base, failure=("new", code)))
        for row, (code, count) in enumerate(page.residual.failures[:MOST_RESIDUAL])
    ]
    return (*since, *failed)


def _releases(page: Insights) -> tuple[Mark, ...]:
    """What each release's new version does, after what there was before the first one."""
    marks, rows = list[Mark](), list(dict.fromkeys(rate.modality for rate in whole_releases(page)))
    for rate in whole_releases(page):
        row, old = rows.index(rate.modality), rate.change.old
        cut = replace(page.cut, modality=rate.modality, since=None, until=None)
        if old is not None and not any(mark.row == row for mark in marks):
            before = f"before, {rate.modality}, {rate.pair.old}: {percent(old.value)}; {in_items(rate.change.n)}"
            marks.append(Mark(row, 0, before, cut, rate.number))
        pair = f"{rate.pair.old} → {rate.pair.new}"
        words = f"release {rate.number}, {rate.modality}, {pair}: {change_words(rate.change)}"
        marks.append(Mark(row, rate.number, words, cut, rate.number))
    return tuple(marks)


def _drift(page: Insights) -> tuple[Mark, ...]:
    """The slices whose mix is farthest from the traffic's; each leads to its modality's items."""
    found = page.drift.slices[:MOST_DRIFTED] if page.drift else ()
    return tuple(
        Mark(row, 0, f"{one.modality}, {drift_words(one)}{_additions(one)}", replace(Cut(), modality=one.modality))
        for row, one in enumerate(found)
    )


def _additions(one: SliceDrift) -> str:
    added = ", ".join(f"{need.add:,} {need.value}" for need in one.needs)
    return f"; to add: {added}" if added else ""
