"""Opening the database file: which SQLite, with which promises, and where it may lie."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from labeler.errors import LabelerError
from labeler.store.connection import Connection, DatabaseError, OperationalError, engine, words

OLDEST_SQLITE = (3, 53, 2)
"""Older ones can lose the content of the write-ahead log when two connections are open."""
APPLICATION_ID = 0x4C41424C
"""`LABL`: what `file labels.db` and this program know a store by."""
BUSY_MS = 30_000
_STATEMENTS = 1000
"""How many prepared statements a connection keeps; more than this program has. The driver drops the least used of them:
with its default of 100, which making a project fills, those of a save pushed each other out and were prepared anew with
every save.
"""
_NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb3", "smbfs", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs"}
    | {"fuse.s3fs", "fuse.rclone", "fuse.gcsfuse", "fuse.davfs2", "davfs", "lustre", "beegfs", "9p", "ncpfs"}
    # What file managers show as a folder, other clusters and clouds, and folders that a virtual machine shares.
    | {"fuse.gvfsd-fuse", "fuse.kio-fuse", "fuse.smbnetfs", "fuse.curlftpfs", "fuse.davfs", "fuse.blobfuse2"}
    | {"fuse.ceph", "fuse.juicefs", "fuse.mfs", "fuse.goofys", "fuse.mount-s3", "fuse.google-drive-ocamlfuse"}
    | {"gpfs", "pvfs2", "coda", "vboxsf", "prl_fs", "fuse.vmhgfs-fuse", "drvfs"}
)


_OCTAL = re.compile(r"\\([0-7]{3})")


def connect(file: Path, *, read_only: bool) -> sqlite3.Connection:
    """A connection with the store's promises: durable at each commit, foreign keys, triggers that fire on REPLACE.

    The file must exist when `read_only`. Raises LabelerError when it cannot be opened or is no database.
    """
    refuse_old_sqlite(engine.sqlite_version_info)
    try:
        return _connect_to_file(file, f"mode={'ro' if read_only else 'rwc'}", read_only=read_only)
    except OperationalError as problem:
        if not _cannot_be_written(problem):
            raise _no_store(file, problem) from None
    except DatabaseError as problem:
        raise _no_store(file, problem) from None
    if not read_only:
        raise LabelerError(
            f"{file} cannot be written to",
            kept="it was not touched",
            remedy="let its folder be written to, or copy the project to another place; status and check read it there",
        )
    return _connect_where_nothing_can_be_written(file)


def _connect_where_nothing_can_be_written(file: Path) -> sqlite3.Connection:
    """On a read-only disk, where SQLite cannot keep the shared memory that readers of a write-ahead log need."""
    waiting = file.with_name(f"{file.name}-wal")
    if waiting.exists() and waiting.stat().st_size:
        raise LabelerError(
            f"{file.parent} cannot be written to, and its last changes wait in {waiting.name}",
            kept="both files were not touched",
            remedy="copy the project's folder to another place, and open it there",
        )
    try:
        return _connect_to_file(file, "mode=ro&immutable=1", read_only=True)
    except DatabaseError as problem:
        raise _no_store(file, problem) from None


def _connect_to_file(file: Path, how: str, *, read_only: bool) -> sqlite3.Connection:
    connection = _connect(_uri(file, how), place=str(file))
    try:
        _promise(connection, read_only=read_only)
        connection.execute("PRAGMA schema_version")  # reads the file for the first time
    except BaseException:
        connection.close()
        raise
    return connection


def _cannot_be_written(problem: sqlite3.OperationalError) -> bool:
    name = getattr(problem, "sqlite_errorname", "") or words(problem)
    return name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "attempt to write", "unable to open"))


def _no_store(file: Path, problem: Exception) -> LabelerError:
    return LabelerError(f"{file} cannot be opened as a store: {words(problem)}", remedy="is it a project?")


def open_file(file: Path, how: str = "mode=rwc", *, wait_ms: int = BUSY_MS) -> sqlite3.Connection:
    """A plain connection to a database file, for whoever copies one: without a store's promises."""
    connection = _connect(_uri(file, how), wait_ms, str(file))
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def remove_database(file: Path) -> None:
    """Remove a database file, if it is there, and what SQLite left beside it when a full disk stopped it."""
    for ending in ("", "-journal", "-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def passing_copy(connection: sqlite3.Connection) -> sqlite3.Connection:
    """A copy of a database that can be written to and is gone when it is closed; a large one lies in a file."""
    copy = passing_database()
    connection.backup(copy)
    _promise(copy, read_only=False)
    return copy


def passing_database() -> sqlite3.Connection:
    """An empty database that is gone when it is closed."""
    return _connect("")


def _uri(file: Path, how: str) -> str:
    return f"file:{quote(str(file.absolute()))}?{how}"


def _connect(uri: str, wait_ms: int = BUSY_MS, place: str = "") -> sqlite3.Connection:
    connection = engine.connect(
        uri,
        uri=True,
        isolation_level=None,
        timeout=wait_ms / 1000,
        check_same_thread=False,
        factory=Connection,
        cached_statements=_STATEMENTS,
    )
    connection.place = place or "a copy of the store"
    return connection


def _promise(connection: sqlite3.Connection, *, read_only: bool) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")  # else INSERT OR REPLACE deletes without firing triggers
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")  # a page that lies about its cells is found when it is read
    connection.execute("PRAGMA cache_size = -32768")
    if not read_only:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")


def refuse_old_sqlite(version: tuple[int, ...]) -> None:
    """Raises LabelerError when SQLite is older than `OLDEST_SQLITE`."""
    if version < OLDEST_SQLITE:
        have, need = (".".join(map(str, v)) for v in (version, OLDEST_SQLITE))
        raise LabelerError(
            f"SQLite {have} is too old: it can lose saved work; {need} or newer is needed",
            remedy="pip install 'pysqlite3>=0.6.1' (Linux), or a Python that brings a newer SQLite",
        )


def sqlite_version() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The version of SQLite in use, and the oldest that is accepted."""
    return engine.sqlite_version_info, OLDEST_SQLITE


def refuse_network_file_system(folder: Path, mounts: Iterable[str]) -> None:
    """Raise LabelerError when `folder` lies on a file system whose locks SQLite cannot trust.

    `mounts` are the lines of /proc/mounts. The deepest mount point above the folder decides.
    """
    place = folder.resolve()
    kind, deepest = "", -1
    for line in mounts:
        _, mounted_at, file_system, *_ = line.split(" ")
        at = Path(_OCTAL.sub(lambda found: chr(int(found[1], 8)), mounted_at))  # spaces stand as \040
        if place.is_relative_to(at) and len(at.parts) >= deepest:
            kind, deepest = file_system, len(at.parts)
    if kind in _NETWORK_FILE_SYSTEMS:
        raise LabelerError(
            f"{folder} lies on a network file system ({kind}), where a database can be damaged",
            remedy="put the project on a local disk; media may stay where they are",
        )


def local_mounts() -> list[str]:
    """The lines of /proc/mounts; none on systems that have no such file."""
    table = Path("/proc/mounts")
    # Names of folders as Python has them: what is no UTF-8 is kept.
    return table.read_text("utf-8", "surrogateescape").split("\n")[:-1] if table.exists() else []
