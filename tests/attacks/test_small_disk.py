"""Commands and a session on a disk with hardly any room, a quota, and a disk that is read-only: real ones, mounted.

Each command is refused in words, leaves nothing half written, and works once there is room.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import orjson
import pytest

from labeler.cli.app import run
from labeler.domain.rubric import Tier
from labeler.errors import Exit
from labeler.sessions.projects import open_review
from labeler.sessions.review.draft import Choice
from labeler.steps.backup import back_up_project
from labeler.steps.check import check_project
from labeler.steps.opening import open_project
from labeler.steps.review import save_verdict
from labeler.store import Store
from tests.attacks.texts import START, make_texts, verdict_on

SIZE = 3 * 1024 * 1024
ITEMS = 30


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A judged project, the files it was made of, and its verdicts as a file."""
    scratch = tmp_path_factory.mktemp("given")
    make_texts(scratch / "texts", ITEMS)
    with open_project(scratch / "texts") as project:
        store = project.store
        for n in range(1, 11):
            save_verdict(store, store.stream("ada"), verdict_on(f"t{n:04}", store.releases()[0].id), START)
    assert labeler("export", scratch / "texts", "--verdicts", scratch / "verdicts.jsonl") == Exit.DONE
    assert labeler("export", scratch / "texts", "--verdicts", scratch / "none.jsonl") == Exit.DONE
    (scratch / "pairs.csv").write_text("id,content,old,new\n" + "".join(f"p{n},c,a,b{n}\n" for n in range(400)))
    return scratch


@contextmanager
def mounted(place: Path, options: str) -> Iterator[Path]:
    """A memory disk, where this may be done (as root, on Linux)."""
    place.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a disk can be mounted here by root on Linux alone")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def small(tmp_path: Path, given: Path) -> Iterator[Path]:
    """A disk of three megabytes with the project, the verdicts, and room for more."""
    with mounted(tmp_path / "small", f"size={SIZE}") as place:
        shutil.copytree(given / "texts", place / "texts")
        yield place


@contextmanager
def filled(place: Path, left: int) -> Iterator[None]:
    """Only so many bytes are left on the disk."""
    filler = place / "filler"
    free = shutil.disk_usage(place).free
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(free - left, 1))
    try:
        yield
    finally:
        filler.unlink()


def labeler(*arguments: object) -> int:
    return run([str(argument) for argument in arguments], lambda _project, _person: 0)


def listing(place: Path) -> dict[str, int]:
    """What lies on the disk, but for what SQLite keeps beside an open store."""
    return {
        str(path.relative_to(place)): path.stat().st_size
        for path in sorted(place.rglob("*"))
        if path.is_file() and path.name != "filler" and not path.name.endswith(("-wal", "-shm"))
    }


COMMANDS: Mapping[str, Callable[[Path, Path], tuple[object, ...]]] = {
    "new": lambda given, at: (
        *("new", at / "made", "--items", given / "texts-given/items.jsonl"),
        *("--old", given / "texts-given/old.jsonl", "--new", given / "texts-given/new.jsonl"),
    ),
    "export": lambda given, at: ("export", at / "texts", "--verdicts", at / "out.jsonl"),
    "gold": lambda given, at: ("gold", "build", at / "texts", "--to", at / "gold"),
    "backup": lambda given, at: ("backup", at / "texts"),
    "report": lambda given, at: ("report", at / "texts", "--report", at / "page.html"),
    "convert": lambda given, at: (
        *("convert", given / "pairs.csv", "--old", "m@1", "--new", "m@2", "--to", at / "converted"),
    ),
}


