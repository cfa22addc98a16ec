"""Ledgers beside the versions of a gold set: JSON lines that are appended and never changed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from errno import EACCES, EAGAIN
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import orjson

from labeler.errors import LabelerError

T = TypeVar("T")


def read_kept(path: Path, read: Callable[[Mapping[str, Any]], T], what: str, remedy: str = "") -> Iterator[T]:
    """Each line as `read` makes it; nothing where there is no file yet.

    `read` raises KeyError, TypeError or ValueError for what is not `what`. Raises LabelerError at such a line.
    """
    if not path.exists():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield read(orjson.loads(line))
            except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as problem:
                raise LabelerError(f"{path}:{number}: not {what}: {problem}", remedy=remedy) from None


def append_kept(path: Path, line: Mapping[str, Any]) -> None:
    """Add a line, which is on the disk when this returns. Raises OSError; then no part of the line is there."""
    with path.open("ab") as file:
        before = file.tell()
        try:
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            with suppress(OSError):
                os.truncate(path, before)
            raise


LOCK = ".ledger.lock"
"""Held where a folder itself cannot be, as in Windows. It is empty and stays."""
_AGAIN_S = 0.02


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Whoever else asks for it waits until the end: two who read a ledger at once would both take the next number.

    Where the folder can be neither opened nor written to, nothing is held: nobody writes a ledger there either.
    """
    with ExitStack() as held:
        with suppress(OSError):
            try:
                import fcntl
            except ImportError:
                _hold_byte(folder / LOCK, held)
            else:
                opened = os.open(folder, os.O_RDONLY)
                held.callback(os.close, opened)
                fcntl.flock(opened, fcntl.LOCK_EX)
        yield


def _hold_byte(path: Path, held: ExitStack) -> None:
    """The first byte of a file, as Windows locks it; a process that ends lets go of it."""
    msvcrt = import_module("msvcrt")
    opened = os.open(path, os.O_RDWR | os.O_CREAT)
    held.callback(os.close, opened)
    while True:
        try:
            msvcrt.locking(opened, msvcrt.LK_NBLCK, 1)  # the waiting kind gives up after ten seconds
        except OSError as problem:
            if problem.errno not in (EACCES, EAGAIN):
                raise
            time.sleep(_AGAIN_S)
        else:
            held.callback(_let_go, msvcrt, opened)
            return


def _let_go(msvcrt: Any, opened: int) -> None:
    os.lseek(opened, 0, os.SEEK_SET)
    msvcrt.locking(opened, msvcrt.LK_UNLCK, 1)
