"""Recordings: decoded once, to plain samples and peaks in the project's cache, which may be deleted at any time.

A file from outside is opened by the decoder's process alone; the app and the player map what it wrote.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from labeler.errors import LabelerError
from labeler.modalities.audio import cache as sound_cache
from labeler.modalities.audio import peaks
from labeler.modalities.audio.blocks import Blocks
from labeler.modalities.audio.decode import write_whole
from labeler.modalities.audio.key import key_of
from labeler.modalities.audio.track import Track
from labeler.modalities.decoder_child import REMEDY, DecoderChild

FORMAT = 2
"""Of the cached files; raise it when they change, and old ones are made again."""
TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class Recording:
    """A decoded recording. Samples and peaks are mapped when they are asked for, so even hours of it cost no memory."""

    sha256: str
    sample_rate: int
    channels: int
    frames: int
    dtype: str
    """Of the decoded samples: `int16` or `float32`."""
    folder: Path
    long: bool = False
    """It may still be on its way to the disk: `blocks` says what is there."""

    @property
    def duration_s(self) -> float:
        return self.frames / self.sample_rate

    @property
    def track(self) -> Track:
        pcm = self.folder / f"{self.sha256}.pcm"
        blocks = self.folder / f"{self.sha256}.blocks" if self.long else None
        return Track(pcm, self.dtype, self.sample_rate, self.channels, self.frames, blocks)

    def peaks(self) -> peaks.Peaks:
        """Raises OSError or ValueError when the cache was deleted meanwhile."""
        return peaks.Peaks.open(self.folder / f"{self.sha256}.peaks", self.frames, self.channels)

    def blocks(self) -> Blocks | None:
        """What is decoded of a long recording; None for one that was decoded whole. Raises like `peaks`."""
        return Blocks(self.folder / f"{self.sha256}.blocks", self.frames) if self.long else None

    def samples(self, start: int, end: int) -> NDArray[np.float32]:
        """Frames [start, end) in [-1, 1], shape (frames, channels), cut to what there is."""
        window = self.mapped()[max(start, 0) : min(end, self.frames)].astype(np.float32)
        if self.dtype == "int16":
            window /= 32768
        return window

    def mapped(self) -> NDArray[Any]:
        """All frames as they are on the disk, not read: shape (frames, channels), of type `dtype`."""
        return np.memmap(self.track.pcm, self.dtype, "r", shape=(self.frames, self.channels))


class RecordingDecoder:
    """Opens recordings. `open` may be called from any thread, and blocks; the process is started when first needed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._child: DecoderChild | None = None
        self._long: dict[str, tuple[str | None, DecoderChild]] = {}
        """By the hash of a long recording: what it is opened for, and the process that decodes it to its end."""
        self._closed = False

    def warm(self) -> None:
        """Start the process ahead of its first recording; returns at once."""
        with self._lock:
            self._ready_child()

    def open(self, path: Path, cache_dir: Path, sha256: str | None = None, wanted_for: str | None = None) -> Recording:
        """The recording in this file, decoded unless the cache has it.

        `sha256` is the file's hash where it is known; it names the cached files. A long recording goes on being decoded
        after this, until one is opened that is `wanted_for` something else. None: for later. Then it goes on only while
        no other does, and `goes_on` says when to open it once more. Raises LabelerError when the file cannot be read,
        in words for the person who is to judge it.
        """
        folder = cache_dir / "audio"
        try:
            stamp = path.stat()
            key = sha256 or key_of(path, stamp, folder)
        except OSError as problem:
            reason = "is missing" if isinstance(problem, FileNotFoundError) else f"cannot be read: {problem.strerror}"
            raise LabelerError(f"{path} {reason}", remedy=REMEDY) from problem
        # A file that changed under the same hash must not be shown as it was.
        source = [stamp.st_size, stamp.st_mtime_ns]
        cached = _cached(folder, key, source)
        if cached is not None and (not _unfinished(cached) or self.decodes(key)):
            with suppress(OSError):
                os.utime(folder / f"{key}.json")  # `trim` lets those go first that were not opened for longest
            if wanted_for is not None and key in self._long:
                self._long[key] = (wanted_for, self._long[key][1])
            return cached
        decoded = self._decoded(path, folder, key, source, wanted_for)
        sound_cache.trim(folder, keep=key)
        return decoded

    def decodes(self, sha256: str) -> bool:
        """A long recording is on its way to the disk."""
        return sha256 in self._long and self._long[sha256][1].alive

    def goes_on(self, recording: Recording) -> bool:
        """All of it is decoded, or will be. Raises OSError or ValueError when the cache was deleted meanwhile."""
        return not _unfinished(recording) or self.decodes(recording.sha256)

    def close(self) -> None:
        """End the processes. A decode that is under way raises LabelerError."""
        self._closed = True
        if self._child is not None:
            self._child.kill()
        for _, child in self._long.values():
            child.kill()

    def _decoded(self, path: Path, folder: Path, key: str, source: list[int], wanted_for: str | None) -> Recording:
        folder.mkdir(parents=True, exist_ok=True)
        request = {"folder": str(folder.absolute()), "key": key}
        with self._lock:
            self._refuse_when_closed(path)
            child = self._ready_child()
            try:
                self._refuse_when_closed(path)
            except LabelerError:  # closed while it was started: who closed could not know it
                child.kill()
                raise
            facts = child.ask(path, request, timeout_s=TIMEOUT_S)
            if facts.get("long"):
                self._let_go_on(key, child, wanted_for)
        recording = Recording(folder=folder, **facts)
        write_whole(folder / f"{key}.json", orjson.dumps({"format": FORMAT, "source": source, **facts}))
        return recording

    def _refuse_when_closed(self, path: Path) -> None:
        if self._closed:
            raise LabelerError(f"{path} was not decoded: the window is closing")

    def _ready_child(self) -> DecoderChild:
        if self._child is not None and not self._child.alive:
            self._child.kill()  # its pipes are still open
            self._child = None
        if self._child is None:
            self._child = DecoderChild()
        return self._child

    def _let_go_on(self, key: str, child: DecoderChild, wanted_for: str | None) -> None:
        """The process stays with its recording, unless that is for later and another one is on its way."""
        self._child = None
        self._leave([one for one, (_, known) in self._long.items() if not known.alive])
        if wanted_for is None and self._long:
            child.kill()
        else:
            self._long[key] = (wanted_for, child)
            self._leave([one for one, (known, _) in self._long.items() if known != wanted_for])
        self._ready_child()

    def _leave(self, keys: Iterable[str]) -> None:
        """End their processes, or close what an ended one leaves open. What was left goes on when it is opened."""
        for key in keys:
            self._long.pop(key)[1].kill()


def _unfinished(recording: Recording) -> bool:
    blocks = recording.blocks()
    return blocks is not None and not blocks.complete


def _cached(folder: Path, key: str, source: list[int]) -> Recording | None:
    try:
        facts = orjson.loads((folder / f"{key}.json").read_bytes())
        if facts.pop("format") != FORMAT or facts.pop("source") != source:
            return None
        recording = Recording(folder=folder, **facts)
        recording.peaks()
        recording.blocks()
        size = recording.track.pcm.stat().st_size
    except (OSError, ValueError, KeyError, TypeError):
        return None  # deleted, or cut short
    whole = size == recording.frames * recording.channels * np.dtype(recording.dtype).itemsize
    return recording if whole else None
