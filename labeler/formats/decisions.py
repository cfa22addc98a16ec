"""Decisions files: past actions that were taken on an old output."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from labeler.formats import checks
from labeler.formats.row import RefusedError


def check_decision(raw: Mapping[str, Any]) -> None:
    """Pass a decision that is as DATA has it; raises RefusedError for anything else."""
    checks.identifier(raw, "decision_id")
    checks.identifier(raw, "item_id")
    checks.text(raw, "action", required=True)
    _check_time(raw.get("decided_at"))
    checks.number(raw, "amount")
    for key in ("currency", "jurisdiction"):
        checks.text(raw, key)
    for key in ("reversible", "customer_notified"):
        checks.truth(raw, key)
    checks.mapping(raw, "model")
    if (model := raw.get("model")) is not None:
        checks.text(model, "name", required=True)
        checks.text(model, "version", required=True)


def from_cells(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A decision from a row of a spreadsheet, where everything is text."""
    read = dict(raw)
    for key in ("reversible", "customer_notified"):
        if key in read:
            read[key] = checks.truth_of_cell(read[key], key)
    if "amount" in read:
        read["amount"] = checks.number_of_cell(read["amount"], "amount")
    return read


def _check_time(value: Any) -> None:
    if value is None:
        raise RefusedError("decided_at is missing")
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise RefusedError(f"decided_at: {value!r} is not a time such as 2026-09-03T10:12:00Z") from None
    if moment.tzinfo is None:
        raise RefusedError(f"decided_at: {value!r} has no zone; write a Z behind it for UTC")
