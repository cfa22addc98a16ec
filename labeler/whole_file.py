"""Files that are there whole or not at all, whatever ends the program or the machine; and files that are files."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write, which takes the place of `path` when the block ends well and is gone when it does not.

    On the disk when it is in its place. Raises OSError where it cannot be written.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            yield file
        sync(beside)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync(path.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in its place in one step."""
    with whole_file(path) as file:
        file.write(content)


MOST_BYTES = 16 << 20
"""Of settings, rubrics and policies; longer ones no person wrote."""


def read_plain(path: Path, most_bytes: int = MOST_BYTES) -> bytes:
    """A small file of a project that somebody else may have made. Raises OSError for what is too long or no file.

    A pipe would never end, and neither would a link to /dev/zero.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "is no plain file", str(path))
    with path.open("rb") as file:
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise OSError(errno.EFBIG, f"is longer than {most_bytes >> 20} MB", str(path))
    return content


def sync(path: Path) -> None:
    """What the file holds, or a folder's list of names, is on the disk when this returns."""
    if os.name == "nt" and path.is_dir():
        return  # Windows does that by itself and cannot open folders
    handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
