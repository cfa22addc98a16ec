"""Taking in the events of other copies of a project, as they were sealed there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from labeler.domain.events import GENESIS, Damage, Event, Private, read_event
from labeler.domain.verdict_json import check_body
from labeler.store.erasing import CarriedOut, Erasing
from labeler.store.folding_assigned import erase_times_again
from labeler.store.sealing import Sealing

_NOTHING = CarriedOut()


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event with the private values that its commitments stand for; some may have been erased."""

    event: Event
    privates: tuple[Private, ...] = ()


@dataclass(frozen=True, slots=True)
class Adoption:
    """What taking in other streams' events changed. Events of a damaged stream are left out from the damage on."""

    added: int
    known: int
    damage: tuple[Damage, ...]
    erased: CarriedOut = _NOTHING


class Adopting(Sealing, Erasing):
    """Merges logs."""

    def adopt(self, logged: Iterable[LoggedEvent]) -> Adoption:
        """Take in events as they were sealed elsewhere, in any order; those that are here already change nothing.

        Each stream must go on from what is held of it. Where it does not (an event is missing, altered, or stands
        where this store holds another one), the rest of that stream is left out and reported.
        """
        streams: dict[str, dict[int, LoggedEvent]] = defaultdict(dict)
        damage: list[Damage] = []
        for entry in logged:
            held = streams[entry.event.stream].setdefault(entry.event.seq, entry)
            if held.event.hash != entry.event.hash:
                damage.append(Damage(entry.event.stream, entry.event.seq, "is there twice with different content"))
        added = known = 0
        with self.atomic():
            for stream in sorted(streams):
                fresh, repeated, broken = self._adopt_stream([streams[stream][seq] for seq in sorted(streams[stream])])
                added, known = added + fresh, known + repeated
                damage.extend(broken)
            erased = _NOTHING
            if added:
                # Before anything is committed: what was erased elsewhere is never on this disk either.
                erase_times_again(self.connection)
                erased = self.carry_out_erasures()
        return Adoption(added, known, tuple(damage), erased)

    def _adopt_stream(self, entries: Sequence[LoggedEvent]) -> tuple[int, int, list[Damage]]:
        added = known = 0
        last = self._last(entries[0].event.stream)
        for entry in entries:
            event = entry.event
            held = self._at_place(event.stream, event.seq)
            problem = _refusal(entry, held, last)
            if problem:
                return added, known, [Damage(event.stream, event.seq, problem)]
            if held is not None:
                known += 1
                continue
            self._write(event, entry.privates)
            added, last = added + 1, event
        return added, known, []


def _refusal(entry: LoggedEvent, held: Event | None, last: Event | None) -> str:
    """Why an event of another store cannot be taken in; empty when it can."""
    event = entry.event
    try:
        sealed = read_event(event.data)
    except (ValueError, TypeError) as problem:
        return f"unreadable: {problem}"
    if sealed.hash != event.hash:
        return "its bytes do not match its hash"
    try:
        check_body(event)
    except (KeyError, TypeError, ValueError) as problem:
        return f"its body is not that of a {event.kind}: {problem}"
    for private in entry.privates:
        committed = event.body.get(private.field)
        if not isinstance(committed, Mapping) or committed.get("commitment") != private.commitment:
            return f"its {private.field} is not what it committed to"
    if held is not None:
        return "" if held.hash == event.hash else "this project holds another event in its place"
    expected = 1 if last is None else last.seq + 1
    if event.seq != expected:
        return f"event {expected} is missing before it"
    if event.prev != (GENESIS if last is None else last.hash):
        return "does not follow from the event before it"
    return ""
