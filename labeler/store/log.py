"""The append-only log as it is read: events, what they committed to, and whether they are as they were written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from labeler.domain.events import Damage, Event, EventKind, Private, commit_to, stream_name, verify_chain
from labeler.store.connected import Connected

Value = Any
"""What JSON can hold."""


class Log(Connected):
    """Events of the store."""

    @property
    def device(self) -> str:
        """The name of this copy of the store in the streams that are written here."""
        return self._fact("device") or "unnamed"

    def stream(self, author: str) -> str:
        """The stream that an author writes to in this copy of the store."""
        return stream_name(author, self.device)

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
            yield event_of(stored, data)

    def event(self, event_id: str) -> Event | None:
        row = self.connection.execute("SELECT hash, data FROM events WHERE id = ?", (event_id,)).fetchone()
        return None if row is None else event_of(*row)

    def last_event_of(self, stream: str, kinds: Sequence[EventKind]) -> Event | None:
        """The newest event of these kinds in a stream."""
        marks = ", ".join("?" * len(kinds))
        row = self.connection.execute(
            f"SELECT hash, data FROM events WHERE stream = ? AND kind IN ({marks}) ORDER BY seq DESC LIMIT 1",
            (stream, *map(str, kinds)),
        ).fetchone()
        return None if row is None else event_of(*row)

    def newest_of_kind(self, kind: EventKind) -> str:
        """Id of the event of this kind that this store took in last; empty where there is none."""
        row = self.connection.execute(
            "SELECT id FROM events WHERE kind = ? ORDER BY position DESC LIMIT 1", (str(kind),)
        ).fetchone()
        return "" if row is None else str(row[0])

    def streams(self) -> list[str]:
        return [row[0] for row in self.connection.execute("SELECT DISTINCT stream FROM events ORDER BY stream")]

    def private_of(self, event_id: str) -> dict[str, Value]:
        """The private values of an event by field; an erased one is not there."""
        rows = self.connection.execute("SELECT field, value FROM privates WHERE event_id = ?", (event_id,))
        return {field: orjson.loads(value) for field, value in rows}

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
        return None if row is None else event_of(*row)

    def hash_at(self, stream: str, seq: int) -> str | None:
        """The hash of the event of a stream with this number."""
        row = self.connection.execute("SELECT hash FROM events WHERE stream = ? AND seq = ?", (stream, seq)).fetchone()
        return None if row is None else str(row[0])

    def _at_place(self, stream: str, seq: int) -> Event | None:
        row = self.connection.execute(
            "SELECT hash, data FROM events WHERE stream = ? AND seq = ?", (stream, seq)
        ).fetchone()
        return None if row is None else event_of(*row)


def event_of(stored_hash: str, data: bytes) -> Event:
    """An event as stored. That its bytes are what was written is for `chain_damage` to say."""
    return Event(**orjson.loads(data), hash=stored_hash, data=data)
