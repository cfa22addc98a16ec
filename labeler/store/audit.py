"""What in a store is not as this program wrote it. Nothing is changed by looking."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import orjson

from labeler.domain.differences.model import ItemClass
from labeler.domain.differences.to_json import comparison_from_json
from labeler.domain.erased import ERASED
from labeler.domain.events import commit_to
from labeler.domain.item_json import item_from_json, output_from_json
from labeler.domain.items import Modality, output_sha256
from labeler.domain.people import Role
from labeler.domain.queue import Why
from labeler.store.connection import DatabaseError, words
from labeler.store.engine import passing_copy
from labeler.store.erasing import Erasing
from labeler.store.folding import refold

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)
"""What reading a value that was not written by this program can raise."""
_DERIVED = (
    *("ended", "judgements", "resolutions", "roles", "asks", "reservations", "checks"),
    *("people", "releases", "release_pairs", "queue", "queue_counts"),
)
"""Tables that follow from the log, and from what is queued."""
_COLUMNS = {"queue": "release_id, item_id, modality, why, p, rank, verdicts, needed, open"}
"""Not what only orders the queue and follows from comparisons as well."""
_WORDS = (
    ("items", "modality", frozenset(Modality)),
    ("queue", "modality", frozenset(Modality)),
    ("queue", "why", frozenset(Why)),
    ("release_pairs", "modality", frozenset(Modality)),
    ("comparisons", "class", frozenset(ItemClass)),
    ("people", "role", frozenset(Role)),
)
_DOCUMENTS: tuple[tuple[str, str, Callable[[Any], object]], ...] = (
    ("items", "id", item_from_json),
    ("comparisons", "item_id", comparison_from_json),
    ("decisions", "id", dict),
)


class Audit(Erasing):
    """Looks at everything that can be damaged without anyone noticing."""

    def integrity_damage(self) -> list[str]:
        """What SQLite finds wrong with the file and with references between tables."""
        try:
            found = [row[0] for row in self.connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            rows = self.connection.execute("PRAGMA foreign_key_check").fetchall()
        except DatabaseError as problem:
            return [words(problem)]
        return found + [f"a row of {table} refers to a missing row of {parent}" for table, _, parent, _ in rows]

    def column_damage(self) -> list[str]:
        """Events that are filed under another id, kind or time than their bytes name."""
        rows = self.connection.execute(
            """SELECT stream, seq FROM (SELECT stream, seq, id, kind, at, CAST(data AS TEXT) AS said FROM events)
               WHERE json_valid(said) AND (id IS NOT said ->> '$.id' OR kind IS NOT said ->> '$.kind'
                                           OR at IS NOT said ->> '$.at')"""
        )
        return [f"{stream}, event {seq}: is filed under another id, kind or time" for stream, seq in rows]

    def commitment_damage(self) -> list[str]:
        """Values beside the log that are not what their events committed to."""
        return [
            f"{field} beside event {event_id} is not what the event committed to"
            for event_id, field, intact in self._commitments()
            if not intact
        ]

    def _commitments(self) -> Iterator[tuple[str, str, bool]]:
        rows = self.connection.execute(
            "SELECT event_id, field, value, salt, data FROM privates LEFT JOIN events ON events.id = event_id"
        )
        for event_id, field, value, salt, data in rows:
            try:
                committed = (orjson.loads(data)["body"].get(field) or {}).get("commitment")
                yield event_id, field, committed == commit_to(field, orjson.loads(value), salt).commitment
            except UNREADABLE:
                yield event_id, field, False

    def derived_damage(self) -> list[str]:
        """Tables that are not what the log makes of them: they are made again in a copy and compared."""
        with closing(passing_copy(self.connection)) as copy:
            try:
                _make_again(copy)
            except (*UNREADABLE, DatabaseError) as problem:
                return [f"what is in force cannot be told: an event is unreadable ({words(problem)})"]
            return [
                f"{table}: {unlike:,} rows are not what the events mean"
                for table in _DERIVED
                if (unlike := len(_rows(self.connection, table) ^ _rows(copy, table)))
            ]

    def value_damage(self) -> list[str]:
        """Values that none of this program's tables can hold: unknown words, and JSON that is none."""
        found = [
            f"{table}.{column} holds {value!r:.60}"
            for table, column, words in _WORDS
            for (value,) in self.connection.execute(f"SELECT DISTINCT {column} FROM {table}")
            if value not in words
        ]
        for table, key, decode in _DOCUMENTS:
            for name, data in self.connection.execute(f"SELECT {key}, data FROM {table}"):
                try:
                    decode(orjson.loads(data))
                except UNREADABLE:
                    found.append(f"{table}: {name!r:.60} is unreadable")
        return found

    def output_damage(self) -> list[str]:
        """Outputs whose content is not what their hash says: what people judged would be another text now."""
        return [f"output of {item_id}: its content is not what was imported" for item_id in self._changed_outputs()]

    def _changed_outputs(self) -> Iterator[str]:
        erased = self.erased_items()
        for item_id, sha256, data in self.connection.execute("SELECT item_id, sha256, data FROM outputs"):
            try:
                output = output_from_json(orjson.loads(data))
                if output.error == ERASED and item_id in erased:
                    continue
                if (output.item_id, output_sha256(output)) != (item_id, sha256):
                    yield item_id
            except UNREADABLE:
                yield item_id


def _make_again(copy: sqlite3.Connection) -> None:
    copy.execute("PRAGMA foreign_keys = OFF")
    for table in ("people", "release_pairs", "releases", "queue_counts"):
        copy.execute(f"DELETE FROM {table}")
    copy.execute("INSERT INTO queue_counts SELECT release_id, modality, count(*), sum(open) FROM queue GROUP BY 1, 2")
    refold(copy)


def _rows(connection: sqlite3.Connection, table: str) -> set[tuple[object, ...]]:
    return set(connection.execute(f"SELECT {_COLUMNS.get(table, '*')} FROM {table}"))
