"""The append-only log: one canonical JSON object an event, and a hash chain per stream.

A stream is one author on one device, so that two laptops that work offline never conflict. What may hold personal
data (names, notes, gold text, durations) stays outside an event, which holds a salted commitment to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

import orjson

from labeler.domain.canonical import canonical

_DOMAIN = b"labeler/event/1\0"
GENESIS = "0" * 64
"""`prev` of the first event of a stream."""


class EventKind(StrEnum):
    JOINED = "joined"
    ROLE = "role"
    KEY = "key"
    IMPORTED = "imported"
    RELEASE = "release"
    RUBRIC = "rubric"
    VERDICT = "verdict"
    WITHDRAWAL = "withdrawal"
    SKIP = "skip"
    RESOLUTION = "resolution"
    REOPENING = "reopening"
    GOLD = "gold"
    PUBLICATION = "publication"
    PLAN = "plan"
    DISPOSITION = "disposition"
    APPROVAL = "approval"
    STEP = "step"
    LOOKED = "looked"
    HOLD = "hold"
    ERASURE = "erasure"
    LEDGER = "ledger"
    RESERVATION = "reservation"
    ASK = "ask"
    REQUEUE = "requeue"
    CHECK = "check"
    QUALIFICATION = "qualification"
    TERM = "term"
    RULE = "rule"
    TIMES_ERASED = "times_erased"
    QUESTION = "question"
    ANSWER = "answer"
    GUESS = "guess"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the log. `data` are the bytes that were hashed; everything else is read from them."""

    stream: str
    seq: int
    id: str
    kind: str
    at: str
    prev: str
    body: Mapping[str, Any]
    hash: str
    data: bytes

    @property
    def author(self) -> str:
        return self.stream.partition("@")[0]


@dataclass(frozen=True, slots=True)
class Private:
    """A value that stays outside the chain: `commitment` is what the event holds in its place."""

    field: str
    value: Any
    salt: bytes
    commitment: str


def event_hash(data: bytes) -> str:
    return sha256(_DOMAIN + data).hexdigest()


def in_utc(at: datetime) -> str:
    """A time as events write it: RFC 3339, UTC, milliseconds. Raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError("an event needs a time with a zone")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seal(
    stream: str, seq: int, event_id: str, kind: EventKind, at: datetime, prev: str, body: Mapping[str, Any]
) -> Event:
    """Make an event: canonical bytes (RFC 8785) and their hash. `at` must be aware; it is written in UTC.

    Raises ValueError for a naive time or a body that JSON cannot hold.
    """
    written = in_utc(at)
    head: dict[str, Any] = {
        "stream": stream,
        "seq": seq,
        "id": event_id,
        "kind": str(kind),
        "at": written,
        "prev": prev,
    }
    data = canonical({**head, "body": dict(body)})
    return Event(stream, seq, event_id, str(kind), written, prev, body, event_hash(data), data)


def read_event(data: bytes) -> Event:
    """An event from its stored bytes. Raises ValueError when they are not the canonical form of an event."""
    raw = orjson.loads(data)
    if not isinstance(raw, dict) or {*raw} != {"stream", "seq", "id", "kind", "at", "prev", "body"}:
        raise ValueError("not an event: wrong keys")
    if canonical(raw) != data:
        raise ValueError("not in canonical form")
    return Event(**raw, hash=event_hash(data), data=data)


def commit_to(field: str, value: Any, salt: bytes) -> Private:
    """A salted commitment: without the salt nobody can try out values against it, and after erasure the chain holds."""
    digest = sha256(b"labeler/private/1\0" + salt + canonical(value)).hexdigest()
    return Private(field, value, salt, f"sha256:{digest}")


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in a chain that is not as it was written."""

    stream: str
    seq: int
    what: str


def verify_chain(events: Iterable[tuple[str, int, str, bytes]]) -> list[Damage]:
    """Check one stream's rows (stream, seq, stored hash, bytes) in order of seq; say everything that is damaged."""
    damage: list[Damage] = []
    prev, expected = GENESIS, 1
    for stream, seq, stored, data in events:
        if seq != expected:
            damage.append(Damage(stream, expected, f"event {expected} is missing" if seq > expected else "doubled"))
        if event_hash(data) != stored:
            damage.append(Damage(stream, seq, "its bytes do not match its hash"))
        try:
            event = read_event(data)
        except (ValueError, TypeError) as problem:
            damage.append(Damage(stream, seq, f"unreadable: {problem}"))
        else:
            if (event.stream, event.seq) != (stream, seq):
                damage.append(Damage(stream, seq, "stands in another place than it was written for"))
            if event.prev != prev:
                damage.append(Damage(stream, seq, "does not follow from the event before it"))
        prev, expected = stored, seq + 1
    return damage


_STREAM = re.compile(r"[A-Za-z0-9_.-]{1,64}@[A-Za-z0-9_.-]{1,64}")


def stream_name(person: str, device: str) -> str:
    """The stream of a person on a device. Raises ValueError for ids that could not be read back."""
    name = f"{person}@{device}"
    if not _STREAM.fullmatch(name):
        raise ValueError(f"{name!r} is not a stream: ids are letters, digits, '_', '.', '-'")
    return name
