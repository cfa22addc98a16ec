"""The system ends the program at random moments: what was told to be saved is there, and drafts are back."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random

import orjson
import pytest

from labeler.domain.verdicts import fold
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.state import Judgement
from labeler.steps.backup import back_up_project
from labeler.steps.bring.release import Files, bring
from labeler.steps.check import check_project
from labeler.steps.opening import create_project, open_project
from labeler.steps.project import Project, person_called
from labeler.store import FILE_NAME
from tests.attacks import work_until_killed
from tests.attacks.texts import START, make_texts
from tests.attacks.work_until_killed import new
from tests.keep_store import STORES
from tests.painted import make_painted

PERSONAL = {
    "decision_id": "k1",
    "item_id": "p1",
    "decided_at": "2026-05-01T10:00:00Z",
    "action": "send",
    "customer": "Wisperwort",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kills") / "texts"
    make_texts(folder, 60)
    return folder


@pytest.fixture
def old_project(tmp_path: Path) -> Path:
    folder = tmp_path / "old"
    create_project(folder).close()
    for leftover in folder.glob(f"{FILE_NAME}*"):
        leftover.unlink()
    (folder / FILE_NAME).write_bytes(gzip.decompress((STORES / "0001.db.gz").read_bytes()))
    return folder


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kills", [6, pytest.param(500, marks=pytest.mark.soak)])
def test_a_kill_at_any_moment_loses_nothing_that_was_told(project: Path, tmp_path: Path, kills: int) -> None:
    moments = set()
    for folder, told in ended("review", project, tmp_path, kills):
        with open_project(folder) as left:
            assert left.store.chain_damage() == []
            assert left.store.integrity_damage() == []
            assert left.store.state() == fold(left.store.events())
            assert lost(left, told) == []
        moments.add(len(told))
    assert len(moments) > 4, "the kills came all at the same moment"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kills", [5, pytest.param(200, marks=pytest.mark.soak)])
def test_a_project_whose_making_was_killed_can_be_made_again(project: Path, tmp_path: Path, kills: int) -> None:
    given = project.with_name("texts-given")
    finished = set()
    for folder, _ in ended("new", given, tmp_path, kills):
        new(folder, 0, Random())
        with open_project(folder / "project") as made:
            release = made.store.releases()[0]
            assert made.store.item_count() == 60
            assert made.store.progress(release.id, "ada").total == 60
            assert made.store.integrity_damage() == []
            assert check_project(made).findings == ()
        finished.add(folder)
    assert len(finished) == kills


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kills", [5, pytest.param(100, marks=pytest.mark.soak)])
def test_an_old_project_whose_opening_was_killed_opens(old_project: Path, tmp_path: Path, kills: int) -> None:
    with open_project(old_project, read_only=True) as before:
        wanted = [event.hash for event in before.store.events()]
    for folder, _ in ended("old", old_project, tmp_path, kills):
        with open_project(folder) as opened:
            assert [event.hash for event in opened.store.events()] == wanted
            assert check_project(opened).findings == ()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kills", [5, pytest.param(100, marks=pytest.mark.soak)])
def test_a_restore_that_was_killed_leaves_the_old_state_or_the_restored_one(
    project: Path, tmp_path: Path, kills: int
) -> None:
    folder = tmp_path / "backed-up"
    shutil.copytree(project, folder)
    back_up_project(folder)
    with open_project(folder) as opened:
        opened.store.add_person("Bob", at=START)
        counts = {opened.store.event_count() - 1, opened.store.event_count()}
    found = set()
    for killed, _ in ended("put_back", folder, tmp_path, kills):
        with open_project(killed) as opened:
            assert check_project(opened).findings == ()
            found.add(opened.store.event_count())
    assert found <= counts


@pytest.fixture
def to_erase(tmp_path: Path) -> Path:
    """A project whose outputs are pictures, with a decision on one of them, closed."""
    (tmp_path / "decisions.jsonl").write_bytes(orjson.dumps(PERSONAL))
    with make_painted(tmp_path) as painted:
        ada = person_called(painted, "Ada Lead")
        bring(painted, Files(decisions=tmp_path / "decisions.jsonl"), ada)
        return painted.folder


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kills", [8, pytest.param(200, marks=pytest.mark.soak)])
def test_an_erasure_that_was_killed_is_finished_when_the_project_is_opened(
    to_erase: Path, tmp_path: Path, kills: int
) -> None:
    unfinished = 0
    for folder, _ in ended("erase_item", to_erase, tmp_path, kills):
        with open_project(folder, read_only=True) as left:
            erased, found = left.store.erased_items(), check_project(left).findings
            unfinished += bool(found)
            assert {finding.part for finding in found} <= {"erasures"}
        with open_project(folder) as opened:
            assert check_project(opened).findings == ()
        files = sorted(path.name for path in (folder / "media").rglob("*") if "p1" in path.name)
        kept = b"".join(path.read_bytes() for path in folder.glob(f"{FILE_NAME}*"))
        assert (files, PERSONAL["customer"].encode() in kept) == (([], False) if erased else (files, True))
        assert erased or len(files) == 3
    assert unfinished > kills // 8, "no kill came between the erasure and the removal of its files"


def ended(what: str, template: Path, scratch: Path, times: int) -> Iterator[tuple[Path, list[list[str]]]]:
    """The folders that killed programs left, with what each had told."""
    command = [sys.executable, work_until_killed.__file__, what, str(template), str(scratch), "1", str(times)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as batch:
        assert batch.stdout is not None
        for line in batch.stdout:
            report = orjson.loads(line)
            assert report["ended"] in ("killed", "0"), report
            yield Path(report["folder"]), report["told"]
    assert batch.returncode == 0


def lost(left: Project, told: list[list[str]]) -> list[str]:
    """What was told and is not there any more."""
    release = left.store.releases()[0].id
    last = {item: (what, note) for what, item, note in told}
    missing = []
    for item, (what, note) in last.items():
        stored = left.store.verdict_of(release, item, "ada")
        skipped = item in left.store.skipped_by(release, "ada")
        saved = stored is not None and stored.verdict.note == note
        if what == "saved" and not saved:
            missing.append(f"the verdict on {item}")
        if what == "skipped" and not skipped:
            missing.append(f"the skip of {item}")
        if what == "draft" and not (saved or skipped or opened_at(left, item).draft.note == note):
            missing.append(f"the draft of {item}")
    return missing


def opened_at(left: Project, item: str) -> Judgement:
    """What stands on the desk when the session is opened again, at this item."""
    seconds = count(1)
    session = ReviewSession(left, left.store.person_of("ada"), lambda: datetime.now(UTC), lambda: float(next(seconds)))
    session.show_item(item)
    return session.state.judgement
