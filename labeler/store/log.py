"""The append-only log: sealing events into the chain of their stream, and taking in those of other streams."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from labeler.domain.events import (
    GENESIS,
    Damage,
    Event,
    EventKind,
    Private,
    commit_to,
    read_event,
    seal,
    stream_name,
    verify_chain,
)
from labeler.domain.people import Role
from labeler.domain.roles import Roles, refusal
from labeler.domain.verdict_json import check_body
from labeler.errors import LabelerError
from labeler.store.connected import Connected
from labeler.store.folding import fold_event
from labeler.store.folding_assigned import erase_times_again
from labeler.store.role_state import roles_of_one

Value = Any
"""What JSON can hold."""


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


class Log(Connected):
    """Events of the store."""

    @property
    def device(self) -> str:
        """The name of this copy of the store in the streams that are written here."""
        return self._fact("device") or "unnamed"

    def stream(self, author: str) -> str:
        """The stream that an author writes to in this copy of the store."""
        return stream_name(author, self.device)

    def append(
        self,
        stream: str,
        kind: EventKind,
        body: Mapping[str, Any],
        at: datetime,
        private: Mapping[str, Value] | None = None,
    ) -> Event:
        """Seal an event as the next of its stream and fold it into the state, in one transaction.

        `private` values are stored beside the log; the body gets `{"commitment": …}` at their keys, added to what
        stands there. A time before that of the stream's last event is moved up to it, so that a clock that was set
        back cannot reorder what a person did; so is a time before the author's role was given. Raises LabelerError for
        what the author's role does not allow, ValueError for a naive time or a body that JSON cannot hold.
        """
        salted = tuple(commit_to(field, value, secrets.token_bytes(16)) for field, value in (private or {}).items())
        sealed = dict(body)
        for value in salted:
            sealed[value.field] = {**(sealed.get(value.field) or {}), "commitment": value.commitment}
        with self.atomic():
            last = self._last(stream)
            if last is not None:
                at = max(at, datetime.fromisoformat(last.at))
            at = self._behind_what_it_replaces(stream, kind, body, at)
            at = self._by_role(stream, kind, body, at)
            event = seal(
                stream,
                1 if last is None else last.seq + 1,
                _next_id(at, None if last is None else last.id),
                kind,
                at,
                GENESIS if last is None else last.hash,
                sealed,
            )
            self._write(event, salted)
        return event

    def _by_role(self, stream: str, kind: EventKind, body: Mapping[str, Any], at: datetime) -> datetime:
        """When this may be said in the author's role of today: `at`, or just after the role was given."""
        author = stream.partition("@")[0]
        spans = roles_of_one(self.connection, author)
        self.refuse(kind, body, Roles({author: spans}).now(author) if spans else Role.ANNOTATOR)
        if len(spans) < 2:
            return at
        return max(at, datetime.fromisoformat(spans[-1].since[0]) + timedelta(milliseconds=1))

    def refuse(self, kind: EventKind, body: Mapping[str, Any], role: Role) -> None:
        """Raises LabelerError for an event that would mean nothing, since its author's role does not allow it."""
        problem = refusal(kind, body.get("by"), role)
        if problem:
            raise LabelerError(
                f"nothing was saved: {problem}",
                kept="everything that was there before",
                remedy="ask a lead of this project to do it, or to give you another role (labeler people)",
            )

    def _behind_what_it_replaces(self, stream: str, kind: EventKind, body: Mapping[str, Any], at: datetime) -> datetime:
        """A time at which the event stands in the place of what was said before on a machine whose clock is ahead."""
        if kind not in _REPLACED:
            return at
        values = (body["release"], body["item_id"], stream.partition("@")[0])
        row = self.connection.execute(_REPLACED[kind], values).fetchone()
        if row is None or row[1] == stream:
            return at
        return max(at, datetime.fromisoformat(row[0]) + timedelta(milliseconds=1))

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
            if added:
                erase_times_again(self.connection)
        return Adoption(added, known, tuple(damage))

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

    def events(self, stream: str | None = None, kinds: Sequence[EventKind] | None = None) -> Iterator[Event]:
        """Events in the order in which this store took them in; of one stream, in order of `seq`."""
        where, values = ["1"], list[Any]()
        if stream is not None:
            where.append("stream = ?")
            values.append(stream)
        if kinds is not None:
            where.append(f"kind IN ({', '.join('?' * len(kinds))})")
            values.extend(map(str, kinds))
        order = "position" if stream is None else "seq"
        sql = f"SELECT hash, data FROM events WHERE {' AND '.join(where)} ORDER BY {order}"
        for stored, data in self.connection.execute(sql, values):
            yield _event(stored, data)

    def event(self, event_id: str) -> Event | None:
        row = self.connection.execute("SELECT hash, data FROM events WHERE id = ?", (event_id,)).fetchone()
        return None if row is None else _event(*row)

    def last_event_of(self, stream: str, kinds: Sequence[EventKind]) -> Event | None:
        """The newest event of these kinds in a stream."""
        marks = ", ".join("?" * len(kinds))
        row = self.connection.execute(
            f"SELECT hash, data FROM events WHERE stream = ? AND kind IN ({marks}) ORDER BY seq DESC LIMIT 1",
            (stream, *map(str, kinds)),
        ).fetchone()
        return None if row is None else _event(*row)

    def streams(self) -> list[str]:
        return [row[0] for row in self.connection.execute("SELECT DISTINCT stream FROM events ORDER BY stream")]

    def private_of(self, event_id: str) -> dict[str, Value]:
        """The private values of an event by field; an erased one is not there."""
        return {private.field: private.value for private in self.privates_of(event_id)}

    def privates_of(self, event_id: str) -> tuple[Private, ...]:
        """The private values of an event with their salts, as they travel to another store."""
        rows = self.connection.execute(
            "SELECT field, value, salt FROM privates WHERE event_id = ? ORDER BY field", (event_id,)
        )
        return tuple(commit_to(field, orjson.loads(value), salt) for field, value, salt in rows)

    def chain_damage(self) -> list[Damage]:
        """Everything in the log that is not as it was written, stream by stream."""
        damage: list[Damage] = []
        for stream in self.streams():
            rows = self.connection.execute(
                "SELECT stream, seq, hash, data FROM events WHERE stream = ? ORDER BY seq", (stream,)
            )
            damage.extend(verify_chain(rows))
        return damage

    def _write(self, event: Event, privates: Iterable[Private]) -> None:
        self.connection.execute(
            "INSERT INTO events (stream, seq, id, kind, at, hash, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (event.stream, event.seq, event.id, event.kind, event.at, event.hash, event.data),
        )
        self.connection.executemany(
            "INSERT INTO privates (event_id, field, value, salt) VALUES (?, ?, ?, ?)",
            [(event.id, private.field, orjson.dumps(private.value).decode(), private.salt) for private in privates],
        )
        fold_event(self.connection, event)
        if event.kind not in _CLOSING:
            self.openings += 1

    def newest_of(self, stream: str) -> Event | None:
        """The last event of a stream."""
        return self._last(stream)

    def stream_key(self, stream: str) -> str | None:
        """The public key (hex) with which a stream is signed: the first one it names."""
        return next((event.body["public"] for event in self.events(stream) if event.kind == EventKind.KEY), None)

    def _last(self, stream: str) -> Event | None:
        row = self.connection.execute(
            "SELECT hash, data FROM events WHERE stream = ? ORDER BY seq DESC LIMIT 1", (stream,)
        ).fetchone()
        return None if row is None else _event(*row)

    def hash_at(self, stream: str, seq: int) -> str | None:
        """The hash of the event of a stream with this number."""
        row = self.connection.execute("SELECT hash FROM events WHERE stream = ? AND seq = ?", (stream, seq)).fetchone()
        return None if row is None else str(row[0])

    def _at_place(self, stream: str, seq: int) -> Event | None:
        row = self.connection.execute(
            "SELECT hash, data FROM events WHERE stream = ? AND seq = ?", (stream, seq)
        ).fetchone()
        return None if row is None else _event(*row)


