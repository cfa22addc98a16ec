"""Recordings: decoded once, to plain samples and peaks in the project's cache, which may be deleted at any time.

A file from outside is opened by the decoder's process alone; the app and the player map what it wrote.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from labeler.errors import LabelerError
from labeler.modalities import peaks
from labeler.modalities.playback import Track

FORMAT = 1
"""Of the cached files; raise it when they change, and old ones are made again."""
MOST_BYTES = 16 << 30
"""Of decoded sound: 12 hours of 48 kHz stereo in float. A small file can claim to hold years."""
_BLOCK = peaks.BIN * 1024
_AS_INT16 = frozenset({"PCM_16", "PCM_S8", "PCM_U8", "ULAW", "ALAW", "GSM610"})
"""Encodings that 16 bits hold without loss; all others are kept as float."""


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

    @property
    def duration_s(self) -> float:
        return self.frames / self.sample_rate

    @property
    def track(self) -> Track:
        pcm = self.folder / f"{self.sha256}.pcm"
        return Track(pcm, self.dtype, self.sample_rate, self.channels, self.frames)

    def peaks(self) -> peaks.Peaks:
        """Raises OSError or ValueError when the cache was deleted meanwhile."""
        return peaks.Peaks.open(self.folder / f"{self.sha256}.peaks", self.frames, self.channels)

    def samples(self, start: int, end: int) -> NDArray[np.float32]:
        """Frames [start, end) in [-1, 1], shape (frames, channels), cut to what there is."""
        track = self.track
        mapped = np.memmap(track.pcm, track.dtype, "r", shape=(self.frames, self.channels))
        window = mapped[max(start, 0) : min(end, self.frames)].astype(np.float32)
        if track.dtype == "int16":
            window /= 32768
        return window


def open_recording(path: Path, cache_dir: Path, sha256: str | None = None) -> Recording:
    """The recording in this file, decoded unless the cache has it. Blocks; call it beside the window.

    `sha256` is the file's hash where it is known; it names the cached files. Raises LabelerError when the file cannot
    be read, in words for the person who is to judge it.
    """
    try:
        stamp = path.stat()
        key = sha256 or _hash(path)
    except OSError as problem:
        raise LabelerError(f"{path.name}: cannot be opened ({problem.strerror})", remedy=_REMEDY) from problem
    folder = cache_dir / "audio"
    # A file that changed under the same hash must not be shown as it was.
    source = [stamp.st_size, stamp.st_mtime_ns]
    return _cached(folder, key, source) or _decoded(path, folder, key, source)


_REMEDY = "skip the item with a reason; mend the file and import it again"


def _cached(folder: Path, key: str, source: list[int]) -> Recording | None:
    try:
        facts = orjson.loads((folder / f"{key}.json").read_bytes())
        if facts.pop("format") != FORMAT or facts.pop("source") != source:
            return None
        recording = Recording(folder=folder, **facts)
        recording.peaks()
        size = recording.track.pcm.stat().st_size
    except (OSError, ValueError, KeyError, TypeError):
        return None  # deleted, or cut short
    whole = size == recording.frames * recording.channels * np.dtype(recording.dtype).itemsize
    return recording if whole else None


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _decoded(path: Path, folder: Path, key: str, source: list[int]) -> Recording:
    folder.mkdir(parents=True, exist_ok=True)
    facts = decode(str(path), str(folder), key)
    recording = Recording(folder=folder, **facts)
    _put(folder / f"{key}.json", orjson.dumps({"format": FORMAT, "source": source, **facts}))
    return recording


def _put(path: Path, content: bytes) -> None:
    partial = path.with_suffix(f".{os.getpid()}.partial")
    partial.write_bytes(content)
    partial.replace(path)


def decode(path: str, folder: str, key: str) -> dict[str, Any]:
    """Write `KEY.pcm` and `KEY.peaks` into the folder, in bounded memory. Runs in the decoder's process.

    Returns the fields of `Recording`, without the folder. Raises LabelerError for what is not sound.
    """
    import soundfile

    name, target = Path(path).name, Path(folder)
    partial = target / f"{key}.{os.getpid()}.partial"
    try:
        with soundfile.SoundFile(path) as file:
            dtype = "int16" if file.subtype in _AS_INT16 else "float32"
            frames, bins = _write_samples(_blocks(file, dtype), partial)
            rate, channels = int(file.samplerate), int(file.channels)
        if not frames:
            raise LabelerError(f"{name}: holds no sound", remedy=_REMEDY)
        partial.replace(target / f"{key}.pcm")
    except soundfile.LibsndfileError as problem:
        reason = problem.error_string.rstrip(".")
        raise LabelerError(f"{name}: is not sound that can be read ({reason})", remedy=_REMEDY) from problem
    except _TooLongError as problem:
        raise LabelerError(f"{name}: is longer than can be shown", remedy=_REMEDY) from problem
    finally:
        partial.unlink(missing_ok=True)
    _put(target / f"{key}.peaks", b"".join(level.tobytes() for level in _levels(bins)))
    return {"sha256": key, "sample_rate": rate, "channels": channels, "frames": frames, "dtype": dtype}


class _TooLongError(Exception):
    pass


def _write_samples(blocks: Iterator[NDArray[Any]], target: Path) -> tuple[int, list[peaks.Bins]]:
    """All samples go to the file, their peaks are returned with the number of frames."""
    frames, written, bins = 0, 0, []
    with target.open("wb") as file:
        for block in blocks:
            written += file.write(block.tobytes())
            if written > MOST_BYTES:
                raise _TooLongError
            frames += len(block)
            bins.append(peaks.summed(block))
    return frames, bins


def _blocks(file: Any, dtype: str) -> Iterator[NDArray[Any]]:
    while len(block := file.read(_BLOCK, dtype=dtype, always_2d=True)):
        yield block if dtype == "int16" else np.nan_to_num(block, copy=False, posinf=1.0, neginf=-1.0)


def _levels(bins: list[peaks.Bins]) -> Iterator[peaks.Bins]:
    level = np.concatenate(bins)
    yield level
    while len(level) > peaks.FEWEST_BINS:
        level = peaks.coarser(level)
        yield level
