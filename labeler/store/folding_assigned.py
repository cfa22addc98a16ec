"""Folds what the log says of assignment into tables: checks, requests for more verdicts, reservations."""

from __future__ import annotations

import sqlite3

import orjson

from labeler.domain.events import Event
from labeler.store.queue_counts import refresh_queue
from labeler.store.role_state import is_allowed

SETTLE_CHECK = """
UPDATE checks SET standing = allowed AND NOT EXISTS (
    SELECT 1 FROM ended WHERE ended.event_id = checks.event_id AND ended.allowed = 1
    AND ended.kind = 'withdrawal' AND ended.author = checks.person_id)
"""


def fold_check(connection: sqlite3.Connection, event: Event) -> None:
    body = event.body
    connection.execute(
        "INSERT INTO checks (event_id, release_id, item_id, person_id, kind, of_event, outcome, at, allowed, standing) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
        (
            event.id,
            body["release"],
            body["item_id"],
            event.author,
            body["check"],
            body["of"],
            body.get("right", ""),
            event.at,
            is_allowed(connection, event),
        ),
    )
    connection.execute(f"{SETTLE_CHECK} WHERE event_id = ?1", (event.id,))


def fold_ask(connection: sqlite3.Connection, event: Event) -> None:
    release, item_id = event.body["release"], event.body["item_id"]
    allowed = is_allowed(connection, event)
    connection.execute(
        "INSERT INTO asks VALUES (?, ?, ?, ?, ?)", (event.id, release, item_id, event.body["people"], allowed)
    )
    refresh_queue(connection, release, item_id)


def fold_reservation(connection: sqlite3.Connection, event: Event) -> None:
    """The newest one of an item and person holds."""
    body = event.body
    if not is_allowed(connection, event):
        return
    connection.executemany(
        """INSERT INTO reservations (release_id, item_id, person_id, until, why, at, event_id)
           VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET until = excluded.until, why = excluded.why, at = excluded.at,
               event_id = excluded.event_id
           WHERE (excluded.at, excluded.event_id) > (at, event_id)""",
        [
            (body["release"], item, body["person"], body["until"], body["why"], event.at, event.id)
            for item in body["items"]
        ],
    )


def reserve_again(connection: sqlite3.Connection) -> None:
    """Work out again what is reserved, after somebody's role allows more or less of it."""
    connection.execute("DELETE FROM reservations")
    rows = connection.execute("SELECT hash, data FROM events WHERE kind = 'reservation'").fetchall()
    for stored_hash, data in rows:
        fold_reservation(connection, Event(**orjson.loads(data), hash=stored_hash, data=data))


def erase_times(connection: sqlite3.Connection, event: Event) -> None:
    """Remove how long the named verdicts of a person took, and what they guessed. A person's own word, or a lead's."""
    if not is_allowed(connection, event) or (event.body["by"] != "lead" and event.author != event.body["person"]):
        return
    connection.executemany(
        """DELETE FROM privates WHERE event_id = ?1 AND field IN ('duration_ms', 'guess')
           AND EXISTS (SELECT 1 FROM events WHERE id = ?1 AND substr(stream, 1, ?3) = ?2)""",
        [(one, f"{event.body['person']}@", len(event.body["person"]) + 1) for one in event.body["events"]],
    )


def erase_times_again(connection: sqlite3.Connection) -> None:
    """Where a verdict, or the role of who erased, arrives after the erasure."""
    rows = connection.execute("SELECT hash, data FROM events WHERE kind = 'times_erased'").fetchall()
    for stored_hash, data in rows:
        erase_times(connection, Event(**orjson.loads(data), hash=stored_hash, data=data))
