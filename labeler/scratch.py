"""Folders for passing files: gone when they are not needed any more, also after a kill."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

CAN_LOCK = find_spec("fcntl") is not None
"""Not on Windows: what a kill left stays there until the system empties the folder."""

PREFIX = "labeler-scratch-"
_BEING_MADE_S = 60.0
"""A folder so young may not be locked yet."""


class ScratchFolder:
    """An empty folder that its owner alone can read, until it is closed. What programs that were killed left is removed
    first.
    """

    def __init__(self) -> None:
        _remove_left()
        # A file that is still mapped cannot be removed on Windows; what stays is a few bytes.
        self._made = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
        self.path = Path(self._made.name)
        lock = _locked(self.path)
        self._unlock = weakref.finalize(self, os.close, lock) if lock is not None else None

    def close(self) -> None:
        self._made.cleanup()
        if self._unlock is not None:
            self._unlock()


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A `ScratchFolder` for as long as something is done."""
    folder = ScratchFolder()
    try:
        yield folder.path
    finally:
        folder.close()


def _remove_left() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            facts = folder.lstat()
            if not CAN_LOCK or facts.st_uid != os.getuid() or time.time() - facts.st_mtime < _BEING_MADE_S:
                continue
            lock = _locked(folder)
            if lock is not None:
                os.close(lock)
                shutil.rmtree(folder, ignore_errors=True)


def _locked(folder: Path) -> int | None:
    """A lock on the folder for as long as this handle is open; the system lets go of it with the program."""
    if not CAN_LOCK:
        return None
    import fcntl

    handle = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
