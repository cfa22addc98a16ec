"""A project's store: one SQLite file in the project's folder."""

from __future__ import annotations

import platform
import secrets
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from labeler.errors import LabelerError
from labeler.store.answers import Answers
from labeler.store.audit import UNREADABLE, Audit
from labeler.store.backfill import Backfill
from labeler.store.backup import Backup, Why, back_up, back_up_daily
from labeler.store.catalogue import Catalogue
from labeler.store.checking import Checking
from labeler.store.connection import DatabaseError, OperationalError, unreadable, words
from labeler.store.engine import (
    connect,
    local_mounts,
    passing_copy,
    refuse_network_file_system,
)
from labeler.store.folding import FOLD, refold
from labeler.store.hostile import refuse_strangers
from labeler.store.resolved import Resolved
from labeler.store.schema import MIGRATIONS, migrate, version_of
from labeler.store.survey import Survey

FILE_NAME = "labels.db"


class Store(Answers, Catalogue, Checking, Survey, Resolved, Audit, Backfill):
    """The event log of a project and the state that follows from it. Use one per thread, and close it."""

    @classmethod
    def create(cls, folder: Path, *, overlap: int = 1, mounts: Iterable[str] | None = None) -> Store:
        """A new store in a project's folder, which is made if it is missing.

        `mounts` are the lines of /proc/mounts (read from there by default). Raises LabelerError when there is a store
        already, or where none can be kept safely.
        """
        cls.refuse_a_second(folder)
        folder.mkdir(parents=True, exist_ok=True)
        return cls._open_writable(folder, mounts, overlap)

    @staticmethod
    def lies_in(folder: Path) -> bool:
        """Whether the folder holds a store. A file whose making was ended before there was a table in it is none."""
        file = folder / FILE_NAME
        if not file.is_file():  # a pipe would never be read to its end
            return False
        connection = connect(file, read_only=True)
        try:
            return bool(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
        except DatabaseError as problem:
            raise unreadable(file, problem) from None
        finally:
            connection.close()

    @classmethod
    def refuse_a_second(cls, folder: Path) -> None:
        """Raises LabelerError when the folder holds a store already."""
        if cls.lies_in(folder):
            raise LabelerError(
                f"{folder} holds a project already",
                remedy="to bring files into it: labeler import; else choose another folder",
            )

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False, mounts: Iterable[str] | None = None) -> Store:
        """The store of a project, brought up to this program's schema.

        A store that a newer program wrote opens read-only: `store.read_only` then says why. One of an older program
        is read as what this one would make of it, and stays as it is until it is opened for writing. Raises
        LabelerError when there is no store, or none of this program.
        """
        file = folder / FILE_NAME
        if not cls.lies_in(folder):
            raise LabelerError(f"{folder} holds no project", remedy="labeler new makes one")
        try:
            return cls._open_known(folder, read_only, mounts)
        except (*UNREADABLE, DatabaseError) as problem:
            raise unreadable(file, problem) from None

    @classmethod
    def _open_known(cls, folder: Path, read_only: bool, mounts: Iterable[str] | None) -> Store:
        connection = connect(folder / FILE_NAME, read_only=True)
        try:
            refuse_strangers(folder / FILE_NAME, connection)
            version = version_of(connection)
            if version > len(MIGRATIONS):
                return cls(folder, connection, _newer(version))
            if read_only:
                return cls._open_for_reading(folder, connection)
        except BaseException:
            connection.close()
            raise
        connection.close()
        return cls._open_writable(folder, mounts, overlap=None)

    @classmethod
    def _open_for_reading(cls, folder: Path, connection: sqlite3.Connection) -> Store:
        store = cls(folder, connection)
        if store._is_old():
            store = cls(folder, passing_copy(connection))
            connection.close()
            migrate(store.connection)
            store._fold_by_todays_rules()
            store.connection.execute("PRAGMA query_only = ON")
        store.read_only = "it was opened for reading"
        return store

    @classmethod
    def _open_writable(cls, folder: Path, mounts: Iterable[str] | None, overlap: int | None) -> Store:
        refuse_network_file_system(folder, local_mounts() if mounts is None else mounts)
        connection = connect(folder / FILE_NAME, read_only=False)
        try:
            store = cls(folder, connection)
            if version_of(connection) and store._is_old():
                back_up(folder / FILE_NAME, datetime.now(UTC), Why.BEFORE_UPGRADE)
            migrate(connection)
            store._fold_by_todays_rules()
            store._know_this_copy(overlap)
        except BaseException:
            connection.close()
            raise
        return store

    def _is_old(self) -> bool:
        return version_of(self.connection) != len(MIGRATIONS) or self._fact("fold") != str(FOLD)

    def _fold_by_todays_rules(self) -> None:
        """Fill the state again where an older program filled it, by rules that are no longer in force."""
        if self._fact("fold") == str(FOLD):
            return
        with self.atomic():
            refold(self.connection)
            self._set_fact("fold", str(FOLD))

    def _know_this_copy(self, overlap: int | None) -> None:
        """Give this copy of the store a device name of its own, and a new one when it was copied or restored.

        Two copies that went on writing to the same stream would hold different events with the same number.
        """
        stat = (self.folder / FILE_NAME).stat()
        place = f"{platform.node()}/{(self.folder / FILE_NAME).resolve()}/{stat.st_ino}"
        fingerprint = sha256(place.encode()).hexdigest()
        if self._fact("copy") == fingerprint:
            return
        with self.atomic():
            self._set_fact("copy", fingerprint)
            self._set_fact("device", f"d-{secrets.token_hex(6)}")
            if overlap is not None:
                self._set_fact("overlap", str(overlap))

    def leave_checkpoints(self) -> None:
        """Stop this connection from copying the write-ahead log into the file by itself.

        Whoever calls this calls `checkpoint` now and then: else a save would now and then wait for the disk to take
        a thousand pages, which was seen to take half a second.
        """
        self.connection.execute("PRAGMA wal_autocheckpoint = 0")

    @staticmethod
    def checkpoint(folder: Path) -> None:
        """Copy a store's write-ahead log into its file, from any thread, in nobody's way (a connection of its own)."""
        connection = connect(folder / FILE_NAME, read_only=False)
        try:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except OperationalError as problem:
            raise LabelerError(
                f"{folder}: the disk refused to tidy the store ({words(problem)})",
                kept="everything that was saved",
                remedy="make room on the disk",
            ) from None
        finally:
            connection.close()

    @staticmethod
    def back_up_daily(folder: Path, at: datetime) -> Backup | None:
        """A verified copy in the project's `backups`, unless one was made in the last day; from any thread."""
        return back_up_daily(folder / FILE_NAME, at)

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        self.blame(value)

    def blame(self, problem: BaseException | None) -> None:
        """Raise a LabelerError in the place of a failure that comes from damage of this store, and only of such."""
        if isinstance(problem, LabelerError):
            return
        if isinstance(problem, DatabaseError) or (isinstance(problem, UNREADABLE) and self._is_damaged()):
            raise unreadable(self.folder / FILE_NAME, problem) from problem

    def _is_damaged(self) -> bool:
        """Whether what this program wrote is not there any more as it was written. Reads everything."""
        try:
            reader = Store.open(self.folder, read_only=True)
        except LabelerError:
            return True
        looks = (reader.integrity_damage, reader.chain_damage, reader.column_damage, reader.commitment_damage)
        try:
            return any(look() for look in (*looks, reader.value_damage, reader.output_damage, reader.derived_damage))
        except (*UNREADABLE, DatabaseError):
            return True
        finally:
            reader.close()


def _newer(version: int) -> str:
    return f"a newer version of Labeler wrote it (schema {version}, this one knows {len(MIGRATIONS)}); update Labeler"
