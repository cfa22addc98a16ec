"""A long recording, decoded block by block in the order in which it is wanted. Runs in the decoder's process alone.

Files of full size are there at once, with holes where nothing is decoded yet: whoever maps them sees the recording
grow. Its shape is first sketched from a few places, so that all of it is on the screen before a hundredth of it is
decoded. What was decoded stays when the process ends, and the next one goes on from there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labeler.modalities import peaks
from labeler.modalities.blocks import BLOCK, DONE, UNREADABLE, Blocks

LONG_S = 300.0
"""Anything shorter is decoded whole before it is shown."""
SKETCH_S = 0.08
"""Time for the sketch, before anything is on the screen."""
_FORWARD_LOOKS = 96
"""At a file that is sketched from its beginning on: a look at its middle first takes a tenth of a second by itself, and
several on a busy machine, since all before it is run through."""
_SKETCHED_FRAMES = 2048
_COARSE = 3
"""Levels from here on show the sketch."""
_BLOCK_LEVEL = 5
"""The level with one bin a block; a coarser one is made of it as a whole, now and then."""
_UPPER_EVERY = 32
_AT_ONCE = 4


class LongDecode:
    """One recording on its way to the disk; a file of which `is_long` holds."""

    def __init__(self, path: Path, dtype: str, folder: Path, key: str) -> None:
        """Raises OSError when the cache cannot be written."""
        import soundfile

        self._path, self._dtype = path, dtype
        file = self._file = soundfile.SoundFile(path)
        self._frames, self._channels = int(file.frames), int(file.channels)
        self._item = self._channels * np.dtype(dtype).itemsize
        self._sizes = peaks.level_sizes(self._frames)
        self._pcm = _sized(folder / f"{key}.pcm", self._frames * self._item)
        self._peaks = _sized(folder / f"{key}.peaks", sum(self._sizes) * self._channels * 6)
        path = folder / f"{key}.blocks"
        try:
            self.blocks = Blocks(path, self._frames)
        except (OSError, ValueError):
            self.blocks = Blocks.create(path, self._frames)
        self._summary = self._level(min(_BLOCK_LEVEL, len(self._sizes) - 1))
        self._forward = str(file.format).startswith("MP")
        """An MP3 has no index: it seeks by running through all that lies between."""
        self._looks: dict[int, peaks.Bins] = {}

    def sketch(self) -> None:
        """The coarse shape of what is to come, from short looks at places all over it; of a file that seeks slowly, of
        its beginning.
        """
        if not self.blocks.finished:
            self._look(_spread(self.blocks.count) if not self._forward else self._forward_places(), SKETCH_S)

    def finish_sketch(self) -> None:
        """Look at what there was no time for, of a file that is sketched from its beginning on."""
        if self._forward and self._looks:
            self._look(block for block in self._forward_places() if block not in self._looks)

    def _forward_places(self) -> Iterator[int]:
        return iter(range(0, self.blocks.count, max(1, self.blocks.count // _FORWARD_LOOKS)))

    def _look(self, places: Iterator[int], seconds: float = inf) -> None:
        end = monotonic() + seconds
        for block in places:
            if monotonic() > end:
                break
            found = peaks.summed(self._read(block * BLOCK, _SKETCHED_FRAMES), _SKETCHED_FRAMES)
            if len(found):
                self._looks[block] = found[0]
        if self._looks:
            self._show_sketch(self._looks)

    def work(self) -> None:
        """Decode all that is to come, what is wanted first. Raises OSError when the cache cannot be written."""
        block, done = 0, 0
        while True:
            wanted = self.blocks.take_wanted()
            following = wanted if wanted is not None else self.blocks.next_to_come(block)
            if following is None:
                break
            # One at a time where somebody waits, else several: each costs a hundred calls, however short it is.
            block = following
            blocks = range(block, block + (1 if wanted is not None else self.blocks.run_to_come(block, _AT_ONCE)))
            if self._decode(blocks.start, len(blocks)):
                self.blocks.mark_all(blocks, DONE)
            elif len(blocks) == 1:
                self.blocks.mark(block, UNREADABLE)
            else:  # some of them are whole
                for one in blocks:
                    self.blocks.mark(one, DONE if self._decode(one) else UNREADABLE)
            done += len(blocks)
            if done >= _UPPER_EVERY:
                self._write_upper()
                done = 0
        self._write_upper()

    def close(self) -> None:
        self._file.close()
        os.close(self._pcm)
        os.close(self._peaks)

    # Blocks

    def _decode(self, block: int, count: int = 1) -> bool:
        """Whether all of the blocks could be read; what is missing is silence."""
        start, length = block * BLOCK, min(count * BLOCK, self._frames - block * BLOCK)
        samples = self._read(start, length)
        whole = len(samples) == length
        if not whole:
            samples = np.concatenate([samples, np.zeros((length - len(samples), self._channels), samples.dtype)])
        _write(self._pcm, samples, start * self._item)
        for number, level in enumerate(_levels(samples)):
            if number < len(self._sizes):
                self._write_level(number, block * BLOCK // (peaks.BIN * peaks.FACTOR**number), level)
            if number == min(_BLOCK_LEVEL, len(self._sizes) - 1):
                at = block * BLOCK // (peaks.BIN * peaks.FACTOR**number)
                self._summary[at : at + len(level)] = level
        return whole

    def _read(self, start: int, frames: int) -> NDArray[Any]:
        """As many frames from `start` on as can be read: none where the file is damaged."""
        import soundfile

        try:
            if self._file.tell() != start:
                self._file.seek(start)
            block: NDArray[Any] = self._file.read(frames, dtype=self._dtype, always_2d=True)
        except soundfile.LibsndfileError:
            # After a failed seek libsndfile reads nothing any more, not even from a place that is whole.
            self._file.close()
            self._file = soundfile.SoundFile(self._path)
            return np.zeros((0, self._channels), self._dtype)
        return block if self._dtype == "int16" else np.nan_to_num(block, copy=False, posinf=1.0, neginf=-1.0)

    # Peaks

    def _show_sketch(self, looks: dict[int, peaks.Bins]) -> None:
        places = np.array(sorted(looks))
        nearest = np.abs(np.arange(self.blocks.count)[:, None] - places).argmin(axis=1)
        by_block = np.stack([looks[int(place)] for place in places])[nearest]
        if self._forward:  # what nobody looked at yet is empty, and not as its neighbour
            by_block[places[-1] + max(1, self.blocks.count // _FORWARD_LOOKS) :] = 0
        for number in range(_COARSE, min(_BLOCK_LEVEL + 1, len(self._sizes))):
            each = np.repeat(by_block, peaks.FACTOR ** (_BLOCK_LEVEL - number), axis=0)[: self._sizes[number]]
            self._write_level(number, 0, each)
            self._summary = each.copy()
        self._write_upper()

    def _write_upper(self) -> None:
        level = self._summary
        for number in range(_BLOCK_LEVEL + 1, len(self._sizes)):
            level = peaks.coarser(level)
            self._write_level(number, 0, level)

    def _write_level(self, number: int, at: int, bins: peaks.Bins) -> None:
        _write(self._peaks, bins, (sum(self._sizes[:number]) + at) * self._channels * 6)

    def _level(self, number: int) -> peaks.Bins:
        """A level as it is on the disk."""
        width = self._channels * 6
        content = os.pread(self._peaks, self._sizes[number] * width, sum(self._sizes[:number]) * width)
        return np.frombuffer(bytearray(content), np.int16).reshape(-1, self._channels, 3)


def is_long(file: Any) -> bool:
    """The file says so, and can be read from any place."""
    return bool(file.seekable() and LONG_S * file.samplerate < file.frames)


def _levels(samples: NDArray[Any]) -> Iterator[peaks.Bins]:
    level = peaks.summed(samples)
    for _ in range(_BLOCK_LEVEL):
        yield level
        level = peaks.coarser(level)
    yield level


def _spread(count: int) -> Iterator[int]:
    """All numbers below `count`, such that the first few lie all over them (van der Corput's sequence)."""
    bits = max(1, (count - 1).bit_length())
    for n in range(1 << bits):
        number = int(f"{n:0{bits}b}"[::-1], 2)
        if number < count:
            yield number


def _sized(path: Path, size: int) -> int:
    """The file, open for writing; made anew, with nothing in it but holes, when it is of another size."""
    if not path.exists() or path.stat().st_size != size:
        path.unlink(missing_ok=True)
        path.with_suffix(".blocks").unlink(missing_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    os.ftruncate(file, size)
    return file


def _write(file: int, values: NDArray[Any], at: int) -> None:
    content, written = memoryview(np.ascontiguousarray(values).reshape(-1).view(np.uint8).data), 0
    while written < len(content):
        written += os.pwrite(file, content[written:], at + written)
