"""Folders for passing files, which hold outputs: gone when they are not needed any more, also after a kill."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

CAN_LOCK = find_spec("fcntl") is not None
"""Not on Windows: what a kill left stays there until the system empties the folder."""

PREFIX = "labeler-scratch-"
_BEING_MADE_S = 60.0
"""A folder so young may not be locked yet."""


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder that its owner alone can read. What programs that were killed left is removed first."""
    _remove_left()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as made:
        lock = _locked(Path(made))
        try:
            yield Path(made)
        finally:
            if lock is not None:
                os.close(lock)


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
