"""The next version of a gold set from what is resolved: nothing new makes no version, nothing is dropped in silence."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from labeler.domain.events import Event, EventKind
from labeler.domain.gold.changes import Reason, Removed, Step, carried, walk
from labeler.domain.gold.records import GoldRecord, LeftOut, Resolved, gold_record
from labeler.domain.gold.words import Summary, changes_markdown
from labeler.domain.items import Item, Release
from labeler.domain.verdicts import ResolvedBy, Right
from labeler.errors import LabelerError
from labeler.formats.gold.folder import GoldWriter, check_whole, newest_version, read_records, version_name
from labeler.formats.gold.manifest import Manifest
from labeler.steps.gold.media import with_media_of
from labeler.steps.project import Now, Project, now_utc
from labeler.store import Store
from labeler.store.verdict_state import StoredResolution

_NAME = re.compile(r"[\w-][\w.-]{0,99}")


@dataclass(slots=True)
class LeftOuts:
    """Judged items that are not in the gold set, and why."""

    why: dict[str, LeftOut] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        return {why: len(items) for why, items in self.by_reason().items()}

    def by_reason(self) -> dict[str, list[str]]:
        """Ids by reason, in the order of `LeftOut`; reasons without items are not there."""
        grouped = {str(why): [item for item, said in self.why.items() if said is why] for why in LeftOut}
        return {why: items for why, items in grouped.items() if items}


@dataclass(slots=True)
class _RestsOn:
    """The events behind the records: the newest time, and the last one of each stream."""

    last_event_at: str = ""
    heads: dict[str, Event] = field(default_factory=dict)

    def add(self, store: Store, record: GoldRecord) -> None:
        for event_id in (record.provenance.resolution, *record.provenance.verdicts):
            event = store.event(event_id)
            if event is None:
                continue
            self.last_event_at = max(self.last_event_at, event.at)
            head = self.heads.get(event.stream)
            if head is None or head.seq < event.seq:
                self.heads[event.stream] = event


@dataclass(frozen=True, slots=True)
class Published:
    """A version and what set it off from its parent. `new` is false when there was nothing to publish."""

    folder: Path
    manifest: Manifest
    new: bool
    summary: Summary
    left_out: LeftOuts
    media_kept_back: int = 0
    """Records whose medium was not copied: missing, or not allowed to leave (`residency`, `pii`)."""


def build_gold(project: Project, to: Path, name: str, *, with_media: bool = False) -> Published:
    """Write the next version to `to/name/vNNNN`, if anything changed since the last one.

    Raises LabelerError when a record of the parent would be gone without an event that says why, when the parent is
    damaged (exit 4), when there is nothing to put into a first version, or for a name that cannot be a folder's.
    """
    if not _NAME.fullmatch(name):
        raise LabelerError(f"{name!r} cannot be a gold set's name", remedy="use letters, digits, '.', '_' and '-'")
    series = to / name
    parent = newest_version(series)
    parent_manifest = check_whole(parent) if parent else None
    version = version_name(int(parent.name[1:]) + 1 if parent else 1)
    summary, left_out, removed = Summary(), LeftOuts(), list[Removed]()
    rests_on, kept_back = _RestsOn(), 0
    reasons = _Reasons(project.store, left_out)
    with GoldWriter(series / version) as writer:
        current = _current_records(project.store, left_out)
        for step in map(_kept, walk(read_records(parent) if parent else (), current)):
            summary.add(step)
            if step.loses:
                removed.extend(reasons.removed(step))
            if step.after is not None:
                record = step.after
                rests_on.add(project.store, record)
                if with_media:
                    record, held = with_media_of(project, writer, record)
                    kept_back += held
                writer.add(carried(record, step.before, version))
        if parent and parent_manifest and summary.nothing:
            return Published(parent, parent_manifest, False, summary, left_out)
        if not writer.counts.records and not parent:
            raise _nothing_to_publish(left_out)
        reasons.raise_unexplained()
        writer.remove(removed)
        head = _head(name, version, parent_manifest, rests_on, left_out)
        since = parent_manifest.version if parent_manifest else ""
        page = changes_markdown(f"{name} {version}", since, summary, removed, left_out.counts())
        manifest = writer.finish(head, page)
    return Published(series / version, manifest, True, summary, left_out, kept_back)


def _kept(step: Step) -> Step:
    """A record from elsewhere stays until this project decides its item: no event here could say why it went."""
    before = step.before
    if before and step.after is None and before.provenance.resolved_by is ResolvedBy.ELSEWHERE:
        return Step(before, before)
    return step


def _head(name: str, version: str, parent: Manifest | None, rests_on: _RestsOn, left_out: LeftOuts) -> dict[str, Any]:
    """The manifest's keys that do not follow from the files."""
    return {
        "name": name,
        "version": version,
        "parent": parent and {"version": parent.version, "digest": parent.digest},
        "last_event_at": rests_on.last_event_at,
        "heads": {stream: {"seq": event.seq, "hash": event.hash} for stream, event in sorted(rests_on.heads.items())},
        "left_out": left_out.counts(),
    }


