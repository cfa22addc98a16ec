"""Projects of every schema that was ever released still open, with everything that was in them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from labeler.domain.verdicts import fold
from labeler.steps.check import check_project
from labeler.steps.exchange import export_verdicts
from labeler.steps.opening import create_project, open_project
from labeler.store import FILE_NAME
from labeler.store.schema import MIGRATIONS, version_of
from tests.keep_store import STORES

KEPT = sorted(path.name.partition(".")[0] for path in STORES.glob("*.db.gz"))


@pytest.fixture
def old_project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "old"
    create_project(folder).close()
    for leftover in folder.glob(f"{FILE_NAME}*"):
        leftover.unlink()
    (folder / FILE_NAME).write_bytes(gzip.decompress((STORES / f"{request.param}.db.gz").read_bytes()))
    return folder


def test_there_is_a_store_of_every_schema() -> None:
    """Each was made by the code of its day: a new schema begins with `python -m tests.keep_store`."""
    assert [f"{schema:04}" for schema in range(1, len(MIGRATIONS) + 1)] == KEPT


@pytest.mark.parametrize("old_project", KEPT, indirect=True)
def test_a_project_of_an_old_schema_opens_with_all_its_events_and_what_they_mean(
    old_project: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    schema = request.node.callspec.params["old_project"]
    with open_project(old_project) as project:
        assert version_of(project.store.connection) == len(MIGRATIONS)
        export_verdicts(project.store, tmp_path / "now.jsonl")
        assert (tmp_path / "now.jsonl").read_bytes() == (STORES / f"{schema}.jsonl").read_bytes()
        assert check_project(project).findings == ()
        release = project.store.releases()[0].id
        said = {(v[1], v[2]) for v in project.store.state().verdicts}
        assert said == {("t1", "ada"), ("t1", "bob"), ("t2", "ada"), ("t2", "bob"), ("t3", "ada")}
        assert [r.resolution.item_id for r in project.store.resolutions(release)] == ["t1"]
        assert project.store.skipped_by(release, "bob") == ["t5"]
        stored = project.store.verdict_of(release, "t1", "ada")
        assert stored is not None
        assert (stored.verdict.note, stored.person.name) == ("a note that names Zoë", "Ada Lead")


@pytest.mark.parametrize("old_project", KEPT, indirect=True)
def test_reading_an_old_project_leaves_it_as_it_is(old_project: Path) -> None:
    before = (old_project / FILE_NAME).read_bytes()
    with open_project(old_project, read_only=True) as project:
        assert check_project(project).findings == ()
        assert project.store.state() == fold(project.store.events())
        assert "reading" in project.store.read_only
    assert (old_project / FILE_NAME).read_bytes() == before
