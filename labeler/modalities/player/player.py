"""The player as the app sees it: commands that return at once, and the place where the sound is.

The sound itself is made in a process of its own (`player_process`). Without a device everything but hearing works.
"""

from __future__ import annotations

import multiprocessing
import select
import time
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from labeler.domain.items import TimeSpan
from labeler.modalities.audio.recording import Recording
from labeler.modalities.audio.track import Track
from labeler.modalities.player import stretch
from labeler.modalities.player.clock import Clock
from labeler.modalities.player.messages import Command, Device, Gain, Heard, Load, Output, Pause, Play, Status
from labeler.modalities.player.playback import Plan
from labeler.modalities.player.process import run
from labeler.scratch import ScratchFolder

DEAD_AFTER_S = 5.0
"""A player that gives no sign of life for so long (a driver that hangs) is killed and started again."""


@dataclass(frozen=True, slots=True)
class PlayerState:
    playing: bool
    span: TimeSpan
    """What is played, or would be, in seconds."""
    loop: bool
    speed: float
    device: str
    """What a person knows the sound device by; empty while there is none or it is still being opened."""
    problem: str
    """Why nothing can be heard, in words; empty while all is well."""
    notice: str = ""
    """Why it is heard elsewhere than was chosen, in words."""


class Player:
    """Plays one recording at a time. Every call returns at once; nothing here waits for the sound device."""

    def __init__(self) -> None:
        self._folder = ScratchFolder()
        self._clock = Clock(self._folder.path / "clock", create=True)
        self._recordings: tuple[Recording, ...] = ()
        self._chosen = 0
        self._gains: tuple[float, ...] = ()
        self._span: TimeSpan = (0.0, 0.0)
        self._loop = False
        self._speed = 1.0
        self._gain = 1.0
        self._channel: int | None = None
        self._device = ""
        self._number = 0
        self._load_number = 0
        self._status = Status()
        self._expected = Status()
        """What the newest command leads to, until the player's own status says so."""
        self._heard: dict[int, list[TimeSpan]] = {}
        self._revived = 0
        """How often it was started again since a device was last open."""
        self._start()

    def load(self, *recordings: Recording) -> None:
        """Make this the recording that is played, or these, on one clock and one at a time (see `take`); none: nothing.

        Silence until `play`; what was loaded before is forgotten.
        """
        self._drain()
        self._recordings, self._chosen, self._gains = recordings, 0, (1.0,) * len(recordings)
        self._span = (0.0, self._duration_s)
        self._loop = False
        self._heard.clear()
        self._send(Load(self._next(playing=False, rest_s=0.0), self._tracks))
        self._load_number = self._number

    def take(self, number: int) -> None:
        """Hear this one of the recordings, from the moment on where the sound is."""
        if number != self._chosen and 0 <= number < len(self._recordings):
            self._chosen = number
            self._again()

    def match(self, decibels: Sequence[float]) -> None:
        """What brings each of the recordings to one loudness."""
        gains = tuple(10 ** (gain / 20) for gain in decibels)
        if gains != self._gains and len(gains) == len(self._recordings):
            self._gains = gains
            self._again()

    def play(
        self,
        start_s: float | None = None,
        end_s: float | None = None,
        loop: bool | None = None,
        at_s: float | None = None,
    ) -> None:
        """Play a span, from `at_s` on; what is None stays as it is. With `loop` it begins again without a gap."""
        if not self._recordings:
            return
        start, end = self._span if start_s is None else (start_s, end_s)
        end = self._duration_s if end is None else min(end, self._duration_s)
        self._span = (min(max(start, 0.0), end), end)
        self._loop = self._loop if loop is None else loop
        place = at_s if at_s is not None else self._span[0] if start_s is not None else self.position()
        if place >= end:
            place = self._span[0]
        going_on = start_s is None and at_s is None
        self._send(Play(self._next(playing=True, rest_s=place), self._plan(place), going_on))

    def pause(self) -> None:
        if self.state.playing:
            place = self.position()
            self._send(Pause(self._next(playing=False, rest_s=place)))

    def cue(self, start_s: float, end_s: float, loop: bool) -> None:
        """Be silent at the start of a span, which the next `play()` plays."""
        self._span, self._loop = (max(start_s, 0.0), end_s), loop
        self._send(Pause(self._next(playing=False, rest_s=self._span[0]), self._span[0]))

    def seek(self, place_s: float, within: TimeSpan | None = None) -> None:
        """Go on from here, playing or silent as before. Outside of the span, the span becomes the whole recording.

        `within` is the span that is played from now on, once.
        """
        if not self._recordings:
            return
        place_s = min(max(place_s, 0.0), self._duration_s)
        if within is not None:
            self._span, self._loop = within, False
        if not self._span[0] <= place_s < self._span[1]:
            self._span, self._loop = (0.0, self._duration_s), False
        if self.state.playing:
            self.play(at_s=place_s)
        else:
            self._send(Pause(self._next(playing=False, rest_s=place_s), place_s))

    def set_loop(self, loop: bool) -> None:
        self._loop = loop
        self._again()

    @property
    def can_change_speed(self) -> bool:
        return stretch.available()

    def speed(self, speed: float) -> None:
        """0.5 to 2 times as fast, at the same pitch. Stays from recording to recording."""
        if self.can_change_speed and speed != self._speed:
            self._speed = min(max(speed, stretch.SLOWEST), stretch.FASTEST)
            self._again()

    def solo(self, channel: int | None) -> None:
        """Only this channel is heard, from 0; None: all. Stays from recording to recording."""
        if channel != self._channel:
            self._channel = channel
            self._again()

    def use_device(self, name: str) -> None:
        """Play on the device of this name while it is there; empty: on the system's own choice."""
        if name != self._device:
            self._device = name
            self._send(Device(name))

    @property
    def devices(self) -> tuple[Output, ...]:
        """The outputs that were there when the player last looked."""
        self._drain()
        return self._status.devices

    @property
    def devices_hint(self) -> str:
        """What to do to choose among more of them, in words."""
        return self._status.devices_hint

    def gain(self, decibels: float) -> None:
        gain = 10 ** (decibels / 20)
        if gain != self._gain:
            self._gain = gain
            self._send(Gain(gain))

    def position(self) -> float:
        """The moment of the recording that is heard now, in seconds; where it rests while silent."""
        self._drain()
        if self._status.number < self._number:
            return self._expected.rest_s
        if not self._status.playing:
            return self._status.rest_s
        place = self._clock.read().position(time.monotonic())
        return self._expected.rest_s if place is None else place

    @property
    def state(self) -> PlayerState:
        self._drain()
        status = self._expected if self._status.number < self._number else self._status
        device = self._status.device.label if self._status.device is not None else ""
        return PlayerState(
            status.playing, self._span, self._loop, self._speed, device, self._status.problem, self._status.notice
        )

    def heard(self) -> dict[int, list[TimeSpan]]:
        """Spans of each recording that were played since this was last asked, in seconds, in the order played."""
        self._drain()
        heard, self._heard = self._heard, {}
        return heard

    def close(self) -> None:
        """Stop the sound and end the process."""
        self._shut()
        self._folder.close()

    @property
    def _duration_s(self) -> float:
        return max((recording.duration_s for recording in self._recordings), default=0.0)

    @property
    def _tracks(self) -> tuple[Track, ...]:
        return tuple(recording.track.lasting(self._duration_s) for recording in self._recordings)

    def _plan(self, at_s: float) -> Plan:
        gain = self._gains[self._chosen]
        return Plan(*self._span, self._loop, at_s, self._speed, self._channel, self._chosen, gain)

    def _again(self) -> None:
        """Go on with changed settings, from where the sound is."""
        if self.state.playing:
            self.play()

    def _next(self, *, playing: bool, rest_s: float) -> int:
        self._number += 1
        self._expected = replace(self._status, number=self._number, playing=playing, rest_s=rest_s)
        return self._number

    def _send(self, command: Command) -> None:
        """Never waits: a player that has stopped reading is hung, and what is wanted is told to the next one."""
        try:
            if not select.select((), (self._connection,), (), 0)[1]:
                self._revive()
                return
            self._connection.send(command)
        except (BrokenPipeError, OSError):
            self._revive()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        # Not a daemon: it has a child of its own (`stretch`). It ends when this end of the pipe is closed.
        self._process = context.Process(target=run, args=(theirs, self._clock.path), name="labeler player")
        self._process.start()
        theirs.close()
        self._started = time.monotonic()
        self._shut = weakref.finalize(self, _shut, self._connection, self._process)

    def _drain(self) -> None:
        """Take in what the player said, and start it again when it is gone."""
        try:
            while self._connection.poll():
                self._take(self._connection.recv())
        except (EOFError, OSError):
            self._revive()
            return
        if time.monotonic() - max(self._clock.read().beat, self._started) > self._patience_s:
            self._revive()

    def _take(self, news: Status | Heard) -> None:
        match news:
            case Status():
                # While a device is being tried, what was wrong still is.
                still = self._status.problem if not news.device else ""
                self._status = replace(news, problem=news.problem or still)
                self._revived = 0 if news.device else self._revived
            case Heard(load, take, spans):
                if load == self._load_number:
                    self._heard.setdefault(take, []).extend(spans)

    @property
    def _patience_s(self) -> float:
        """A sound system that hangs for long is not asked every few seconds."""
        return DEAD_AFTER_S * 2.0 ** min(self._revived, 3)

    def _revive(self) -> None:
        if time.monotonic() - self._started < self._patience_s or not self._shut.alive:
            return  # do not start a player that dies at once again and again, nor a closed one
        self._revived += 1
        rest = self._expected.rest_s
        # Killed and not waited for: on a busy machine that takes most of a second, in which the window stands still.
        self._process.kill()
        self._shut.detach()
        self._connection.close()
        self._status = Status(problem="no sound: the player stopped and is started again")
        self._start()
        if self._recordings:
            self._send(Load(self._next(playing=False, rest_s=rest), self._tracks))
            self._load_number = self._number
            self._send(Pause(self._next(playing=False, rest_s=rest), rest))
        self._send(Gain(self._gain))
        self._send(Device(self._device))


def _shut(connection: Connection, process: SpawnProcess) -> None:
    connection.close()
    process.join(1.0)
    if process.is_alive():
        process.kill()
        process.join(1.0)
