"""From a sound file to plain samples and peaks on disk, in bounded memory. Runs in the decoder's process alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labeler.modalities import peaks
from labeler.modalities.long_decode import LongDecode, is_long

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


_FOREIGN = (
    (4, b"ftyp", "M4A or MP4"),
    (0, b"\x1aE\xdf\xa3", "WebM or Matroska"),
    (0, b"#!AMR", "AMR"),
    (0, b"\xff\xf1", "AAC"),
    (0, b"\xff\xf9", "AAC"),
    (0, b"0&\xb2u\x8ef\xcf\x11", "WMA"),
)
"""How files begin that libsndfile does not read: where, with what, and what they are called."""

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
        return {"problem": _why_unreadable(path, problem.error_string.rstrip("."))}
    except OSError as problem:
        return {"problem": f"could not be decoded into the cache ({problem.strerror})"}
    return _decode_whole(path, folder, key)


def _decode_long(path: Path, facts: dict[str, Any], folder: Path, tell: Tell) -> None:
    work = LongDecode(path, facts["dtype"], folder, facts["sha256"])
    try:
        work.sketch()
        tell(facts)
        work.work()
    finally:
        work.close()


def _dtype(file: Any) -> str:
    return "int16" if file.subtype in _AS_INT16 else "float32"


def _why_unreadable(path: Path, reason: str) -> str:
    with path.open("rb") as file:
        begin = file.read(16)
    for at, sign, name in _FOREIGN:
        if begin[at:].startswith(sign):
            return f"is {name} sound, which cannot be read here: convert it to FLAC or WAV and bring it again"
    return f"is not sound that can be read ({reason})"


def _decode_whole(path: Path, folder: Path, key: str) -> dict[str, Any]:
    import soundfile

    partial = folder / f"{key}.{os.getpid()}.partial"
    try:
        with soundfile.SoundFile(path) as file:
            dtype = _dtype(file)
            frames, bins = _write_samples(_blocks(file, dtype), partial)
            rate, channels = int(file.samplerate), int(file.channels)
        if not frames:
            return {"problem": "holds no sound"}
        partial.replace(folder / f"{key}.pcm")
    except soundfile.LibsndfileError as problem:
        return {"problem": _why_unreadable(path, problem.error_string.rstrip("."))}
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
