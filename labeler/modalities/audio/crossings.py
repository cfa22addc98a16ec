"""Where a wave crosses zero: a cut there does not click."""

from __future__ import annotations

import numpy as np

from labeler.modalities.audio.recording import Recording

REACH_S = 0.005
"""Half a period of 100 Hz: any voice crosses zero so near."""


def nearest(recording: Recording, time_s: float, reach_s: float = REACH_S) -> float:
    """The moment nearest to this one at which the mean of all channels crosses zero; the same one if none is in reach.

    Raises OSError or ValueError when the cache was deleted meanwhile.
    """
    rate = recording.sample_rate
    first = max(0, round((time_s - reach_s) * rate))
    wave = recording.samples(first, round((time_s + reach_s) * rate) + 1).mean(axis=1)
    if len(wave) < 2:
        return time_s
    before = np.flatnonzero((wave[:-1] <= 0) != (wave[1:] <= 0))
    if not len(before):
        return time_s
    share = np.abs(wave[before]) / np.maximum(np.abs(wave[before]) + np.abs(wave[before + 1]), 1e-12)
    times = (first + before + share) / rate
    found = float(times[np.argmin(np.abs(times - time_s))])
    return found if abs(found - time_s) <= reach_s else time_s