@pytest.mark.parametrize("left", [0, 8192, pytest.param(65_536, marks=pytest.mark.soak)])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_on_a_full_disk_says_so_leaves_nothing_half_written_and_works_later(
    given: Path, small: Path, command: str, left: int, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = COMMANDS[command](given, small)
    before = listing(small)
    capsys.readouterr()
    with filled(small, left):
        status = labeler(*arguments)
        said = capsys.readouterr().err
        if status != Exit.DONE:
            assert status == Exit.INVALID, said
            assert "to do:" in said
            assert "room" in said or "disk" in said, said
            whole = {name: size for name, size in listing(small).items() if not name.startswith("made/")}
            assert whole.items() >= {n: s for n, s in before.items() if n != "texts/labels.db"}.items()
            new = {name for name in whole.keys() - before.keys() if not name.startswith("gold/")}
            assert new == set(), "something is half written"
            if (small / "gold").exists() and any((small / "gold").rglob("manifest.json")):
                assert labeler("gold", "verify", small / "gold" / "Texts" / "v0001") == Exit.DONE, (
                    "a version is there whole"
                )
    assert left > 0 or status == Exit.INVALID, "there was room"
    assert labeler(*arguments) == Exit.DONE, capsys.readouterr().err
    with open_project(small / "texts") as project:
        assert check_project(project).findings == ()
        assert len(project.store.judged_items(project.store.releases()[0].id)) == 10


def test_a_session_on_a_full_disk_keeps_everything_and_goes_on_when_there_is_room(small: Path) -> None:
    seconds = count(1)
    opened = open_review(small / "texts", "Ada", lambda: datetime.now(UTC), lambda: float(next(seconds)))
    session = opened.session
    judged: list[str] = []
    with filled(small, 0):
        for _ in range(ITEMS - 10):
            item = session.state.evidence.item
            assert item is not None
            session.set_tier(Tier.HARD)
            session.edit_note(f"about {item.id}")
            for _ in session.state.evidence.walk:
                session.judge(Choice.A)
            session.save()
            if session.state.screen.message.serious:
                break
            judged.append(item.id)
        assert "disk" in session.state.screen.message.text
        assert item is not None
        assert session.state.evidence.item == item
        draft = session.state.judgement.draft
    session.save()
    assert session.state.screen.message.text == f"Saved {item.id}"
    session.close()
    opened.close()
    with Store.open(small / "texts") as store:
        release = store.releases()[0].id
        for name in (*judged, item.id):
            saved = store.verdict_of(release, name, "ada")
            assert saved is not None
            assert saved.verdict.note == f"about {name}"
        assert draft.note == f"about {item.id}"
        assert store.chain_damage() == []


def test_a_disk_that_becomes_read_only_under_a_session_loses_nothing(small: Path) -> None:
    opened = open_review(small / "texts", "Ada", lambda: datetime.now(UTC), lambda: 0.0)
    session = opened.session
    session.set_tier(Tier.HARD)
    opened.close()  # else the disk is busy and cannot be made read-only
    remount = ["mount", "-o", "remount,{}", str(small)]
    subprocess.run([part.format("ro") for part in remount], check=True)
    try:
        assert labeler("status", small / "texts") == Exit.DONE
        assert labeler("backup", small / "texts") == Exit.INVALID
        assert labeler("export", small / "texts", "--verdicts", small / "out.jsonl") == Exit.INVALID
    finally:
        subprocess.run([part.format("rw") for part in remount], check=True)
    again = open_review(small / "texts", "Ada", lambda: datetime.now(UTC), lambda: 0.0)
    assert again.session.state.judgement.draft.tier is Tier.HARD
    again.close()


def within_a_quota(folder: Path, quota: int) -> None:
    """What the child does: no file may grow beyond the quota; the system says so at the write that would."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (quota, quota))
    opened = open_review(folder, "Ada", lambda: datetime.now(UTC), lambda: 0.0)
    session, saved = opened.session, []
    while (item := session.state.evidence.item) is not None:
        session.set_tier(Tier.HARD)
        for _ in session.state.evidence.walk:
            session.judge(Choice.A)
        session.save()
        if session.state.screen.message.serious:
            break
        saved.append(item.id)
    backed_up = "yes"
    try:
        back_up_project(folder)
    except Exception as problem:
        backed_up = f"{type(problem).__name__}: {problem}"
    sys.stdout.buffer.write(orjson.dumps([saved, session.state.screen.message.text, backed_up]))


def test_a_quota_is_met_in_words(given: Path, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    shutil.copytree(given / "texts", folder)
    quota = (folder / "labels.db").stat().st_size - 4096  # less than a backup takes
    call = f"q(Path({str(folder)!r}), {quota})"
    code = f"from pathlib import Path; from tests.attacks.test_small_disk import within_a_quota as q; {call}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    saved, message, backed_up = orjson.loads(done.stdout)
    assert "disk" in message or len(saved) == ITEMS - 10
    assert backed_up.startswith("LabelerError"), backed_up
    with Store.open(folder) as store:
        release = store.releases()[0].id
        assert set(store.judged_items(release)) == {*saved, *(f"t{n:04}" for n in range(1, 11))}
        assert store.chain_damage() == []
        assert store.integrity_damage() == []
