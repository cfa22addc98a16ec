"""A recording as WAV, for programs that take nothing else."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path


def as_wav(path: Path) -> bytes:
    """The recording as 16-bit WAV at its own rate and channels. Raises OSError when it cannot be read or decoded."""
    try:
        import soundfile
    except ImportError as missing:
        raise OSError(f"{path.name} has to be turned into WAV, which needs labeler[desktop] ({missing})") from None
    out = BytesIO()
    try:
        samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
        soundfile.write(out, samples, rate, format="WAV", subtype="PCM_16")
    except soundfile.LibsndfileError as problem:
        raise OSError(f"{path.name} cannot be decoded: {problem}") from None
    return out.getvalue()
