"""Pictures: from a file to pixels, decoded in a process that may crash or be killed without harm.

Pixels come back through shared memory and are kept in a cache of decoded pictures, so that the next item shows at once.
"""

from __future__ import annotations

import mmap
import os
import shutil
import sys
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Condition
from typing import IO, Self

import numpy as np
from numpy.typing import NDArray

from labeler.errors import LabelerError
from labeler.modalities.decoder_child import REMEDY, DecoderChild
from labeler.modalities.pixel_layout import PixelLayout

Pixels = NDArray[np.uint8]

TIMEOUT_S = 30.0
BIG_TIMEOUT_S = 300.0
"""For the pixels of a picture that is shown coarse meanwhile."""
CACHE_BYTES = 400 * 2**20
"""Of memory, for decoded pictures. One picture under 40 megapixels, and a coarse one of each big picture, fit."""
DISK_BYTES = 6 * 2**30
"""Of disk, for the pixels of big pictures; what of them is in memory the system takes back when it needs it."""
COARSE_KEPT = 8
_SPARE_BYTES = 200 * 2**20
PROCESSES = 2
"""One for the picture that is waited for, one that decodes ahead."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page of a picture file, upright, in sRGB.

    Each level is an array (height, width, 4) of uint8 in the order blue, green, red, alpha, with alpha multiplied in:
    what a screen takes without conversion. The first level has all pixels, each next one half as many each way,
    rounded up. A coarse picture lacks the first `shrunk` levels; `full` is then the size (width, height) of them all.
    """

    levels: tuple[Pixels, ...]
    pages: int
    has_alpha: bool
    shrunk: int = 0
    full: tuple[int, int] | None = None
    duration_s: float = 0.0
    """How long the page is shown when the picture moves; 0 when it does not."""
    on_disk: bool = False
    """The pixels are mapped from a file."""

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


_Key = tuple[str, int, int, int]
"""File, time of its last change, length, page."""
OnCoarse = Callable[[Picture], None]


