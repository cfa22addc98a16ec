"""The ring buffer between the player's feeder, which writes ahead, and the sound device's callback, which only copies.

A jump (seek, another span, another recording) fades from what was written and not yet taken into what comes next, so
that it is heard at once and without a click. What comes next is made before the old is given up (`splice`): a feeder
that is held up in between leaves no gap, since the device goes on with the old.
"""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

import numpy as np

from labeler.modalities.audio.track import Frames
from labeler.modalities.player.clock import Clock, Piece, piece_at


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
            self._append(frames, pieces, last=last)

    def place(self) -> tuple[int, float | None]:
        """The frame that the device takes next, and its moment of the recording in seconds, if it has one."""
        with self._lock:
            piece = piece_at(self._pieces, self.taken)
            return self.taken, piece.moment(self.taken) if piece else None

    def splice(
        self, frames: Frames, pieces: list[Piece], *, since: int | None = None, last: bool = False
    ) -> list[tuple[float, float]] | None:
        """Fade over to these frames, numbered from 0, and drop the rest of the old; the spans heard of it, as `heard`.

        `since`: they go on from this frame of the stream, and those in whose place the device took old ones meanwhile
        are left out, so that the clock runs on. None, and nothing is changed, when it took as many as all of them.
        """
        with self._lock:
            late = 0 if since is None else self.taken - since
            if late >= len(frames) and not last:
                return None
            self._drop(going_on=since is not None)
            heard, self._heard = self._heard, []
            self._append(frames[late:], _numbered(pieces, late, self.taken), last=last)
            return heard

    def cut(self) -> float | None:
        """Drop what was not taken; the next write fades in over it. The recording's moment at the cut, in seconds."""
        with self._lock:
            piece = piece_at(self._pieces, self.taken)
            moment = piece.moment(self.taken) if piece else None
            self._drop(going_on=False)
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

    def _append(self, frames: Frames, pieces: list[Piece], *, last: bool) -> None:
        if self._tail is not None:
            frames = self._faded_in(frames, self._tail)
            self._tail = None
        self._put(frames)
        for piece in pieces:
            self._remember(piece)
        self._flowing = not last
        self._publish()

    def _drop(self, *, going_on: bool) -> None:
        self._tail = self._slice(self.taken, min(self.written, self.taken + len(self._ramp)))
        self._note_heard()
        self.written = self.taken
        if going_on:
            self._pieces = [piece for piece in self._pieces if piece.first < self.taken]
        else:
            self._run, self._flowing = self.taken, False
            self._pieces.clear()

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


def _numbered(pieces: list[Piece], late: int, first: int) -> list[Piece]:
    """Pieces of frames numbered from 0, of which `late` are left out, as the stream counts them from `first` on."""
    begun = sum(piece.first <= late for piece in pieces)
    kept = [replace(piece, first=late, at_s=piece.moment(late)) for piece in pieces[begun - 1 : begun]]
    return [replace(piece, first=piece.first - late + first) for piece in [*kept, *pieces[begun:]]]
