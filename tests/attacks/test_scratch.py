"""What a killed program left in the system's folder for passing files goes with the next run: outputs, a clock."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from labeler.scratch import scratch_folder

KILLED_GATE = """
import os, signal
from labeler.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "outputs.jsonl").write_text("Wisperwort")
    os.kill(os.getpid(), signal.SIGKILL)
"""
KILLED_PLAYER = """
import os, signal
from labeler.modalities.player.player import Player
player = Player()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot lock a folder")
@pytest.mark.parametrize("killed", [KILLED_GATE, KILLED_PLAYER])
def test_what_a_kill_left_is_removed_and_what_is_in_use_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed: str
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    # What it says is taken from it until its last child has ended, too.
    done = subprocess.run([sys.executable, "-c", killed], env=environment, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    with scratch_folder() as young:
        assert left.is_dir(), "it could be a program that has just begun"
        for old in (left, young):
            os.utime(old, (1_000_000_000, 1_000_000_000))
        with scratch_folder() as another:
            assert sorted(tmp_path.iterdir()) == sorted((young, another))
    assert list(tmp_path.iterdir()) == []
