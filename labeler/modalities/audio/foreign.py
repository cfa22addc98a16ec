"""Sound that libsndfile does not read, by the `ffmpeg` program where the system has one. Runs in the decoder's process.

PyAV's wheels bring x264 and x265, which are GPL; a program that a person installed is theirs. It inherits the decoder's
limits, gets one demuxer and no network, and ends when nobody reads on.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

_PROGRAM = "ffmpeg"
_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Foreign:
    """A kind of sound: how its files begin, what it is called, and which of ffmpeg's demuxers reads it."""

    at: int
    sign: bytes
    name: str
    demuxer: str


_KINDS = (
    Foreign(4, b"ftyp", "M4A or MP4", "mov"),
    Foreign(0, b"\x1aE\xdf\xa3", "WebM or Matroska", "matroska"),
    Foreign(0, b"#!AMR", "AMR", "amr"),
    Foreign(0, b"\xff\xf1", "AAC", "aac"),
    Foreign(0, b"\xff\xf9", "AAC", "aac"),
    Foreign(0, b"0&\xb2u\x8ef\xcf\x11", "WMA", "asf"),
)


class ForeignError(Exception):
    """Why it cannot be read, in words that follow the file's name."""


class ProgramMissingError(Exception):
    """The same, where the file itself may be whole."""

    remedy = (
        "install ffmpeg (Debian: apt install ffmpeg) and open the item again, or convert the file to FLAC or WAV and "
        "bring it again"
    )


@dataclass(frozen=True, slots=True)
class Sound:
    """`blocks` are int16 samples of shape (frames, channels)."""

    sample_rate: int
    channels: int
    blocks: Iterator[NDArray[np.int16]]


def kind_of(path: Path) -> Foreign | None:
    """What the file is by its first bytes; None for anything that is not foreign. Raises OSError."""
    with path.open("rb") as file:
        begin = file.read(16)
    return next((kind for kind in _KINDS if begin[kind.at :].startswith(kind.sign)), None)


def available() -> bool:
    return shutil.which(_PROGRAM) is not None


@contextmanager
def decoded(path: Path, kind: Foreign) -> Iterator[Sound]:
    """The file's first audio stream. Raises ForeignError, also while blocks are taken, when nothing could be read, and
    ProgramMissingError.
    """
    if not available():
        raise ProgramMissingError(f"is {kind.name} sound, for which the program ffmpeg is needed")
    command = [
        *(_PROGRAM, "-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1"),
        *("-protocol_whitelist", "file", "-f", kind.demuxer, "-i", f"file:{path}"),
        *("-map", "0:a:0", "-c:a", "pcm_s16le", "-protocol_whitelist", "pipe", "-f", "wav", "pipe:1"),
    ]
    nothing = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=nothing, stdout=subprocess.PIPE, stderr=nothing) as program:
        try:
            if program.stdout is None:
                raise RuntimeError("ffmpeg was started without a pipe")
            found = _header(program.stdout)
            if found is None:
                raise ForeignError(f"is {kind.name} sound that ffmpeg cannot read")
            yield Sound(*found, _blocks(program.stdout, found[1]))
        finally:
            program.kill()


def _header(stream: IO[bytes]) -> tuple[int, int] | None:
    """Sample rate and channels of a WAV stream, which stands at its first sample afterwards; None if it is none."""
    if stream.read(12)[8:] != b"WAVE":
        return None
    found = None
    while len(head := stream.read(8)) == 8:
        name, size = head[:4], struct.unpack("<I", head[4:])[0]
        if name == b"data":
            return found
        content = stream.read(size + size % 2)
        if name == b"fmt ":
            channels, rate = struct.unpack("<HI", content[2:8])
            found = (rate, channels) if channels and rate else None
    return None


def _blocks(stream: IO[bytes], channels: int) -> Iterator[NDArray[np.int16]]:
    """All but a last frame that is not whole."""
    width, rest = 2 * channels, b""
    while part := stream.read(_READ):
        rest += part
        whole = len(rest) // width * width
        block: NDArray[Any] = np.frombuffer(rest[:whole], "<i2").astype(np.int16)
        yield block.reshape(-1, channels)
        rest = rest[whole:]
