"""Slower and faster without a change of pitch: signalsmith-stretch through python-stretch, in a process of its own.

The library holds the interpreter for as long as it works, which would starve the device's callback; and each of its
calls is complete in itself, so the sound is stretched in long parts that fade into each other.
"""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from queue import Empty, SimpleQueue
from threading import Thread

import numpy as np

from labeler import faults
from labeler.modalities.audio.track import Frames, Timeline
from labeler.modalities.player.playback import FADE_S
from labeler.modalities.player.ring import ramp

SLOWEST, FASTEST = 0.5, 2.0
_PARTS_S = (0.4, 1.2, 2.4)
"""Length of the first, second and each further part: the first one is soon there, later ones have few joins."""
_MARGIN_S = 0.12
"""Sound around a part that is stretched with it and cut off: one block of the stretcher."""
_WAIT_S, _HUNG_AFTER_S = 0.2, 30.0
_READY = 0
"""The ticket under which the process says that it is there."""
_Question = tuple[int, Frames, int, float]
"""Ticket, frames, sample rate, speed."""


def available() -> bool:
    """python-stretch is installed; without it everything plays at its own speed."""
    return importlib.util.find_spec("python_stretch") is not None


class Stretcher:
    """Starts its process when it is first needed, which takes seconds on a busy machine."""

    def __init__(self, waiting: Callable[[], None] = lambda: None) -> None:
        """`waiting` is called a few times a second while an answer is waited for."""
        self._waiting = waiting
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._asked = 0

    def stretched(self, sound: Timeline, sample_rate: int, speed: float) -> Timeline:
        """The sound at this speed, from frame 0 on; frame n holds what `sound` has at n · speed."""
        return _Stretched(self, sound, sample_rate, speed).read

    def ask(self, frames: Frames, sample_rate: int, speed: float) -> int:
        """Begin to stretch frames of shape (frames, channels). Returns a ticket for `answer`."""
        if self._connection is None or self._process is None or not self._process.is_alive():
            self.close()
            context = multiprocessing.get_context("spawn")
            self._connection, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs,), name="labeler stretch", daemon=True)
            self._process.start()
            theirs.close()
            self.answer(_READY)  # before that nobody reads, and sending would wait without a sign of life
        self._asked += 1
        with suppress(BrokenPipeError, ConnectionResetError):  # `answer` will find that nobody is there
            self._connection.send((self._asked, frames, sample_rate, speed))
        return self._asked

    def answer(self, ticket: int) -> Frames | None:
        """Wait for the frames; answers to older tickets are dropped. None when the process died or hangs."""
        connection, give_up_at = self._connection, time.monotonic() + _HUNG_AFTER_S
        while connection is not None and time.monotonic() < give_up_at:
            try:
                if not connection.poll(_WAIT_S):
                    self._waiting()
                    continue
                answered, frames = connection.recv()
            except (EOFError, ConnectionResetError):
                return None
            if answered == ticket:
                made: Frames = frames
                return made
        return None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Stretched:
    """A timeline that is stretched part by part, one part ahead of what is read."""

    def __init__(self, stretcher: Stretcher, sound: Timeline, sample_rate: int, speed: float) -> None:
        self._stretcher = stretcher
        self._sound = sound
        self._rate = sample_rate
        self._speed = speed
        self._fade = round(FADE_S * sample_rate)
        self._begin = 0
        self._made: Frames = sound(0, 0)
        """Finished frames from `_begin` on."""
        self._joins = 0
        self._ticket = self._ask()

    def read(self, start: int, end: int) -> Frames:
        while self._finished < end:
            self._append(self._stretcher.answer(self._ticket))
            self._ticket = self._ask()
        self._forget(start - self._rate)
        out = np.zeros((end - start, self._made.shape[1]), np.float32)
        first = max(start, self._begin)
        if first < end:
            out[first - start :] = self._made[first - self._begin : end - self._begin]
        return out

    @property
    def _finished(self) -> int:
        """End of what may be handed out: the last frames still fade into the next part."""
        return self._begin + max(0, len(self._made) - self._fade)

    def _part(self) -> tuple[int, int, int]:
        """First and last frame of the next part, and the frame of the sound at which its margin begins."""
        length = round(_PARTS_S[min(self._joins, len(_PARTS_S) - 1)] * self._rate / self._speed)
        first = self._finished
        return first, first + length + self._fade, int(first * self._speed) - round(_MARGIN_S * self._rate)

    def _ask(self) -> int:
        _, last, source = self._part()
        source_end = int(last * self._speed) + round(_MARGIN_S * self._rate)
        return self._stretcher.ask(self._sound(source, source_end), self._rate, self._speed)

    def _append(self, frames: Frames | None) -> None:
        first, last, source = self._part()
        if frames is None:  # the process died: silence instead of a wrong pitch
            frames = np.zeros((last, self._made.shape[1]), np.float32)
        skip = round(first - source / self._speed)
        part = frames[skip : skip + last - first].copy()
        join = len(self._made) - (self._finished - self._begin)
        rising = ramp(join)
        part[:join] = part[:join] * rising + self._made[len(self._made) - join :] * (1 - rising)
        self._made = np.concatenate([self._made[: len(self._made) - join], part])
        self._joins += 1

    def _forget(self, before: int) -> None:
        if before > self._begin:
            self._made = self._made[before - self._begin :]
            self._begin = before


def _serve(connection: Connection) -> None:
    """The process: stretch what is asked until the other end is closed."""
    faults.install()
    from python_stretch.Signalsmith import Stretch

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError, AttributeError):
        if os.sched_getscheduler(0) == os.SCHED_RR:  # its parent's; it works ahead, and comes after what is heard now
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    made: dict[tuple[int, int], Stretch] = {}
    questions: SimpleQueue[_Question | None] = SimpleQueue()
    Thread(target=_read, args=(connection, questions), daemon=True).start()
    with suppress(BrokenPipeError):
        connection.send((_READY, np.zeros((0, 1), np.float32)))
    while (question := _newest(questions)) is not None:
        ticket, frames, sample_rate, speed = question
        kind = (frames.shape[1], sample_rate)
        if kind not in made:
            made[kind] = Stretch()
            made[kind].preset(frames.shape[1], float(sample_rate))
        made[kind].setTimeFactor(speed)
        stretched = np.asarray(made[kind].process(np.ascontiguousarray(frames.T)))
        try:
            connection.send((ticket, np.ascontiguousarray(stretched.T)))
        except BrokenPipeError:  # nobody waits for it any more
            return


def _read(connection: Connection, into: SimpleQueue[_Question | None]) -> None:
    """Beside the work: a pipe holds less than a question or an answer, and two that only write wait for ever."""
    try:
        with suppress(EOFError, ConnectionResetError):
            while True:
                into.put(connection.recv())
    finally:
        into.put(None)  # also after a fault, or whoever asked would wait as for a process that hangs


def _newest(questions: SimpleQueue[_Question | None]) -> _Question | None:
    """The last of those that are there; waits for one. None at the end."""
    newest = questions.get()
    while newest is not None:
        try:
            newest = questions.get_nowait()
        except Empty:
            break
    return newest
