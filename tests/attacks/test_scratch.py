"""Outputs that a killed program left in the system's folder for passing files go with the next run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from labeler.scratch import scratch_folder

KILLED = """
import os, signal
from labeler.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "outputs.jsonl").write_text("Wisperwort")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot lock a folder")
def test_what_a_kill_left_is_removed_and_what_is_in_use_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", KILLED], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    with scratch_folder() as young:
        assert left.is_dir(), "it could be a program that has just begun"
        for old in (left, young):
            os.utime(old, (1_000_000_000, 1_000_000_000))
        with scratch_folder() as another:
            assert sorted(tmp_path.iterdir()) == sorted((young, another))
    assert list(tmp_path.iterdir()) == []
