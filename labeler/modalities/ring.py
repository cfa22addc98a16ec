"""The ring buffer between the player's feeder, which writes ahead, and the sound device's callback, which only copies.

A jump (seek, another span, pause) cuts off what was written and not yet taken, and fades from it into what comes next,
so that it is heard at once and without a click.
"""

from __future__ import annotations

from threading import Lock

import numpy as np
from numpy.typing import NDArray

from labeler.modalities.player_clock import Clock, Piece, piece_at

Frames = NDArray[np.float32]
"""Samples in [-1, 1], shape (frames, channels)."""


def ramp(frames: int) -> Frames:
    """From 0 to 1 in this many frames, shape (frames, 1)."""
    return np.asarray((np.arange(frames) + 0.5) / max(frames, 1), np.float32)[:, None]


class Ring:
    """Frames on their way to the device, numbered from the start of the stream. `fade` is a jump's length in frames."""

    def __init__(self, capacity: int, channels: int, fade: int, clock: Clock) -> None:
        self._frames: Frames = np.zeros((capacity, channels), np.float32)
        self._ramp = ramp(fade)
        self._clock = clock
        # Held for the microseconds of one copy: a cut must not fall into the callback's.
        self._lock = Lock()
        self._tail: Frames | None = None
        self._pieces: list[Piece] = []
        self._run = 0
        self._flowing = False
        self._late = 0
        self._heard: list[tuple[float, float]] = []
        self._heard_to = 0
        self.taken = 0
        self.written = 0

    @property
    def channels(self) -> int:
        return int(self._frames.shape[1])

    @property
    def ahead(self) -> int:
        """Frames written and not yet taken."""
        return self.written - self.taken

    def write(self, frames: Frames, pieces: list[Piece], *, last: bool = False) -> None:
        """Append frames; the first piece begins at `written`. `last`: silence after them is meant, not a late feeder.

        Raises ValueError when they do not fit.
        """
        with self._lock:
            if self.ahead + len(frames) > len(self._frames):
                raise ValueError(f"{len(frames)} frames do not fit into a ring with {self.ahead} frames ahead")
            if self._tail is not None:
                frames = self._faded_in(frames, self._tail)
                self._tail = None
            self._put(frames)
            for piece in pieces:
                self._remember(piece)
            self._flowing = not last
            self._publish()

    def cut(self, *, going_on: bool = False) -> float | None:
        """Drop what was not taken; the next write fades in over it. The recording's moment at the cut, in seconds.

        `going_on`: what is written next goes on from that moment, so that the playhead runs on.
        """
        with self._lock:
            self._tail = self._slice(self.taken, min(self.written, self.taken + len(self._ramp)))
            piece = piece_at(self._pieces, self.taken)
            moment = piece.moment(self.taken) if piece else None
            self._note_heard()
            self.written = self.taken
            if going_on:
                self._pieces = [piece for piece in self._pieces if piece.first < self.taken]
            else:
                self._run, self._flowing = self.taken, False
                self._pieces.clear()
            return moment

    def rest(self, at_s: float) -> None:
        """After a cut: fade out and stay silent at this moment of the recording."""
        with self._lock:
            tail = self._tail if self._tail is not None else self._frames[:0]
            self._tail = None
            self._put(tail * (1 - self._ramp[: len(tail)]))
            self._pieces = [Piece(self._run, at_s, 0.0)]
            self._publish()

    def take(self, out: Frames, moment: float) -> None:
        """The callback: fill `out`, with silence where nothing is left. `moment` is when its first frame is heard."""
        with self._lock:
            count = min(len(out), self.ahead)
            out[:count] = self._slice(self.taken, self.taken + count)
            out[count:] = 0.0
            if self._flowing:
                self._late += len(out) - count
            if count:
                self._clock.handed_over(self.taken, moment, self._late)
            self.taken += count

    def heard(self) -> list[tuple[float, float]]:
        """Spans of the recording that the device took since this was last asked, in seconds, in the order played."""
        with self._lock:
            self._note_heard()
            heard, self._heard = self._heard, []
            return heard

    def _note_heard(self) -> None:
        for n, piece in enumerate(self._pieces):
            following = self._pieces[n + 1].first if n + 1 < len(self._pieces) else self.written
            first, last = max(piece.first, self._heard_to), min(following, self.taken)
            if first < last and piece.step_s:
                self._heard.append((piece.moment(first), piece.moment(last)))
        self._heard_to = self.taken

    def _faded_in(self, frames: Frames, tail: Frames) -> Frames:
        length = min(len(self._ramp), len(frames))
        mixed = frames.copy()
        mixed[:length] *= self._ramp[:length]
        length = min(length, len(tail))
        mixed[:length] += tail[:length] * (1.0 - self._ramp[:length])
        return mixed

    def _put(self, frames: Frames) -> None:
        start = self.written % len(self._frames)
        first = min(len(frames), len(self._frames) - start)
        self._frames[start : start + first] = frames[:first]
        self._frames[: len(frames) - first] = frames[first:]
        self.written += len(frames)

    def _slice(self, start: int, end: int) -> Frames:
        at, count = start % len(self._frames), end - start
        if at + count <= len(self._frames):
            return self._frames[at : at + count].copy()
        return np.concatenate([self._frames[at:], self._frames[: at + count - len(self._frames)]])

    def _remember(self, piece: Piece) -> None:
        last = self._pieces[-1] if self._pieces else None
        if last and last.step_s == piece.step_s and abs(last.moment(piece.first) - piece.at_s) < abs(piece.step_s):
            return  # it goes on where the last one ends
        self._pieces.append(piece)
        # Two seconds of stream are more than any device holds back.
        while len(self._pieces) > 2 and self._pieces[1].first < self.taken - len(self._frames):
            del self._pieces[0]

    def _publish(self) -> None:
        self._clock.fed(self._pieces, self._run, self.written)
