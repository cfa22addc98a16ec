"""The player's process ends with the app, also where the sound system that it asked never answers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

HANGS = "import pathlib, time\npathlib.Path(__file__).with_name('asked').touch()\ntime.sleep(600)\n"
APP = """
import time
from labeler.modalities.player.player import Player
if __name__ == "__main__":
    player = Player()
    print(player._process.pid, flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_player_that_hangs_in_the_sound_system_ends_with_the_app(tmp_path: Path) -> None:
    (tmp_path / "sounddevice.py").write_text(HANGS)
    (tmp_path / "app.py").write_text(APP)
    paths = os.pathsep.join([str(tmp_path), *sys.path])
    app = subprocess.Popen(
        [sys.executable, str(tmp_path / "app.py")],
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert app.stdout is not None
    player = int(app.stdout.readline())
    _wait((tmp_path / "asked").exists)
    app.send_signal(signal.SIGKILL)
    app.wait()
    app.stdout.close()
    _wait(lambda: not _runs(player))


def _wait(until: Callable[[], bool], limit_s: float = 60.0) -> None:
    end = time.monotonic() + limit_s
    while not until():
        assert time.monotonic() < end
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False
