"""A sampling plan as the body of an event, and its settings back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from labeler.domain.backfill.allocation import Allocation
from labeler.domain.backfill.conditions import When, when_from
from labeler.domain.backfill.plan import Plan, PlanSettings


def plan_body(plan: Plan) -> dict[str, Any]:
    """The settings, and of each stratum who belongs to it (as a digest) and who was chosen."""
    return {
        "settings": settings_to_json(plan.settings),
        "strata": [
            {
                "name": stratum.name,
                "contested": stratum.contested,
                "certainty": stratum.certainty,
                "population": len(stratum.members),
                "digest": stratum.digest,
                "chosen": list(stratum.chosen),
            }
            for stratum in plan.strata
        ],
    }


def settings_to_json(settings: PlanSettings) -> dict[str, Any]:
    return {
        "margin": settings.margin,
        "margin_amount": dict(settings.margin_amount),
        "strata": list(settings.strata),
        "amount_edges": list(settings.amount_edges),
        "allocation": str(settings.allocation),
        "certainty": [_when_to_json(when) for when in settings.certainty],
        "uncontested": settings.uncontested,
        "expected_contested": settings.expected_contested,
        "expected_uncontested": settings.expected_uncontested,
        "seed": settings.seed,
    }


def settings_from_body(raw: Mapping[str, Any]) -> PlanSettings:
    """Raises KeyError or ValueError for what is not a plan's settings."""
    return PlanSettings(
        margin=raw["margin"],
        margin_amount=raw["margin_amount"],
        strata=tuple(raw["strata"]),
        amount_edges=tuple(raw["amount_edges"]),
        allocation=Allocation(raw["allocation"]),
        certainty=tuple(when_from(one, {}) for one in raw["certainty"]),
        uncontested=raw["uncontested"],
        expected_contested=raw["expected_contested"],
        expected_uncontested=raw["expected_uncontested"],
        seed=raw["seed"],
    )


def _when_to_json(when: When) -> dict[str, Any]:
    said = {field.name: getattr(when, field.name) for field in fields(when)}
    return {
        key: sorted(map(str, value)) if isinstance(value, frozenset) else value
        for key, value in said.items()
        if value is not None and value not in (frozenset(), {})
    }
