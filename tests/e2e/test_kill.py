"""A verdict that was acknowledged is there, whatever happens to the program afterwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from labeler.steps.opening import open_project
from tests.e2e import judge_until_killed


@pytest.mark.parametrize("round_", range(3))
def test_a_kill_right_after_a_save_loses_nothing(demo_folder: Path, round_: int) -> None:
    kill_after(demo_folder, acknowledged=1 + 7 * round_)


@pytest.mark.soak
@pytest.mark.parametrize("round_", range(100))
def test_a_hundred_kills_lose_nothing(demo_folder: Path, round_: int) -> None:
    kill_after(demo_folder, acknowledged=1 + round_ % 40)


def kill_after(folder: Path, acknowledged: int) -> None:
    """Let a process judge, kill it as soon as it acknowledged so many verdicts, and look for them in the store."""
    command = [sys.executable, judge_until_killed.__file__, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(acknowledged)]
        process.kill()
        said += process.stdout.read().split()
    with open_project(folder) as project:
        release = project.store.latest_release()
        person = project.store.person("Ana")
        assert release is not None
        assert person is not None
        assert project.store.chain_damage() == []
        for item_id in said:
            assert project.store.verdict_of(release.id, item_id, person.id) is not None, item_id