class PictureDecoder:
    """Decodes picture files. All methods may be called from any thread; `decode` and `prefetch` block."""

    def __init__(
        self, *, cache_bytes: int = CACHE_BYTES, disk_bytes: int = DISK_BYTES, folder: Path | None = None
    ) -> None:
        """`folder`: where the pixels of big pictures are kept while they are looked at, in files without a name."""
        self._limits = {False: cache_bytes, True: disk_bytes}
        self._folder = folder
        self._cache: OrderedDict[_Key, Picture] = OrderedDict()
        self._coarse: OrderedDict[_Key, Picture] = OrderedDict()
        self._decoding: set[_Key] = set()
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self._closed = False
        self._latest_prefetch = 0
        self._changed = Condition()

    def decode(
        self, path: Path, page: int = 0, *, on_coarse: OnCoarse | None = None, timeout_s: float = TIMEOUT_S
    ) -> Picture:
        """A page of a picture file (from 0), from the cache where the file has not changed since.

        `on_coarse` gets a coarse picture of a big one first, on this thread. Raises LabelerError with file and reason
        for a missing, broken, truncated, mislabelled or too large file.
        """
        key = _key(path, page)
        with self._changed:
            self._changed.wait_for(lambda: key not in self._decoding or key in self._coarse)
            coarse = self._coarse.get(key) if key in self._decoding else None
        if coarse is not None and on_coarse is not None:
            on_coarse(coarse)
        with self._changed:
            self._changed.wait_for(lambda: key not in self._decoding)
            if (kept := self._from_cache(key)) is not None:
                return kept
            self._decoding.add(key)
        try:
            with self._child() as child:
                picture = child.decode(path, page, timeout_s)
                if picture.shrunk:
                    if picture.levels:
                        self._keep_coarse(key, picture)
                        if on_coarse is not None:
                            on_coarse(picture)
                    picture = child.decode_big(path, page, picture, self._folder)
            self._keep(key, picture)
            return picture
        finally:
            with self._changed:
                self._decoding.discard(key)
                self._changed.notify_all()

    def cached(self, path: Path, page: int = 0) -> Picture | None:
        """The decoded page if it is at hand, if need be coarse; never waits for a decode.

        A missing file is not at hand.
        """
        try:
            key = _key(path, page)
        except LabelerError:
            return None
        with self._changed:
            return self._from_cache(key) or self._coarse.get(key)

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
            self._coarse.clear()
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
        """Memory and disk have a limit each; the newest picture stays, whatever its size."""
        with self._changed:
            self._cache[key] = picture
            for on_disk, limit in self._limits.items():
                kept = [each for each, one in self._cache.items() if one.on_disk is on_disk]
                total = sum(self._cache[each].nbytes for each in kept)
                for oldest in kept:
                    if total > limit and oldest != key:
                        total -= self._cache.pop(oldest).nbytes

    def _keep_coarse(self, key: _Key, picture: Picture) -> None:
        with self._changed:
            self._coarse[key] = picture
            while len(self._coarse) > COARSE_KEPT:
                self._coarse.popitem(last=False)
            self._changed.notify_all()

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
    """A decoder process that hands pixels over in shared memory, or in a file where they are many."""

    def decode(self, path: Path, page: int, timeout_s: float) -> Picture:
        """The page; coarse where it is big, and without any level if its format has nothing coarse.

        Raises LabelerError; after a crash or a timeout the process is dead.
        """
        with _shared_memory() as (file, name):
            layout = self._ask(path, page, name, coarse=True, timeout_s=timeout_s)
            return _picture(layout, file, on_disk=False)

    def decode_big(self, path: Path, page: int, coarse: Picture, folder: Path | None) -> Picture:
        """All pixels of a page that came coarse."""
        with _file_on_disk(folder, coarse.width * coarse.height * 4 * 4 // 3) as (file, name):
            layout = self._ask(path, page, name, coarse=False, timeout_s=BIG_TIMEOUT_S)
            return _picture(layout, file, on_disk=True)

    def _ask(self, path: Path, page: int, into: str, *, coarse: bool, timeout_s: float) -> PixelLayout:
        request: dict[str, str | int | bool] = {"into": into, "page": page, "coarse": coarse}
        return PixelLayout.from_json(self.ask(path, request, timeout_s=timeout_s))


def _key(path: Path, page: int) -> _Key:
    try:
        status = path.stat()
    except OSError as problem:
        reason = "is missing" if isinstance(problem, FileNotFoundError) else f"cannot be read: {problem.strerror}"
        raise LabelerError(f"{path} {reason}", remedy=REMEDY) from problem
    return str(path.absolute()), status.st_mtime_ns, status.st_size, page


@contextmanager
def _shared_memory() -> Iterator[tuple[IO[bytes], str]]:
    """An empty file in memory and a name under which the decoder can open it."""
    if sys.platform == "linux":
        with os.fdopen(os.memfd_create("labeler-picture", os.MFD_CLOEXEC), "r+b") as file:
            yield file, f"/proc/{os.getpid()}/fd/{file.fileno()}"
    else:
        with tempfile.NamedTemporaryFile(prefix="labeler-picture-") as file:
            yield file.file, file.name


@contextmanager
def _file_on_disk(folder: Path | None, length: int) -> Iterator[tuple[IO[bytes], str]]:
    """An empty file with room for so many bytes; it is gone with the last that reads it. Raises LabelerError."""
    where = folder or Path(tempfile.gettempdir())
    where.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(where).free
    if free < length + _SPARE_BYTES:
        raise LabelerError(
            f"in full the picture needs {length / 1e9:.1f} GB of disk, and {where} has {free / 1e9:.1f} GB free",
            kept="the coarse picture",
            remedy="make room there and open the item again",
        )
    with tempfile.NamedTemporaryFile(prefix="labeler-picture-", dir=where) as file:
        yield file.file, file.name


def _picture(layout: PixelLayout, file: IO[bytes], *, on_disk: bool) -> Picture:
    """The levels lie one after the other. The arrays keep the mapping alive, and the mapping the pixels."""
    # Not populated here: a pane at fit touches a small level only, and mapping 48 MB takes as long as a repaint may.
    if not layout.sizes:
        return Picture((), layout.pages, layout.has_alpha, layout.shrunk, layout.full)
    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if on_disk and hasattr(mapped, "madvise"):
        mapped.madvise(mmap.MADV_RANDOM)  # rows of what is in view are far apart: nothing between them is wanted
    levels, offset = [], 0
    for width, height in layout.sizes:
        level = np.frombuffer(mapped, np.uint8, width * height * 4, offset).reshape(height, width, 4)
        levels.append(level)
        offset += level.nbytes
    return Picture(
        tuple(levels), layout.pages, layout.has_alpha, layout.shrunk, layout.full, layout.duration_s, on_disk
    )
