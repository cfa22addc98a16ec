"""A disk under SQLite that remembers what was written and what was synced, and can refuse a write.

The program's own store runs on it through `apsw`, whose file-system layer (VFS) can be written in Python. From the
record, what a power cut leaves can be made for every moment: all that was synced, and of the rest any part, torn at
sectors. The store that is opened afterwards runs on the engine that people use.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import apsw
import pytest

from labeler.store import connection as store_errors
from labeler.store import engine as store_engine

SECTOR = 512
_ERRORS = {
    apsw.ConstraintError: store_errors.IntegrityError,
    apsw.NotADBError: store_errors.DatabaseError,
    apsw.CorruptError: store_errors.DatabaseError,
}


@dataclass(frozen=True, slots=True)
class Write:
    file: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    file: str
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    file: str


@dataclass(frozen=True, slots=True)
class Delete:
    file: str


@dataclass(frozen=True, slots=True)
class Told:
    """A person was told that this is saved."""

    what: str


Step = Write | Truncate | Sync | Delete | Told


@dataclass(slots=True)
class Disk:
    """What happened to the files of a folder, in order. The `fail_at`-th write or sync fails, once."""

    log: list[Step] = field(default_factory=list)
    fail_at: int = 0
    asked: int = 0
    failed: str = ""

    def ask(self, what: str, error: type[apsw.Error]) -> None:
        self.asked += 1
        if self.asked == self.fail_at:
            self.failed = what
            raise error(what)

    def tell(self, what: str) -> None:
        self.log.append(Told(what))


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, base: str, name: Any, flags: list[int]) -> None:
        self.disk = disk
        self.name = Path(name.filename() if isinstance(name, apsw.URIFilename) else name or "").name
        super().__init__(base, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        self.disk.ask(f"a write to {self.name}", apsw.FullError)
        super().xWrite(data, offset)
        self.disk.log.append(Write(self.name, offset, bytes(data)))

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        self.disk.ask(f"a sync of {self.name}", apsw.IOError)
        super().xSync(flags)
        self.disk.log.append(Sync(self.name))

    def xTruncate(self, size: int) -> None:  # noqa: N802 - SQLite's name
        super().xTruncate(size)
        self.disk.log.append(Truncate(self.name, size))


class _Layer(apsw.VFS):
    def __init__(self, name: str, disk: Disk) -> None:
        self.disk = disk
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> _File:  # noqa: N802 - SQLite's name
        return _File(self.disk, "", name, flags)

    def xDelete(self, name: str, syncdir: bool) -> None:  # noqa: N802 - SQLite's name
        super().xDelete(name, syncdir)
        self.disk.log.append(Delete(Path(name).name))


class _Cursor:
    """As sqlite3's: an iterator of tuples that knows how many rows changed."""

    def __init__(self, cursor: Any, rowcount: int) -> None:
        self._cursor = cursor
        self.rowcount = rowcount

    def fetchone(self) -> Any:
        return self._cursor.fetchone()

    def fetchall(self) -> list[Any]:
        return list(self._cursor.fetchall())

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)


class _Connection:
    """As much of sqlite3's connection as the store uses, on the recorded disk."""

    def __init__(self, place: str, layer: str) -> None:
        flags = apsw.SQLITE_OPEN_URI | apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
        self._db = apsw.Connection(place, flags=flags, vfs=layer)
        self._db.set_busy_timeout(10_000)

    def execute(self, sql: str, values: Any = ()) -> _Cursor:
        with _as_the_store_knows_them():
            return _Cursor(self._db.execute(sql, values), self._db.changes())

    def executemany(self, sql: str, rows: Any) -> _Cursor:
        with _as_the_store_knows_them():
            before = self._db.total_changes()
            self._db.executemany(sql, rows)
            return _Cursor(None, self._db.total_changes() - before)

    @property
    def in_transaction(self) -> bool:
        return bool(self._db.in_transaction)

    def close(self) -> None:
        # The last checkpoint may fail, what is saved is in the write-ahead log. SQLite does not mind, apsw raises it.
        with suppress(apsw.Error):
            self._db.close()


@contextmanager
def _as_the_store_knows_them() -> Iterator[None]:
    try:
        yield
    except apsw.Error as problem:
        raise _ERRORS.get(type(problem), store_errors.OperationalError)(str(problem)) from problem


class _Engine:
    def __init__(self, layer: str) -> None:
        self._layer = layer
        self.sqlite_version_info = tuple(map(int, apsw.sqlite_lib_version().split(".")))

    def connect(self, place: str, **_: Any) -> _Connection:
        with _as_the_store_knows_them():
            return _Connection(place, self._layer)


@contextmanager
def recorded(disk: Disk) -> Iterator[None]:
    """Stores that are opened inside lie on this disk. Those that were opened before do not."""
    name = f"recorded-{id(disk)}"
    layer = _Layer(name, disk)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_engine, "engine", _Engine(name))
        yield
    layer.unregister()


def after_a_cut(before: dict[str, bytes], log: Sequence[Step], moment: int, chance: Random) -> dict[str, bytes]:
    """The files as a power cut after `moment` steps of the log may leave them."""
    files = {name: bytearray(content) for name, content in before.items()}
    pending: dict[str, list[Write | Truncate]] = {}
    for step in log[:moment]:
        match step:
            case Write() | Truncate():
                pending.setdefault(step.file, []).append(step)
            case Sync():
                for done in pending.pop(step.file, []):
                    _apply(files.setdefault(step.file, bytearray()), done)
            case Delete():
                pending.pop(step.file, None)
                files.pop(step.file, None)
            case Told():
                pass
    for name, steps in pending.items():
        for step in steps:
            for part in _torn(step, chance):
                _apply(files.setdefault(name, bytearray()), part)
    return {name: bytes(content) for name, content in files.items() if not name.endswith("-shm")}


def told_before(log: Sequence[Step], moment: int) -> list[str]:
    return [step.what for step in log[:moment] if isinstance(step, Told)]


def _torn(step: Write | Truncate, chance: Random) -> Iterator[Write | Truncate]:
    """What of an unsynced step reaches the disk: all, nothing, or some sectors."""
    fate = chance.random()
    if fate < 0.35:
        return
    if fate < 0.7 or isinstance(step, Truncate):
        yield step
        return
    for start in range(0, len(step.data), SECTOR):
        if chance.random() < 0.5:
            yield Write(step.file, step.offset + start, step.data[start : start + SECTOR])


def _apply(content: bytearray, step: Write | Truncate) -> None:
    if isinstance(step, Truncate):
        del content[step.size :]
        return
    if len(content) < step.offset:
        content.extend(bytes(step.offset - len(content)))
    content[step.offset : step.offset + len(step.data)] = step.data
