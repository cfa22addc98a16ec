"""The player's own process: takes commands, renders ahead into the ring, watches the device.

In the app's process a Python callback would starve whenever something else holds the interpreter. Here only this
feeder does, and it renders a hundredth of a second at a time.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from labeler import faults
from labeler.modalities.audio.track import Frames, Track
from labeler.modalities.player.clock import Clock, Piece
from labeler.modalities.player.messages import Command, Device, Gain, Heard, Load, Output, Pause, Play, Status
from labeler.modalities.player.outlet import Change, Outlet
from labeler.modalities.player.playback import Plan, Playback
from labeler.modalities.player.ring import Ring, ramp
from labeler.modalities.player.stretch import Stretcher

AHEAD_S = 0.2
BLOCK_S = 0.01
FEED_EVERY_S = 0.03
"""Seldom: while the feeder works, the callback may have to wait for the interpreter."""
SPLICE_S = (0.03, 0.12)
"""How much of a new sound is made before the old is given up, and how much at a second try, when the feeder was held up
for longer than the first lasts."""
HEARD_EVERY_S = 0.2
_PRIORITY = 5
"""Of real time, where the system lets one have it: what PulseAudio takes for itself, and more than no real time."""
_NICENESS = -11
"""What PulseAudio takes for itself where it may not have real time."""
_RUNAWAY_S = 2
"""A process that computes for so long without a rest is ended by the system: it would hold a processor for good."""
ORPHANED_S = 1.0
"""For an end in good order, once the app is gone."""
RESUME_WITHIN_S = 10.0
"""Sound that was cut off goes on by itself if its device is back so soon; later it would startle."""


def run(connection: Connection, clock_path: Path) -> None:
    """The process: serve until the app closes its end or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is the app's business
    threading.Thread(target=_end_with_the_app, daemon=True).start()
    _hide_native_words()
    faults.install()
    real_time = go_before_others()
    sys.setswitchinterval(0.001)  # the callback waits at most this long for the interpreter
    clock = Clock(clock_path, create=False)
    clock.reset()
    feeder = Feeder(clock, connection.send, real_time=real_time)
    try:
        while True:
            if connection.poll(feeder.rest_for()):
                feeder.obey(connection.recv())
            feeder.work(time.monotonic())
    except (EOFError, BrokenPipeError, ConnectionResetError):
        feeder.close()


def _end_with_the_app() -> None:
    """A call into a sound system can hang for good: whoever is in it does not read that the app is gone."""
    app = parent_process()
    if app is not None:
        app.join()
        time.sleep(ORPHANED_S)
        os._exit(0)


def go_before_others() -> bool:
    """Where the system lets it, sound goes before pictures that are decoded and models that run. Whether in real time.

    Threads that are started later, as the device's, get the same.
    """
    with suppress(OSError, ValueError, AttributeError, ImportError):  # not allowed, or not on this system
        import resource

        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(_PRIORITY))
        limit = _RUNAWAY_S * 1_000_000
        resource.setrlimit(resource.RLIMIT_RTTIME, (limit, limit))
        return True
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)
    return False


