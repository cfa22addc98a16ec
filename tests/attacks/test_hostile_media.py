"""Pictures and recordings of strangers are shown or refused in words, in bounded time and memory of a process aside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks import open_hostile_media
from tests.attacks.open_hostile_media import CRAFTED


@pytest.mark.skipif(sys.platform != "linux", reason="reads the decoder's memory from /proc")
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("mutated", [120, pytest.param(20_000, marks=pytest.mark.soak)])
def test_no_medium_brings_the_program_down_or_takes_more_than_its_share(tmp_path: Path, mutated: int) -> None:
    command = [sys.executable, open_hostile_media.__file__, str(tmp_path), str(mutated)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines() == []


def test_forty_and_more_are_crafted() -> None:
    assert len(CRAFTED) >= 40
