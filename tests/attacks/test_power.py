"""A power cut at any moment loses nothing that a person was told is saved."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from labeler.domain.verdicts import fold
from labeler.errors import LabelerError
from labeler.steps.review import save_verdict, skip, withdraw_last
from labeler.store import FILE_NAME, Store
from tests.attacks.recorded_disk import Disk, after_a_cut, recorded, told_before
from tests.attacks.texts import START, make_texts, verdict_on


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("power") / "texts"
    make_texts(folder, 40)
    return folder


def work(folder: Path, disk: Disk, *, own_checkpoints: bool) -> None:
    """Verdicts, skips and withdrawals, each told when it is done, with checkpoints in between."""
    with recorded(disk), Store.open(folder) as store:
        stream = store.stream("ada")
        release = store.releases()[0].id
        if own_checkpoints:
            store.leave_checkpoints()
        else:
            store.connection.execute("PRAGMA wal_autocheckpoint = 15")
        for n in range(1, 31):
            if n % 7 == 0:
                withdraw_last(store, stream, START)
            elif n % 5 == 0:
                skip(store, stream, release, f"t{n:04}", "mine", START)
            else:
                save_verdict(store, stream, verdict_on(f"t{n:04}", release), START)
            *_, last = store.events(stream)
            disk.tell(last.id)
            if own_checkpoints and n % 10 == 0:
                Store.checkpoint(folder)


@pytest.mark.parametrize("own_checkpoints", [False, True])
@pytest.mark.parametrize("cuts", [15, pytest.param(300, marks=pytest.mark.soak)])
def test_a_power_cut_loses_nothing_that_was_told_to_be_saved(
    project: Path, tmp_path: Path, cuts: int, own_checkpoints: bool
) -> None:
    folder = tmp_path / "texts"
    shutil.copytree(project, folder)
    before = {path.name: path.read_bytes() for path in folder.glob(f"{FILE_NAME}*")}
    disk = Disk()
    work(folder, disk, own_checkpoints=own_checkpoints)
    chance = Random(1)
    for n in range(cuts):
        moment = chance.randint(0, len(disk.log))
        place = tmp_path / f"cut-{n}"
        place.mkdir()
        for name, content in after_a_cut(before, disk.log, moment, chance).items():
            (place / name).write_bytes(content)
        with Store.open(place) as store:
            held = {event.id for event in store.events()}
            assert [told for told in told_before(disk.log, moment) if told not in held] == []
            assert store.chain_damage() == []
            assert store.integrity_damage() == []
            assert store.state() == fold(store.events())


def test_a_disk_that_forgets_what_was_synced_would_be_noticed(project: Path, tmp_path: Path) -> None:
    """A canary: were nothing synced, the test above would find lost work."""
    folder = tmp_path / "texts"
    shutil.copytree(project, folder)
    before = {path.name: path.read_bytes() for path in folder.glob(f"{FILE_NAME}*")}
    disk = Disk()
    work(folder, disk, own_checkpoints=False)
    forgetful = [step for step in disk.log if type(step).__name__ != "Sync"]
    lost = 0
    for seed in range(5):
        place = tmp_path / f"cut-{seed}"
        place.mkdir()
        for name, content in after_a_cut(before, forgetful, len(forgetful), Random(seed)).items():
            (place / name).write_bytes(content)
        told = told_before(forgetful, len(forgetful))
        try:
            with Store.open(place) as store:
                held = {event.id for event in store.events()} if not store.integrity_damage() else set()
        except LabelerError:  # damaged so far that it does not open
            held = set()
        lost += any(id_ not in held for id_ in told)
    assert lost > 0
