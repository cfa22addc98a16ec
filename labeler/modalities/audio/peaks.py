"""The shape of a recording at every zoom: lowest, highest and RMS sample of ever longer stretches, on disk.

Level 0 sums up `BIN` frames a bin, each further level `FACTOR` bins of the one before. The file is the levels one after
another, each of shape (bins, channels, 3) in int16, full scale 32767; where a level begins follows from the number of
frames alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BIN = 128
FACTOR = 4
FULL_SCALE = 32767
FEWEST_BINS = 256
"""A level with so few bins is the last."""

LOUDNESS_DB = -20.0
"""Below full scale: what recordings are brought to when all are to be as loud as any other."""
_GATE_DB = -60.0

Bins = NDArray[np.int16]
"""Shape (bins, channels, 3): lowest, highest, RMS."""
LOW, HIGH, RMS = range(3)


def level_sizes(frames: int) -> list[int]:
    """Bins of each level for a recording of so many frames."""
    sizes = [-(-frames // BIN)]
    while sizes[-1] > FEWEST_BINS:
        sizes.append(-(-sizes[-1] // FACTOR))
    return sizes


@dataclass(frozen=True, slots=True)
class Loudness:
    """In dB below full scale."""

    mean_db: float
    highest_db: float


def matched_db(loudness: Sequence[Loudness | None]) -> list[float]:
    """What brings each of some recordings to one loudness: to `LOUDNESS_DB`, or as near to it as none is cut off.

    Silence gets 0.
    """
    found = [one for one in loudness if one is not None]
    target = min([LOUDNESS_DB, *(one.mean_db - one.highest_db for one in found)])
    return [target - one.mean_db if one is not None else 0.0 for one in loudness]


@dataclass(frozen=True, slots=True)
class Peaks:
    """The levels of a recording, mapped and not read."""

    levels: tuple[Bins, ...]

    @classmethod
    def open(cls, path: Path, frames: int, channels: int) -> Peaks:
        """Raises OSError or ValueError when the file is missing or not of the length that `frames` implies."""
        sizes = level_sizes(frames)
        if path.stat().st_size != sum(sizes) * channels * 3 * 2:
            raise ValueError(f"{path}: not the peaks of {frames} frames")
        mapped = np.memmap(path, np.int16, "r").reshape(-1, channels, 3)
        ends = np.cumsum(sizes)
        return cls(tuple(mapped[end - size : end] for size, end in zip(sizes, ends, strict=True)))

    def level_for(self, frames_per_column: float) -> tuple[Bins, int]:
        """The coarsest level that is at least as fine as a column, and how many frames its bins sum up."""
        level, size = 0, BIN
        while level + 1 < len(self.levels) and size * FACTOR <= frames_per_column:
            level, size = level + 1, size * FACTOR
        return self.levels[level], size

    def loudness(self, channel: int | None) -> Loudness | None:
        """How loud the recording, or one channel of it, is: None for silence.

        Loudness is the mean power of what is not silence (EBU R 128's gate, without its filters).
        """
        level = self.levels[min(3, len(self.levels) - 1)]
        chosen = level if channel is None or channel >= level.shape[1] else level[:, channel : channel + 1]
        power = np.square(chosen[..., RMS].astype(np.float64) / FULL_SCALE).mean(axis=1)
        heard = power[power > 10 ** (_GATE_DB / 10)]
        if not len(heard):
            return None
        heard = heard[heard > heard.mean() / 10]
        highest = max(-int(chosen[..., LOW].min()), int(chosen[..., HIGH].max())) / FULL_SCALE
        return Loudness(float(10 * np.log10(heard.mean())), float(20 * np.log10(highest)))


def summed(samples: NDArray[np.int16] | NDArray[np.float32], size: int = BIN) -> Bins:
    """Bins of `size` frames for samples of shape (frames, channels); the last bin may hold fewer frames.

    Samples beyond full scale are cut off, in the picture only.
    """
    whole = len(samples) // size * size
    parts = [_bins(samples[:whole].reshape(-1, size, samples.shape[1]))] if whole else []
    if whole < len(samples):
        parts.append(_bins(samples[None, whole:]))
    return np.concatenate(parts) if parts else np.zeros((0, samples.shape[1], 3), np.int16)


def coarser(bins: Bins) -> Bins:
    """The next level."""
    whole = len(bins) // FACTOR * FACTOR
    parts = [_joined(bins[:whole].reshape(-1, FACTOR, *bins.shape[1:]))] if whole else []
    if whole < len(bins):
        parts.append(_joined(bins[None, whole:]))
    return np.concatenate(parts)


def _bins(grouped: NDArray[np.int16] | NDArray[np.float32]) -> Bins:
    """(bins, frames, channels) -> (bins, channels, 3)."""
    scale = 1.0 if grouped.dtype == np.int16 else float(FULL_SCALE)
    count, size, channels = grouped.shape
    out = np.empty((count, channels, 3), np.int16)
    starts = np.arange(0, count * size, size)
    for channel in range(channels):
        # One channel at a time and contiguous: numpy then reduces along the bins at the speed of memory, and with
        # `reduceat` in two thirds of the time that it takes along an axis.
        wave = np.ascontiguousarray(grouped[:, :, channel])
        floats, flat = wave.astype(np.float32, copy=False), wave.reshape(-1)
        rms = np.sqrt(np.vecdot(floats, floats) / size)
        low, high = np.minimum.reduceat(flat, starts), np.maximum.reduceat(flat, starts)
        for n, values in ((LOW, low), (HIGH, high), (RMS, rms)):
            out[:, channel, n] = np.clip(np.multiply(values, np.float32(scale)), -FULL_SCALE - 1, FULL_SCALE)
    return out


def _joined(grouped: Bins) -> Bins:
    """(bins, group, channels, 3) -> (bins, channels, 3). The RMS counts a shorter last bin as a whole one."""
    low, high = grouped[:, 0, :, LOW], grouped[:, 0, :, HIGH]
    power = np.square(grouped[:, 0, :, RMS], dtype=np.float32)
    # One member of the groups after the other: long stretches of memory, where an axis of four is many short ones.
    for n in range(1, grouped.shape[1]):
        low, high = np.minimum(low, grouped[:, n, :, LOW]), np.maximum(high, grouped[:, n, :, HIGH])
        power += np.square(grouped[:, n, :, RMS], dtype=np.float32)
    out = np.empty((len(grouped), *grouped.shape[2:]), np.int16)
    out[..., LOW], out[..., HIGH] = low, high
    out[..., RMS] = np.sqrt(power / grouped.shape[1])
    return out


def columns(bins: Bins, bin_frames: int, edges: NDArray[np.floating[Any]]) -> Bins:
    """Bins summed up to one a column of the screen: column n spans frames edges[n] to edges[n + 1].

    Columns beyond the recording are zero. The RMS of a column is the greatest of its bins'.
    """
    first = np.clip(np.floor(edges[:-1] / bin_frames).astype(np.int64), 0, len(bins))
    last = np.clip(np.ceil(edges[1:] / bin_frames).astype(np.int64), 0, len(bins))
    out = np.zeros((len(first), *bins.shape[1:]), np.int16)
    inside = first < last
    if inside.any():
        low, high = int(first[inside][0]), int(last[inside][-1])
        window = np.concatenate([bins[low:high], bins[high - 1 : high]])  # reduceat needs one past the end
        pairs = np.stack([first[inside] - low, last[inside] - low], axis=1).ravel()
        out[inside, :, LOW] = np.minimum.reduceat(window[..., LOW], pairs)[::2]
        out[inside, :, HIGH] = np.maximum.reduceat(window[..., HIGH], pairs)[::2]
        out[inside, :, RMS] = np.maximum.reduceat(window[..., RMS], pairs)[::2]
    return out
