"""Verdicts out and in: every event with what stands beside it, merged without regard to order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from labeler.domain.events import Damage, Event, EventKind
from labeler.domain.signatures import StreamSignature
from labeler.errors import unwritable
from labeler.formats.row import Refusal
from labeler.formats.verdicts import Entry, read_events, write_events
from labeler.steps.identity import holds, read_signatures
from labeler.steps.progress import OnProblem, Problem, ignore
from labeler.steps.settle import settle
from labeler.store import CarriedOut, LoggedEvent, Store
from labeler.whole_file import whole_file

_NOTHING = CarriedOut()


@dataclass(frozen=True, slots=True)
class Merged:
    """What taking in a verdicts file changed. `damage` names events that were left out."""

    added: int
    known: int
    refused: int
    damage: tuple[Damage, ...]
    judged: frozenset[tuple[str, str]] = frozenset()
    """Release and item of what people (not simulated ones) said, took back or asked another's verdict for."""
    signed: frozenset[str] = frozenset()
    """Streams of the file that their device's key signed, up to their last event there."""
    unsigned: frozenset[str] = frozenset()
    """Streams with a key that brought something new without a signature, as when somebody passes a file on."""
    erased: CarriedOut = _NOTHING
    """What erasures of other copies removed here; `steps.erased.finish_erasures` removes the files."""


def export_verdicts(store: Store, path: Path, *, streams: Iterable[str] | None = None) -> int:
    """Write every event (of these streams), stream by stream in order of `seq`; the same events give the same bytes.

    The file is there whole or not at all. Raises LabelerError when it cannot be written.
    """
    try:
        with whole_file(path) as file:
            count = write_events(_entries(store, store.streams() if streams is None else sorted(streams)), file)
    except OSError as problem:
        raise unwritable(path, problem) from None
    return count


def _entries(store: Store, streams: Iterable[str]) -> Iterator[Entry]:
    for stream in streams:
        for event in store.events(stream):
            yield event, store.privates_of(event.id)


def import_verdicts(store: Store, path: Path, *, on_problem: OnProblem = ignore) -> Merged:
    """Take in the events of a file that are not here yet, in one transaction.

    Files may come in any order and again; the state in the end is the same. Raises LabelerError when the file cannot
    be read at all.
    """
    refused = 0
    logged: list[LoggedEvent] = []
    for line, entry in read_events(path):
        if isinstance(entry, Refusal):
            refused += 1
            on_problem(Problem(path, line, "refused", entry.reason))
        else:
            logged.append(LoggedEvent(*entry))
    checked = _check_signatures(store, logged, read_signatures(path))
    adoption = store.adopt(entry for entry in logged if entry.event.stream not in checked.broken)
    broken = tuple(Damage(stream, 0, "its signature is not of its key") for stream in sorted(checked.broken))
    left_out = (*adoption.damage, *broken)
    for damage in left_out:
        on_problem(Problem(path, damage.seq, "refused", f"{damage.stream} {damage.seq}: {damage.what}"))
    judged = _judged(store, logged) if adoption.added else frozenset()
    return Merged(
        adoption.added, adoption.known, refused, left_out, judged, checked.signed, checked.unsigned, adoption.erased
    )


@dataclass(frozen=True, slots=True)
class _Checked:
    signed: frozenset[str]
    unsigned: frozenset[str]
    broken: frozenset[str]


def _check_signatures(store: Store, logged: Sequence[LoggedEvent], signatures: Sequence[StreamSignature]) -> _Checked:
    """A stream is signed if the key that it named first, here or in the file, signed its last event in the file.

    One that its key signed up to an earlier event is not signed, and not broken either.
    """
    last: dict[str, Event] = {}
    keys: dict[str, str] = {}
    hashes = {(entry.event.stream, entry.event.seq): entry.event.hash for entry in logged}
    for entry in sorted(logged, key=lambda one: one.event.seq):
        last[entry.event.stream] = entry.event
        if entry.event.kind == EventKind.KEY:
            keys.setdefault(entry.event.stream, entry.event.body["public"])
    signed, broken = set[str](), set[str]()
    for one in signatures:
        if one.stream in last:
            key = store.stream_key(one.stream) or keys.get(one.stream)
            if one.key != key or hashes.get((one.stream, one.seq)) != one.hash or not holds(one):
                broken.add(one.stream)
            elif one.seq == last[one.stream].seq:
                signed.add(one.stream)
    fresh = {stream for stream, end in last.items() if store.hash_at(stream, end.seq) is None}
    with_key = {stream for stream in fresh if stream in keys or store.stream_key(stream) is not None}
    return _Checked(frozenset(signed - broken), frozenset(with_key - signed - broken), frozenset(broken))


def settle_merged(store: Store, stream: str, merged: Merged, at: datetime) -> int:
    """Settle by consensus, in this stream, what the verdicts of several laptops amount to together; how many.

    Merging itself appends nothing, so that its result does not depend on who merges.
    """
    with store.atomic():
        return sum(settle(store, stream, release, [item_id], at) for release, item_id in sorted(merged.judged))


def _judged(store: Store, logged: Iterable[LoggedEvent]) -> frozenset[tuple[str, str]]:
    found = set()
    for entry in logged:
        event: Event | None = entry.event
        if event is not None and event.kind == EventKind.WITHDRAWAL:
            event = store.event(event.body["event"])
        if (
            event is not None
            and event.kind in (EventKind.VERDICT, EventKind.ASK)
            and not store.person_of(event.author).simulated
        ):
            found.add((event.body["release"], event.body["item_id"]))
    return frozenset(found)
