"""Recordings: decoding with peaks against decoding alone, and a frame of the waveform against bare lines.

Both sides of a ratio are measured by turns in the same run, so that a busy machine slows both.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture

from labeler.gui.panels.audio.picture import WavePicture
from labeler.gui.theme import LIGHT
from labeler.modalities.audio import spectrum
from labeler.modalities.audio.decode import decode
from labeler.modalities.audio.recording import Recording, RecordingDecoder

RATE = 48_000
WIDTH, HEIGHT = 1000, 220
MOST_OF_A_DECODE = 1.8
"""Times a pure decode. Measured: 1.2."""
MOST_OF_BARE_LINES = 10.0
"""Times a thousand lines that are at hand. Measured: 1.5 to 4.2; reading and summing up the samples is the rest."""


def long_recording(folder: Path, seconds: int) -> Path:
    rng = np.random.default_rng(7)
    minute = np.asarray(rng.normal(0, 3000, 60 * RATE) * (0.6 + 0.4 * np.sin(np.arange(60 * RATE) / 9000)), np.int16)
    path = folder / "long.flac"
    with soundfile.SoundFile(path, "w", RATE, 1, "PCM_16") as file:
        for _ in range(seconds // 60):
            file.write(minute)
    return path


def decoded(path: Path, folder: Path) -> dict[str, Any]:
    """Samples and peaks made anew; what the decoder says of them."""
    for file in folder.glob("long.*"):
        if file != path:
            file.unlink()
    told: list[dict[str, Any]] = []
    return decode(path, folder, "long", told.append) or told[0]


def pure_decode(path: Path) -> None:
    with soundfile.SoundFile(path) as file:
        while len(file.read(131_072, dtype="int16")):
            pass


def ratio(benchmark: BenchmarkFixture, work: Callable[[], object], floor: Callable[[], object], rounds: int) -> float:
    """The median time of `work` in times of the median of `floor`, noted beside the benchmark."""
    times: dict[Callable[[], object], list[float]] = {work: [], floor: []}
    for _ in range(rounds):
        for one in (floor, work):
            start = perf_counter()
            one()
            times[one].append(perf_counter() - start)
    found = float(np.median(times[work]) / np.median(times[floor]))
    benchmark.extra_info["ratio"] = found
    benchmark.pedantic(work, rounds=1)  # type: ignore[no-untyped-call]  # it has no types
    return found


def assert_decode_ratio(benchmark: BenchmarkFixture, folder: Path, seconds: int, rounds: int) -> None:
    path = long_recording(folder, seconds)
    assert ratio(benchmark, lambda: decoded(path, folder), lambda: pure_decode(path), rounds) < MOST_OF_A_DECODE


def test_samples_and_peaks_cost_little_more_than_a_decode(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    assert_decode_ratio(benchmark, tmp_path, 120, 3)


@pytest.mark.soak
def test_three_hours_cost_little_more_than_a_decode(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    assert_decode_ratio(benchmark, tmp_path, 3 * 3600, 1)


def assert_first_look(benchmark: BenchmarkFixture, folder: Path, seconds: int, most: float) -> None:
    """From asking a warm decoder to a waveform of the whole, in times of one pure decode."""
    path, decoder, caches = long_recording(folder, seconds), RecordingDecoder(), count()

    def first_look() -> None:
        assert len(decoder.open(path, folder / f"cache {next(caches)}").peaks().levels[-1])

    try:
        first_look()  # the process has started
        assert ratio(benchmark, first_look, lambda: pure_decode(path), 3) < most
    finally:
        decoder.close()


def test_ten_minutes_are_on_the_screen_in_a_part_of_their_decode(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    assert_first_look(benchmark, tmp_path, 600, 0.9)


@pytest.mark.soak
def test_three_hours_are_on_the_screen_in_a_part_of_their_decode(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    assert_first_look(benchmark, tmp_path, 3 * 3600, 0.1)


def test_a_tile_of_the_spectrogram_costs_little_more_than_its_transforms(
    benchmark: BenchmarkFixture, tmp_path: Path
) -> None:
    recording = Recording(folder=tmp_path, **decoded(long_recording(tmp_path, 60), tmp_path))
    size = spectrum.window_size(RATE, 2.0**-7)
    windows = np.random.default_rng(1).normal(0, 0.1, (256, size)).astype(np.float32)
    work = lambda: spectrum.tile(recording, None, 1.0, 2.0**-7, 256, spectrum.Scale.MEL)  # noqa: E731
    assert ratio(benchmark, work, lambda: np.fft.rfft(windows, axis=1), 20) < 12


@pytest.mark.parametrize("seconds", [120.0, 5.0, 0.01], ids=["whole", "seconds", "samples"])
def test_a_frame_costs_little_more_than_its_lines(
    qapp: QApplication, benchmark: BenchmarkFixture, tmp_path: Path, seconds: float
) -> None:
    facts = decoded(long_recording(tmp_path, 120), tmp_path)
    wave = WavePicture(Recording(folder=tmp_path, **facts))
    picture = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    lines = [QLineF(x + 0.5, 30 + x % 40, x + 0.5, 190 - x % 40) for x in range(WIDTH)]

    def frame() -> None:
        painter = QPainter(picture)
        wave.paint(painter, LIGHT, QRectF(0, 0, WIDTH, HEIGHT), 60.0 if seconds < 60 else 0.0, WIDTH / seconds)
        painter.end()

    def bare() -> None:
        painter = QPainter(picture)
        painter.setPen(QColor(LIGHT.wave))
        painter.drawLines(lines)
        painter.end()

    assert ratio(benchmark, frame, bare, 30) < MOST_OF_BARE_LINES
