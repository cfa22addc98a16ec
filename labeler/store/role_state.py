"""Who had which role when, as the tables say."""

from __future__ import annotations

import sqlite3

from labeler.domain.events import Event
from labeler.domain.people import Role
from labeler.domain.roles import Roles, Span

_SPANS = "SELECT person_id, at, event_id, role, by_person FROM roles"


def roles_in(connection: sqlite3.Connection) -> Roles:
    spans: dict[str, tuple[Span, ...]] = {}
    for person, *span in connection.execute(f"{_SPANS} ORDER BY person_id, number"):
        spans[person] = (*spans.get(person, ()), _span(*span))
    return Roles(spans)


def roles_of_one(connection: sqlite3.Connection, person: str) -> tuple[Span, ...]:
    """The roles of one person, oldest first; empty for a stranger."""
    rows = connection.execute(f"{_SPANS} WHERE person_id = ? ORDER BY number", (person,))
    return tuple(_span(*span) for _, *span in rows)


def _span(at: str, event_id: str, role: str, by: str) -> Span:
    return Span((at, event_id), Role(role), by)


def is_allowed(connection: sqlite3.Connection, event: Event) -> int:
    """1 where the role that its author had then allows the event, else 0."""
    spans = roles_of_one(connection, event.author)
    return int(Roles({event.author: spans} if spans else {}).allow(event))
