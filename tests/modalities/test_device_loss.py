"""What the player does when the sound device is pulled out, held by another program, or hangs."""

from __future__ import annotations

import signal
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from scipy.signal import resample_poly

from labeler.modalities.audio.recording import Recording, RecordingDecoder
from labeler.modalities.player.clock import Clock
from labeler.modalities.player.outlet import TORN_OFTEN, Change, Outlet
from labeler.modalities.player.player import Player
from labeler.shipped import DEMO_PROJECT
from tests import pulse
from tests.heard import heard
from tests.modalities.hearing import RATE, best_match, matches_by_parts, wait_until
from tests.pulse import Pulse

pytestmark = [pytest.mark.audio, pytest.mark.skipif(bool(pulse.missing()), reason=pulse.missing() or "-")]


@pytest.fixture
def recording(decoder: RecordingDecoder, tmp_path: Path) -> Recording:
    return decoder.open(
        DEMO_PROJECT / "media/audio/aud-005.flac", tmp_path
    )  # 8 kHz: no rate of a device cuts anything off


@pytest.fixture
def player(player: Player, recording: Recording) -> Player:
    player.load(recording)
    return player


def heard_again(server: Pulse, player: Player, recording: Recording) -> float:
    """How well the second from 1.0 on is found in what the sink plays of the loop over it."""

    def listen() -> None:
        player.heard()  # laps that were played before the recorder had begun are not in what it holds
        laps: list[float] = []
        while sum(start < 1.01 for start in laps) < 3:
            laps += [start for start, _ in player.heard().get(0, ())]
            signal.sigtimedwait([], 0.02)

    frames = heard(server, player, RATE, listen)
    wave = resample_poly(recording.samples(8000, 16000)[:, 0], 441, 80)
    return best_match(frames, np.asarray(wave[1000:-1000], np.float32))[0]


def test_a_loop_goes_on_by_itself_when_the_device_that_was_pulled_out_is_back(
    server: Pulse, player: Player, recording: Recording
) -> None:
    player.play(1.0, 2.0, loop=True)
    wait_until(lambda: player.position() > 1.2)
    server.remove_sinks()
    wait_until(lambda: player.state.problem == "no sound: the sound device was taken away")
    assert not player.state.playing
    stopped = player.position()
    assert 1.2 <= stopped <= 2.0
    server.add_sink()
    wait_until(lambda: player.state.playing)
    assert (player.state.problem, player.state.loop) == ("", True)
    assert heard_again(server, player, recording) >= 0.9


def test_what_was_asked_for_while_there_was_no_device_holds_when_one_is_back(server: Pulse, player: Player) -> None:
    player.play(1.0, 2.0, loop=True)
    wait_until(lambda: player.position() > 1.2)
    server.remove_sinks()
    wait_until(lambda: player.state.problem != "")
    player.seek(1.5)
    server.add_sink()
    wait_until(lambda: player.state.device != "")
    assert not player.state.playing
    assert player.position() == 1.5
    player.play()
    wait_until(lambda: player.position() > 1.6)


def test_a_sound_system_that_hangs_keeps_nobody_waiting_and_is_found_again(
    server: Pulse, player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    player.play(loop=True)
    wait_until(lambda: player.position() > 0.2)
    with server.hung():
        for n in range(3000):  # more than a pipe holds
            player.seek(1.0 + n % 10 / 10)
        monkeypatch.setattr("labeler.modalities.player.player.DEAD_AFTER_S", 0.3)
        wait_until(lambda: player.state.problem.startswith("no sound"))
        monkeypatch.undo()
        player.seek(1.25)
        assert player.position() == 1.25
    wait_until(lambda: player.state.device != "" and not player.state.problem)
    player.play(1.0, 2.0)
    wait_until(lambda: player.position() > 1.1)


@pytest.mark.soak
def test_a_device_that_another_program_holds_is_waited_for(server: Pulse, player: Player, recording: Recording) -> None:
    player.play(1.0, 2.0, loop=True)
    wait_until(lambda: player.position() > 1.2)
    server.hold_sink(True)
    wait_until(lambda: player.state.problem != "")
    assert "another program may hold it" in player.state.problem
    server.hold_sink(False)
    wait_until(lambda: player.state.playing)
    assert heard_again(server, player, recording) >= 0.9


@pytest.mark.parametrize("rate", [8000, pytest.param(192_000, marks=pytest.mark.soak)])
def test_a_device_of_another_rate_plays_what_the_file_holds(
    server: Pulse, player: Player, recording: Recording, rate: int
) -> None:
    server.remove_sinks()
    wait_until(lambda: player.state.device == "")
    server.add_sink(rate)
    wait_until(lambda: player.state.device != "")

    def play() -> None:
        player.play(1.0, 2.0)
        wait_until(lambda: not player.state.playing)

    frames = heard(server, player, rate, play)
    server.remove_sinks()
    server.add_sink()
    # Between the samples: where in a frame's time the device begins is chance, and half an 8 kHz frame is much.
    finer = max(1, 64_000 // rate)
    wave = resample_poly(recording.samples(8000, 16000)[:, 0], rate // 8000 * finer, 1)
    matches = matches_by_parts(resample_poly(frames, finer, 1), np.asarray(wave, np.float32))
    assert matches[1] >= 0.995, matches


def test_a_device_that_the_machine_let_wait_is_asked_for_more_at_a_time(server: Pulse, tmp_path: Path) -> None:
    outlet = Outlet(Clock(tmp_path / "clock", create=True))
    first = outlet.latency

    def watch(wanted: Change) -> None:
        wait_until(lambda: outlet.watch(monotonic(), silent=True) is wanted)

    watch(Change.FOUND)
    for _ in range(TORN_OFTEN):
        with server.hung():
            signal.sigtimedwait([], 0.25)  # longer than the buffer lasts
        signal.sigtimedwait([], 0.1)
    watch(Change.LOST)
    watch(Change.FOUND)
    assert outlet.latency == 2 * first
    assert not outlet.problem
    outlet.close()
