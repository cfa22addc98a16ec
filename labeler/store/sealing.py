"""Writing to the log: what a person does is sealed as the next event of their stream, in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from labeler.domain.events import GENESIS, Event, EventKind, Private, commit_to, seal
from labeler.domain.people import Role
from labeler.domain.roles import Roles, refusal
from labeler.errors import LabelerError
from labeler.store.folding import fold_event
from labeler.store.log import Log, Value
from labeler.store.role_state import roles_of_one


class Sealing(Log):
    """Appends events."""

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
