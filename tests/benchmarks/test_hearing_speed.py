"""From a key to the sound, and the playhead against the sound: the player and a bare stream on one sink in one run.

What is heard is recorded from the sink's monitor; a recorder's own delay is in both, and so in neither difference.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture
from scipy.signal import correlate

from labeler.modalities.audio.recording import RecordingDecoder
from labeler.modalities.player.device import LATENCIES_S
from labeler.modalities.player.player import Player
from tests import pulse

pytestmark = [pytest.mark.audio, pytest.mark.skipif(bool(pulse.missing()), reason=pulse.missing() or "-")]

RATE = 44100
TRIES = 10
NOISE = np.asarray(np.random.default_rng(1).uniform(-0.3, 0.3, 2 * TRIES * RATE), np.float32)
"""Every tenth of a second of it is found again in what was heard."""
SOUGHT = 4000
"""Frames that are looked for."""


class Monitor:
    """What the sink plays, with the moment at which each part of it arrived."""

    def __init__(self) -> None:
        command = ["parec", "--device=test.monitor", "--format=float32le", f"--rate={RATE}", "--channels=1", "--raw"]
        self._recorder = subprocess.Popen(
            ["nice", "-n", "-11", *command, "--latency-msec=5"], stdout=subprocess.PIPE, bufsize=0
        )
        self._parts: list[bytes] = []
        self._arrived: list[tuple[int, float]] = []
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        assert self._recorder.stdout is not None
        frames = 0
        while part := os.read(self._recorder.stdout.fileno(), 65536):
            frames += len(part) // 4
            self._arrived.append((frames, time.monotonic()))
            self._parts.append(part)

    def close(self) -> None:
        time.sleep(0.3)  # what is on its way
        self._recorder.terminate()
        self._recorder.wait()
        self._thread.join()
        if self._recorder.stdout is not None:
            self._recorder.stdout.close()
        self.heard = np.frombuffer(b"".join(self._parts), np.float32)
        self._frames, self._times = np.array(self._arrived).T

    def arrival(self, frame: int) -> float:
        """When this frame of the noise came out of the sink."""
        wave = NOISE[frame : frame + SOUGHT]
        found = int(np.argmax(correlate(self.heard, wave, mode="valid", method="fft")))
        return float(self._times[min(np.searchsorted(self._frames, found, side="right"), len(self._times) - 1)])


@dataclass
class Measured:
    """In seconds."""

    to_sound: NDArray[np.float64]
    """From the key to the first sound."""
    ahead: NDArray[np.float64]
    """Of a playhead before the sound that arrives; the recorder's delay is in it."""


@pytest.fixture(scope="module")
def sink() -> Iterator[None]:
    with pulse.pulse(RATE) as running, pytest.MonkeyPatch.context() as environment:
        for name, value in running.environment.items():
            environment.setenv(name, value)
        yield


def bare(latency_s: float) -> Measured:
    """A callback that copies, and nothing else."""
    import sounddevice

    sounddevice._terminate()
    sounddevice._initialize()
    place: list[int] = []
    predicted: dict[int, float] = {}

    def callback(out: NDArray[np.float32], count: int, when: Any, _status: object) -> None:
        out[:] = 0.0
        if place:
            out[:] = NOISE[place[0] : place[0] + count, None]
            predicted[place[0]] = time.monotonic() + when.outputBufferDacTime - when.currentTime
            place[0] += count

    with sounddevice.OutputStream(RATE, channels=2, latency=latency_s, callback=callback, dtype="float32"):
        time.sleep(2.5)  # a sink may be asleep

        def start(frame: int) -> None:
            place[:] = [frame]

        pressed, monitor = _press(start, place.clear)
    frames = [n * RATE for n in range(TRIES)]
    arrivals = np.array([monitor.arrival(frame) for frame in frames])
    return Measured(arrivals - pressed, arrivals - [predicted[frame] for frame in frames])


def played(folder: Path) -> tuple[Measured, float]:
    """The player, and how many frames it was late with."""
    soundfile.write(folder / "noise.wav", NOISE, RATE, subtype="FLOAT")
    with closing(RecordingDecoder()) as decoder, closing(Player()) as player:
        player.load(decoder.open(folder / "noise.wav", folder))
        while not player.state.device:
            time.sleep(0.01)
        shown: list[tuple[float, float]] = []

        def watch() -> None:
            shown.append((time.monotonic(), player.position()))

        pressed, monitor = _press(lambda frame: player.play(frame / RATE, frame / RATE + 0.6), player.pause, watch)
        late = player._clock.read().late
    arrivals = np.array([monitor.arrival(n * RATE) for n in range(TRIES)])
    times, places = np.array(shown).T
    inner = [n * RATE + offset for n in range(TRIES) for offset in range(4000, 20_000, 4000)]
    ahead = [float(np.interp(monitor.arrival(frame), times, places)) - frame / RATE for frame in inner]
    return Measured(arrivals - pressed, np.array(ahead)), late


def _press(
    start: Callable[[int], None], stop: Callable[[], None], watch: Callable[[], None] = lambda: None
) -> tuple[NDArray[np.float64], Monitor]:
    """When each of the keys was pressed, and what was heard."""
    monitor, pressed = Monitor(), []
    time.sleep(0.5)
    for n in range(TRIES):
        pressed.append(time.monotonic())
        start(n * RATE)
        while time.monotonic() < pressed[-1] + 0.6:
            watch()
            time.sleep(0.002)
        stop()
        time.sleep(0.2)
    monitor.close()
    return np.array(pressed), monitor


def _may_have_real_time() -> bool:
    """As the player finds out for itself: in a process of its own."""
    asks = "import os; os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(5))"
    return subprocess.run([sys.executable, "-c", asks], capture_output=True, check=False).returncode == 0


def test_a_key_is_heard_as_soon_as_by_a_bare_stream_and_the_playhead_is_where_the_sound_is(
    sink: None, benchmark: BenchmarkFixture, tmp_path: Path
) -> None:
    floor = bare(LATENCIES_S[0 if _may_have_real_time() else 1])
    found, late = played(tmp_path)
    benchmark.pedantic(lambda: None, rounds=1)  # type: ignore[no-untyped-call]  # it has no types
    off = found.ahead - np.median(floor.ahead)
    benchmark.extra_info |= {
        "ratio": float(np.median(found.to_sound) / np.median(floor.to_sound)),
        "to_sound_ms": (1000 * np.percentile(found.to_sound, [50, 95])).tolist(),
        "bare_ms": (1000 * np.percentile(floor.to_sound, [50, 95])).tolist(),
        "playhead_off_ms": (1000 * np.percentile(off, [5, 50, 95])).tolist(),
    }
    assert late == 0
    assert np.median(found.to_sound) < 1.5 * np.median(floor.to_sound)
    assert abs(np.median(off)) < 1 / 60
