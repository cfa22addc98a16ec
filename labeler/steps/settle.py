"""Settling items by consensus: what enough people agree on is decided, and open again when they no longer do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from labeler.domain.consensus import consensus
from labeler.domain.events import EventKind
from labeler.domain.verdict_json import reopening_body, resolution_body
from labeler.domain.verdicts import Resolution, ResolvedBy
from labeler.store import Store
from labeler.store.verdict_state import StoredResolution, StoredVerdict


def settle(store: Store, stream: str, release: str, item_ids: Iterable[str], at: datetime) -> int:
    """Append the resolutions and reopenings that the verdicts in force call for; the answer is how many.

    A lead's resolution is never touched. Joins the caller's transaction.
    """
    appended = 0
    with store.atomic():
        for item_id in item_ids:
            standing = store.resolution(release, item_id)
            if standing is not None and standing.resolution.by is ResolvedBy.LEAD:
                continue
            decided, called_for = _called_for(store, release, item_id, standing)
            if called_for:
                continue
            if decided is not None:
                body, private = resolution_body(decided)
                store.append(stream, EventKind.RESOLUTION, body, at, private)
                appended += 1
            else:
                appended += open_stale(store, stream, release, item_id, at)
    return appended


def open_stale(store: Store, stream: str, release: str, item_id: str, at: datetime) -> int:
    """Append the reopening of each consensus that stands though the verdicts in force do not call for it.

    There may be several: what ends a consensus lets one stand again that it had replaced. The answer is how many.
    Joins the caller's transaction.
    """
    opened = 0
    with store.atomic():
        while (standing := store.resolution(release, item_id)) is not None:
            if standing.resolution.by is ResolvedBy.LEAD or _called_for(store, release, item_id, standing)[1]:
                break
            body = reopening_body(standing.event.id, ResolvedBy.CONSENSUS)
            store.append(stream, EventKind.REOPENING, body, at)
            opened += 1
    return opened


def _called_for(
    store: Store, release: str, item_id: str, standing: StoredResolution | None
) -> tuple[Resolution | None, bool]:
    """What the verdicts in force decide, and whether what stands, or that nothing does, is just that."""
    versions = store.rubric_history.versions
    newest = versions[-1].version if versions and store.rubric_history.changes_anything else None
    verdicts = store.verdicts(release, item_id)
    decided = _decide(verdicts, store.needed(release, item_id), newest)
    if decided is not None and standing is None and decided.verdicts in store.reopened_by_lead(release, item_id):
        decided = None  # a lead opened just that again: it stays open until somebody says something new
    return decided, _same(standing, decided) or (decided is None and _holds_by_policy(standing, verdicts))


def _holds_by_policy(standing: StoredResolution | None, verdicts: Sequence[StoredVerdict]) -> bool:
    """Whether what stands was no unanimity to begin with, and nobody has said anything new since."""
    if standing is None or not standing.resolution.policy:
        return False
    return set(standing.resolution.verdicts) == {stored.event.id for stored in _counted(verdicts)}


def _counted(verdicts: Sequence[StoredVerdict]) -> Sequence[StoredVerdict]:
    """Simulated annotators settle an item only as long as nobody has judged it."""
    return [stored for stored in verdicts if not stored.simulated] or verdicts


def _decide(verdicts: Sequence[StoredVerdict], overlap: int, newest: str | None) -> Resolution | None:
    decided = consensus([(stored.event.id, stored.verdict) for stored in _counted(verdicts)], needed=overlap)
    # The codes of verdicts are read as those of the newest version, so that is what the resolution speaks.
    return decided if decided is None or newest is None else replace(decided, rubric=newest)


def _same(standing: StoredResolution | None, decided: Resolution | None) -> bool:
    """Whether what stands says what is decided; which version of the rubric it was said in is no difference."""
    if standing is None or decided is None:
        return standing is None and decided is None
    return replace(decided, rubric=standing.resolution.rubric) == standing.resolution
