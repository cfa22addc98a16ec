"""Where the sound is, in a small file that the player writes and the app reads without asking.

Frames of the device's stream are counted from its start. A `Piece` says which moment of the recording a frame holds;
the callback says which frame it handed over last and when that frame will be heard. From both follows the playhead.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MAX_PIECES = 48
_VERSION, _BEAT, _RATE, _FRAME, _MOMENT, _RUN, _WRITTEN, _LATE, _COUNT, _HEADER = range(10)
_TRIES = 100
_NOTHING = -1


@dataclass(frozen=True, slots=True)
class Piece:
    """From stream frame `first` on, until the next piece: the recording at `at_s`, moving by `step_s` a frame."""

    first: int
    at_s: float
    step_s: float

    def moment(self, frame: float) -> float:
        return self.at_s + (frame - self.first) * self.step_s


def piece_at(pieces: Sequence[Piece], frame: float) -> Piece | None:
    """The piece that holds this frame; the first one for earlier frames. None without pieces."""
    if not pieces:
        return None
    return pieces[max(0, bisect_right(pieces, frame, key=lambda piece: piece.first) - 1)]


@dataclass(frozen=True, slots=True)
class Reading:
    """One consistent look at the clock. Moments are those of `time.monotonic`, which all processes share."""

    beat: float
    """When the player last showed that it is alive."""
    rate: float
    """Frames a second of the stream; 0 while no device is open."""
    frame: float
    """The last one that was handed over; -1 before the first."""
    moment: float
    """When `frame` is heard."""
    run: float
    """First frame since the last jump."""
    written: float
    late: int
    """Frames of silence that the device got in the middle of a run because the feeder was late."""
    pieces: tuple[Piece, ...]

    def position(self, now: float) -> float | None:
        """The moment of the recording that is heard now, in seconds; None before anything was played."""
        # A run of which the device has got nothing yet stands at its beginning.
        frame = self.frame + (now - self.moment) * self.rate if self.frame >= self.run else self.run
        frame = min(max(frame, self.run), self.written)
        piece = piece_at(self.pieces, frame)
        return None if piece is None else piece.moment(frame)


class Clock:
    """The mapped file. One process writes (under the ring's lock), others read; a version number, odd while the writer
    is at work, tells a reader to look again."""

    def __init__(self, path: Path, *, create: bool) -> None:
        self.path = path
        size = _HEADER + 3 * MAX_PIECES
        self._cells = np.memmap(path, np.float64, "w+" if create else "r+", shape=(size,))
        self._last = _reading(self._cells.tolist())

    def reset(self) -> None:
        """Begin as new: a writer before us may have been killed in the middle of a write."""
        self._cells[:] = 0.0

    def beat(self, now: float) -> None:
        self._cells[_BEAT] = now

    def opened(self, rate: float) -> None:
        """A device plays at this rate now; 0 when it is gone."""
        self._write({_RATE: rate, _FRAME: _NOTHING})

    def handed_over(self, frame: int, moment: float, late: int) -> None:
        self._write({_FRAME: frame, _MOMENT: moment, _LATE: late})

    def fed(self, pieces: Sequence[Piece], run: int, written: int) -> None:
        cells = self._cells
        cells[_VERSION] += 1
        shown = pieces[-MAX_PIECES:]
        for n, piece in enumerate(shown):
            cells[_HEADER + 3 * n : _HEADER + 3 * n + 3] = (piece.first, piece.at_s, piece.step_s)
        cells[_COUNT], cells[_RUN], cells[_WRITTEN] = len(shown), run, written
        cells[_VERSION] += 1

    def read(self) -> Reading:
        """The newest consistent look. On a busy machine the writer may be held up in the middle of a write for a
        while; the last look then serves, since a playhead is computed from any moment on."""
        for _ in range(_TRIES):
            before = self._cells[_VERSION]
            cells = np.array(self._cells)
            if before % 2 == 0 and self._cells[_VERSION] == before:
                self._last = _reading(cells.tolist())
                break
        return self._last

    def _write(self, values: dict[int, float]) -> None:
        self._cells[_VERSION] += 1
        for cell, value in values.items():
            self._cells[cell] = value
        self._cells[_VERSION] += 1


def _reading(cells: list[float]) -> Reading:
    triples = (cells[_HEADER + 3 * n : _HEADER + 3 * n + 3] for n in range(int(cells[_COUNT])))
    return Reading(
        beat=cells[_BEAT],
        rate=cells[_RATE],
        frame=cells[_FRAME],
        moment=cells[_MOMENT],
        run=cells[_RUN],
        written=cells[_WRITTEN],
        late=int(cells[_LATE]),
        pieces=tuple(Piece(int(first), at_s, step_s) for first, at_s, step_s in triples),
    )
