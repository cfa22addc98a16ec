"""Copies of the store, made while people work, are whole; one that is put back loses nothing of what it replaces."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from labeler.cli.app import run
from labeler.domain.events import EventKind
from labeler.domain.verdicts import fold
from labeler.errors import LabelerError
from labeler.steps.backup import back_up_project, backups_of, restore_project
from labeler.steps.check import check_project
from labeler.steps.opening import create_project, open_project
from labeler.store import FILE_NAME, Backup, Store, Why
from labeler.store.backup import KEPT_DAILY, back_up_daily
from labeler.store.engine import open_file
from labeler.store.schema import MIGRATIONS, version_of
from tests.attacks import write_beside_others
from tests.attacks.open_hostile_stores import craft_events
from tests.attacks.texts import START, make_texts
from tests.keep_store import STORES

FORGED = "UPDATE events SET data = CAST(replace(CAST(data AS TEXT), 'lead', 'Lead') AS BLOB)"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backups") / "texts"
    make_texts(folder, 30)
    return folder


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "texts"))


def say_something(project: Path, item: str = "t0001") -> None:
    with Store.open(project) as store:
        body = {"kind": "skip", "item_id": item, "release": store.releases()[0].id, "reason": "mine"}
        store.append(store.stream("ada"), EventKind.SKIP, body, START)


def hashes(project: Path) -> list[str]:
    with Store.open(project, read_only=True) as store:
        return [event.hash for event in store.events()]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("copies", [4, pytest.param(50, marks=pytest.mark.soak)])
def test_copies_made_under_load_are_what_was_there_at_one_moment(project: Path, tmp_path: Path, copies: int) -> None:
    command = [sys.executable, write_beside_others.__file__, "window", str(project)]
    busy = [subprocess.Popen([*command, who, "100000"]) for who in ("Ada", "Bob")]
    made: list[tuple[Backup, list[str]]] = []
    try:
        for _ in range(copies):
            before = hashes(project)
            made.append((back_up_project(project), before))
        assert [child.poll() for child in busy] == [None, None]
    finally:
        for child in busy:
            child.kill()
            child.wait()
    everything = hashes(project)
    assert [one.why for one in backups_of(project)].count(Why.ASKED) == copies
    for n, (backup, before) in enumerate(made):
        place = tmp_path / f"restored-{n}"
        shutil.copytree(project, place, ignore=shutil.ignore_patterns(f"{FILE_NAME}*", "backups"))
        restore_project(place, backup.path)
        held = hashes(place)
        assert held == everything[: len(held)]
        assert held[: len(before)] == before
        with open_project(place) as restored:
            assert restored.store.state() == fold(restored.store.events())
            assert check_project(restored).findings == ()


def test_what_is_replaced_is_kept_and_can_be_put_back(project: Path) -> None:
    first = hashes(project)
    backup = back_up_project(project)
    say_something(project)
    second = hashes(project)
    with Store.open(project) as store:
        device = store.device
    done = restore_project(project)
    assert hashes(project) == first
    assert done.events == len(first)
    with Store.open(project) as store:
        assert store.device != device, "two stores would write different events under the same numbers"
    assert done.replaced is not None
    restore_project(project, Path(done.replaced.name))
    assert hashes(project) == second
    assert [one.why for one in backups_of(project)].count(Why.REPLACED) == 2
    assert backup.path in [one.path for one in backups_of(project)]


def test_a_store_that_is_open_is_not_replaced(project: Path) -> None:
    back_up_project(project)
    with Store.open(project) as store:
        with pytest.raises(LabelerError, match="open in another program"):
            restore_project(project)
        store.add_person("Bob", at=START)
    assert len(backups_of(project)) == 1


def test_a_damaged_store_is_kept_with_its_log_and_replaced(project: Path) -> None:
    wanted = hashes(project)
    back_up_project(project)
    damaged = b"damaged" * 1000
    (project / FILE_NAME).write_bytes(damaged)
    (project / f"{FILE_NAME}-wal").write_bytes(b"left over")
    done = restore_project(project)
    assert hashes(project) == wanted
    assert done.replaced is not None
    assert done.replaced.read_bytes() == damaged
    assert done.replaced.with_name(f"{done.replaced.name}-wal").read_bytes() == b"left over"


@pytest.mark.parametrize("place", [100, 5000, -3000])
def test_a_damaged_copy_is_not_restored(project: Path, place: int) -> None:
    backup = back_up_project(project)
    content = bytearray(backup.path.read_bytes())
    content[place] ^= 0xFF
    backup.path.write_bytes(content)
    before = hashes(project)
    with pytest.raises(LabelerError, match="cannot be restored"):
        restore_project(project, backup.path)
    assert hashes(project) == before


def test_a_copy_with_a_forged_event_is_not_restored(project: Path) -> None:
    backup = back_up_project(project)
    backup.path.with_name(f"{backup.path.name}.sha256").unlink()
    craft_events(backup.path, FORGED)
    with pytest.raises(LabelerError, match="its bytes do not match its hash"):
        restore_project(project, backup.path)


def test_a_copy_is_looked_at_once_it_is_written_and_one_that_is_not_sound_is_not_kept(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoiled(file: Path, how: str = "mode=rwc", *, wait_ms: int = 1_000) -> sqlite3.Connection:
        """A disk that gives back something else than was written."""
        if "ro" in how:
            content = bytearray(file.read_bytes())
            content[2 * 4096] ^= 0xFF  # what kind of page the third one is
            file.write_bytes(content)
        return open_file(file, how, wait_ms=wait_ms)

    with monkeypatch.context() as patch:
        patch.setattr("labeler.store.backup.open_file", spoiled)
        with pytest.raises(LabelerError, match="the copy is not sound"):
            back_up_project(project)
    assert list((project / "backups").iterdir()) == []
    craft_events(project / FILE_NAME, FORGED)
    with pytest.raises(LabelerError, match="its bytes do not match its hash"):
        back_up_project(project)
    assert list((project / "backups").iterdir()) == []


def test_a_backup_that_is_not_there_is_said(project: Path) -> None:
    with pytest.raises(LabelerError, match="has no backups"):
        restore_project(project)
    with pytest.raises(LabelerError, match="no such backup"):
        restore_project(project, Path("labels-20200101T000000Z-asked.db"))


def test_an_old_project_is_backed_up_before_it_is_brought_up_to_date(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    create_project(folder).close()
    for leftover in folder.glob(f"{FILE_NAME}*"):
        leftover.unlink()
    (folder / FILE_NAME).write_bytes(gzip.decompress((STORES / "0001.db.gz").read_bytes()))
    before = hashes(folder)
    open_project(folder).close()
    (backup,) = backups_of(folder)
    assert backup.why is Why.BEFORE_UPGRADE
    restore_project(folder, backup.path)
    with Store.open(folder, read_only=True) as store:
        assert [event.hash for event in store.events()] == before
    with Store.open(folder) as store:
        assert version_of(store.connection) == len(MIGRATIONS)


def test_one_copy_a_day_is_made_and_the_oldest_make_way(project: Path) -> None:
    asked = back_up_project(project, now=lambda: START - timedelta(days=100))
    file = project / FILE_NAME
    assert back_up_daily(file, START) is not None
    assert back_up_daily(file, START + timedelta(hours=23)) is None
    for day in range(1, 20):
        assert back_up_daily(file, START + timedelta(days=day)) is not None
    kept = backups_of(project)
    assert [one.why for one in kept] == [Why.DAILY] * KEPT_DAILY + [Why.ASKED]
    assert kept[-1] == asked
    assert kept[0].at == START + timedelta(days=19)


def test_a_clock_that_was_set_back_does_not_end_the_copies(project: Path) -> None:
    file = project / FILE_NAME
    assert back_up_daily(file, START) is not None
    assert back_up_daily(file, START - timedelta(days=2)) is not None


def test_a_full_disk_leaves_no_half_copy(project: Path) -> None:
    program = f"""
