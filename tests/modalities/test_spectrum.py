"""Spectrograms against sounds whose frequencies are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from labeler.modalities.audio import peaks, spectrum
from labeler.modalities.audio.recording import Recording
from labeler.modalities.audio.spectrum import Scale

RATE = 16000


def kept(folder: Path, wave: NDArray[np.float64], rate: int = RATE) -> Recording:
    """A decoded recording of shape (frames, channels)."""
    wave.astype(np.float32).tofile(folder / "known.pcm")
    return Recording("known", rate, wave.shape[1], len(wave), "float32", folder)


def sine(hertz: float, seconds: float = 1.0, rate: int = RATE) -> NDArray[np.float64]:
    return np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate)[:, None]


@pytest.mark.parametrize("scale", list(Scale))
@pytest.mark.parametrize("hertz", [200.0, 1000.0, 5000.0])
def test_a_sine_stands_at_its_frequency(tmp_path: Path, scale: Scale, hertz: float) -> None:
    made = spectrum.tile(kept(tmp_path, sine(hertz)), None, 0.25, 0.01, 50, scale)
    loudest = 1 - (np.argmax(made.astype(int).sum(axis=1)) + 0.5) / spectrum.ROWS
    assert loudest == pytest.approx(spectrum.place(hertz, RATE, scale), abs=0.02)


def test_its_loudness_is_in_decibels_below_full_scale(tmp_path: Path) -> None:
    # On a linear axis of 48 kHz each row holds more than one bin: the mean is up to 6 dB below the bin itself.
    loud = spectrum.tile(kept(tmp_path, sine(1000)), None, 0.25, 0.01, 20, Scale.LINEAR).max()
    quiet = spectrum.tile(kept(tmp_path, sine(1000) / 100), None, 0.25, 0.01, 20, Scale.LINEAR).max()
    assert (int(loud) - int(quiet)) * -spectrum.FLOOR_DB / 255 == pytest.approx(40, abs=1)
    assert -8 < (int(loud) - 255) * -spectrum.FLOOR_DB / 255 <= 0


def test_silence_and_what_lies_outside_are_at_the_floor(tmp_path: Path) -> None:
    made = spectrum.tile(kept(tmp_path, sine(1000, 0.5)), None, -1.0, 0.02, 200, Scale.MEL)
    assert made[:, :48].max() == made[:, 80:].max() == 0
    assert made[:, 55:70].max() > 200


@pytest.mark.parametrize("column_s", [2.0**-12, 2.0**-3, 4.0])
def test_one_channel_can_be_seen_alone_at_every_zoom(tmp_path: Path, column_s: float) -> None:
    both = np.concatenate([sine(500, 20), sine(4000, 20)], axis=1)
    places = []
    for channel in (0, 1):
        made = spectrum.tile(kept(tmp_path, both), channel, 0.0, column_s, 5, Scale.MEL)
        places.append(1 - np.argmax(made.astype(int).sum(axis=1)) / spectrum.ROWS)
    assert places[0] < spectrum.place(1500, RATE, Scale.MEL) < places[1]


def test_every_row_hears_something_of_white_noise(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, (RATE, 1))
    for rate in (8000, 192_000):
        assert spectrum.tile(kept(tmp_path, noise, rate), None, 0.0, 0.001, 40, Scale.MEL).max(axis=1).min() > 60


def levels_of(wave: NDArray[np.float64]) -> peaks.Peaks:
    made = [peaks.summed(wave.astype(np.float32))]
    while len(made[-1]) > peaks.FEWEST_BINS:
        made.append(peaks.coarser(made[-1]))
    return peaks.Peaks(tuple(made))


def gain_db(wave: NDArray[np.float64], channel: int | None) -> float:
    return peaks.matched_db([levels_of(wave).loudness(channel)])[0]


def test_a_quiet_recording_is_brought_to_the_loudness_of_the_others_and_silence_is_left_alone() -> None:
    assert gain_db(sine(300, 4) * 0.01, None) == pytest.approx(20 * np.log10(0.1 / (0.01 / 2**0.5)), abs=0.1)
    spoken = np.concatenate([sine(300, 2) * 0.01, sine(300, 6) * 0.0])  # pauses do not count
    assert gain_db(spoken, 0) == pytest.approx(gain_db(sine(300, 4) * 0.01, 0), abs=0.3)
    assert gain_db(sine(300) * 0, None) == 0.0


def test_what_is_made_louder_is_not_cut_off() -> None:
    clicks = sine(300, 4) * 0.01
    clicks[5000] = 0.5
    assert gain_db(clicks, None) == pytest.approx(20 * np.log10(2), abs=0.01)


def test_recordings_are_matched_to_the_loudness_that_all_of_them_can_have() -> None:
    clicks = sine(300, 4) * 0.01
    clicks[5000] = 0.5
    quiet, loud = levels_of(clicks), levels_of(sine(300, 4) * 0.3)
    gains = peaks.matched_db([one.loudness(None) for one in (quiet, loud)])
    assert gains == pytest.approx([20 * np.log10(2), 20 * np.log10(0.02 / 0.3)], abs=0.4)
