"""Keeps the state tables what `domain.verdicts.fold` says of the log, one event at a time and in any order of streams.

Whatever order events arrive in, the tables end up the same: which judgement stands is decided by (at, id), never by
what came first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson

from labeler.domain.events import Event, EventKind
from labeler.domain.items import ModelVersion
from labeler.domain.people import Role
from labeler.domain.project import pairs_from_json
from labeler.domain.roles import ROLE_KINDS, Roles, roles_of
from labeler.domain.verdicts import State, is_leads
from labeler.store.folding_assigned import (
    SETTLE_CHECK,
    erase_times,
    erase_times_again,
    fold_ask,
    fold_check,
    fold_reservation,
    reserve_again,
)
from labeler.store.queue_counts import REFRESH, refresh_queue
from labeler.store.role_state import is_allowed, roles_in

_SETTLE = """
UPDATE judgements SET standing = 1 - standing
WHERE release_id = ?1 AND item_id = ?2 AND person_id = ?3 AND standing != (event_id IS (
    SELECT event_id FROM judgements
    WHERE release_id = ?1 AND item_id = ?2 AND person_id = ?3 AND allowed = 1
      AND NOT EXISTS (SELECT 1 FROM ended WHERE ended.event_id = judgements.event_id AND ended.allowed = 1
                      AND (ended.kind = 'withdrawal' AND ended.author = ?3
                           OR ended.kind = 'requeue' AND judgements.kind = 'skip'
                              AND (ended.by_lead = 1 OR ended.author = ?3)))
    ORDER BY at DESC, event_id DESC LIMIT 1))
"""
_DECIDED = """
SELECT event_id FROM resolutions AS r
WHERE release_id = ? AND item_id = ? AND allowed = 1
  AND NOT EXISTS (SELECT 1 FROM ended WHERE ended.event_id = r.event_id AND ended.allowed = 1
                  AND ended.kind = 'reopening' AND ended.by_lead >= r.by_lead)
