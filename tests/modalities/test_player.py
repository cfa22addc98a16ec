"""The player heard through a real PulseAudio sink.

A bare player there is exact to the sample (correlation 1.0) once the sink is awake; one that nobody wants sound from
soon takes two seconds at a time.
"""

from __future__ import annotations

import os
import signal
from functools import partial
from itertools import pairwise
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from scipy.signal import resample_poly

from labeler.modalities.audio.recording import RecordingDecoder
from labeler.modalities.player.player import Player
from labeler.shipped import DEMO_PROJECT
from tests import pulse
from tests.heard import heard, player_pids
from tests.modalities.hearing import RATE, best_match, recording_of, wait_until
from tests.pulse import Pulse

pytestmark = [pytest.mark.audio, pytest.mark.skipif(bool(pulse.missing()), reason=pulse.missing() or "-")]


def test_what_is_heard_are_the_samples_of_the_file(
    server: Pulse, player: Player, decoder: RecordingDecoder, tmp_path: Path
) -> None:
    recording = decoder.open(DEMO_PROJECT / "media/audio/aud-002.flac", tmp_path)

    def play() -> None:
        player.load(recording)
        player.play(1.0, 3.0)
        wait_until(lambda: not player.state.playing)

    at_its_rate = np.asarray(resample_poly(heard(server, player, RATE, play), recording.sample_rate, RATE), np.float32)
    match, _ = best_match(at_its_rate, recording.samples(16100, 47900)[:, 0])
    assert match >= 0.99
    assert player.position() == 3.0
    spans = player.heard()[0]
    assert spans[0][0] == 1.0
    assert spans[-1][1] == pytest.approx(3.0)
    assert all(a[1] == pytest.approx(b[0]) for a, b in pairwise(spans))


def _is_past(moment: float) -> bool:
    return monotonic() > moment


def assert_loops(server: Pulse, player: Player, decoder: RecordingDecoder, folder: Path, turns: int) -> None:
    """A tenth of a second of a sine, over and over, is one long sine: no step, no gap, no turn that is too short.

    45 of its periods of 98 frames make a turn, so that every frame is what the one a period before it is; none is 0.
    """
    period, turn = RATE // 450, 45 * (RATE // 450)
    wave = 0.5 * np.sin(2 * np.pi * (np.arange(RATE) + 0.5) / period)
    player.load(recording_of(decoder, wave, RATE, folder))

    def play() -> None:
        player.play(4 * turn / RATE, 5 * turn / RATE, loop=True)
        wait_until(partial(_is_past, monotonic() + turns / 10 + 0.3))
        player.pause()
        wait_until(lambda: not player.state.playing)

    frames = heard(server, player, RATE, play)
    loud = np.flatnonzero(np.abs(frames) > 0.1)
    sound = frames[loud[0] + 8 * period : loud[-1] - 8 * period]  # it fades in and out
    assert len(sound) >= turns * turn
    assert np.abs(sound[period:] - sound[:-period]).max() < 0.005


def test_a_loop_has_no_click_and_no_gap_in_twenty_turns(
    server: Pulse, player: Player, decoder: RecordingDecoder, tmp_path: Path
) -> None:
    assert_loops(server, player, decoder, tmp_path, 20)


@pytest.mark.soak
def test_a_loop_has_no_click_and_no_gap_in_a_hundred_turns(
    server: Pulse, player: Player, decoder: RecordingDecoder, tmp_path: Path
) -> None:
    assert_loops(server, player, decoder, tmp_path, 100)


def test_sound_has_real_time_where_it_may_and_what_works_ahead_comes_after_it(
    player: Player, decoder: RecordingDecoder, tmp_path: Path
) -> None:
    player.load(decoder.open(DEMO_PROJECT / "media/audio/aud-002.flac", tmp_path))
    if os.sched_getscheduler(player._process.pid or 0) != os.SCHED_RR:
        pytest.skip("the system lets nobody here have real time")
    player.speed(0.5)
    player.play()
    wait_until(lambda: player.position() > 0.1)
    own, *others = player_pids(player)
    assert any(b"multiprocessing" in Path(f"/proc/{pid}/cmdline").read_bytes() for pid in others)
    assert all(os.sched_getparam(pid).sched_priority < os.sched_getparam(own).sched_priority for pid in others)


