"""Headset or speakers: the single outputs of a PulseAudio desktop are named, chosen, lost and found again."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from numpy.typing import NDArray

from labeler.modalities.audio.recording import RecordingDecoder
from labeler.modalities.player.clock import Clock
from labeler.modalities.player.device import SoundDevice
from labeler.modalities.player.messages import Output
from labeler.modalities.player.outlet import Change, Outlet
from labeler.modalities.player.player import Player
from labeler.modalities.player.sinks import MISSING, Sinks, sinks_of
from tests import pulse
from tests.heard import children, player_pids
from tests.modalities.hearing import RATE, recording_of, wait_until
from tests.pulse import Pulse

pytestmark = [pytest.mark.audio, pytest.mark.skipif(bool(pulse.missing()), reason=pulse.missing() or "-")]
HEADSET = Output("pulse:headset", "Kopfhörer & Co")
PITCH = 600.0


@pytest.fixture
def sinks(server: Pulse) -> Iterator[Sinks]:
    made = Sinks()
    yield made
    made.close()


@pytest.fixture
def headset(server: Pulse) -> Iterator[Pulse]:
    """A second sink, which is gone afterwards."""
    server.add_sink(name="headset", label=HEADSET.label)
    yield server
    server.remove_sink("headset")


@pytest.fixture
def player(player: Player, decoder: RecordingDecoder, tmp_path: Path) -> Player:
    """Has a tone to play and knows the sinks."""
    wave = 0.5 * np.sin(2 * np.pi * PITCH * np.arange(10 * RATE) / RATE)
    player.load(recording_of(decoder, wave, RATE, tmp_path))
    wait_until(lambda: any(device.name == "pulse:test" for device in player.devices))
    return player


def named(sinks: Sinks) -> set[str]:
    sinks.watch(monotonic())
    return {sink.name for sink in sinks.found or ()}


def loud(frames: NDArray[np.float32]) -> float:
    """Share of the tone's energy in the loudest fifth of a second."""
    tone = np.exp(-2j * np.pi * PITCH * np.arange(RATE // 5) / RATE)
    parts = [frames[at : at + RATE // 5] for at in range(0, len(frames) - RATE // 5 + 1, RATE // 50)]
    return max((float(abs(part @ tone)) / (0.25 * len(tone)) for part in parts), default=0.0)


def listen(server: Pulse, player: Player) -> dict[str, float]:
    """How loud the tone is in each of the two sinks while the player goes on for a second."""
    with server.recorded(RATE, "test") as room, server.recorded(RATE, "headset") as ears:
        begin = player.position()
        wait_until(lambda: player.position() > begin + 0.6)
    return {"test": loud(room[0]), "headset": loud(ears[0])}


def test_a_sink_is_known_by_its_description_as_soon_as_it_is_there(server: Pulse, sinks: Sinks) -> None:
    wait_until(lambda: named(sinks) == {"pulse:test"})
    server.add_sink(name="headset", label=HEADSET.label)
    wait_until(lambda: named(sinks) == {"pulse:test", "pulse:headset"})
    assert HEADSET in (sinks.found or ())
    server.remove_sink("headset")
    wait_until(lambda: named(sinks) == {"pulse:test"})


def test_a_player_that_is_killed_leaves_nothing_behind_that_listens(player: Player) -> None:
    (shell,) = player_pids(player)[1:]
    wait_until(lambda: len(children(shell)) == 1)
    (listener,) = children(shell)
    os.kill(player_pids(player)[0], signal.SIGKILL)
    wait_until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in (shell, listener)))


def test_without_the_program_that_names_sinks_it_is_said_what_to_install() -> None:
    sinks = Sinks("no-such-program")
    sinks.watch(monotonic())
    assert (sinks.found, sinks.hint) == (None, MISSING)


def test_nothing_is_known_of_a_server_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    sinks = Sinks()
    sinks.watch(monotonic())
    wait_until(lambda: named(sinks) == set() and sinks._listener is None)
    assert (sinks.found, sinks.hint) == (None, "")


def test_a_name_that_looks_like_a_line_of_the_list_is_a_name() -> None:
    listed = (
        "Sink #3\n\tName: a b\n\tDescription: Name: c\n\tProperties:\n\t\tdevice.description = x\nSink #4\n\tName: d\n"
    )
    assert sinks_of(listed) == (Output("pulse:a b", "Name: c"), Output("pulse:d", "d"))


def test_the_sound_comes_out_of_the_sink_that_was_chosen_and_of_no_other(headset: Pulse, player: Player) -> None:
    wait_until(lambda: HEADSET in player.devices)
    player.play(0.0, 10.0, loop=True)
    wait_until(lambda: player.position() > 0.1)
    before = listen(headset, player)
    player.use_device(HEADSET.name)  # while it plays
    wait_until(lambda: player.state.device == HEADSET.label)
    wait_until(lambda: player.state.playing)
    after = listen(headset, player)
    player.use_device("")
    assert before == {"test": pytest.approx(1.0, abs=0.3), "headset": pytest.approx(0.0, abs=0.01)}
    assert after == {"test": pytest.approx(0.0, abs=0.01), "headset": pytest.approx(1.0, abs=0.3)}
    assert "PULSE_SINK" not in os.environ


def test_what_was_heard_in_a_headset_that_is_pulled_out_is_not_played_to_the_room(
    headset: Pulse, player: Player
) -> None:
    player.use_device(HEADSET.name)
    wait_until(lambda: player.state.device == HEADSET.label)
    player.play(0.0, 10.0, loop=True)
    wait_until(lambda: player.position() > 0.1)
    headset.remove_sink("headset")
    wait_until(lambda: "Kopfhörer & Co is not there: heard on" in player.state.notice)
    assert not player.state.playing
    assert Output(HEADSET.name, f"{HEADSET.label} (not there now)") in player.devices
    headset.add_sink(name="headset", label=HEADSET.label)
    wait_until(lambda: player.state.playing)  # it is back soon: the sound goes on
    assert (player.state.device, player.state.notice, player.state.problem) == (HEADSET.label, "", "")
    heard = listen(headset, player)
    player.use_device("")
    assert heard == {"test": pytest.approx(0.0, abs=0.01), "headset": pytest.approx(1.0, abs=0.3)}


def test_what_a_sound_server_without_a_sound_card_takes_is_not_heard(server: Pulse, player: Player) -> None:
    server.load("module-always-sink")  # as desktops do
    player.play(0.0, 10.0, loop=True)
    wait_until(lambda: player.position() > 0.2)
    server.remove_sink("test")
    wait_until(lambda: player.state.problem == "no sound: this computer has no sound device")
    assert not player.state.playing
    server.add_sink()
    wait_until(lambda: player.state.playing)
    assert player.state.problem == ""
    server.unload("module-always-sink")


def test_a_sink_that_is_known_not_to_be_there_is_not_asked_for(
    server: Pulse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PipeWire would open it all the same, and play elsewhere: it would be opened again and again."""
    asked: list[str] = []

    def opened(clock: Clock, fade_s: float, wanted: str, latency_s: float) -> SoundDevice:
        asked.append(wanted)
        return SoundDevice(clock, fade_s, wanted, latency_s)

    monkeypatch.setattr("labeler.modalities.player.outlet.SoundDevice", opened)
    outlet = Outlet(Clock(tmp_path / "clock", create=True))
    with closing(outlet):
        wait_until(lambda: outlet.watch(monotonic(), silent=True) is Change.FOUND)
        wait_until(lambda: not outlet.watch(monotonic(), silent=True).value and outlet.devices[0].name == "pulse:test")
        outlet.want(HEADSET.name)
        wait_until(lambda: outlet.watch(monotonic(), silent=True) is Change.FOUND)
    assert asked == ["", ""]


def test_a_chosen_sink_that_comes_later_is_gone_over_to_when_nothing_plays(server: Pulse, player: Player) -> None:
    player.use_device(HEADSET.name)
    wait_until(lambda: player.state.notice != "")
    player.play(0.0, 10.0, loop=True)
    wait_until(lambda: player.position() > 0.1)
    server.add_sink(name="headset", label=HEADSET.label)
    wait_until(lambda: HEADSET in player.devices)
    assert player.state.playing
    assert player.state.device != HEADSET.label
    player.pause()
    wait_until(lambda: player.state.device == HEADSET.label)
    assert player.state.notice == ""
    player.use_device("")
    server.remove_sink("headset")
