"""Verdicts and resolutions as the bodies of events, and back.

A body holds what everyone who holds the log may read. What may hold personal data (gold answers, notes, durations,
a lead's reasons) is handed to the log as `private` and stands in the event as a commitment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labeler.domain.assignment import ASSIGNMENT_KINDS, check_assignment_body
from labeler.domain.backfill.handling import BACKFILL_KINDS, check_backfill_body
from labeler.domain.checks import Check, check_of
from labeler.domain.events import Event, EventKind
from labeler.domain.guesses import check_guess_body
from labeler.domain.item_json import answer_from_json, answer_to_json
from labeler.domain.people import Role
from labeler.domain.project import pairs_from_json, release_id
from labeler.domain.rubric import Tier
from labeler.domain.rubric_history import version_from
from labeler.domain.verdicts import (
    Checked,
    DifferenceVerdict,
    Gold,
    Prefill,
    Resolution,
    ResolvedBy,
    Right,
    Verdict,
    failure_from_json,
    failure_to_json,
)

PUBLIC_KEY_BYTES = 32
"""Of an Ed25519 key."""
Body = Mapping[str, Any]


def check_body(event: Event) -> None:  # noqa: PLR0912  # a line or two for each kind, and nothing to see at once
    """Raises KeyError, TypeError or ValueError for an event whose body is not what its kind promises."""
    match event.kind:
        case EventKind.VERDICT:
            verdict_from(event.body, {})
        case EventKind.RESOLUTION:
            resolution_from(event.body, {})
        case kind if kind in _PLAIN:
            _texts(event.body, *_PLAIN[EventKind(kind)])
        case EventKind.REOPENING:
            _texts(event.body, "event")
            ResolvedBy(event.body.get("by", ResolvedBy.CONSENSUS))
        case EventKind.JOINED:
            _texts(event.body, "person", "role")
            Role(event.body["role"])
            int(event.body["simulated"])
        case EventKind.ROLE:
            _texts(event.body, "person", "role")
            Role(event.body["role"])
        case EventKind.RUBRIC:
            version_from(event)
        case EventKind.KEY:
            if len(bytes.fromhex(event.body["public"])) != PUBLIC_KEY_BYTES:
                raise ValueError("not a public key")
        case EventKind.CHECK:
            _check_check(event.body)
        case EventKind.GUESS:
            check_guess_body(event.body)
        case kind if kind in ASSIGNMENT_KINDS:
            check_assignment_body(kind, event.body)
        case kind if kind in BACKFILL_KINDS:
            check_backfill_body(kind, event.body)
        case EventKind.RELEASE:
            if event.body["release"] != release_id(pairs_from_json(event.body["pairs"])):
                raise ValueError(f"release {event.body['release']} does not name the models of its id")


_PLAIN: Mapping[EventKind, tuple[str, ...]] = {EventKind.SKIP: ("item_id", "release"), EventKind.WITHDRAWAL: ("event",)}


def _check_check(body: Body) -> None:
    check_of(body)
    _texts(body, "item_id", "release")
    if "skipped" not in body:
        verdict_from(body, {})


def reopening_body(event_id: str, by: ResolvedBy) -> dict[str, str]:
    """A lead's reopening ends any resolution; that of a consensus which no longer holds, only a consensus."""
    return {"kind": "reopening", "event": event_id, "by": str(by)}


def _texts(body: Body, *keys: str) -> None:
    for key in keys:
        if not isinstance(body[key], str):
            raise TypeError(f"{key} is not text")


def verdict_body(verdict: Verdict) -> tuple[dict[str, Any], dict[str, Any]]:
    """The event's body, and the private values that the log replaces by commitments at the same keys."""
    gold = verdict.gold
    body: dict[str, Any] = {
        "kind": "verdict",
        "item_id": verdict.item_id,
        "release": verdict.release,
        "right": str(verdict.right),
        "reason": verdict.reason,
        "closer": verdict.closer,
        "sure": verdict.sure,
        "differences": [{"id": d.id, "right": str(d.right)} for d in verdict.differences],
        "failures": [failure_to_json(failure) for failure in verdict.failures],
        "tier": str(verdict.tier),
        "tier_before_outputs": verdict.tier_before_outputs,
        "gold": gold and {"from": list(gold.sources), "edits": gold.edits, "prefill": str(gold.prefill)},
        "checked": str(verdict.checked),
        "heard_s": verdict.heard_s,
        "shown": dict(verdict.shown),
        "rubric": verdict.rubric,
        "outputs": dict(verdict.outputs),
        "exposed": list(verdict.exposed),
    }
    if verdict.heard_of_s:  # only where outputs are recordings: all other verdicts stay as they always were
        body["heard_of_s"] = dict(verdict.heard_of_s)
    private: dict[str, Any] = {"note": verdict.note, "duration_ms": verdict.duration_ms}
    if gold is not None:
        private["gold"] = answer_to_json(gold.answer)
    return body, private


