"""Every write of a session is refused once: nothing is corrupt, the draft is kept, trying again works."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from labeler.domain.rubric import Tier
from labeler.domain.verdicts import fold
from labeler.errors import LabelerError
from labeler.sessions.projects import open_review
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.session import ReviewSession
from labeler.store import FILE_NAME, Store
from tests.attacks.recorded_disk import Disk, recorded
from tests.attacks.texts import make_texts

ROUNDS = 6


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("full") / "texts"
    make_texts(folder, 10)
    return folder


def open_session(folder: Path) -> tuple[ReviewSession, Callable[[], None]]:
    seconds = count(1)
    opened = open_review(folder, "Ada", lambda: datetime.now(UTC), lambda: float(next(seconds)))
    return opened.session, opened.close


def judge(session: ReviewSession) -> str:
    """Judge the item on the desk and save it, trying again where the disk refuses; the answer is its id."""
    item = session.state.evidence.item
    assert item is not None
    if session.state.judgement.draft.tier is None:
        session.set_tier(Tier.HARD)
        for _ in session.state.evidence.walk:
            session.judge(Choice.A)
        session.edit_note(f"about {item.id}")
    draft = session.state.judgement.draft
    session.save()
    for _ in range(3):
        if not session.state.screen.message.serious:
            break
        assert "Not saved" in session.state.screen.message.text
        assert "disk" in session.state.screen.message.text
        assert session.state.evidence.item == item
        assert session.state.judgement.draft == draft
        session.save()
    assert session.state.screen.message.text == f"Saved {item.id}"
    return item.id


def undo(session: ReviewSession) -> None:
    session.undo()
    if session.state.screen.message.serious:
        assert "Not taken back" in session.state.screen.message.text
        session.undo()
    assert session.state.screen.message.text.startswith("Taken back")


def work(folder: Path, disk: Disk) -> set[str]:
    """A session; which items are judged in the end."""
    try:
        session, close = open_session(folder)
    except LabelerError:
        session, close = open_session(folder)
    judged = set()
    for n in range(ROUNDS):
        judged.add(judge(session))
        if n == ROUNDS // 2:
            undo(session)
            judge(session)
            with recorded(disk):
                Store.open(folder).close()  # another program looks in
    session.close()
    close()
    return judged


def attempts(project: Path, tmp_path: Path) -> int:
    """How many writes and syncs the session asks for when none is refused."""
    folder = tmp_path / "whole"
    shutil.copytree(project, folder)
    disk = Disk()
    with recorded(disk):
        assert len(work(folder, disk)) == ROUNDS
    return disk.asked


@pytest.mark.timeout(900)
@pytest.mark.parametrize("every", [17, pytest.param(1, marks=pytest.mark.soak)])
def test_a_disk_that_refuses_once_loses_nothing(project: Path, tmp_path: Path, every: int) -> None:
    refused = 0
    for fail_at in range(1, attempts(project, tmp_path) + 1, every):
        folder = tmp_path / f"at-{fail_at}"
        shutil.copytree(project, folder)
        disk = Disk(fail_at=fail_at)
        with recorded(disk):
            judged = work(folder, disk)
        refused += bool(disk.failed)
        with Store.open(folder) as store:
            assert {item for _, item, _ in store.state().verdicts} == judged, disk.failed
            assert store.chain_damage() == []
            assert store.integrity_damage() == []
            assert store.state() == fold(store.events())
        shutil.rmtree(folder)
    assert refused > 0


def test_a_draft_that_cannot_be_written_is_held_and_written_later(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    shutil.copytree(project, folder)
    session, close = open_session(folder)
    shutil.rmtree(folder / "drafts", ignore_errors=True)
    (folder / "drafts").write_bytes(b"a file where the folder should be")
    session.set_tier(Tier.HARD)
    assert "only in memory" in session.state.screen.message.text
    first = session.state.evidence.item
    assert first is not None
    session.show_item("t0009")
    session.set_tier(Tier.EASY)
    session.show_item(first.id)
    assert session.state.judgement.draft.tier is Tier.HARD
    (folder / "drafts").unlink()
    session.judge(Choice.A)
    close()
    again, close = open_session(folder)
    for item, tier in ((first.id, Tier.HARD), ("t0009", Tier.EASY)):
        again.show_item(item)
        assert again.state.judgement.draft.tier is tier
    close()


@pytest.fixture
def read_only(project: Path, tmp_path: Path) -> Iterator[Path]:
    """A project whose folder and files cannot be written to."""
    folder = tmp_path / "read-only"
    shutil.copytree(project, folder)
    everything = [folder, *folder.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield folder
    for path in everything:
        path.chmod(0o755)


def labeler(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The command, as one who may not write where the permissions say no: root may, unless it gives that up."""
    as_others = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"] if os.geteuid() == 0 else []
    command = [*as_others, sys.executable, "-m", "labeler", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="permissions as Linux has them")
def test_a_project_on_a_read_only_disk_can_be_read_and_says_that_it_cannot_be_written(
    read_only: Path, tmp_path: Path
) -> None:
    export = tmp_path / "out.jsonl"
    done = labeler("export", read_only, "--verdicts", export)
    assert done.returncode == 0, done.stderr
    refused = labeler("import", read_only, "--verdicts", export)
    assert refused.returncode == 2
    assert "labels.db cannot be written to" in refused.stderr
    assert "to do:" in refused.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="permissions as Linux has them")
def test_changes_that_wait_in_the_log_of_a_read_only_disk_are_not_passed_over(read_only: Path, tmp_path: Path) -> None:
    read_only.chmod(0o755)
    (read_only / f"{FILE_NAME}-wal").write_bytes(b"what was saved last")
    read_only.chmod(0o555)
    refused = labeler("export", read_only, "--verdicts", tmp_path / "out.jsonl")
    assert refused.returncode == 2
    assert "its last changes wait in labels.db-wal" in refused.stderr
