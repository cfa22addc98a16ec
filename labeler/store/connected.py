"""What every part of the store stands on: the connection, its transactions, and small facts about the store itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from labeler.errors import LabelerError
from labeler.store.connection import OperationalError, words


class Connected:
    """One connection to one store."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, read_only: str = "") -> None:
        self.folder = folder
        self.connection = connection
        self.read_only = read_only
        """Why nothing can be written; empty when it can."""
        self.openings = 0
        """Grows with everything done here that can put an item back into somebody's queue."""
        self._committing = Lock()
        """Held while another thread commits what was handed over."""

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """One transaction that is the writer from its start; calls within it join it.

        Raises LabelerError when the store is read-only, or another program keeps writing for half a minute.
        """
        self._await_commit()
        if self.connection.in_transaction:
            yield
            return
        self._begin()
        with self._rolled_back_on_failure():
            yield
            self.connection.execute("COMMIT")

    @contextmanager
    def handing_over(self, to: Callable[[Callable[[], None]], None]) -> Iterator[None]:
        """As `atomic`, but what waits for the disk, the commit, is handed to `to`, which may call it on any thread.

        It has to be called, once; it raises LabelerError when the disk refuses, and nothing is changed then. Writing
        here waits for it; what was read in the block stays true, since this connection sees its own changes.
        """
        self._await_commit()
        self._begin()
        with self._rolled_back_on_failure():
            yield
        self._committing.acquire()
        to(self._commit_handed_over)

    @property
    def mark(self) -> tuple[int, int]:
        """Another one after every change of the store, by this program or another."""
        own, others = self.connection.execute(
            "SELECT total_changes(), data_version FROM pragma_data_version"
        ).fetchone()
        return own, others

    @property
    def committing(self) -> bool:
        """What was handed over is not on disk yet: writing would wait for it."""
        return self._committing.locked()

    def _commit_handed_over(self) -> None:
        try:
            with self._rolled_back_on_failure():
                self.connection.execute("COMMIT")
        finally:
            self._committing.release()

    @contextmanager
    def _rolled_back_on_failure(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as problem:
            self._roll_back()
            raise LabelerError(
                f"{self.folder}: the disk refused to save ({words(problem)})",
                kept="everything that was saved before",
                remedy="make room on the disk, or let it be written to; then do this again",
            ) from problem
        except BaseException:
            self._roll_back()
            raise

    def _await_commit(self) -> None:
        with self._committing:
            pass

    def _begin(self) -> None:
        if self.read_only:
            raise LabelerError(f"{self.folder}: nothing can be saved: {self.read_only}")
        try:
            self.connection.execute("BEGIN IMMEDIATE")
        except OperationalError as problem:
            raise LabelerError(
                f"{self.folder}: another program has been writing to this project for a long time ({words(problem)})",
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
