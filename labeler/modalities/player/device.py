"""The computer's sound output: one stream that keeps running and takes its frames from a ring.

PortAudio looks for devices once, when it starts; so each try to find one starts it again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np

from labeler.errors import LabelerError
from labeler.modalities.audio.track import Frames
from labeler.modalities.player.clock import Clock
from labeler.modalities.player.ring import Ring
from labeler.modalities.player.sinks import PREFIX

LATENCIES_S = (0.02, 0.04, 0.08, 0.16)
"""What a device is asked for. The first where the player has real time: then its callback was never seen to wait for
more than 3 ms. Without, on a machine with seven times the work it can do, it waits for 40 ms and seldom for 80."""
RING_S = 0.5
SILENT_FOR_S = 3.0
"""A device that takes nothing for this long is gone. A sleeping PulseAudio sink needs up to two seconds to wake."""
DEFAULT, PULSE = "default", "pulse"
"""ALSA's names for the system's own choice and for PulseAudio or PipeWire as a whole."""
_SINK = "PULSE_SINK"
"""Read by libpulse whenever it connects to the server: which sink is meant where a program names none, as ALSA does."""
FILLED_S = 0.1
"""A device that still asks for sound so long after it first did plays it."""


class SoundDevice:
    """An open output. `ring` is what it plays; `rate` and `ring.channels` are the device's own."""

    def __init__(self, clock: Clock, fade_s: float, wanted: str, latency_s: float) -> None:
        """Opens the output of this name; empty, or where there is none: the system's default.

        Raises LabelerError where there is none of them.
        """
        self._clock = clock
        self.torn = 0
        """How often the machine let the device wait until it had nothing left."""
        self.torn_at = time.monotonic()
        """When that was last, or when it was opened."""
        self._asked_at = time.monotonic()
        self._first_asked_at = 0.0
        self._stream, self.name, self.rate, channels, self.others = _open(self._callback, wanted, latency_s)
        self.ring = Ring(round(RING_S * self.rate), channels, round(fade_s * self.rate), clock)
        self._latency = float(self._stream.latency)
        clock.opened(self.rate)
        self._stream.start()

    @property
    def active(self) -> bool:
        """The system did not end the stream, as it does when the device is pulled out."""
        return bool(self._stream.active)

    @property
    def flows(self) -> bool:
        """The device has taken more than what it fills itself with when it is opened, asleep or awake."""
        return self._first_asked_at > 0 and self._asked_at - self._first_asked_at > FILLED_S

    @property
    def alive(self) -> bool:
        """The device took sound, or was opened, not long ago."""
        return time.monotonic() - self._asked_at < SILENT_FOR_S

    def close(self) -> None:
        self._clock.opened(0)
        self._stream.close(ignore_errors=True)

    def _callback(self, out: Frames, _count: int, when: Any, _status: object) -> None:
        now = time.monotonic()
        if self.flows and now - self._asked_at > self._latency:
            self.torn, self.torn_at = self.torn + 1, now
        self._asked_at = now
        self._first_asked_at = self._first_asked_at or now
        delay = when.outputBufferDacTime - when.currentTime
        # PortAudio reports time 0 on some ALSA devices; then the CPU's clock and the stream's latency have to do.
        self.ring.take(out, now + (delay if when.outputBufferDacTime > 0 and delay > 0 else self._latency))


def _open(callback: Any, wanted: str, latency_s: float) -> tuple[Any, str, float, int, tuple[str, ...]]:
    """The stream, the device's name, rate and channels, and the names of all outputs."""
    try:
        import sounddevice
    except OSError as problem:  # the package is there, the library is not
        raise LabelerError(
            "no sound: the PortAudio library is not installed", remedy="install libportaudio2 and start again"
        ) from problem
    # Documented as "expert mode": the only way to see devices that came or went since the start.
    sounddevice._terminate()  # noqa: SLF001
    sounddevice._initialize()  # noqa: SLF001

    def opened(device: Any) -> tuple[Any, float, int]:
        rate, channels = float(device["default_samplerate"]), min(2, int(device["max_output_channels"]))
        kind = {"samplerate": rate, "channels": channels, "dtype": np.float32}
        stream = sounddevice.OutputStream(device=device["index"], latency=latency_s, callback=callback, **kind)
        return stream, rate, channels

    try:
        outputs = {str(d["name"]): d for d in sounddevice.query_devices() if d["max_output_channels"] > 0}
        if wanted.startswith(PREFIX) and PULSE in outputs:
            with suppress(sounddevice.PortAudioError), _sink(wanted.removeprefix(PREFIX)):
                stream, rate, channels = opened(outputs[PULSE])
                return stream, wanted, rate, channels, tuple(outputs)
        device = outputs.get(wanted) or sounddevice.query_devices(kind="output")
        stream, rate, channels = opened(device)
    except (sounddevice.PortAudioError, ValueError) as problem:
        raise LabelerError(f"no sound: {_words(problem)}", remedy="connect or free a sound device") from problem
    return stream, str(device["name"]), rate, channels, tuple(outputs)


@contextmanager
def _sink(name: str) -> Iterator[None]:
    """What ALSA opens as `PULSE` meanwhile plays on this sink."""
    before = os.environ.get(_SINK)
    os.environ[_SINK] = name
    try:
        yield
    finally:
        del os.environ[_SINK]
        if before is not None:
            os.environ[_SINK] = before


def _words(problem: Exception) -> str:
    text = str(problem)
    if "Unavailable" in text or "busy" in text:
        return "another program holds the sound device"
    if "querying device" in text or "No default" in text or "Invalid device" in text:
        return "no sound device was found"
    if "host error" in text:
        return "no sound device answers"  # ALSA's plugin says "Input/output error" when PulseAudio has no sink
    return f"the sound device cannot be opened ({text})"
