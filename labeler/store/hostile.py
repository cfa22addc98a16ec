"""Stores that this program did not write: nothing of theirs is run, and what cannot be read is said in words.

A database file can bring views and triggers with it, which would run with the first query that touches them. So the
tables, indexes and triggers of a store must be those that the migrations make, to the letter, before any is touched.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from labeler.errors import LabelerError
from labeler.store.engine import APPLICATION_ID, passing_database
from labeler.store.schema import MIGRATIONS, version_of

_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
_NOTES_OF_MIGRATIONS = "_sqlite_migrations"
"""sqlite-utils' own table; its form is that library's, but it may not compute anything either."""
_PLAIN = re.compile(r"CREATE (TABLE|UNIQUE INDEX|INDEX)[^()]*\([^()]*\)\s*")


def refuse_strangers(file: Path, connection: sqlite3.Connection) -> None:
    """Raises LabelerError for a database that is not a store as this program, or a newer one, writes it."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise LabelerError(f"{file} is not a store of Labeler", kept="it was not touched")
    strange = strange_schema(connection)
    if strange:
        raise LabelerError(
            f"{file} is not as Labeler writes it: {strange}",
            kept="it was not touched, and nothing in it was run",
            remedy="put a backup in its place: labeler restore PROJECT",
        )


def strange_schema(connection: sqlite3.Connection) -> str:
    """The first part of a store's schema that is not this program's; empty when all are.

    Of a newer program's store, which is only read, views and computed columns are refused: they could run anything.
    """
    found = _parts(connection)
    version = version_of(connection)
    if version > len(MIGRATIONS):
        return _computed(connection, found)
    expected = _expected(version)
    for name in sorted(found.keys() | expected.keys()):
        if name not in expected:
            return f"it holds a {found[name][0]} {name!r} of its own"
        if found.get(name) != expected[name]:
            return f"its {expected[name][0]} {name!r} is {'another one' if name in found else 'missing'}"
    return ""


def _parts(connection: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    return {
        name: (kind, table, sql)
        for kind, name, table, sql in connection.execute(_SCHEMA)
        if table != _NOTES_OF_MIGRATIONS or not _PLAIN.fullmatch(sql)
    }


def _computed(connection: sqlite3.Connection, found: dict[str, tuple[str, ...]]) -> str:
    for name, (kind, *_) in sorted(found.items()):
        if kind == "view":
            return f"it holds a view {name!r}"
        if (
            kind == "table"
            and connection.execute("SELECT 1 FROM pragma_table_xinfo(?) WHERE hidden != 0", (name,)).fetchone()
        ):
            return f"its table {name!r} holds computed columns"
    return ""


@cache
def _expected(version: int) -> dict[str, tuple[str, ...]]:
    """What the first `version` migrations make."""
    with closing(passing_database()) as connection:
        for _, statements in MIGRATIONS[:version]:
            for statement in statements:
                connection.execute(statement)
        return _parts(connection)
