"""Spectrograms, a tile at a time: how loud each frequency is in each column of time.

0 dB is a sine at full scale. Tiles hold dB as bytes (`FLOOR_DB` to 0), so that another range or colour costs nothing.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from labeler.modalities.audio.recording import Recording

ROWS = 160
FLOOR_DB = -120.0
_HIGHEST_HZ = 24_000.0
"""Nothing that is judged by ear lies above."""
_LONGEST_S, _SHORTEST_S = 0.032, 0.006
"""Of the analysis window: pitch can be seen in the long one, the beginning of a sound in the short one."""
_MOST_WINDOWS = 2
"""In a column that lasts longer than a window: its average over so many is shown."""
_READ_AT_ONCE = 1 << 21
Tile = NDArray[np.uint8]
"""Shape (ROWS, columns), the highest frequency first."""


class Scale(StrEnum):
    LINEAR = "linear"
    MEL = "mel"


def tile(
    recording: Recording, channel: int | None, start_s: float, column_s: float, columns: int, scale: Scale
) -> Tile:
    """`columns` of `column_s` seconds each from `start_s` on; of one channel, or of all mixed. Raises OSError."""
    size = window_size(recording.sample_rate, column_s)
    each = int(np.clip(column_s * recording.sample_rate // size, 1, _MOST_WINDOWS))
    centres = (start_s + (np.arange(columns * each) + 0.5) * column_s / each) * recording.sample_rate
    windows = _windows(recording, channel, np.round(centres).astype(np.int64) - size // 2, size)
    shape = np.hanning(size).astype(np.float32)
    power = np.abs(np.fft.rfft(windows * shape, axis=1)) ** 2 / (shape.sum() / 2) ** 2
    power = power.reshape(columns, each, -1).mean(axis=1)
    rows = power.astype(np.float32) @ _filters(recording.sample_rate, size, scale).T
    decibels = 10 * np.log10(rows + 10 ** (FLOOR_DB / 10))
    return np.ascontiguousarray(np.clip(decibels * (-255 / FLOOR_DB) + 255, 0, 255).astype(np.uint8).T[::-1])


def window_size(sample_rate: int, column_s: float) -> int:
    """Frames of the analysis window for columns of this length; a power of two."""
    seconds = min(max(8 * column_s, _SHORTEST_S), _LONGEST_S)
    return max(32, int(2 ** np.round(np.log2(sample_rate * seconds))))


def highest_hz(sample_rate: int) -> float:
    return min(sample_rate / 2, _HIGHEST_HZ)


def place(hertz: float, sample_rate: int, scale: Scale) -> float:
    """Where a frequency stands, from 0 (lowest) to 1 (highest)."""
    top = highest_hz(sample_rate)
    return float(_mel(hertz) / _mel(top)) if scale is Scale.MEL else hertz / top


def _windows(recording: Recording, channel: int | None, starts: NDArray[np.int64], size: int) -> NDArray[np.float32]:
    """Shape (windows, size); silence outside of the recording."""
    out = np.zeros((len(starts), size), np.float32)
    inside = np.flatnonzero((starts > -size) & (starts < recording.frames))
    if not len(inside):
        return out
    first, last = int(starts[inside[0]]), int(starts[inside[-1]]) + size
    sound = recording.mapped()
    if last - first <= _READ_AT_ONCE:
        sound, starts = _mono(sound[max(first, 0) : last], channel), starts - max(first, 0)
    for n in inside:
        begin, end = max(int(starts[n]), 0), min(int(starts[n]) + size, len(sound))
        at = begin - int(starts[n])
        part = sound[begin:end]
        out[n, at : at + len(part)] = part if part.ndim == 1 else _mono(part, channel)
    return out


def _mono(sound: NDArray[Any], channel: int | None) -> NDArray[np.float32]:
    """From (frames, channels) as they are on the disk to (frames,) in [-1, 1]."""
    mixed = sound.mean(axis=1, dtype=np.float32) if channel is None else sound[:, channel].astype(np.float32)
    return mixed / np.float32(32768) if sound.dtype == np.int16 else mixed


@lru_cache(maxsize=16)
def _filters(sample_rate: int, size: int, scale: Scale) -> NDArray[np.float32]:
    """Triangles of weights, shape (ROWS, size / 2 + 1): each row is the mean of the bins around its frequency."""
    top = highest_hz(sample_rate)
    edges = np.linspace(0, top, ROWS + 2)
    if scale is Scale.MEL:
        edges = 700 * (10 ** (np.linspace(0, float(_mel(top)), ROWS + 2) / 2595) - 1)
    # No triangle narrower than a bin: it would miss them all.
    step = sample_rate / size
    low, middle, high = (edges[n : n + ROWS, None] for n in range(3))
    low, high = np.minimum(low, middle - step), np.maximum(high, middle + step)
    bins = np.arange(size // 2 + 1) * step
    weights = np.clip(np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle)), 0, None)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


def _mel(hertz: float) -> float:
    """O'Shaughnessy (1987), "Speech Communication"."""
    return float(2595 * np.log10(1 + hertz / 700))
