"""From a sound file to plain samples and peaks on disk, in bounded memory. Runs in the decoder's process alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labeler.modalities.audio import foreign as foreign_audio
from labeler.modalities.audio import peaks
from labeler.modalities.audio.long_decode import LongDecode, is_long

MOST_BYTES = 16 << 30
"""Of decoded sound: 12 hours of 48 kHz stereo in float. A small file can claim to hold years."""
_BLOCK = peaks.BIN * 1024
_AS_INT16 = frozenset({"PCM_16", "PCM_S8", "PCM_U8", "ULAW", "ALAW", "GSM610"})
"""Encodings that 16 bits hold without loss; all others are kept as float."""


def write_whole(path: Path, content: bytes) -> None:
    """All of it or nothing."""
    partial = path.with_suffix(f".{os.getpid()}.partial")
    partial.write_bytes(content)
    partial.replace(path)


Tell = Callable[[dict[str, Any]], None]


def decode(path: Path, folder: Path, key: str, tell: Tell) -> dict[str, Any] | None:
    """Write `KEY.pcm` and `KEY.peaks` into the folder. Returns the fields of `Recording`, or `problem` in words.

    Of a long recording the fields are told as soon as there is something to see, and None is returned when all of it
    is there.
    """
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            long = is_long(file) and file.frames * file.channels * 4 <= MOST_BYTES
            facts = {"sha256": key, "sample_rate": int(file.samplerate), "channels": int(file.channels)}
            facts |= {"frames": int(file.frames), "dtype": _dtype(file), "long": True}
        if long:
            _decode_long(path, facts, folder, tell)
            return None
    except soundfile.LibsndfileError as problem:
        return _without_libsndfile(path, folder, key, problem.error_string.rstrip("."))
    except OSError as problem:
        return {"problem": f"could not be decoded into the cache ({problem.strerror})"}
    return _decode_whole(path, folder, key)


def _decode_long(path: Path, facts: dict[str, Any], folder: Path, tell: Tell) -> None:
    work = LongDecode(path, facts["dtype"], folder, facts["sha256"])
    try:
        work.sketch()
        tell(facts)
        work.finish_sketch()
        work.work()
    finally:
        work.close()


def _dtype(file: Any) -> str:
    return "int16" if file.subtype in _AS_INT16 else "float32"


def _without_libsndfile(path: Path, folder: Path, key: str, reason: str) -> dict[str, Any]:
    """What libsndfile does not read, by ffmpeg if it is of a kind that ffmpeg is asked for."""
    kind = foreign_audio.kind_of(path)
    if kind is None:
        return {"problem": f"is not sound that can be read ({reason})"}
    try:
        with foreign_audio.decoded(path, kind) as sound:
            return _written(folder, key, sound.blocks, sound.sample_rate, sound.channels, "int16")
    except foreign_audio.ForeignError as problem:
        return {"problem": str(problem)}


def _decode_whole(path: Path, folder: Path, key: str) -> dict[str, Any]:
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            dtype = _dtype(file)
            return _written(folder, key, _blocks(file, dtype), int(file.samplerate), int(file.channels), dtype)
    except soundfile.LibsndfileError as problem:
        return {"problem": f"is not sound that can be read ({problem.error_string.rstrip('.')})"}


def _written(
    folder: Path, key: str, blocks: Iterator[NDArray[Any]], rate: int, channels: int, dtype: str
) -> dict[str, Any]:
    """Samples and peaks go to the cache, whole or not at all."""
    partial = folder / f"{key}.{os.getpid()}.partial"
    try:
        frames, bins = _write_samples(blocks, partial)
        if not frames:
            return {"problem": "holds no sound"}
        partial.replace(folder / f"{key}.pcm")
    except _TooLongError:
        return {"problem": "is longer than can be shown"}
    except OSError as problem:
        return {"problem": f"could not be decoded into the cache ({problem.strerror})"}
    finally:
        partial.unlink(missing_ok=True)
    write_whole(folder / f"{key}.peaks", b"".join(level.tobytes() for level in _levels(bins)))
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