ORDER BY by_lead DESC, at DESC, event_id DESC LIMIT 1
"""
FOLD = 6
"""Counts the changes of what the same events mean. A store that another rule filled is filled again: `refold`."""


def fold_event(connection: sqlite3.Connection, event: Event) -> None:
    """Bring the state tables up to date. The body must have passed `domain.verdict_json.check_body`."""
    fold = _FOLDS.get(event.kind)
    if fold is not None:
        fold(connection, event)


def refold(connection: sqlite3.Connection) -> None:
    """Fill the tables of what is in force from the log again, and count every place of every queue; joins the
    caller's transaction.
    """
    for table in ("ended", "judgements", "resolutions", "roles", "asks", "reservations", "checks"):
        connection.execute(f"DELETE FROM {table}")
    for stored_hash, data in connection.execute("SELECT hash, data FROM events ORDER BY position"):
        fold_event(connection, Event(**orjson.loads(data), hash=stored_hash, data=data))
    connection.execute(f"{REFRESH} OR 1", ("",))


def model_id(connection: sqlite3.Connection, model: ModelVersion) -> int:
    """The row of a model version, made if it is new."""
    connection.execute("INSERT OR IGNORE INTO models (name, version) VALUES (?, ?)", (model.name, model.version))
    row = connection.execute("SELECT id FROM models WHERE name = ? AND version = ?", (model.name, model.version))
    found: int = row.fetchone()[0]
    return found


def _joined(connection: sqlite3.Connection, event: Event) -> None:
    """The newest `joined` of a person says the name; roles follow from all that joined people and gave roles."""
    person, simulated = event.body["person"], int(event.body["simulated"])
    connection.execute(
        """INSERT INTO people (id, role, simulated, event_id) VALUES (?1, ?2, ?3, ?4)
           ON CONFLICT (id) DO UPDATE SET simulated = ?3, event_id = ?4
           WHERE (SELECT (at, id) < (?5, ?4) FROM events WHERE events.id = people.event_id)""",
        (person, event.body["role"], simulated, event.id, event.at),
    )
    rows = connection.execute("SELECT DISTINCT release_id, item_id FROM judgements WHERE person_id = ?", (person,))
    for release, item_id in rows.fetchall():
        refresh_queue(connection, release, item_id)
    _roles_changed(connection)


def _role(connection: sqlite3.Connection, event: Event) -> None:  # noqa: ARG001  # every event of the kind counts
    _roles_changed(connection)


def _roles_changed(connection: sqlite3.Connection) -> None:
    """Work out again who had which role when, and what is in force of those whose roles are others now."""
    marks = ", ".join("?" * len(ROLE_KINDS))
    rows = connection.execute(f"SELECT hash, data FROM events WHERE kind IN ({marks})", tuple(map(str, ROLE_KINDS)))
    before = roles_in(connection)
    now = roles_of(Event(**orjson.loads(data), hash=stored_hash, data=data) for stored_hash, data in rows)
    for person in sorted(now.spans):
        spans = now.spans[person]
        if before.spans.get(person) == spans:
            continue
        connection.execute("DELETE FROM roles WHERE person_id = ?", (person,))
        connection.executemany(
            "INSERT INTO roles VALUES (?, ?, ?, ?, ?, ?)",
            [(person, n, *span.since, str(span.role), span.by) for n, span in enumerate(spans)],
        )
        if any(span.role is not Role.ANNOTATOR for span in (*spans, *before.spans.get(person, ()))):
            _allow_again(connection, person, now)
    connection.executemany(
        "UPDATE people SET role = ?1 WHERE id = ?2 AND role != ?1",
        [(str(now.now(person)), person) for person in now.spans],
    )


def _allow_again(connection: sqlite3.Connection, person: str, roles: Roles) -> None:
    """Say of everything that a person wrote whether their role allows it, and let stand what stands then."""
    rows = connection.execute(
        f"SELECT hash, data FROM events WHERE substr(stream, 1, ?) = ? AND kind IN ({', '.join('?' * len(_SPOKEN))})",
        (len(person) + 1, f"{person}@", *_SPOKEN),
    ).fetchall()
    for stored_hash, data in rows:
        event = Event(**orjson.loads(data), hash=stored_hash, data=data)
        for table in ("judgements", "resolutions", "checks", "asks", "ended"):
            connection.execute(
                f"UPDATE {table} SET allowed = ? WHERE {'by_event' if table == 'ended' else 'event_id'} = ?",
                (int(roles.allow(event)), event.id),
            )
        _settle_named(connection, event.body["event"] if event.kind in _ENDINGS else event.id)
    reserve_again(connection)
    erase_times_again(connection)


def _release(connection: sqlite3.Connection, event: Event) -> None:
    """The earliest event of a release is the one that made it; others name the same models."""
    release, pairs = event.body["release"], pairs_from_json(event.body["pairs"])
    connection.execute(
        """INSERT INTO releases (id, at, event_id) VALUES (?1, ?2, ?3)
           ON CONFLICT (id) DO UPDATE SET at = ?2, event_id = ?3 WHERE (?2, ?3) < (at, event_id)""",
        (release, event.at, event.id),
    )
    for modality, pair in pairs.items():
        old, new = model_id(connection, pair.old), model_id(connection, pair.new)
        connection.execute(
            "INSERT OR IGNORE INTO release_pairs VALUES (?, ?, ?, ?)", (release, str(modality), old, new)
        )


def _judgement(connection: sqlite3.Connection, event: Event) -> None:
    body = event.body
    key = (body["release"], body["item_id"], event.author)
    connection.execute(
        "INSERT INTO judgements (event_id, release_id, item_id, person_id, kind, tier, at, outcome, sure, allowed, "
        "standing) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
        (
            event.id,
            *key,
            event.kind,
            body.get("tier"),
            event.at,
            body.get("right", ""),
            int(body.get("sure", True)),
            is_allowed(connection, event),
        ),
    )
    _settle_judgement(connection, *key)


def _settle_judgement(connection: sqlite3.Connection, release: str, item_id: str, person: str) -> None:
    """Let the newest judgement that was not withdrawn stand, and no other."""
    connection.execute(_SETTLE, (release, item_id, person))
    refresh_queue(connection, release, item_id)


def _resolution(connection: sqlite3.Connection, event: Event) -> None:
    body = event.body
    connection.execute(
        "INSERT INTO resolutions (event_id, release_id, item_id, tier, at, by_lead, outcome, failures, allowed, "
        "standing) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
        (
            event.id,
            body["release"],
            body["item_id"],
            body["tier"],
            event.at,
            int(is_leads(event)),
            body["right"],
            _failures(body["failures"]),
            is_allowed(connection, event),
        ),
    )
    _settle_resolution(connection, body["release"], body["item_id"])


def _failures(failures: Iterable[Mapping[str, Any]]) -> str:
    """What failed on which side, each once, always in the same order: equal sets of failures are equal texts."""
    return orjson.dumps(sorted({(failure["side"], failure["code"]) for failure in failures})).decode()


def _settle_resolution(connection: sqlite3.Connection, release: str, item_id: str) -> None:
    connection.execute(
        "UPDATE resolutions SET standing = 0 WHERE release_id = ? AND item_id = ? AND standing = 1", (release, item_id)
    )
    connection.execute(f"UPDATE resolutions SET standing = 1 WHERE event_id = ({_DECIDED})", (release, item_id))
    refresh_queue(connection, release, item_id)


def _ending(connection: sqlite3.Connection, event: Event) -> None:
    """A withdrawal, a requeue or a reopening: what it names may not have arrived yet."""
    named = event.body["event"]
    connection.execute(
        "INSERT INTO ended (event_id, by_event, kind, author, by_lead, allowed) VALUES (?, ?, ?, ?, ?, ?)",
        (named, event.id, event.kind, event.author, int(is_leads(event)), is_allowed(connection, event)),
    )
    _settle_named(connection, named)


def _settle_named(connection: sqlite3.Connection, named: str) -> None:
    """Let stand what stands on the item of a judgement or resolution, if it has arrived."""
    row = connection.execute(
        "SELECT release_id, item_id, person_id FROM judgements WHERE event_id = ?", (named,)
    ).fetchone()
    if row is not None:
        _settle_judgement(connection, *row)
    row = connection.execute("SELECT release_id, item_id FROM resolutions WHERE event_id = ?", (named,)).fetchone()
    if row is not None:
        _settle_resolution(connection, *row)
    connection.execute(f"{SETTLE_CHECK} WHERE event_id = ?1", (named,))
    row = connection.execute("SELECT release_id, item_id FROM asks WHERE event_id = ?", (named,)).fetchone()
    if row is not None:
        refresh_queue(connection, *row)


_ENDINGS = frozenset({EventKind.WITHDRAWAL, EventKind.REOPENING, EventKind.REQUEUE})
_SAYINGS = (EventKind.VERDICT, EventKind.SKIP, EventKind.RESOLUTION, EventKind.CHECK, EventKind.ASK)
_SPOKEN = tuple(map(str, (*_SAYINGS, *sorted(_ENDINGS))))
"""Kinds of events that count only if their author's role allows them."""