def test_slower_sound_keeps_its_pitch_within_five_cents(
    server: Pulse, player: Player, decoder: RecordingDecoder, tmp_path: Path
) -> None:
    player.load(recording_of(decoder, 0.5 * np.sin(2 * np.pi * 440 * np.arange(3 * RATE) / RATE), RATE, tmp_path))
    player.speed(0.8)

    def play() -> None:
        player.play(0.5, 2.1)
        wait_until(lambda: not player.state.playing)

    frames = heard(server, player, RATE, play)
    loud = np.flatnonzero(np.abs(frames) > 0.1)
    assert (loud[-1] - loud[0]) / RATE == pytest.approx(1.6 / 0.8, rel=0.01)
    inner = frames[loud[0] + RATE // 5 : loud[-1] - RATE // 5]
    spectrum = np.abs(np.fft.rfft(inner * np.hanning(len(inner)), 1 << 21))
    assert abs(1200 * np.log2(np.argmax(spectrum) * RATE / (1 << 21) / 440)) < 5


def test_slower_sound_goes_on_after_jumps_in_quick_succession(
    player: Player, decoder: RecordingDecoder, tmp_path: Path
) -> None:
    """More is stretched ahead than a pipe holds: neither may wait for the other to read it."""
    player.load(recording_of(decoder, np.zeros((4 * RATE, 2)), RATE, tmp_path))
    player.speed(0.8)
    player.play(0.0, 4.0)
    wait_until(lambda: player.position() > 0.1)
    process = player._process
    for n in range(8):
        player.seek(n / 4)
        wait_until(lambda n=n: player.position() > n / 4)  # type: ignore[misc]
        player.play(n / 4, 4.0)
    wait_until(lambda: player.position() > 1.9)
    assert player._process is process


def test_a_channel_alone_twice_as_loud_is_what_is_heard(
    server: Pulse, player: Player, decoder: RecordingDecoder, tmp_path: Path
) -> None:
    t = np.arange(2 * RATE) / RATE
    left, right = 0.2 * np.sin(2 * np.pi * 300 * t), 0.2 * np.sin(2 * np.pi * 700 * t)
    player.load(recording_of(decoder, np.stack([left, right], axis=1), RATE, tmp_path))
    player.solo(1)
    player.gain(20 * np.log10(2))

    def play() -> None:
        player.play(0.5, 1.5)
        wait_until(lambda: not player.state.playing)

    match, part = best_match(heard(server, player, RATE, play), right[RATE // 2 : RATE * 3 // 2].astype(np.float32))
    assert match >= 0.99
    assert np.percentile(np.abs(part), 99) == pytest.approx(0.4, rel=0.02)


def test_seeking_and_pausing_leave_the_playhead_where_the_sound_is(
    player: Player, decoder: RecordingDecoder, tmp_path: Path
) -> None:
    player.load(decoder.open(DEMO_PROJECT / "media/audio/aud-002.flac", tmp_path))
    player.play()
    player.seek(2.0)
    assert player.position() >= 2.0
    wait_until(lambda: player.position() > 2.1)
    player.pause()
    assert not player.state.playing
    wait_until(lambda: not player.state.playing and player.position() == player.position())
    rest = player.position()
    assert 2.1 <= rest < 2.5
    player.seek(0.5)
    assert player.position() == 0.5
    player.play()
    wait_until(lambda: 0.5 < player.position() < 0.7)


def test_a_cue_is_silent_until_it_is_played(player: Player, decoder: RecordingDecoder, tmp_path: Path) -> None:
    player.load(decoder.open(DEMO_PROJECT / "media/audio/aud-002.flac", tmp_path))
    player.cue(1.0, 1.5, loop=True)
    assert (player.position(), player.state.playing, player.state.loop) == (1.0, False, True)
    player.play()
    wait_until(lambda: any(start == pytest.approx(1.0) for start, _ in player.heard().get(0, [])[1:]))  # it came round
    assert 1.0 <= player.position() <= 1.5


def test_a_player_that_is_killed_is_started_again(
    player: Player, decoder: RecordingDecoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeler.modalities.player.player.DEAD_AFTER_S", 0.0)
    player.load(decoder.open(DEMO_PROJECT / "media/audio/aud-002.flac", tmp_path))
    os.kill(player._process.pid or 0, signal.SIGKILL)
    wait_until(lambda: "started again" in player.state.problem)
    monkeypatch.undo()
    wait_until(lambda: player.state.device != "")
    player.play(0.5, 1.5)
    wait_until(lambda: player.position() > 0.6)


def test_without_a_device_all_but_hearing_works_and_it_recovers(decoder: RecordingDecoder, tmp_path: Path) -> None:
    recording = decoder.open(DEMO_PROJECT / "media/audio/aud-002.flac", tmp_path)
    with pytest.MonkeyPatch.context() as environment, pulse.pulse(RATE) as running:
        for name, value in running.environment.items():
            environment.setenv(name, value)
        player = Player()
        player.load(recording)
        wait_until(lambda: player.state.device != "")
        player.play(loop=True)
        wait_until(lambda: player.position() > 0.1)
        running.kill_server()
        wait_until(lambda: player.state.problem.startswith("no sound"))
        assert not player.state.playing
        player.play(1.0, 2.0)
        wait_until(lambda: not player.state.playing)
        player.seek(1.25)
        assert player.position() == 1.25
        running.start()
        wait_until(lambda: player.state.device != "")
        assert player.state.problem == ""
        assert player.position() == 1.25
        player.play()
        wait_until(lambda: player.position() > 1.3)
        player.close()
