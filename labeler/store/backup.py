"""Copies of a store that were looked at after they were written.

A copy is made by SQLite's backup interface from one moment of the store, while others write. It is a single file, and
it is there only once it has been read again and found sound. Its SHA-256 lies beside it, as `sha256sum` writes it.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path

from labeler.domain.events import verify_chain
from labeler.errors import LabelerError
from labeler.store.connection import DatabaseError, OperationalError, words
from labeler.store.engine import APPLICATION_ID, connect, open_file, remove_database
from labeler.store.hostile import strange_schema
from labeler.store.schema import MIGRATIONS, version_of
from labeler.whole_file import sync, write_whole

BACKUPS = "backups"
KEPT_DAILY = 14
"""Older daily copies make way; those that were asked for, or made before a change of the schema, stay."""


class Why(StrEnum):
    DAILY = "daily"
    BEFORE_UPGRADE = "before-upgrade"
    ASKED = "asked"
    REPLACED = "replaced"
    """What a restored copy took the place of."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of a store, from its file's name."""

    path: Path
    at: datetime
    why: Why


_NAME = re.compile(r"labels-(\d{8}T\d{6}Z)(?:-\d+)?-([a-z-]+)\.db")
_STAMP = "%Y%m%dT%H%M%SZ"


def backups(folder: Path) -> list[Backup]:
    """The copies of a project's store, newest first."""
    found = []
    for path in (folder / BACKUPS).glob("labels-*.db"):
        named = _NAME.fullmatch(path.name)
        if named and named[2] in list(Why):
            at = datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC)
            found.append(Backup(path, at, Why(named[2])))
    return sorted(found, key=lambda backup: (backup.at, backup.path.name), reverse=True)


def back_up(file: Path, at: datetime, why: Why, to: Path | None = None) -> Backup:
    """Write a copy of a store into the folder `backups` beside it, or to a file, and look at it.

    From any thread, on a connection of its own. Raises LabelerError when the disk refuses or the copy is not sound;
    then none is left.
    """
    try:
        path = free_name(file.parent / BACKUPS, at, why) if to is None else to
        with closing(connect(file, read_only=True)) as source:
            _write_copy(source, path)
    except (OSError, DatabaseError) as problem:
        raise LabelerError(
            f"{file} could not be backed up: {words(problem)}",
            kept="the project itself was not touched",
            remedy="make room on the disk, or look at the project with labeler check",
        ) from None
    return Backup(path, at, why)


def back_up_daily(file: Path, at: datetime) -> Backup | None:
    """A copy, unless one was made in the last day; of the daily ones, the oldest make way."""
    daily = [backup for backup in backups(file.parent) if backup.why is Why.DAILY]
    # A clock that was set back must not end the copies for good.
    if daily and timedelta(0) <= at - daily[0].at < timedelta(days=1):
        return None
    made = back_up(file, at, Why.DAILY)
    for old in daily[KEPT_DAILY - 1 :]:
        old.path.unlink(missing_ok=True)
        _digest_file(old.path).unlink(missing_ok=True)
    return made


def free_name(folder: Path, at: datetime, why: Why) -> Path:
    """A name in the folder, which is made if it is missing, that no other copy has."""
    folder.mkdir(exist_ok=True)
    stamp = at.astimezone(UTC).strftime(_STAMP)
    names = (folder / f"labels-{stamp}{nth}-{why}.db" for nth in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(name for name in names if not name.exists())


def _write_copy(source: sqlite3.Connection, path: Path) -> None:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with closing(open_file(beside)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        problems = damage_of(beside)
        if problems:
            raise OperationalError(f"the copy is not sound: {problems[0]}")
        sync(beside)
        write_whole(_digest_file(path), f"{_sha256(beside)}  {path.name}\n".encode())
        beside.replace(path)
        sync(path.parent)
    except BaseException:
        remove_database(beside)
        if not path.exists():
            _digest_file(path).unlink(missing_ok=True)
        raise


def damage_of(copy: Path) -> list[str]:
    """What is wrong with a copy: its bytes, its pages, its references, the chains of its events. It is not changed."""
    try:
        written = _digest_file(copy)
        if written.exists() and written.read_text(errors="replace").split()[:1] != [_sha256(copy)]:
            return [f"its bytes are not those that {written.name} names"]
        with closing(open_file(copy, "mode=ro&immutable=1")) as connection:
            if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                return ["it is not a store of Labeler"]
            if version_of(connection) > len(MIGRATIONS):
                return ["a newer version of Labeler wrote it; update Labeler"]
            strange = strange_schema(connection)
            if strange:
                return [strange]
            problems = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            problems += [f"a row of {row[0]} refers to none" for row in connection.execute("PRAGMA foreign_key_check")]
            streams = connection.execute("SELECT DISTINCT stream FROM events").fetchall()
            for (stream,) in streams:
                rows = connection.execute(
                    "SELECT stream, seq, hash, data FROM events WHERE stream = ? ORDER BY seq", (stream,)
                )
                problems += [f"{d.stream}, event {d.seq}: {d.what}" for d in verify_chain(rows)]
            return problems
    except DatabaseError as problem:
        return [words(problem)]


def _digest_file(copy: Path) -> Path:
    return copy.with_name(f"{copy.name}.sha256")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