Fold = Callable[[sqlite3.Connection, Event], None]

_FOLDS: Mapping[str, Fold] = {
    EventKind.JOINED: _joined,
    EventKind.ROLE: _role,
    EventKind.RELEASE: _release,
    EventKind.VERDICT: _judgement,
    EventKind.SKIP: _judgement,
    EventKind.WITHDRAWAL: _ending,
    EventKind.REOPENING: _ending,
    EventKind.RESOLUTION: _resolution,
    EventKind.REQUEUE: _ending,
    EventKind.CHECK: fold_check,
    EventKind.ASK: fold_ask,
    EventKind.RESERVATION: fold_reservation,
    EventKind.TIMES_ERASED: erase_times,
}


def state_of(connection: sqlite3.Connection) -> State:
    """What the tables say is in force."""
    state = State()
    for kind, release, item_id, person, event_id in connection.execute(
        "SELECT kind, release_id, item_id, person_id, event_id FROM judgements WHERE standing = 1"
    ):
        (state.verdicts if kind == EventKind.VERDICT else state.skips)[release, item_id, person] = event_id
    for release, item_id, event_id in connection.execute(
        "SELECT release_id, item_id, event_id FROM resolutions WHERE standing = 1"
    ):
        state.resolutions[release, item_id] = event_id
    return state
