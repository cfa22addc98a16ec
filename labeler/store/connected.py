"""What every part of the store stands on: the connection, its transactions, and small facts about the store itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labeler.errors import LabelerError
from labeler.store.engine import OperationalError


class Connected:
    """One connection to one store."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, read_only: str = "") -> None:
        self.folder = folder
        self.connection = connection
        self.read_only = read_only
        """Why nothing can be written; empty when it can."""
        self.openings = 0
        """Grows with everything done here that can put an item back into somebody's queue."""

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """One transaction that is the writer from its start; calls within it join it.

        Raises LabelerError when the store is read-only, or another program keeps writing for half a minute.
        """
        if self.connection.in_transaction:
            yield
            return
        self._begin()
        try:
            yield
        except BaseException:
            self._roll_back()
            raise
        self.connection.execute("COMMIT")

    def _begin(self) -> None:
        if self.read_only:
            raise LabelerError(f"{self.folder}: nothing can be saved: {self.read_only}")
        try:
            self.connection.execute("BEGIN IMMEDIATE")
        except OperationalError as problem:
            raise LabelerError(
                f"{self.folder}: another program has been writing to this project for a long time ({problem})",
                kept="nothing was lost or changed",
                remedy="wait for it to end, then do this again",
            ) from None

    def _roll_back(self) -> None:
        # A trigger or a full disk may have ended the transaction already.
        self.openings += 1
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def _fact(self, key: str) -> str | None:
        row = self.connection.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def _set_fact(self, key: str, value: str) -> None:
        self.connection.execute(
            "INSERT INTO facts (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2", (key, value)
        )
