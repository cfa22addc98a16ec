"""What a rule of the policy, or a certainty stratum, asks of a record. Every condition given must hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from labeler.domain.backfill.records import Record, Status


@dataclass(frozen=True, slots=True)
class When:
    """Empty conditions hold for every record. What is unknown of a record meets no condition on it."""

    status: frozenset[Status] = frozenset()
    contested: bool | None = None
    reversible: bool | None = None
    notified: bool | None = None
    jurisdiction: frozenset[str] = frozenset()
    """A code also stands for its parts: `US` holds for `US-CA`."""
    action: frozenset[str] = frozenset()
    modality: frozenset[str] = frozenset()
    currency: frozenset[str] = frozenset()
    amount_above: float | None = None
    tier: frozenset[str] = frozenset()
    failure: frozenset[str] = frozenset()
    """Codes, of which the old output has at least one."""
    slices: Mapping[str, Any] = field(default_factory=dict)

    def holds(self, record: Record) -> bool:
        decision = record.decision
        return (
            (not self.status or record.status in self.status)
            and _is(self.contested, record.contested)
            and _is(self.reversible, decision.reversible)
            and _is(self.notified, decision.customer_notified)
            and (not self.jurisdiction or _lies_in(decision.jurisdiction, self.jurisdiction))
            and (not self.action or decision.action in self.action)
            and (not self.modality or str(record.modality) in self.modality)
            and (not self.currency or decision.currency in self.currency)
            and (self.amount_above is None or (decision.amount or 0.0) > self.amount_above)
            and (not self.tier or record.tier in self.tier)
            and (not self.failure or not self.failure.isdisjoint(record.failures))
            and all(str(record.slices.get(key)) == str(value) for key, value in self.slices.items())
        )


def _is(wanted: bool | None, found: bool | None) -> bool:
    return wanted is None or wanted is found


def _lies_in(found: str | None, places: frozenset[str]) -> bool:
    return found is not None and (found in places or found.partition("-")[0] in places)


_LISTS = ("jurisdiction", "action", "modality", "currency", "tier", "failure")
_TRUTHS = ("contested", "reversible", "notified")


def when_from(raw: Mapping[str, Any], groups: Mapping[str, frozenset[str]]) -> When:
    """Conditions as a policy file writes them; a jurisdiction may name a group. Raises ValueError, saying the key."""
    known = {"status", "amount_above", "slices", *_LISTS, *_TRUTHS}
    if unknown := sorted(raw.keys() - known):
        raise ValueError(f"{unknown[0]} is not a condition (known: {', '.join(sorted(known))})")
    for key in _TRUTHS:
        if key in raw and not isinstance(raw[key], bool):
            raise ValueError(f"{key}: {raw[key]!r} is neither true nor false")
    amount = raw.get("amount_above")
    if amount is not None and (isinstance(amount, bool) or not isinstance(amount, int | float)):
        raise ValueError(f"amount_above: {amount!r} is not a number")
    if not isinstance(raw.get("slices", {}), dict):
        raise ValueError("slices: not a table")
    places = _texts(raw.get("jurisdiction", []), "jurisdiction")
    return When(
        status=frozenset(_status(name) for name in _texts(raw.get("status", []), "status")),
        contested=raw.get("contested"),
        reversible=raw.get("reversible"),
        notified=raw.get("notified"),
        jurisdiction=frozenset(chain.from_iterable(groups.get(name, {name}) for name in places)),
        amount_above=None if amount is None else float(amount),
        action=_texts(raw.get("action", []), "action"),
        modality=_texts(raw.get("modality", []), "modality"),
        currency=_texts(raw.get("currency", []), "currency"),
        tier=_texts(raw.get("tier", []), "tier"),
        failure=_texts(raw.get("failure", []), "failure"),
        slices=raw.get("slices", {}),
    )


def _texts(value: Any, key: str) -> frozenset[str]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise ValueError(f"{key}: {value!r} is not a text or a list of texts")
    return frozenset(listed)


def _status(name: str) -> Status:
    try:
        return Status(name)
    except ValueError:
        raise ValueError(f"status: {name!r} is not known (known: {', '.join(Status)})") from None
