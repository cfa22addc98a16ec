"""What is to be played, as frames of the device: a span of a recording, once or again and again, at some speed.

All is computed from positions, without state: the frames of a loop are a function of their number, so that a jump needs
no rewinding and a block can be rendered twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np

from labeler.modalities.audio.blocks import Blocks
from labeler.modalities.audio.track import Frames, Timeline, Track
from labeler.modalities.player.clock import Piece
from labeler.modalities.player.resample import Resampler
from labeler.modalities.player.ring import ramp

FADE_S = 0.005
"""Length of every crossfade: long enough to hide a splice, short enough not to be heard as one."""
AHEAD_S = 6.0
"""How far beyond the sound a stretcher may read."""

Stretch = Callable[[Timeline, int, float], Timeline]
"""(sound, sample rate, speed) -> the sound at that speed and the same pitch."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Play from `at_s` to `end_s`, then again from `start_s` if it loops. Seconds of the recording."""

    start_s: float
    end_s: float
    loop: bool
    at_s: float
    speed: float = 1.0
    channel: int | None = None
    """The only channel that is heard; None: all."""
    take: int = 0
    """Which of the loaded tracks is heard."""
    gain: float = 1.0
    """What brings it to the others' loudness, as a factor."""


class Playback:
    """A plan at work: hands out device frames and says which moment of the recording each holds."""

    def __init__(self, track: Track, plan: Plan, channels: int, rate: float, stretch: Stretch | None = None) -> None:
        self._rate = track.sample_rate
        start, end, at = (
            min(max(round(s * track.sample_rate), 0), track.length) for s in (plan.start_s, plan.end_s, plan.at_s)
        )
        self._start, self._end, self._at = min(start, end), end, min(at, end)
        self._loop = plan.loop and self._end > self._start
        self._track, self._channels, self._stretch = track, channels, stretch
        self._only, self._gain = plan.channel, plan.gain
        self._speed = plan.speed if stretch is not None else 1.0
        self._blocks = Blocks(track.blocks, track.frames) if track.blocks is not None else None
        self._resampler = Resampler(track.sample_rate, rate) if rate != track.sample_rate else None
        up, down = (self._resampler.up, self._resampler.down) if self._resampler else (1, 1)
        self._step = self._speed * down / up
        self._done = 0

    @cached_property
    def _sound(self) -> Timeline:
        """Made when it is first needed: a stretcher reads ahead at once."""
        fade = round(FADE_S * self._rate)
        sound = self._track.timeline(self._channels, self._only, self._gain)
        sound = looped(sound, self._start, self._end, fade) if self._loop else once(sound, self._end, fade)
        sound = shifted(sound, self._at)
        if self._stretch is not None and self._speed != 1.0:
            return self._stretch(sound, self._rate, self._speed)
        return sound

    @property
    def waits(self) -> bool:
        """What comes next of a long recording is not decoded yet; it is asked for."""
        if self._blocks is None:
            return False
        place = self._at + self._done * self._step
        if self._loop and place >= self._end:
            place = self._start + (place - self._end) % (self._end - self._start)
        start, end = (
            int(place) - self._rate,
            min(int(place) + round(AHEAD_S * self._rate), self._end, self._track.frames),
        )
        if self._blocks.ready(start, end):
            return False
        self._blocks.want(start)
        return True

    def render(self, frames: int, first: int) -> tuple[Frames, list[Piece]]:
        """The next frames, numbered from `first` on, and where they come from. Fewer, or none, at the end."""
        begin, end = self._done, self._done + frames
        if not self._loop:
            end = min(end, ceil((self._end - self._at) / self._step))
        if begin >= end:
            return self._sound(0, 0), []
        if self._resampler is None:
            made = self._sound(begin, end)
        else:
            made = self._resampler.render(self._sound(*self._resampler.needs(begin, end)), begin, end)
        self._done = end
        return made, self._pieces(begin, end, first)

    def _pieces(self, begin: int, end: int, first: int) -> list[Piece]:
        """One piece, and another for each time the loop begins again in these frames."""
        pieces, frame = [], begin
        while frame < end:
            place = self._at + frame * self._step
            lap, length = -1, self._end - self._start
            if self._loop and place >= self._end:
                lap = int((place - self._end) // length)
                place = self._start + (place - self._end) % length
            pieces.append(Piece(first + frame - begin, place / self._rate, self._step / self._rate))
            wrap = ceil((self._end + (lap + 1) * length - self._at) / self._step)
            frame = max(wrap, frame + 1) if self._loop else end
        return pieces


def shifted(sound: Timeline, by: int) -> Timeline:
    return lambda start, end: sound(start + by, end + by)


def once(sound: Timeline, end: int, fade: int) -> Timeline:
    """Up to `end`, faded out over the last `fade` frames: a word cut in the middle must not click."""

    def read(first: int, last: int) -> Frames:
        out = sound(first, last)
        left = (end - np.arange(first, last) - 0.5) / max(fade, 1)
        out *= np.asarray(np.clip(left, 0.0, 1.0), np.float32)[:, None]
        return out

    return read


def looped(sound: Timeline, start: int, end: int, fade: int) -> Timeline:
    """Up to `end`, then `start` to `end` for ever; each lap's last frames fade into those that lead up to `start`."""
    length = end - start
    fade = min(fade, length // 2)
    rising = ramp(fade)

    def read(first: int, last: int) -> Frames:
        parts = []
        while first < last:
            # The end of the lap that `first` lies in, in frames of the endless timeline.
            lap_end = end + max(0, (first - end) // length + 1) * length
            stop = min(last, lap_end)
            part = sound(first - lap_end + end, stop - lap_end + end)
            _fade_into(part, sound, start, rising, at=first - (lap_end - fade))
            parts.append(part)
            first = stop
        return np.concatenate(parts) if parts else sound(0, 0)

    return read


def _fade_into(part: Frames, sound: Timeline, start: int, rising: Frames, at: int) -> None:
    """Mix the lead of `start` into `part`, whose first frame is frame `at` of the crossfade (negative: before it)."""
    begin, end = max(at, 0), min(at + len(part), len(rising))
    if begin < end:
        mixed, rise = part[begin - at : end - at], rising[begin:end]
        mixed *= 1 - rise
        mixed += sound(start - len(rising) + begin, start - len(rising) + end) * rise