import resource, signal
from pathlib import Path
from labeler.errors import LabelerError
from labeler.steps.backup import back_up_project
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
try:
    back_up_project(Path({str(project)!r}))
except LabelerError as refused:
    print(refused.what)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "could not be backed up" in done.stdout
    assert list((project / "backups").iterdir()) == []


def test_the_commands_back_up_list_and_restore(
    project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def labeler(*arguments: str) -> str:
        assert run(arguments, lambda _, __: 0) == 0
        return capfd.readouterr().out

    before = hashes(project)
    assert "Wrote and checked" in labeler("backup", str(project))
    labeler("backup", str(project), "--to", str(tmp_path / "elsewhere.db"))
    say_something(project)
    assert "1 backups" in labeler("restore", str(project), "--list")
    assert f"{len(before):,} events" in labeler("restore", str(project), str(tmp_path / "elsewhere.db"))
    assert hashes(project) == before
    (replaced,) = (one for one in backups_of(project) if one.why is Why.REPLACED)
    labeler("restore", str(project), replaced.path.name)
    assert len(hashes(project)) == len(before) + 1
    assert run(["restore", str(project), "nothing.db"], lambda _, __: 0) == 2
    assert "there is no such backup" in capfd.readouterr().err


def test_a_journal_that_a_failed_restore_left_is_not_played_into_the_next_one(project: Path) -> None:
    kept = back_up_project(project).path
    wanted = hashes(project)
    say_something(project)
    ready = project / f".{FILE_NAME}.restoring"
    shutil.copyfile(back_up_project(project).path, ready)
    journal = ready.with_name(f"{ready.name}-journal")
    with closing(open_file(ready)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("PRAGMA cache_size = 1")
        other.execute("BEGIN")
        other.execute("DELETE FROM judgements")
        other.execute("UPDATE items SET data = zeroblob(40000)")  # more than it keeps in memory
        torn = journal.read_bytes()
        other.execute("ROLLBACK")
    ready.unlink()
    assert torn[:8] == bytes.fromhex("d9d505f920a163d7"), "a journal that SQLite would play back"
    journal.write_bytes(torn)
    restore_project(project, kept)
    assert hashes(project) == wanted
    with open_project(project) as opened:
        assert check_project(opened).findings == ()
    assert not journal.exists()
