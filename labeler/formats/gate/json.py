"""A gate's answer as JSON: rates, changes and margins are fractions of 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labeler.domain.gate.cliff import Cliff
from labeler.domain.gate.policy import Policy
from labeler.domain.gate.report import Aggregate, GateReport, Node

FORMAT = "labeler-gate/1"


def gate_to_json(report: GateReport, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """`provenance` says which gold set and outputs were used, with their hashes."""
    return {
        "format": FORMAT,
        "decision": str(report.decision),
        "grounds": list(report.grounds),
        "nodes": [node_to_json(node) for node in report.nodes],
        "against_best": [node_to_json(node) for node in report.anchor],
        "cliffs": [cliff_to_json(cliff) for cliff in report.cliffs],
        "critical": {
            "records": report.critical,
            "wrong": report.critical_failed,
            "wrong_ids": list(report.critical_wrong),
            "open": report.critical_open,
        },
        "signed_alarms": [
            {"modality": str(a.modality), "by": a.by, "reason": a.reason, "expires": a.expires} for a in report.signed
        ],
        "aggregate": _aggregate(report.aggregate),
        "match_agreement": {
            str(modality): {"judged_outputs": seen.both, "agree": seen.agree}
            for modality, seen in sorted(report.agreement.items())
        },
        "match_agreement_by_answer": [
            {"modality": str(modality), "answer_from": origin, "judged_outputs": seen.both, "agree": seen.agree}
            for (modality, origin), seen in sorted(report.by_origin.items())
        ],
        "policy": policy_to_json(report.policy),
        **provenance,
    }


def node_to_json(node: Node) -> dict[str, Any]:
    return {
        "node": str(node.key),
        "path": node.key.path,
        "modality": str(node.key.modality),
        "tier": str(node.key.tier),
        "slice": {node.key.slice[0]: node.key.slice[1]} if node.key.slice else None,
        "n": node.n,
        "b": node.b,
        "c": node.c,
        "both": node.both,
        "neither": node.neither,
        "effective_n": node.effective_n,
        "effective_b": node.effective_b,
        "effective_c": node.effective_c,
        "old_rate": node.old_rate,
        "new_rate": node.new_rate,
        "delta": node.delta,
        "delta_interval": [node.interval.low, node.interval.high],
        "margin": node.margin,
        "non_inferior_p": node.non_inferior_p,
        "mcnemar_p": node.mcnemar_p,
        "regressed_p": node.regressed_p,
        "verdict_error": node.verdict_error,
        "eligible_from": node.eligible_from,
        "floor": node.floor,
        "new_rate_lower_bound": node.new_rate_low,
        "state": str(node.state),
        "lacks": node.lack and str(node.lack),
        "items_needed": node.needs,
        "reason": node.reason,
        "newly_wrong": list(node.newly_wrong),
        "decided_without_people": list(node.unjudged),
        "open": node.open,
        "for_people_to_judge": list(node.open_ids),
    }


def cliff_to_json(cliff: Cliff) -> dict[str, Any]:
    return {
        "modality": str(cliff.modality),
        "alarm": cliff.alarm,
        "delta": cliff.delta,
        "delta_lower_bound": cliff.delta_low,
        "hard": cliff.hard,
        "rest": cliff.rest,
        "gap_upper_bound": cliff.gap_high,
        "mix": cliff.mix,
        "tiers": [
            {
                "tier": str(tier.tier),
                "share": tier.share,
                "share_in_gold": tier.in_gold,
                "delta": tier.delta,
                "contribution": tier.contribution,
            }
            for tier in cliff.tiers
        ],
    }


def _aggregate(aggregate: Aggregate) -> dict[str, Any]:
    return {
        "n": aggregate.n,
        "old_rate": aggregate.old_rate,
        "new_rate": aggregate.new_rate,
        "delta_interval": [aggregate.interval.low, aggregate.interval.high],
        "why_it_does_not_decide": aggregate.why_not,
    }


def policy_to_json(policy: Policy) -> dict[str, Any]:
    return {
        "profile": policy.profile,
        "margins": {str(tier): margin for tier, margin in policy.margins.items()},
        "floors": {f"{modality}/{tier}": floor for (modality, tier), floor in sorted(policy.floors.items())},
        "traffic": {
            str(modality): {str(tier): share for tier, share in shares.items()}
            for modality, shares in sorted(policy.traffic.items())
        },
        "slices": list(policy.slices),
        "bins": {key: list(edges) for key, edges in sorted(policy.bins.items())},
        "required_cells": sorted(policy.required_cells),
        "power": policy.power,
        "min_items": policy.min_items,
        "alpha": policy.alpha,
        "family_alpha": policy.family_alpha,
        "floor_alpha": policy.floor_alpha,
        "cliff_alpha": policy.cliff_alpha,
    }