def check_verdict_body(verdict: Verdict, check: Check) -> tuple[dict[str, Any], dict[str, Any]]:
    """As `verdict_body`, for a verdict that tells of its person and not of the item."""
    body, private = verdict_body(verdict)
    return {**body, "kind": "check", "check": str(check.kind), "of": check.of}, private


def check_skip_body(release: str, item_id: str, check: Check, reason: str) -> dict[str, Any]:
    """A check that was skipped."""
    return {
        "kind": "check",
        "check": str(check.kind),
        "of": check.of,
        "release": release,
        "item_id": item_id,
        "skipped": reason,
    }


def verdict_from(body: Body, private: Body) -> Verdict:
    """The verdict that an event holds. What was erased is empty: no gold answer, no note, no duration.

    Raises KeyError or ValueError for a body that is not a verdict's.
    """
    gold = body["gold"]
    return Verdict(
        item_id=body["item_id"],
        release=body["release"],
        right=Right(body["right"]),
        tier=Tier(body["tier"]),
        tier_before_outputs=body["tier_before_outputs"],
        checked=Checked(body["checked"]),
        shown=body["shown"],
        rubric=body["rubric"],
        outputs=body["outputs"],
        differences=tuple(DifferenceVerdict(d["id"], Right(d["right"])) for d in body["differences"]),
        failures=tuple(failure_from_json(failure) for failure in body["failures"]),
        closer=body["closer"],
        sure=body["sure"],
        reason=body.get("reason"),
        gold=_gold(gold, private["gold"]) if gold is not None and "gold" in private else None,
        note=private.get("note", ""),
        duration_ms=private.get("duration_ms", 0),
        heard_s=body["heard_s"],
        heard_of_s=body.get("heard_of_s", {}),
        exposed=tuple(body["exposed"]),
    )


def _gold(body: Body, answer: Body) -> Gold:
    return Gold(answer_from_json(answer), tuple(body["from"]), body["edits"], Prefill(body["prefill"]))


def resolution_body(resolution: Resolution) -> tuple[dict[str, Any], dict[str, Any]]:
    """The event's body, and the private values that the log replaces by commitments at the same keys."""
    body: dict[str, Any] = {
        "kind": "resolution",
        "item_id": resolution.item_id,
        "release": resolution.release,
        "right": str(resolution.right),
        "tier": str(resolution.tier),
        "failures": [failure_to_json(failure) for failure in resolution.failures],
        "verdicts": list(resolution.verdicts),
        "by": str(resolution.by),
        "gold_from": resolution.gold_from,
        "checked": str(resolution.checked),
        "outputs": dict(resolution.outputs),
        "rubric": resolution.rubric,
    }
    for name in ("gap", "policy"):
        if getattr(resolution, name):
            body[name] = getattr(resolution, name)
    if resolution.exposed:
        body["exposed"] = list(resolution.exposed)
    private: dict[str, Any] = {"reason": resolution.reason}
    if resolution.gold is not None:
        private["gold"] = answer_to_json(resolution.gold)
    return body, private


def resolution_from(body: Body, private: Body) -> Resolution:
    """The resolution that an event holds. Raises KeyError or ValueError for a body that is not a resolution's."""
    return Resolution(
        item_id=body["item_id"],
        release=body["release"],
        right=Right(body["right"]),
        tier=Tier(body["tier"]),
        failures=tuple(failure_from_json(failure) for failure in body["failures"]),
        verdicts=tuple(body["verdicts"]),
        by=ResolvedBy(body["by"]),
        gold_from=body["gold_from"],
        checked=Checked(body["checked"]),
        outputs=body["outputs"],
        rubric=body["rubric"],
        reason=private.get("reason", ""),
        gold=answer_from_json(private["gold"]) if "gold" in private else None,
        exposed=tuple(body.get("exposed", ())),
        gap=body.get("gap", ""),
        policy=body.get("policy", ""),
    )
