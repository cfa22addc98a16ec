"""Pictures: from a file to pixels, decoded in a process that may crash or be killed without harm.

Pixels come back through shared memory and are kept in a cache of decoded pictures, so that the next item shows at once.
"""

from __future__ import annotations

import mmap
import os
import sys
import tempfile
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Condition
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from labeler.errors import LabelerError
from labeler.modalities.decoder_child import REMEDY, DecoderChild

Pixels = NDArray[np.uint8]

TIMEOUT_S = 30.0
CACHE_BYTES = 400 * 2**20
PROCESSES = 2
"""One for the picture that is waited for, one that decodes ahead."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The first page of a picture file, upright, in sRGB.

    Each level is an array (height, width, 4) of uint8 in the order blue, green, red, alpha, with alpha multiplied in:
    what a screen takes without conversion. The first level has all pixels, each next one half as many each way,
    rounded up. A coarse picture lacks the first `shrunk` levels; `full` is then the size (width, height) of them all.
    """

    levels: tuple[Pixels, ...]
    pages: int
    has_alpha: bool
    shrunk: int = 0
    full: tuple[int, int] | None = None

    @property
    def width(self) -> int:
        return self.full[0] if self.full is not None else int(self.levels[0].shape[1])

    @property
    def height(self) -> int:
        return self.full[1] if self.full is not None else int(self.levels[0].shape[0])

    @property
    def pixels(self) -> Pixels:
        return self.levels[0]

    @property
    def nbytes(self) -> int:
        return sum(level.nbytes for level in self.levels)


_Key = tuple[str, int, int]


class PictureDecoder:
    """Decodes picture files. All methods may be called from any thread; `decode` and `prefetch` block."""

    def __init__(self, *, cache_bytes: int = CACHE_BYTES) -> None:
        self._cache_bytes = cache_bytes
        self._cache: OrderedDict[_Key, Picture] = OrderedDict()
        self._decoding: set[_Key] = set()
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self._closed = False
        self._latest_prefetch = 0
        self._changed = Condition()

    def decode(self, path: Path, *, timeout_s: float = TIMEOUT_S) -> Picture:
        """The picture in a file, from the cache where it has not changed since.

        Raises LabelerError with file and reason for a missing, broken, truncated, mislabelled or too large file.
        """
        key = _key(path)
        with self._changed:
            self._changed.wait_for(lambda: key not in self._decoding)
            if (kept := self._from_cache(key)) is not None:
                return kept
            self._decoding.add(key)
        try:
            with self._child() as child:
                picture = child.decode(path, timeout_s)
            self._keep(key, picture)
            return picture
        finally:
            with self._changed:
                self._decoding.discard(key)
                self._changed.notify_all()

    def cached(self, path: Path) -> Picture | None:
        """The decoded picture if it is at hand; never waits for a decode. A missing file is not at hand."""
        try:
            key = _key(path)
        except LabelerError:
            return None
        with self._changed:
            return self._from_cache(key)

    def prefetch(self, paths: Iterable[Path]) -> None:
        """Decode what comes next, in order. A later call ends an earlier one; a broken file is left for its turn."""
        with self._changed:
            self._latest_prefetch += 1
            own = self._latest_prefetch
        for path in paths:
            if self._latest_prefetch != own or self._closed:
                return
            try:
                self.decode(path)
            except LabelerError:
                continue

    def close(self) -> None:
        """End the processes. A decode that is under way raises LabelerError."""
        with self._changed:
            self._closed = True
            children = [*self._idle, *self._busy]
            self._idle.clear()
            self._cache.clear()
            self._changed.notify_all()
        for child in children:
            child.kill()

    @property
    def processes(self) -> tuple[int, ...]:
        """Ids of the processes that wait for work or are at it."""
        with self._changed:
            return tuple(child.pid for child in (*self._idle, *self._busy))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _from_cache(self, key: _Key) -> Picture | None:
        picture = self._cache.get(key)
        if picture is not None:
            self._cache.move_to_end(key)
        return picture

    def _keep(self, key: _Key, picture: Picture) -> None:
        with self._changed:
            self._cache[key] = picture
            total = sum(kept.nbytes for kept in self._cache.values())
            while total > self._cache_bytes and len(self._cache) > 1:
                total -= self._cache.popitem(last=False)[1].nbytes

    @contextmanager
    def _child(self) -> Iterator[_Child]:
        """A process for one decode; waits while all are busy. One that died is replaced."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._busy) < PROCESSES)
            if self._closed:
                raise LabelerError("the picture was not decoded: the window is closing")
            child = next((c for c in reversed(self._idle) if c.alive), None) or _Child()
            for dead in [c for c in self._idle if not c.alive]:
                self._idle.remove(dead)
                dead.kill()
            if child in self._idle:
                self._idle.remove(child)
            self._busy.add(child)
        try:
            yield child
        finally:
            with self._changed:
                self._busy.discard(child)
                if child.alive and not self._closed:
                    self._idle.append(child)
                else:
                    child.kill()
                self._changed.notify_all()


class _Child(DecoderChild):
    """A decoder process that hands pixels over in shared memory."""

    def decode(self, path: Path, timeout_s: float) -> Picture:
        """Raises LabelerError; after a crash or a timeout the process is dead."""
        with _shared_memory() as (file, name):
            answer = self.ask(path, {"into": name}, timeout_s=timeout_s)
            return _picture(answer, file)


def _key(path: Path) -> _Key:
    try:
        status = path.stat()
    except OSError as problem:
        reason = "is missing" if isinstance(problem, FileNotFoundError) else f"cannot be read: {problem.strerror}"
        raise LabelerError(f"{path} {reason}", remedy=REMEDY) from problem
    return str(path.absolute()), status.st_mtime_ns, status.st_size


@contextmanager
def _shared_memory() -> Iterator[tuple[IO[bytes], str]]:
    """An empty file in memory and a name under which the decoder can open it."""
    if sys.platform == "linux":
        with os.fdopen(os.memfd_create("labeler-picture", os.MFD_CLOEXEC), "r+b") as file:
            yield file, f"/proc/{os.getpid()}/fd/{file.fileno()}"
    else:
        with tempfile.NamedTemporaryFile(prefix="labeler-picture-") as file:
            yield file.file, file.name


def _picture(answer: dict[str, Any], file: IO[bytes]) -> Picture:
    """The levels lie one after the other. The arrays keep the mapping alive, and the mapping the memory."""
    # Not populated here: a pane at fit touches a small level only, and mapping 48 MB takes as long as a repaint may.
    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    levels, offset = [], 0
    for width, height in answer["sizes"]:
        level = np.frombuffer(mapped, np.uint8, width * height * 4, offset).reshape(height, width, 4)
        levels.append(level)
        offset += level.nbytes
    return Picture(tuple(levels), answer["pages"], answer["alpha"])
