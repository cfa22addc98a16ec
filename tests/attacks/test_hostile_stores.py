"""A store that somebody else made or damaged is read, or refused in words, in bounded time and memory."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from labeler.errors import LabelerError
from labeler.steps.opening import open_project
from labeler.steps.review import save_verdict, skip
from labeler.store import FILE_NAME
from tests.attacks import open_hostile_stores
from tests.attacks.open_hostile_stores import CRAFTED, EVENTS
from tests.attacks.texts import START, make_texts, verdict_on

KNOWN = len(CRAFTED) + len(EVENTS)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "texts"
    make_texts(folder, 12)
    with open_project(folder) as opened:
        store = opened.store
        for n in range(1, 5):
            save_verdict(store, store.stream("ada"), verdict_on(f"t{n:04}", store.releases()[0].id), START)
        skip(store, store.stream("ada"), store.releases()[0].id, "t0009", "mine", START)
    return folder


def faults(project: Path, scratch: Path, count: int, step: int) -> list[str]:
    command = [sys.executable, open_hostile_stores.__file__, str(project), str(scratch), str(count), str(step)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("count", "step"), [(KNOWN + 10, 4), pytest.param(2_000, 1, marks=pytest.mark.soak)])
def test_no_store_brings_the_program_down(project: Path, tmp_path: Path, count: int, step: int) -> None:
    assert faults(project, tmp_path, count, step) == []


@pytest.mark.parametrize("statement", [sql for sql in CRAFTED if "VIEW" in sql or "TRIGGER bomb" in sql])
def test_views_and_triggers_of_others_are_refused_and_not_run(project: Path, tmp_path: Path, statement: str) -> None:
    folder = tmp_path / "texts"
    shutil.copytree(project, folder)
    open_hostile_stores.craft(folder / FILE_NAME, statement)
    for read_only in (True, False):
        with pytest.raises(LabelerError, match="not as Labeler writes it"):
            open_project(folder, read_only=read_only)


def test_a_fault_of_the_program_is_not_blamed_on_a_sound_store(project: Path) -> None:
    def fail() -> None:
        with open_project(project, read_only=True):
            raise ValueError("a fault of the program")

    with pytest.raises(ValueError, match="a fault of the program"):
        fail()
