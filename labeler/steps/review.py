"""Reviewing: what the evidence of an item is, and what saving, skipping and taking back append to the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from labeler.domain.checks import Check, CheckKind, check_of
from labeler.domain.differences.model import Comparison
from labeler.domain.events import Event, EventKind
from labeler.domain.items import Item, Output, Release
from labeler.domain.verdict_json import check_skip_body, check_verdict_body, verdict_body
from labeler.domain.verdicts import Verdict
from labeler.errors import LabelerError
from labeler.steps.settle import settle
from labeler.store import Store


@dataclass(frozen=True, slots=True)
class Evidence:
    """An item of a release with both outputs and what their comparison found."""

    item: Item
    old: Output
    new: Output
    comparison: Comparison


def evidence(store: Store, release: Release, item_id: str) -> Evidence:
    """Raises LabelerError when the project lacks an output of the item, or the comparison of both."""
    item = store.item(item_id)
    pair = release.pairs.get(item.modality)
    old = store.output(item_id, pair.old) if pair else None
    new = store.output(item_id, pair.new) if pair else None
    comparison = store.comparison(release.id, item_id)
    if old is None or new is None or comparison is None:
        raise LabelerError(
            f"item {item_id} has no pair of outputs in this release",
            kept="everything that was imported and judged",
            remedy="import both models' outputs of this item again",
        )
    return Evidence(item, old, new, comparison)


def save_verdict(store: Store, stream: str, verdict: Verdict, at: datetime) -> Event:
    """Append the verdict, and what its arrival settles or opens again. On disk when this returns."""
    body, private = verdict_body(verdict)
    with store.atomic():
        event = store.append(stream, EventKind.VERDICT, body, at, private)
        settle(store, stream, verdict.release, [verdict.item_id], at)
    return event


def save_check(store: Store, stream: str, verdict: Verdict, check: Check, at: datetime) -> Event:
    """Append a verdict that tells of its person: it counts for nothing else. On disk when this returns."""
    body, private = check_verdict_body(verdict, check)
    with store.atomic():
        return store.append(stream, EventKind.CHECK, body, at, private)


def skip_check(store: Store, stream: str, release: str, item_id: str, check: Check, reason: str, at: datetime) -> Event:
    with store.atomic():
        return store.append(stream, EventKind.CHECK, check_skip_body(release, item_id, check, reason), at)


def skip(store: Store, stream: str, release: str, item_id: str, reason: str, at: datetime) -> Event:
    """Append that this person leaves the item to others, and why."""
    body = {"kind": "skip", "item_id": item_id, "release": release, "reason": reason}
    with store.atomic():
        return store.append(stream, EventKind.SKIP, body, at)


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: a verdict, or (None) a skip; on a check, if it was one."""

    item_id: str
    release: str
    verdict: Verdict | None
    check: Check | None = None


def withdraw_last(store: Store, stream: str, at: datetime) -> Undone | None:
    """Take back this stream's newest verdict or skip that still stands; None when there is none.

    A withdrawal is an event as well: nothing is removed from the log. Raises LabelerError for an item judged in
    training: how it was settled is known since then.
    """
    with store.atomic():
        last = store.last_standing(stream)
        if last is None:
            return None
        release, item_id = last.body["release"], last.body["item_id"]
        said = last.kind in (EventKind.VERDICT, EventKind.CHECK) and "skipped" not in last.body
        check = check_of(last.body) if last.kind == EventKind.CHECK else None
        if said and check is not None and check.kind is CheckKind.TRAINING:
            raise LabelerError(
                f"{item_id} was for training, and you know now how it was settled",
                kept="what you said of it",
                remedy="go on with the next item",
            )
        stored = store.stored_verdict(last.id) if said else None
        store.append(stream, EventKind.WITHDRAWAL, {"kind": "withdrawal", "event": last.id}, at)
        if check is None:
            settle(store, stream, release, [item_id], at)
    return Undone(item_id, release, stored.verdict if stored else None, check)
