"""Change of sampling rate for playback, block by block and without state.

Own code because `scipy.signal` takes over a second to import, which would stand between a key and the sound; it is the
oracle of the tests.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

_ZERO_CROSSINGS = 16
_KAISER_BETA = 9.0
"""About 90 dB of stop band, with a transition band of a tenth of the lower rate (Kaiser 1974)."""
_MOST_PHASES = 1024
"""Rates without a common factor are met to within a millionth."""


class Resampler:
    """A bank of windowed-sinc filters (Smith, "Digital Audio Resampling"): output frame n lies at n · down / up."""

    def __init__(self, rate_in: float, rate_out: float) -> None:
        ratio = Fraction(rate_out / rate_in).limit_denominator(_MOST_PHASES)
        self.up, self.down = ratio.numerator, ratio.denominator
        if self.up > _MOST_PHASES * 4:
            raise ValueError(f"no filter for {rate_in} to {rate_out} Hz")
        cutoff = min(1.0, self.up / self.down) * 0.95
        self.half = ceil(_ZERO_CROSSINGS / min(1.0, self.up / self.down))
        offsets = np.arange(-self.half + 1, self.half + 1) - (np.arange(self.up) / self.up)[:, None]
        window = np.i0(_KAISER_BETA * np.sqrt(np.clip(1 - (offsets / self.half) ** 2, 0, None))) / np.i0(_KAISER_BETA)
        bank = cutoff * np.sinc(cutoff * offsets) * window
        self._bank: NDArray[np.float32] = (bank / bank.sum(axis=1, keepdims=True)).astype(np.float32)

    def needs(self, start: int, end: int) -> tuple[int, int]:
        """The input frames [first, last) that output frames [start, end) are made of; may lie outside the recording."""
        return start * self.down // self.up - self.half + 1, (end - 1) * self.down // self.up + self.half + 1

    def render(self, source: NDArray[np.float32], start: int, end: int) -> NDArray[np.float32]:
        """Output frames [start, end), shape (frames, channels), from exactly the input frames that `needs` names."""
        steps = np.arange(start, end) * self.down
        at = steps // self.up - steps[0] // self.up
        windows = sliding_window_view(source, 2 * self.half, axis=0)[at]
        return np.asarray(np.einsum("nct,nt->nc", windows, self._bank[steps % self.up]), np.float32)