def _hide_native_words() -> None:
    """ALSA and PortAudio write pages to standard error about devices that come and go; Python's own words stay."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


@dataclass(frozen=True, slots=True)
class Resume:
    """What is played as soon as a device takes sound."""

    plan: Plan
    device: str
    """The only one it goes on at, empty for any: what was heard in a headset is not played to the room."""
    until: float


class Feeder:
    """Keeps the ring filled while something is to be played."""

    def __init__(self, clock: Clock, tell: Callable[[Status | Heard], None], *, real_time: bool = False) -> None:
        self._clock = clock
        self._tell = tell
        self._outlet = Outlet(clock, real_time=real_time)
        self._ring: Ring | None = None
        self._tracks: tuple[Track, ...] = ()
        self._load = 0
        self._plan: Plan | None = None
        self._playback: Playback | None = None
        self._resume: Resume | None = None
        self._ended = False
        self._gain = self._gain_now = np.float32(1.0)
        self._heard_at = 0.0
        self._stretcher = Stretcher(lambda: clock.beat(time.monotonic()))
        self._status = Status()

    def rest_for(self) -> float:
        """How long nothing needs to be done, in seconds, if no command comes."""
        return FEED_EVERY_S if self._playback is not None else 0.1 if self._ring is not None else 0.02

    def obey(self, command: Command) -> None:
        match command:
            case Load(number, tracks):
                self._tell_heard()
                self._load, self._tracks = number, tracks
                self._stop(number, 0.0)
            case Play(number, plan, going_on):
                self._play(number, plan, going_on=going_on)
            case Pause(number, at_s):
                self._stop(number, at_s)
            case Gain(factor):
                self._gain = np.float32(factor)
            case Device(name) if name != self._outlet.wanted:
                self._interrupt(device="")
                self._outlet.want(name)

    def work(self, now: float) -> None:
        """One round: device, sound, news."""
        self._clock.beat(now)
        self._watch_device(now)
        if self._ring is not None and self._playback is not None:
            self._feed(self._ring)
        if now >= self._heard_at:
            self._heard_at = now + HEARD_EVERY_S
            self._tell_heard()

    def close(self) -> None:
        self._stretcher.close()
        self._outlet.close()

    def _play(self, number: int, plan: Plan, *, going_on: bool = False) -> None:
        ring = self._ring
        if not self._tracks or (ring is None and self._outlet.problem):
            self._stop(number, plan.at_s)
            return
        if ring is None:  # a device is being opened
            self._resume = Resume(plan, "", time.monotonic() + RESUME_WITHIN_S)
            self._say(replace(self._status, number=number, playing=True, rest_s=plan.at_s))
            return
        going_on = going_on and self._playback is not None
        self._resume = None
        if not self._spliced(ring, plan, going_on):
            moment = ring.cut()
            self._tell_heard()  # while it is known of which recording
            self._begin(ring, replace(plan, at_s=moment) if going_on and moment is not None else plan)
        self._feed(ring)
        self._say(replace(self._status, number=number, playing=True))

    def _begin(self, ring: Ring, plan: Plan) -> Playback:
        track = self._tracks[min(plan.take, len(self._tracks) - 1)]
        self._plan, self._ended = plan, False
        self._playback = Playback(track, plan, ring.channels, self._outlet.rate, self._stretcher.stretched)
        return self._playback

    def _spliced(self, ring: Ring, plan: Plan, going_on: bool) -> bool:
        """Whether the old sound fades over into the new. Not if that is not there yet, or each try came too late."""
        for seconds in SPLICE_S:
            before, since = self._plan, None
            if going_on:
                since, moment = ring.place()
                plan = replace(plan, at_s=plan.at_s if moment is None else moment)
            playback = self._begin(ring, plan)
            if playback.waits:
                self._plan = before
                return False
            frames, pieces = self._rendered(playback, round(seconds * self._outlet.rate), 0)
            heard = ring.splice(frames, pieces, since=since, last=self._ended)
            if heard is not None:
                self._tell_spans(heard, before)
                return True
            self._plan = before
        return False

    def _stop(self, number: int, at_s: float | None) -> None:
        stopped_at = self._ring.cut() if self._ring is not None else None
        if at_s is None:
            at_s = stopped_at if stopped_at is not None else self._status.rest_s
        if self._ring is not None:
            self._ring.rest(at_s)
        self._playback = self._resume = None
        self._tell_heard()
        self._say(replace(self._status, number=number, playing=False, rest_s=at_s))

    def _interrupt(self, device: str) -> None:
        """The ring is not listened to any more: stop, and go on when this device (empty: any) takes sound again."""
        plan = self._plan
        if self._playback is not None and plan is not None:
            self._stop(self._status.number, None)
            going_on = replace(plan, at_s=self._status.rest_s)
            self._resume = Resume(going_on, device, time.monotonic() + RESUME_WITHIN_S)
        self._ring = None

    def _feed(self, ring: Ring) -> None:
        rate, playback = self._outlet.rate, self._playback
        while playback is not None and not self._ended and ring.ahead < AHEAD_S * rate and not playback.waits:
            frames, pieces = self._rendered(playback, round(BLOCK_S * rate), ring.written)
            ring.write(frames, pieces, last=self._ended)
        if self._ended and ring.ahead == 0 and self._plan is not None:
            self._stop(self._status.number, self._plan.end_s)

    def _rendered(self, playback: Playback, count: int, first: int) -> tuple[Frames, list[Piece]]:
        frames, pieces = playback.render(count, first)
        self._ended = len(frames) < count
        return np.clip(frames * self._gains(len(frames)), -1.0, 1.0), pieces

    def _gains(self, frames: int) -> Frames:
        """From the gain that was to the one that is wanted, over these frames: a step would click."""
        gains = self._gain_now + (self._gain - self._gain_now) * ramp(frames)
        self._gain_now = self._gain
        return gains

    def _watch_device(self, now: float) -> None:
        outlet, device = self._outlet, _name(self._outlet.device)
        match outlet.watch(now, silent=self._playback is None):
            case Change.LOST:
                self._interrupt(device)
            case Change.FOUND:
                self._ring, resume = outlet.ring, self._resume
                if resume is not None and now < resume.until and resume.device in ("", _name(outlet.device)):
                    self._play(self._status.number, resume.plan)
                else:
                    self._stop(self._status.number, self._status.rest_s)
                    self._resume = resume  # its own device may yet be back
        if outlet.problem and self._status.playing and self._ring is None:
            self._stop(self._status.number, self._status.rest_s)
        self._say(
            replace(
                self._status,
                device=outlet.device,
                problem=outlet.problem,
                notice=outlet.notice,
                devices=outlet.devices,
                devices_hint=outlet.devices_hint,
            )
        )

    def _tell_heard(self) -> None:
        self._tell_spans(self._ring.heard() if self._ring is not None else [], self._plan)

    def _tell_spans(self, spans: list[tuple[float, float]], plan: Plan | None) -> None:
        if spans:
            self._tell(Heard(self._load, plan.take if plan is not None else 0, tuple(spans)))

    def _say(self, status: Status) -> None:
        if status != self._status:
            self._status = status
            self._tell(status)


def _name(device: Output | None) -> str:
    return device.name if device is not None else ""
