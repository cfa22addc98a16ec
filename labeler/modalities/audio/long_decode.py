"""A long recording, decoded block by block in the order in which it is wanted. Runs in the decoder's process alone.

Files of full size are there at once, with holes where nothing is decoded yet: whoever maps them sees the recording
grow. Its shape is first sketched from a few places, so that all of it is on the screen before a hundredth of it is
decoded. What was decoded stays when the process ends, and the next one goes on from there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labeler.modalities.audio import peaks
from labeler.modalities.audio.blocks import BLOCK, DONE, UNREADABLE, Blocks

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
        done = 0
        # To write a gigabyte takes about as long as to decode it where the disk is slow: each has a core of its own.
        with ThreadPoolExecutor(1, "reader") as reader:
            blocks = self._next(range(0))
            reading = reader.submit(self._read_blocks, blocks)
            while blocks:
                samples, following = reading.result(), self._next(blocks)
                reading = reader.submit(self._read_blocks, following)
                if self._keep(blocks, samples):
                    self.blocks.mark_all(blocks, DONE)
                else:
                    for one in (range(block, block + 1) for block in blocks):  # some of them may be whole
                        whole = self._keep(one, reader.submit(self._read_blocks, one).result())
                        self.blocks.mark_all(one, DONE if whole else UNREADABLE)
                done += len(blocks)
                if done >= _UPPER_EVERY:
                    self._write_upper()
                    done = 0
                blocks = following
        self._write_upper()

    def _next(self, reading: range) -> range:
        """The blocks to read after those that are being read; none when these are the last."""
        wanted = self.blocks.take_wanted()
        if wanted is not None and wanted not in reading:
            return range(wanted, wanted + 1)  # one at a time where somebody waits
        first = self.blocks.next_to_come(reading.stop)
        if first is None or first in reading:
            return range(0)
        # Several, since each reading costs a hundred calls, however short it is.
        stop = first + self.blocks.run_to_come(first, _AT_ONCE)
        return range(first, min(stop, reading.start) if first < reading.start else stop)

    def close(self) -> None:
        self._file.close()
        os.close(self._pcm)
        os.close(self._peaks)

    # Blocks

    def _read_blocks(self, blocks: range) -> NDArray[Any]:
        """As many of their frames as can be read."""
        start = blocks.start * BLOCK
        return self._read(start, min(blocks.stop * BLOCK, self._frames) - start)

    def _keep(self, blocks: range, samples: NDArray[Any]) -> bool:
        """Write what was read of these blocks, and its peaks. Whether that is all; what is missing is silence."""
        start = blocks.start * BLOCK
        missing = min(blocks.stop * BLOCK, self._frames) - start - len(samples)
        if missing:
            samples = np.concatenate([samples, np.zeros((missing, self._channels), samples.dtype)])
        _write(self._pcm, samples, start * self._item)
        for number, level in enumerate(_levels(samples)):
            at = start // (peaks.BIN * peaks.FACTOR**number)
            if number < len(self._sizes):
                self._write_level(number, at, level)
            if number == min(_BLOCK_LEVEL, len(self._sizes) - 1):
                self._summary[at : at + len(level)] = level
        return not missing

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
