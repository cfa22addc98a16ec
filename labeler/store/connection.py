"""Which SQLite is used, and a connection to it that says in words what it cannot do.

A store can go bad while it is open: a page is read for the first time hours after the window was opened, or its disk is
unplugged. Whoever reads it then, deep in a session or at the top of a command, gets a LabelerError and not one of
SQLite's; it still is SQLite's error, for those in the store who mend something when they catch it.
"""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from labeler.errors import LabelerError
from labeler.faults import headline

if TYPE_CHECKING:
    engine = sqlite3
else:
    # The wheel of pysqlite3 brings a current SQLite; the interpreter's own is often years older.
    try:
        engine = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        engine = sqlite3

DatabaseError = engine.DatabaseError
OperationalError = engine.OperationalError
IntegrityError = engine.IntegrityError
_SAID = (DatabaseError, UnicodeDecodeError)
"""What SQLite says of a file; the words of an error can quote bytes of it that are no text."""
_ROWS = 16
"""Rows that are read at once: outputs can be large."""
_DAMAGED = "labeler check says what is damaged; labeler restore puts a backup in its place"


class UnreadableError(LabelerError, DatabaseError):
    """What is stored is not as it was written."""


class UnavailableError(LabelerError, OperationalError):
    """SQLite could not do it now: the disk refused, or another program holds the file."""

    sqlite_errorname = ""


def words(problem: BaseException) -> str:
    """What happened, in one line."""
    return problem.what if isinstance(problem, LabelerError) else str(problem)


def unreadable(place: object, problem: BaseException) -> LabelerError:
    """What to say of a store in which something cannot be read; what is in words already stays as it is."""
    if isinstance(problem, LabelerError):
        return problem
    what = _said(problem) if isinstance(problem, DatabaseError) else f"a value in it is damaged ({headline(problem)})"
    return UnreadableError(f"{place} cannot be read: {what}", kept="it was not changed", remedy=_DAMAGED)


def _said(problem: DatabaseError) -> str:
    """SQLite's words, without the value that cannot be decoded: it may be anybody's text."""
    return str(problem).partition(" with text ")[0]


class Connection(engine.Connection):
    """SQLite's, for one file. `place` is what a person knows the file by."""

    place = "the store"

    def in_words(self, problem: Exception) -> Exception:
        """What to raise for an error of SQLite; those that the caller's own statement caused stay as they are."""
        if isinstance(problem, (LabelerError, IntegrityError, engine.ProgrammingError)):
            return problem
        if isinstance(problem, OperationalError) and not str(problem).startswith("Could not decode"):
            said = UnavailableError(
                str(problem), kept="what was saved before", remedy=f"look at the disk of {self.place}"
            )
            said.sqlite_errorname = getattr(problem, "sqlite_errorname", "")
            return said
        return unreadable(self.place, problem)

    def cursor(self, factory: Any = None) -> Any:
        """A cursor whose errors are in words."""
        return super().cursor(Cursor if factory is None else factory)


class Cursor(engine.Cursor):
    """SQLite's, with errors in words."""

    connection: Connection

    def execute(self, sql: str, values: Any = ()) -> Cursor:
        try:
            super().execute(sql, values)
        except _SAID as problem:
            raise self.connection.in_words(problem) from None
        return self

    def executemany(self, sql: str, rows: Any) -> Cursor:
        try:
            super().executemany(sql, rows)
        except DatabaseError as problem:
            raise self.connection.in_words(problem) from None
        return self

    def fetchone(self) -> Any:
        try:
            return super().fetchone()
        except _SAID as problem:
            raise self.connection.in_words(problem) from None

    def fetchall(self) -> list[Any]:
        try:
            return super().fetchall()
        except _SAID as problem:
            raise self.connection.in_words(problem) from None

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]  # rows; a call of Python for each would be slow
        try:
            while rows := super().fetchmany(_ROWS):
                yield from rows
        except _SAID as problem:
            raise self.connection.in_words(problem) from None
