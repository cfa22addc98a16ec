"""A sound server, a player and a decoder, shared by the tests that listen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from labeler.modalities.audio.recording import RecordingDecoder
from labeler.modalities.player.player import Player
from tests import pulse
from tests.modalities.hearing import RATE, wait_until
from tests.pulse import Pulse


@pytest.fixture(scope="session")
def decoder() -> Iterator[RecordingDecoder]:
    made = RecordingDecoder()
    yield made
    made.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Pulse]:
    with pulse.pulse(RATE) as running, pytest.MonkeyPatch.context() as environment:
        for name, value in running.environment.items():
            environment.setenv(name, value)
        yield running


@pytest.fixture
def player(server: Pulse) -> Iterator[Player]:
    made = Player()
    wait_until(lambda: made.state.device != "")
    yield made
    made.close()
