"""Decoded sound as the player takes it: any of its frames, mixed to so many channels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.float32]
"""Samples in [-1, 1], shape (frames, channels)."""
Timeline = Callable[[int, int], Frames]
"""Frames [start, end) of something that may be asked at any place; silence outside of it."""


@dataclass(frozen=True, slots=True)
class Track:
    """Decoded sound on disk, mapped and not read: `frames` of `channels`, interleaved, int16 or float32."""

    pcm: Path
    dtype: str
    sample_rate: int
    channels: int
    frames: int
    blocks: Path | None = None
    """What is decoded of a long recording; None: all of it."""
    silence: int = 0
    """Frames of silence that follow, for recordings of one clock to be equally long."""

    @property
    def length(self) -> int:
        """In frames, with the silence."""
        return self.frames + self.silence

    def lasting(self, seconds: float) -> Track:
        """The same sound, followed by silence if it is shorter."""
        return replace(self, silence=max(0, round(seconds * self.sample_rate) - self.frames))

    def timeline(self, channels: int, only: int | None = None, gain: float = 1.0) -> Timeline:
        """The sound mixed to `channels` device channels: one goes to all, more fold down by turns.

        `only` is the channel that is heard alone, on all of the device's; where the track has none such, all are heard.
        """
        mapped = np.memmap(self.pcm, self.dtype, "r", shape=(self.frames, self.channels))
        mix = _mix(self.channels, channels, only) * np.float32(gain)
        scale = np.float32(1 / 32768 if self.dtype == "int16" else 1)

        def read(start: int, end: int) -> Frames:
            out = np.zeros((end - start, channels), np.float32)
            first, last = max(start, 0), min(end, self.frames)
            if first < last:
                out[first - start : last - start] = (mapped[first:last].astype(np.float32) * scale) @ mix
            return out

        return read


def _mix(channels: int, outputs: int, only: int | None) -> NDArray[np.float32]:
    """Weights of each channel in each output: a lone channel goes to all, more than there are outputs fold by turns."""
    if channels == 1:
        return np.ones((1, outputs), np.float32)
    mix = np.zeros((channels, outputs), np.float32)
    if only is not None and only < channels:
        mix[only] = 1.0
        return mix
    for channel in range(channels):
        mix[channel, channel % outputs] = 1.0
    mix /= np.maximum(mix.sum(axis=0), 1)
    return mix
