from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from labeler.domain.events import EventKind
from labeler.domain.people import Role
from labeler.errors import LabelerError
from labeler.store import FILE_NAME, Store
from labeler.store.engine import connect, refuse_network_file_system, refuse_old_sqlite
from labeler.store.schema import MIGRATIONS, version_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_store_keeps_its_promises(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        pragmas = {
            name: store.connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "application_id")
        }
        assert pragmas == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "recursive_triggers": 1,
            "application_id": 0x4C41424C,
        }
        assert version_of(store.connection) == len(MIGRATIONS)


def test_every_table_is_strict(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        rows = store.connection.execute("SELECT name, strict FROM pragma_table_list WHERE type = 'table'").fetchall()
    ours = {name: strict for name, strict in rows if not name.startswith(("sqlite_", "_sqlite_"))}
    assert set(ours.values()) == {1}


def test_released_migrations_keep_their_names_and_order() -> None:
    """A released migration is never edited, renamed or moved: add a line here with each new one."""
    assert [name for name, _ in MIGRATIONS] == [
        "0001_first",
        "0002_endings_with_authors",
        "0003_resolutions_with_outcomes",
        "0004_decisions_with_time",
        "0005_roles",
        "0006_assignment",
        "0007_standing_by_item",
    ]


def test_a_store_of_a_newer_program_opens_read_only_and_says_why(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        store.add_person("Ada", at=NOON)
        store.connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with Store.open(tmp_path) as store:
        assert [person.name for person in store.people()] == ["Ada"]
        assert "newer version" in store.read_only
        with pytest.raises(LabelerError, match="newer version"):
            store.add_person("Bob", at=NOON)


def test_a_database_of_another_program_is_not_touched(tmp_path: Path) -> None:
    connection = connect(tmp_path / FILE_NAME, read_only=False)
    connection.execute("CREATE TABLE notes (text)")
    connection.close()
    with pytest.raises(LabelerError, match="not a store"):
        Store.open(tmp_path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database, but long enough to look at" * 100)
    with pytest.raises(LabelerError, match="cannot be opened"):
        Store.open(tmp_path)


def test_a_folder_without_a_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelerError, match="holds no project"):
        Store.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_second_store_is_not_made_over_the_first(tmp_path: Path) -> None:
    Store.create(tmp_path).close()
    with pytest.raises(LabelerError, match="already"):
        Store.create(tmp_path)


@pytest.mark.parametrize(
    ("mounts", "refused"),
    [
        (["/dev/sda / ext4 rw 0 0"], False),
        (["/dev/sda / ext4 rw 0 0", "server:/x {folder} nfs4 rw 0 0"], True),
        (["/dev/sda / ext4 rw 0 0", "//server/x {parent} cifs rw 0 0"], True),
        (["server:/x / nfs rw 0 0", "/dev/sda {parent} ext4 rw 0 0"], False),
        (["/dev/sda / ext4 rw 0 0", "server:/x {folder}-other nfs rw 0 0"], False),
    ],
)
def test_network_file_systems_are_refused_by_the_deepest_mount(
    tmp_path: Path, mounts: list[str], refused: bool
) -> None:
    folder = tmp_path / "project"
    lines = [line.format(folder=folder, parent=tmp_path) for line in mounts]
    if refused:
        with pytest.raises(LabelerError, match="network file system"):
            Store.create(folder, mounts=lines)
    else:
        Store.create(folder, mounts=lines).close()


@pytest.mark.parametrize("name", ["my project", "Größe 北", "back\\slash", "no \udce9 text"])
def test_a_mount_point_of_any_name_is_understood(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    written = str(folder).replace("\\", "\\134").replace(" ", "\\040")
    with pytest.raises(LabelerError, match="gvfsd"):
        refuse_network_file_system(folder, ["/dev/sda / ext4 rw 0 0", f"a {written} fuse.gvfsd-fuse rw 0 0"])


def test_an_sqlite_that_can_lose_work_is_refused_with_what_to_install() -> None:
    refuse_old_sqlite((3, 53, 2))
    with pytest.raises(LabelerError, match=r"3\.40\.1 is too old") as refusal:
        refuse_old_sqlite((3, 40, 1))
    assert "pysqlite3" in refusal.value.remedy


def test_a_copy_of_a_store_writes_to_streams_of_its_own(tmp_path: Path) -> None:
    with Store.create(tmp_path / "a") as store:
        first = store.stream("ada")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    with Store.open(tmp_path / "b") as copy:
        assert copy.stream("ada") != first
    with Store.open(tmp_path / "a") as store:
        assert store.stream("ada") == first


def test_what_was_saved_is_there_after_a_kill(tmp_path: Path) -> None:
    """The process dies without closing anything, right after the save returned."""
    program = f"""
import os, signal
from datetime import UTC, datetime
from pathlib import Path
from labeler.domain.events import EventKind
from labeler.store import Store
store = Store.create(Path({str(tmp_path)!r}))
body = {{"kind": "skip", "item_id": "i1", "release": "r", "reason": ""}}
store.append(store.stream("ada"), EventKind.SKIP, body, datetime.now(UTC))
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", program], check=False)
    with Store.open(tmp_path) as store:
        assert [event.kind for event in store.events()] == [EventKind.SKIP]
        assert store.chain_damage() == []


def test_two_programs_write_to_one_project_without_a_word_of_locks(tmp_path: Path) -> None:
    Store.create(tmp_path).close()
    program = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from labeler.domain.events import EventKind
from labeler.store import Store
with Store.open(Path(sys.argv[1])) as store:
    for n in range(50):
        body = {"kind": "skip", "item_id": f"i{n}", "release": "r", "reason": ""}
        store.append(store.stream(sys.argv[2]), EventKind.SKIP, body, datetime.now(UTC))
"""
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), who], stderr=subprocess.PIPE)
        for who in ("ada", "bob")
    ]
    assert [child.communicate()[1] for child in running] == [b"", b""]
    with Store.open(tmp_path) as store:
        assert len(list(store.events())) == 100
        assert store.chain_damage() == []


def test_a_person_joins_by_an_event_that_does_not_hold_the_name(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        ada = store.add_person("Ada Lovelace", Role.LEAD, at=NOON)
        assert store.person("Ada Lovelace") == ada == store.person(ada.id)
        assert store.people() == [ada]
        (event,) = store.events(kinds=[EventKind.JOINED])
        assert b"Ada" not in event.data
        store.connection.execute("DELETE FROM privates")
        assert store.person_of(ada.id).name == ada.id
        assert store.chain_damage() == []


def test_nobody_becomes_a_lead_by_joining_again(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        store.add_person("Ada", at=NOON, person_id="ada")
        again = store.add_person("Ada Lovelace", Role.LEAD, at=NOON, person_id="ada")
        assert [(person.name, person.role) for person in store.people()] == [("Ada Lovelace", Role.ANNOTATOR)]
        assert again.role is Role.ANNOTATOR