_NEWEST_JUDGEMENT = """
SELECT j.at, e.stream FROM judgements AS j JOIN events AS e ON e.id = j.event_id
WHERE j.release_id = ? AND j.item_id = ? AND j.person_id = ? ORDER BY j.at DESC, j.event_id DESC LIMIT 1
"""
_NEWEST_RESOLUTION = """
SELECT r.at, e.stream FROM resolutions AS r JOIN events AS e ON e.id = r.event_id
WHERE r.release_id = ? AND r.item_id = ? AND ? IS NOT NULL ORDER BY r.at DESC, r.event_id DESC LIMIT 1
"""
_REPLACED: Mapping[EventKind, str] = {
    EventKind.VERDICT: _NEWEST_JUDGEMENT,
    EventKind.SKIP: _NEWEST_JUDGEMENT,
    EventKind.RESOLUTION: _NEWEST_RESOLUTION,
}
"""What finds the newest one that an event of this kind goes before: which of them stands is decided by their times."""
_CLOSING = frozenset({EventKind.VERDICT, EventKind.SKIP, EventKind.RESOLUTION, EventKind.GUESS})
"""Kinds that never put an item back into a queue."""


def _event(stored_hash: str, data: bytes) -> Event:
    """An event as stored. That its bytes are what was written is for `chain_damage` to say."""
    return Event(**orjson.loads(data), hash=stored_hash, data=data)


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


def _next_id(at: datetime, previous: str | None) -> str:
    """A UUIDv7 (RFC 9562): milliseconds since 1970, then chance; greater than the stream's previous one.

    Events with the same time are ordered by id, so within a millisecond the previous id is counted up.
    """
    milliseconds = int(at.timestamp() * 1000)
    if previous is not None and UUID(previous).int >> 80 >= milliseconds:
        return str(UUID(int=UUID(previous).int + 1))
    chance = secrets.randbits(74) & ~(1 << 61)  # room to count up without touching the variant bits
    high, low = chance >> 62, chance & ((1 << 62) - 1)
    return str(UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low))
