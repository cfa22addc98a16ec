"""What tests that listen have in common: waiting for a fact, and finding a wave in what was heard."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import correlate

from labeler.modalities.audio.recording import Recording, RecordingDecoder

RATE = 44100
"""Of the sink, and what ALSA's plugin says a device has: nothing but the player changes the rate on the way."""


def wait_until(fact: Callable[[], bool], seconds: float = 30.0) -> None:
    end = monotonic() + seconds
    while not fact():
        assert monotonic() < end, "waited in vain"
        signal.sigtimedwait([], 0.005)


def recording_of(decoder: RecordingDecoder, wave: NDArray[np.float64], rate: int, folder: Path) -> Recording:
    soundfile.write(folder / "made.wav", wave, rate)
    return decoder.open(folder / "made.wav", folder)


def best_match(heard: NDArray[np.float32], wave: NDArray[np.float32]) -> tuple[float, NDArray[np.float32]]:
    """How well the wave is found in what was heard, and the part where it is."""
    at = int(np.argmax(correlate(heard, wave, mode="valid", method="fft")))
    part = heard[at : at + len(wave)]
    return float(np.corrcoef(part, wave)[0, 1]), part


def matches_by_parts(heard: NDArray[np.float32], wave: NDArray[np.float32], parts: int = 5) -> list[float]:
    """How well each part of the wave is found, the worst first: a frame that the sound server lost is in one of them,
    and moves only what comes after it.
    """
    return sorted(best_match(heard, part)[0] for part in np.array_split(wave, parts))
