"""A page of insights as JSON: rates and changes are fractions of 1; what is not defined is null."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labeler.domain.agreement.alpha import Agreement
from labeler.domain.insights.columns import date_of
from labeler.domain.insights.cut import Cut
from labeler.domain.insights.failures import HeatMap
from labeler.domain.insights.page import Insights, ReleaseRate
from labeler.domain.insights.rates import Change, Rate
from labeler.domain.items import Pair
from labeler.formats.gate.json import cliff_to_json, node_to_json, policy_to_json
from labeler.formats.gold.drift_reports import drift_to_json

FORMAT = "labeler-insights/1"


def insights_to_json(page: Insights, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """`provenance` says of which project and release the page is."""
    found = page.flipped
    return {
        "format": FORMAT,
        **provenance,
        "cut": _cut(page.cut),
        "items": page.items,
        "simulated": page.simulated,
        "modalities": [
            {
                "modality": str(rate.modality),
                **_pair(rate.pair),
                **_change(rate.whole),
                "hard_and_frontier": _change(rate.hard),
            }
            for rate in page.modalities
        ],
        "tiers": [
            {"modality": str(rate.modality), "tier": str(rate.tier), **_change(rate.change)} for rate in page.tiers
        ],
        "cliffs": [cliff_to_json(cliff) for cliff in page.cliffs],
        "flipped": {
            "kept": found.kept,
            "regressed": found.regressed,
            "fixed": found.fixed,
            "residual": found.residual,
            "undecidable": found.undecidable,
            "mcnemar_exact_p": found.p,
        },
        "failures": [_heat(heat) for heat in page.failures],
        "watch": [node_to_json(node) for node in page.watch],
        "residual": {
            "items": page.residual.items,
            "of": page.residual.of,
            "missed_since": dict(page.residual.since),
            "failures": dict(page.residual.failures),
        },
        "releases": [_release(rate) for rate in page.releases],
        "gold": [
            {"name": g.name, "version": g.version, "records": g.records, "at": g.at, "published": g.published or None}
            for g in page.gold
        ],
        "agreement": {str(question): _agreement(found) for question, found in page.agreement.items()},
        "drift": page.drift and drift_to_json(page.drift),
        "policy": policy_to_json(page.policy),
    }


def _heat(heat: HeatMap) -> dict[str, Any]:
    return {
        "modality": str(heat.modality),
        "side": heat.side,
        "slice": heat.key,
        "values": [{"value": value, "items": of} for value, of in zip(heat.values, heat.of, strict=True)],
        "codes": [
            {"code": code, "items": total, "by_value": list(line)}
            for code, total, line in zip(heat.codes, heat.totals, heat.counts, strict=True)
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "n": change.n,
        "old": _rate(change.old),
        "new": _rate(change.new),
        "delta": change.delta,
        "delta_interval": [change.interval.low, change.interval.high],
        "flips_alone": change.flips_alone,
    }


def _rate(rate: Rate | None) -> dict[str, Any] | None:
    return None if rate is None else {"rate": rate.value, "interval": [rate.interval.low, rate.interval.high]}


def _agreement(found: Agreement) -> dict[str, Any]:
    interval = found.interval and [found.interval.low, found.interval.high]
    return {"alpha": found.alpha, "interval": interval, "items": found.units}


def _pair(pair: Pair | None) -> dict[str, Any]:
    return {"old_model": pair and str(pair.old), "new_model": pair and str(pair.new)}


def _release(rate: ReleaseRate) -> dict[str, Any]:
    return {
        "release": rate.number,
        "modality": str(rate.modality),
        "tier": rate.tier and str(rate.tier),
        **_pair(rate.pair),
        **_change(rate.change),
    }


def _cut(cut: Cut) -> dict[str, Any]:
    return {
        "modality": cut.modality and str(cut.modality),
        "tiers": sorted(map(str, cut.tiers)),
        "slices": dict(cut.slices),
        "person": cut.person,
        "since": None if cut.since is None else date_of(cut.since),
        "until": None if cut.until is None else date_of(cut.until),
    }