def record_publication(project: Project, manifest: Manifest, author: str, now: Now = now_utc) -> Event:
    """Append that this version was published. `author` is a person's id."""
    body = {"kind": "gold", "name": manifest.name, "version": manifest.version, "digest": manifest.digest}
    store = project.store
    return store.append(store.stream(author), EventKind.GOLD, {**body, "records": manifest.records}, now())


def _current_records(store: Store, left_out: LeftOuts) -> Iterator[GoldRecord]:
    """The records that the events make now, in order of id; who is left out on the way is noted."""
    releases = store.releases()
    found = [_judged_in(store, release) for release in releases]
    for item_id, group in groupby(heapq.merge(*found, key=_item_of), key=_item_of):
        item = store.item(item_id)
        record = gold_record(item, [_resolved(store, release, item, stored) for _, release, stored in group if stored])
        if isinstance(record, LeftOut):
            left_out.why[item_id] = record
        else:
            yield record


_Found = tuple[str, Release, StoredResolution | None]


def _item_of(found: _Found) -> str:
    return found[0]


def _judged_in(store: Store, release: Release) -> Iterator[_Found]:
    """The release's judged items in order of id, with what was decided; releases keep their order when merged."""
    decided: Iterator[_Found] = ((r.resolution.item_id, release, r) for r in store.resolutions(release.id))
    undecided: Iterator[_Found] = ((item_id, release, None) for item_id in store.unresolved(release.id))
    return heapq.merge(decided, undecided, key=_item_of)


def _resolved(store: Store, release: Release, item: Item, stored: StoredResolution) -> Resolved:
    resolution = stored.resolution
    pair = release.pairs[item.modality]
    outputs = [store.output(item.id, model) for model in (pair.old, pair.new)]
    return Resolved(
        event=stored.event.id,
        resolution=resolution,
        release=f"{pair.old} -> {pair.new.version if pair.old.name == pair.new.name else pair.new}",
        outputs=[output for output in outputs if output is not None],
        answer=store.decided_answer(stored),
        entry=store.entry(release.id, item.id),
        simulated=any(_is_simulated(store, verdict) for verdict in resolution.verdicts),
    )


def _is_simulated(store: Store, verdict: str) -> bool:
    """Raises KeyError when there is no such verdict."""
    event = store.event(verdict)
    if event is None:
        raise KeyError(verdict)
    return store.person_of(event.author).simulated


class _Reasons:
    """Finds the event that took a record of the parent out, for the removal ledger."""

    def __init__(self, store: Store, left_out: LeftOuts) -> None:
        self._store = store
        self._left_out = left_out
        self._unexplained: list[str] = []

    def removed(self, step: Step) -> list[Removed]:
        """The ledger's entry; none when no event says why, which `raise_unexplained` reports in the end."""
        before = step.before
        if before is None:
            return []
        standing = self._standing(before.id)
        ended = self._ended_by(before.provenance.resolution)
        event = standing.event if standing else ended
        if event is None:
            self._unexplained.append(before.id)
            return []
        reason = _reason(self._left_out.why.get(before.id), standing, before)
        return [Removed(before.id, reason, event.author, event.id, step.retiered, step.eased)]

    def raise_unexplained(self) -> None:
        if self._unexplained:
            some = ", ".join(self._unexplained[:5])
            raise LabelerError(
                f"{len(self._unexplained):,} records of the last version have no resolution in this project: {some}",
                kept="the last version; no new one was written",
                remedy="build from the project that the last version was built from, or under another name",
            )

    def _standing(self, item_id: str) -> StoredResolution | None:
        found = [self._store.resolution(release.id, item_id) for release in self._store.releases()]
        return next((stored for stored in reversed(found) if stored), None)

    def _ended_by(self, event_id: str) -> Event | None:
        reopenings = self._store.events(kinds=[EventKind.REOPENING])
        return next((event for event in reopenings if event.body["event"] == event_id), None)


def _reason(left_out: LeftOut | None, standing: StoredResolution | None, before: GoldRecord) -> Reason:
    if left_out is LeftOut.ERASED:
        return Reason.ERASED
    if standing and standing.resolution.right is Right.UNDECIDABLE:
        return Reason.WRONG
    if standing and standing.resolution.rubric != before.provenance.rubric:
        return Reason.RUBRIC_CHANGE
    return Reason.SUPERSEDED


def _nothing_to_publish(left_out: LeftOuts) -> LabelerError:
    counts = ", ".join(f"{count} {why}" for why, count in left_out.counts().items()) or "nobody has judged an item yet"
    return LabelerError(
        f"there is nothing to put into a gold set: {counts}",
        remedy="resolve items that were checked whole and leave their right answer",
    )
