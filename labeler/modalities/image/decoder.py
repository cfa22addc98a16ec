"""Pictures: from a file to pixels, decoded in a process that may crash or be killed without harm.

Pixels come back through shared memory and are kept in a cache of decoded pictures, so that the next item shows at once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Condition
from typing import Self
from weakref import WeakKeyDictionary

from labeler.errors import LabelerError
from labeler.modalities.decoder_child import REMEDY
from labeler.modalities.image.child import PictureChild
from labeler.modalities.image.picture import Picture, Pixels
from labeler.modalities.image.pixel_layout import COARSE, Rows

TIMEOUT_S = 30.0
CACHE_BYTES = 400 * 2**20
"""Of memory, for decoded pictures. One picture under 40 megapixels, and a coarse one of each big picture, fit."""
DISK_BYTES = 6 * 2**30
"""Of disk, for the pixels of big pictures; what of them is in memory the system takes back when it needs it."""
PICTURES_KEPT = 250
"""Each holds a file open, of which many systems allow a process 1,024; memory has room for thousands of small ones."""
COARSE_KEPT = 8
PROCESSES = 2
"""One for the picture that is waited for, one that decodes ahead."""


_Key = tuple[str, int, int, int]
"""File, time of its last change, length, page."""
OnCoarse = Callable[[Picture], None]


class PictureDecoder:
    """Decodes picture files. All methods may be called from any thread; `decode` and `prefetch` block."""

    def __init__(
        self,
        *,
        cache_bytes: int = CACHE_BYTES,
        disk_bytes: int = DISK_BYTES,
        kept: int = PICTURES_KEPT,
        folder: Path | None = None,
    ) -> None:
        """`folder`: where the pixels of big pictures are kept while they are looked at, in files without a name."""
        self._limits = {False: cache_bytes, True: disk_bytes}
        self._kept = kept
        self._folder = folder
        self._cache: OrderedDict[_Key, Picture] = OrderedDict()
        self._coarse: OrderedDict[_Key, Picture] = OrderedDict()
        self._decoding: set[_Key] = set()
        self._idle: list[PictureChild] = []
        self._busy: set[PictureChild] = set()
        self._looked: dict[tuple[str, int], Rows] = {}
        """File and page that is looked at, and which rows of it."""
        self._looking: dict[tuple[str, int], Callable[[Rows], None]] = {}
        """What tells a decode under way of the rows."""
        self._given_up: set[_Key] = set()
        self._under_way: dict[_Key, PictureChild] = {}
        self._waited_for: WeakKeyDictionary[object, str] = WeakKeyDictionary()
        """Files by who waits for them."""
        self._ahead: frozenset[str] = frozenset()
        self._closed = False
        self._to_come: list[Path] = []
        self._prefetching = False
        self._changed = Condition()

    def decode(
        self, path: Path, page: int = 0, *, on_coarse: OnCoarse | None = None, timeout_s: float = TIMEOUT_S
    ) -> Picture:
        """A page of a picture file (from 0), from the cache where the file has not changed since.

        `on_coarse` gets a coarse picture of a big one first, on this thread, and then the same with the rows that are
        looked at (see `look`) in full. Raises LabelerError with file and reason for a missing, broken, truncated,
        mislabelled or too large file.
        """
        key = _key(path, page)
        if (kept := self._kept_or_claimed(key, on_coarse)) is not None:
            return kept
        try:
            with self._child(key) as child:
                picture = child.decode(path, page, timeout_s)
                if picture.shrunk:
                    picture = self._decode_big(child, key, path, picture, on_coarse)
            self._keep(key, picture)
            return picture
        finally:
            with self._changed:
                self._decoding.discard(key)
                self._changed.notify_all()

    def _kept_or_claimed(self, key: _Key, on_coarse: OnCoarse | None) -> Picture | None:
        """The picture, if need be after another thread's decode; None: it is this thread's to decode now."""
        last: Picture | None = None
        with self._changed:
            self._given_up.discard(key)
        while True:
            with self._changed:
                while key in self._decoding and self._coarse.get(key) is last:
                    self._changed.wait()
                if key in self._given_up:  # by whoever was at it; who waited for it went on as well
                    raise LabelerError(f"{key[0]} was not decoded: nobody looks at it any more")
                if key not in self._decoding:
                    kept = self._from_cache(key)
                    if kept is None:
                        self._decoding.add(key)
                    return kept
                last = self._coarse.get(key)
            if last is not None and on_coarse is not None:
                on_coarse(last)

    def _decode_big(
        self, child: PictureChild, key: _Key, path: Path, coarse: Picture, on_coarse: OnCoarse | None
    ) -> Picture:
        def tell(picture: Picture) -> None:
            self._keep_coarse(key, picture)
            if on_coarse is not None:
                on_coarse(picture)

        if coarse.levels:
            tell(coarse)
        look = child.decode_big(path, key[-1], coarse, self._folder, tell)
        with look as decoding:
            with self._changed:
                self._looking[key[0], key[-1]] = decoding.look
                decoding.look(self._looked.get((key[0], key[-1]), (0, 0)))
            lasting = coarse if coarse.levels else None
            try:
                whole = decoding.run()
                lasting = lasting or _coarse_of(whole)
                return whole
            finally:
                with self._changed:
                    del self._looking[key[0], key[-1]]
                    # The rows that were told are in the whole picture; they would keep its file alive.
                    if self._coarse.pop(key, None) is not None and lasting is not None:
                        self._coarse[key] = lasting

    def look(self, path: Path, page: int, rows: Rows) -> None:
        """Say which rows of a big picture are looked at: they are handed over first. Returns at once."""
        place = str(path.absolute()), page
        with self._changed:
            self._looked = {place: rows}
            if place in self._looking:
                self._looking[place](rows)

    def wait_for(self, who: object, path: Path | None) -> None:
        """Say which file somebody looks at from now on (None: none). What nobody looks at any more, and nobody wants
        ahead either, is read no further: the picture that is waited for must not queue behind it.
        """
        with self._changed:
            left = self._waited_for.pop(who, "")
            if path is not None:
                self._waited_for[who] = str(path.absolute())
            self._give_up({left})

    def _give_up(self, files: Iterable[str]) -> None:
        kept = {*self._waited_for.values(), *self._ahead}
        for key, child in self._under_way.items():
            if key[0] in files and key[0] not in kept:
                self._given_up.add(key)
                child.stop()

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
        """Decode what comes next, in order; a broken file is left for its turn. A later call ends an earlier one: the
        thread that is at it goes on with what is wanted now, and the later call returns at once.
        """
        with self._changed:
            self._to_come = list(paths)
            before, self._ahead = self._ahead, frozenset(str(path.absolute()) for path in self._to_come)
            self._give_up(before)
            if self._prefetching:
                return
            self._prefetching = True
        try:
            while (path := self._next_ahead()) is not None:
                with suppress(LabelerError):
                    self.decode(path)
        except BaseException:
            self._prefetching = False
            raise

    def _next_ahead(self) -> Path | None:
        with self._changed:
            self._prefetching = bool(self._to_come) and not self._closed
            return self._to_come.pop(0) if self._prefetching else None

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
        """Memory, disk and open files have a limit each; the newest picture stays, whatever its size."""
        with self._changed:
            self._cache[key] = picture
            while len(self._cache) > self._kept:
                self._cache.popitem(last=False)
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
    def _child(self, key: _Key) -> Iterator[PictureChild]:
        """A process for one decode; waits while all are busy. One that died is replaced."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._busy) < PROCESSES)
            if self._closed:
                raise LabelerError("the picture was not decoded: the window is closing")
            child = next((c for c in reversed(self._idle) if c.alive), None) or PictureChild()
            for dead in [c for c in self._idle if not c.alive]:
                self._idle.remove(dead)
                dead.kill()
            if child in self._idle:
                self._idle.remove(child)
            self._busy.add(child)
            self._under_way[key] = child
        try:
            yield child
        finally:
            with self._changed:
                self._busy.discard(child)
                del self._under_way[key]
                if child.alive and not self._closed:
                    self._idle.append(child)
                else:
                    child.kill()
                self._changed.notify_all()


def _coarse_of(whole: Picture) -> Picture:
    """Copied, so that it does not keep the file of the whole picture."""
    levels = tuple(level.copy() for level in whole.levels[COARSE:])
    full = whole.width, whole.height
    return Picture(levels, whole.pages, whole.has_alpha, COARSE, full, whole.duration_s)


def _key(path: Path, page: int) -> _Key:
    try:
        status = path.stat()
    except OSError as problem:
        reason = "is missing" if isinstance(problem, FileNotFoundError) else f"cannot be read: {problem.strerror}"
        raise LabelerError(f"{path} {reason}", remedy=REMEDY) from problem
    return str(path.absolute()), status.st_mtime_ns, status.st_size, page


__all__ = ["CACHE_BYTES", "DISK_BYTES", "OnCoarse", "Picture", "PictureDecoder", "Pixels"]
