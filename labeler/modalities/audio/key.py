"""What names a recording's cached files: the hash of its content, and how it is found again without being read.

A big file is named by its size and three parts of it, since to hash all of it would take seconds before anything is
seen. Files that agree in those share a name and not what is cached: that belongs to one size and time of change, too,
and is made anew for another.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from hashlib import file_digest, sha256
from pathlib import Path

from labeler.modalities.audio.decode import write_whole

HASHED_WHOLE = 16 << 20
_HASHED_PART = 1 << 20
_WORTH_REMEMBERING = 1 << 20
"""Bytes; what is smaller is hashed in a millisecond."""
_KEY = re.compile("[0-9a-f]{64}")


def key_of(path: Path, stamp: os.stat_result, folder: Path) -> str:
    """The name of this file's recording, from `folder` if the file was seen before and nobody touched it since.

    Raises OSError when the file cannot be read.
    """
    if stamp.st_size < _WORTH_REMEMBERING:
        return hashed(path, stamp.st_size)
    # The time of the last change to its inode is set by the system alone: it cannot be put back as `mtime` can.
    seen = (stamp.st_dev, stamp.st_ino, stamp.st_size, stamp.st_mtime_ns, stamp.st_ctime_ns)
    note = folder / f"{'-'.join(map(str, seen))}.known"
    with suppress(OSError, ValueError):
        if _KEY.fullmatch(key := note.read_text("ascii")):
            return key
    key = hashed(path, stamp.st_size)
    with suppress(OSError):  # it is hashed again then
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(note, key.encode())
    return key


def hashed(path: Path, size: int) -> str:
    """SHA-256 of the content; of a big file, of its size and three parts of it."""
    with path.open("rb") as file:
        if size <= HASHED_WHOLE:
            return file_digest(file, "sha256").hexdigest()
        digest = sha256(f"{size}".encode())
        for place in (0, size // 2, size - _HASHED_PART):
            file.seek(place)
            digest.update(file.read(_HASHED_PART))
        return digest.hexdigest()
