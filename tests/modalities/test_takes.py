"""Two recordings on one clock, heard by turns: outputs that are recordings themselves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from scipy.signal import correlate

from labeler.domain.items import TimeSpan
from labeler.modalities.audio.recording import Recording, RecordingDecoder
from labeler.modalities.player.clock import Reading, piece_at
from labeler.modalities.player.player import Player
from tests import pulse
from tests.heard import heard
from tests.modalities.hearing import RATE, wait_until
from tests.pulse import Pulse

pytestmark = [pytest.mark.audio, pytest.mark.skipif(bool(pulse.missing()), reason=pulse.missing() or "-")]


@pytest.fixture
def noises() -> list[NDArray[np.float64]]:
    """Of two and of three seconds, which nobody takes for each other."""
    random = np.random.default_rng(5)
    return [random.uniform(-0.3, 0.3, seconds * RATE) for seconds in (2, 3)]


@pytest.fixture
def takes(decoder: RecordingDecoder, tmp_path: Path, noises: list[NDArray[np.float64]]) -> list[Recording]:
    for n, noise in enumerate(noises):
        soundfile.write(tmp_path / f"{n}.wav", noise, RATE)
    return [decoder.open(tmp_path / f"{n}.wav", tmp_path) for n in range(len(noises))]


def began(heard: NDArray[np.float32], wave: NDArray[np.float64]) -> int:
    """At which frame of what was heard the recording would have begun."""
    products = correlate(heard.astype(np.float64), wave, mode="full", method="fft")
    return int(np.argmax(products)) - len(wave) + 1


def switched(heard: NDArray[np.float32], start: int, noises: list[NDArray[np.float64]]) -> float:
    """At which moment of their clock the sound went over from the first recording to the second, in seconds."""
    length = len(noises[0])
    part = heard[start : start + length].astype(np.float64)
    before, after = (np.cumsum((part - noise[: len(part)]) ** 2) for noise in noises)
    return float(np.argmin(before - after)) / RATE


@dataclass(frozen=True, slots=True)
class Switch:
    frames_apart: int
    """How far the clocks of both recordings are apart, as they are heard."""
    after_the_key_s: float
    """When the other one is heard."""
    after_what_was_taken_s: float
    """How much of the old one is heard that the device had not taken yet when the key was pressed."""
    told: dict[int, list[TimeSpan]]
    """What the player says was heard of each."""


def switch_in_between(
    server: Pulse, player: Player, takes: list[Recording], noises: list[NDArray[np.float64]]
) -> Switch:
    keys: list[tuple[float, Reading]] = []

    def play() -> None:
        player.load(*takes)
        player.play(0.0, 2.0)
        wait_until(lambda: player.position() > 0.8)
        keys.append((player.position(), player._clock.read()))
        player.take(1)
        wait_until(lambda: not player.state.playing)

    frames = heard(server, player, RATE, play)
    first, second = (began(frames, noise) for noise in noises)
    assert player.position() == 2.0
    went_over = switched(frames, first, noises)
    pressed, clock = keys[-1]
    piece = piece_at(clock.pieces, clock.frame)
    assert piece is not None
    return Switch(first - second, went_over - pressed, went_over - piece.moment(clock.frame), player.heard())


def test_a_switch_keeps_the_place_to_the_sample_and_each_ones_share_is_told(
    server: Pulse, player: Player, takes: list[Recording], noises: list[NDArray[np.float64]]
) -> None:
    switch = switch_in_between(server, player, takes, noises)
    assert switch.frames_apart == 0
    assert switch.told[0][0][0] == 0.0
    assert switch.told[0][-1][1] == pytest.approx(switch.told[1][0][0], abs=0.001)
    assert switch.told[1][-1][1] == pytest.approx(2.0, abs=0.001)


@pytest.mark.soak
def test_a_switch_is_heard_as_soon_as_the_device_takes_sound_again(
    server: Pulse, player: Player, takes: list[Recording], noises: list[NDArray[np.float64]]
) -> None:
    """The device holds 40 ms, which nobody can call back; what is the player's own is to be less than 15."""
    found = [switch_in_between(server, player, takes, noises) for _ in range(10)]
    assert {one.frames_apart for one in found} == {0}
    assert np.median([one.after_what_was_taken_s for one in found]) < 0.015
    assert np.median([one.after_the_key_s for one in found]) < 0.06


def test_takes_are_matched_in_level_and_the_shorter_one_ends_in_silence(
    server: Pulse, player: Player, takes: list[Recording]
) -> None:
    player.load(*takes)
    player.match([0.0, -20.0])

    def play() -> None:
        player.play(1.5, 2.5)
        wait_until(lambda: not player.state.playing)

    loud = level(heard(server, player, RATE, play))
    player.take(1)
    quiet = level(heard(server, player, RATE, play))
    assert np.count_nonzero(loud > 0.1) / RATE == pytest.approx(0.5, abs=0.06)
    assert np.count_nonzero(quiet > 0.01) / RATE == pytest.approx(1.0, abs=0.06)
    assert np.median(quiet[quiet > 0.01]) == pytest.approx(0.1 * np.median(loud[loud > 0.1]), rel=0.1)


def level(frames: NDArray[np.float32]) -> NDArray[np.float64]:
    """Over a twentieth of a second."""
    return np.asarray(np.sqrt(np.convolve(frames**2, np.ones(2205) / 2205, mode="valid")))
