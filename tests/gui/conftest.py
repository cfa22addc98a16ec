"""The audio panel and a player that finds no device, whatever the machine has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from labeler.gui.panels.audio.panel import AudioPanel
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme, load_fonts
from labeler.modalities.player.player import Player
from tests.windows import delete_windows, settings_of_nobody

AUDIO_KEYS = {"audio.play": "Space", "audio.loop": "L", "view.to_difference": "F"}


@pytest.fixture(autouse=True)
def no_windows_left() -> Iterator[None]:
    yield
    delete_windows()


@pytest.fixture(autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings_of_nobody(tmp_path_factory.mktemp("settings"))


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ALSA_CONFIG_PATH", str(tmp_path_factory.mktemp("alsa") / "none.conf"))
        environment.setenv("PULSE_SERVER", "unix:/nowhere")
        made = Player()
    yield made
    made.close()


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    started = Tasks()
    yield started
    started.stop()


@pytest.fixture
def audio_panel(qtbot: QtBot, tasks: Tasks, player: Player, tmp_path: Path) -> Iterator[AudioPanel]:
    load_fonts()
    made = AudioPanel(Theme(), tasks, player, tmp_path, AUDIO_KEYS)
    qtbot.addWidget(made)
    made.resize(1035, 758)
    made.show()
    yield made
    made.hide()
    made._shelf._decoder.close()
