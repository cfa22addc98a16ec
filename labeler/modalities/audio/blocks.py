"""Which parts of a long recording are decoded: a small file that the decoder writes and window and player read.

One byte a block of `BLOCK` frames, after one cell in which window or player say which block is wanted next: where a
person looks or listens is decoded first.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labeler.modalities.audio import peaks

BLOCK = peaks.BIN * peaks.FACTOR**5
"""Frames: one bin of the sixth level of peaks, 2.7 s at 48 kHz."""
TO_COME, DONE, UNREADABLE = 0, 1, 2
_HEADER = 8
_NOTHING = -1


class Blocks:
    """The mapped file."""

    def __init__(self, path: Path, frames: int) -> None:
        """Raises OSError or ValueError when the file is missing or not of the length that `frames` implies."""
        self.count = -(-frames // BLOCK)
        if path.stat().st_size != _HEADER + self.count:
            raise ValueError(f"{path}: not the blocks of {frames} frames")
        self._wanted = np.memmap(path, np.int64, "r+", shape=(1,))
        self._states = np.memmap(path, np.uint8, "r+", _HEADER, (self.count,))

    @classmethod
    def create(cls, path: Path, frames: int) -> Blocks:
        """A file in which every block is still to come; raises OSError."""
        path.write_bytes(np.int64(_NOTHING).tobytes() + bytes(-(-frames // BLOCK)))
        return cls(path, frames)

    @property
    def states(self) -> NDArray[np.uint8]:
        """`TO_COME`, `DONE` or `UNREADABLE` for each block, as of now."""
        return np.array(self._states)

    @property
    def finished(self) -> int:
        """How many blocks are not to come any more."""
        return int(np.count_nonzero(self._states))

    @property
    def complete(self) -> bool:
        return self.finished == self.count

    def ready(self, start: int, end: int) -> bool:
        """The frames [start, end), as far as the recording has them, are decoded or will never be."""
        first, last = max(start, 0) // BLOCK, -(-end // BLOCK)
        return bool(self._states[first:last].all())

    def want(self, frame: int) -> None:
        """Ask that the block of this frame, and those after it, be decoded next."""
        self._wanted[0] = min(max(frame // BLOCK, 0), self.count - 1)

    def take_wanted(self) -> int | None:
        """The decoder: the block that was asked for, once."""
        wanted = int(self._wanted[0])
        self._wanted[0] = _NOTHING
        return wanted if 0 <= wanted < self.count and self._states[wanted] == TO_COME else None

    def next_to_come(self, after: int) -> int | None:
        """The first block from `after` on, else from the start, that is to come; None when all are finished."""
        for first in (after, 0):
            found = np.flatnonzero(self._states[first:] == TO_COME)
            if len(found):
                return first + int(found[0])
        return None

    def run_to_come(self, first: int, most: int) -> int:
        """How many blocks from `first` on, and no more than `most`, are to come one after another."""
        states = self._states[first : first + most]
        finished = np.flatnonzero(states != TO_COME)
        return int(finished[0]) if len(finished) else len(states)

    def mark_all(self, blocks: range, state: int) -> None:
        self._states[blocks.start : blocks.stop] = state

    def mark(self, block: int, state: int) -> None:
        self._states[block] = state
