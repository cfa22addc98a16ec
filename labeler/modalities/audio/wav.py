"""A recording as WAV, for programs that take nothing else."""

from __future__ import annotations

import wave
from io import BytesIO
from pathlib import Path

from labeler.modalities.audio import foreign as foreign_audio


def as_wav(path: Path) -> bytes:
    """The recording as 16-bit WAV at its own rate and channels; M4A, AAC, AMR, WMA and WebM by ffmpeg.

    Raises OSError when it cannot be read or decoded.
    """
    if kind := foreign_audio.kind_of(path):
        return _foreign_as_wav(path, kind)
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


def _foreign_as_wav(path: Path, kind: foreign_audio.Foreign) -> bytes:
    out = BytesIO()
    try:
        with foreign_audio.decoded(path, kind) as sound, wave.open(out, "wb") as written:
            written.setnchannels(sound.channels)
            written.setsampwidth(2)
            written.setframerate(sound.sample_rate)
            for block in sound.blocks:
                written.writeframesraw(block.astype("<i2").tobytes())
            if not written.tell():
                raise foreign_audio.ForeignError("holds no sound")
    except foreign_audio.ForeignError as problem:
        raise OSError(f"{path.name} {problem}") from None
    except foreign_audio.ProgramMissingError as missing:
        raise OSError(f"{path.name} {missing}: {missing.remedy}") from None
    return out.getvalue()
