"""What a person hears in the window is the recording: played with the keys, recorded from a sound server, compared."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from labeler.domain.blind import sides
from labeler.domain.items import Modality
from labeler.gui.window import ProjectWindow
from labeler.modalities.image.decoder import PictureDecoder
from labeler.steps.project import Project, person_called
from tests import pulse
from tests.e2e.annotator import Annotator
from tests.e2e.conftest import OpenWindow
from tests.heard import heard
from tests.pulse import Pulse
from tests.spoken import LOOKS, PITCH, SENTENCES, speech

pytestmark = [pytest.mark.audio, pytest.mark.skipif(bool(pulse.missing()), reason=pulse.missing() or "-")]
RATE = 16000
ITEM = "aud-001"


@pytest.fixture
def server() -> Iterator[Pulse]:
    with pulse.pulse(RATE) as running, pytest.MonkeyPatch.context() as environment:
        for name, value in running.environment.items():
            environment.setenv(name, value)
        yield running


def test_the_current_difference_loops_and_is_what_the_file_holds_there(
    server: Pulse, demo_folder: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(demo_folder, "Ana Annotator")
    session = window.session
    session.filter_modality(Modality.AUDIO)
    session.show_item(ITEM)
    player = window.player
    qtbot.waitUntil(lambda: bool(player.state.device), timeout=20_000)

    def listen() -> None:
        """At first by the difficulty's key, after which the difference plays by itself; until it was heard twice."""
        press(window, Qt.Key.Key_Space if session.state.evidence.revealed else Qt.Key.Key_X)
        places = [0.0]

        def heard_twice() -> bool:
            places.append(player.position())
            return sum(after < before for before, after in pairwise(places)) > 1

        qtbot.waitUntil(heard_twice, timeout=20_000)
        press(window, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: not player.state.playing)

    frames = heard(server, player, RATE, listen)
    difference = session.state.evidence.difference
    assert difference is not None
    assert difference.a is not None
    assert difference.a.time_s is not None
    start, end = difference.a.time_s
    samples, rate = soundfile.read(demo_folder / "media" / "audio" / f"{ITEM}.flac", dtype="float32")
    assert rate == RATE
    assert best_correlation(frames, samples[int(start * rate) : int(end * rate)]) >= 0.99


def test_one_key_goes_over_to_the_other_output_at_the_same_place(
    server: Pulse, spoken: Project, open_window: OpenWindow, qtbot: QtBot
) -> None:
    shown = sides("s1", person_called(spoken, "Ada Lead").id, spoken.settings.seed)
    spoken.store.close()
    window = open_window(spoken.folder, "Ada Lead")
    session, player = window.session, window.player
    session.show_item("s1")
    qtbot.waitUntil(lambda: bool(player.state.device), timeout=20_000)
    press(window, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: player.state.playing, timeout=20_000)
    press(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not player.state.playing)
    keys: list[float] = []

    def listen() -> None:
        session.change_view(blink_letter="A")
        player.play(0.0, 2.6)
        qtbot.waitUntil(lambda: player.state.playing and player.position() > 0.6, timeout=20_000)
        keys.append(player.position())
        press(window, Qt.Key.Key_B)
        qtbot.waitUntil(lambda: not player.state.playing or player.position() > keys[-1] + 0.8)
        player.pause()
        qtbot.waitUntil(lambda: not player.state.playing)

    frames = heard(server, player, RATE, listen)
    waves = {side: speech(SENTENCES["s1"], PITCH[side], *LOOKS[side]) for side in (shown.a, shown.b)}
    begin = round((keys[-1] + 0.2) * RATE)
    before, after = waves[shown.a][RATE // 10 : RATE // 2], waves[shown.b][begin : begin + RATE * 4 // 10]
    assert best_correlation(frames, before) >= 0.99
    assert best_correlation(frames, after) >= 0.99
    assert place(frames, after) - place(frames, before) == pytest.approx(begin - RATE // 10, abs=0.015 * RATE)


@pytest.mark.soak
def test_a_verdict_is_entered_and_saved_while_the_sound_system_hangs(
    server: Pulse, demo: Project, demo_folder: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(demo_folder, "Ana Annotator")
    window.session.filter_modality(Modality.AUDIO)
    window.session.show_item(ITEM)
    qtbot.waitUntil(lambda: bool(window.player.state.device), timeout=20_000)
    annotator = Annotator(window, demo, person_called(demo, "Ana Annotator").id, qtbot)
    annotator.press("X")
    qtbot.waitUntil(lambda: window.player.state.playing and window.player.position() > 0.1, timeout=20_000)
    with server.hung():
        for _ in range(500):  # each is a word to the player, which does not listen any more
            annotator.press("Left", "Right")
        annotator.press("Z")
        judged, _ = annotator.judge()
    assert judged == ITEM


@pytest.mark.soak
def test_playing_never_stutters_while_a_person_works(
    server: Pulse, demo: Project, demo_folder: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    """Verdicts are saved, the next items decoded, tiles of the spectrogram made and big pictures decoded meanwhile."""
    window = open_window(demo_folder, "Ana Annotator")
    window.session.filter_modality(Modality.AUDIO)
    annotator = Annotator(window, demo, person_called(demo, "Ana Annotator").id, qtbot)
    qtbot.waitUntil(lambda: bool(window.player.state.device), timeout=20_000)
    annotator.press(".")
    pictures = sorted((demo_folder / "media" / "images").iterdir())
    late = []
    with ThreadPoolExecutor(1) as pool, closing(PictureDecoder(folder=demo_folder)) as decoder:
        for n in range(20):
            decoding = pool.submit(decoder.decode, pictures[n % len(pictures)])
            annotator.judge()
            annotator.press("+", "+", "-", "-")
            decoding.result()
            late.append(window.player._clock.read().late)
    assert late == [0] * 20


def press(window: ProjectWindow, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key)


def place(recorded: np.ndarray, wanted: np.ndarray) -> int:
    return int(np.argmax(correlations(recorded, wanted)))


def best_correlation(recorded: np.ndarray, wanted: np.ndarray) -> float:
    return float(np.max(correlations(recorded, wanted)))


def correlations(recorded: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Normalised, of a piece with every part of a recording of the same rate; 0 where that is silent."""
    products = np.correlate(recorded.astype(np.float64), wanted.astype(np.float64), "valid")
    energy = np.cumsum(np.concatenate([[0.0], recorded.astype(np.float64) ** 2]))
    windows = energy[len(wanted) :] - energy[: -len(wanted)]
    norms = np.sqrt(windows * float(np.sum(wanted.astype(np.float64) ** 2)))
    return np.asarray(np.divide(products, norms, out=np.zeros_like(products), where=norms > 1e-6))
