from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from labeler.domain.events import EventKind
from labeler.domain.people import Person
from labeler.errors import LabelerError
from labeler.steps.bring import records as import_records
from labeler.steps.bring.decisions import import_decisions
from labeler.steps.bring.items import import_items
from labeler.steps.bring.outputs import import_outputs
from labeler.steps.bring.records import FileReport
from labeler.steps.opening import create_project
from labeler.steps.progress import Problem
from labeler.steps.project import Project, person_called

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MODEL = {"name": "reader", "version": "1"}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with create_project(tmp_path / "project") as made:
        yield made


@pytest.fixture
def ada(project: Project) -> Person:
    return person_called(project, "Ada")


def write(path: Path, *records: dict[str, Any] | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\n".join(r if isinstance(r, bytes) else orjson.dumps(r) for r in records) + b"\n")
    return path


def text_item(item_id: str, **more: Any) -> dict[str, Any]:
    return {"id": item_id, "modality": "text", "content": "x", **more}


def output(item_id: str, text: str = "hello", **more: Any) -> dict[str, Any]:
    return {"item_id": item_id, "model": MODEL, "text": text, **more}


def counts(report: FileReport) -> tuple[int, int, int, int]:
    return report.new, report.known + report.skipped, report.changed, report.refused


def test_bad_lines_are_told_by_number_and_the_rest_is_imported(project: Project, ada: Person, tmp_path: Path) -> None:
    problems: list[Problem] = []
    items = write(tmp_path / "items.jsonl", text_item("i1"), b"{broken", {"id": "i2"}, text_item("i3"), text_item("i1"))
    report = import_items(project, items, ada, on_problem=problems.append)
    assert counts(report) == (2, 1, 0, 2)
    assert [(problem.line, problem.kind) for problem in problems] == [(2, "refused"), (3, "refused")]
    assert str(problems[1]) == f"{items}:3: modality is missing"


def test_the_same_file_again_changes_nothing(project: Project, ada: Person, tmp_path: Path) -> None:
    items = write(tmp_path / "items.jsonl", text_item("i1"), text_item("i2"))
    outputs = write(tmp_path / "old.jsonl", output("i1"), output("i2"))
    for _ in range(2):
        reports = [import_items(project, items, ada), import_outputs(project, outputs, ada)]
    assert [counts(report) for report in reports] == [(0, 2, 0, 0), (0, 2, 0, 0)]
    assert len(list(project.store.events(kinds=[EventKind.IMPORTED]))) == 2


def test_a_copy_of_the_file_with_other_spacing_is_known_record_by_record(
    project: Project, ada: Person, tmp_path: Path
) -> None:
    import_items(project, write(tmp_path / "a.jsonl", text_item("i1", prompt="p")), ada)
    spaced = b'{ "content": "x",  "prompt": "p", "modality": "text", "id": "i1" }'
    assert counts(import_items(project, write(tmp_path / "b.jsonl", spaced), ada)) == (0, 1, 0, 0)


def test_a_changed_item_is_reported_and_never_overwritten(project: Project, ada: Person, tmp_path: Path) -> None:
    problems: list[Problem] = []
    import_items(project, write(tmp_path / "a.jsonl", text_item("i1", prompt="old")), ada)
    changed = write(tmp_path / "b.jsonl", text_item("i1", prompt="new"), text_item("i2"))
    assert counts(import_items(project, changed, ada, on_problem=problems.append)) == (1, 0, 1, 0)
    assert [(problem.line, problem.kind) for problem in problems] == [(1, "changed")]
    assert project.store.item("i1").prompt == "old"


def test_an_output_that_says_something_else_is_reported_and_one_that_took_longer_is_not(
    project: Project, ada: Person, tmp_path: Path
) -> None:
    problems: list[Problem] = []
    import_items(project, write(tmp_path / "items.jsonl", text_item("i1"), text_item("i2")), ada)
    import_outputs(project, write(tmp_path / "a.jsonl", output("i1"), output("i2")), ada)
    again = write(tmp_path / "b.jsonl", output("i1", "other"), output("i2", latency_ms=9), output("i1", sample=1))
    assert counts(import_outputs(project, again, ada, on_problem=problems.append)) == (1, 1, 1, 0)
    assert [(problem.line, problem.kind) for problem in problems] == [(1, "changed")]


def test_outputs_of_unknown_items_are_refused_until_the_items_are_there(
    project: Project, ada: Person, tmp_path: Path
) -> None:
    problems: list[Problem] = []
    outputs = write(tmp_path / "old.jsonl", output("i1"), output("i2"))
    import_items(project, write(tmp_path / "items.jsonl", text_item("i1")), ada)
    assert counts(import_outputs(project, outputs, ada, on_problem=problems.append)) == (1, 0, 0, 1)
    assert problems[0].reason == "there is no item i2 in this project"
    import_items(project, write(tmp_path / "more.jsonl", text_item("i2")), ada)
    assert counts(import_outputs(project, outputs, ada)) == (1, 1, 0, 0)


def test_keys_that_mean_nothing_here_are_kept(project: Project, ada: Person, tmp_path: Path) -> None:
    import_items(project, write(tmp_path / "items.jsonl", text_item("i1", ticket={"id": 5})), ada)
    assert project.store.item("i1").extra == {"ticket": {"id": 5}}


def test_decisions_are_imported_from_jsonl_and_csv(project: Project, ada: Person, tmp_path: Path) -> None:
    import_items(project, write(tmp_path / "items.jsonl", text_item("i1")), ada)
    decision = {"decision_id": "d1", "item_id": "i1", "action": "pay", "decided_at": "2026-09-03T10:12:00Z"}
    assert counts(import_decisions(project, write(tmp_path / "d.jsonl", decision), ada)) == (1, 0, 0, 0)
    table = tmp_path / "d.csv"
    table.write_text(
        "decision_id,item_id,action,decided_at,amount,reversible\n"
        "d2,i1,pay,2026-09-03T10:12:00Z,627.75,false\n"
        "d3,i9,pay,2026-09-03T10:12:00Z,1,true\n"
    )
    assert counts(import_decisions(project, table, ada)) == (1, 0, 0, 1)
    assert project.store.decision_count() == 2


def test_items_and_outputs_are_imported_from_parquet(project: Project, ada: Person, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    items = [text_item(f"i{n}", slices={"topic": "a", "long": None}) for n in range(3)]
    outputs = [output(f"i{n}", segments=[{"start_s": 0.0, "end_s": 1.0, "text": "a"}]) for n in range(3)]
    for name, rows in (("items", items), ("outputs", outputs)):
        pq.write_table(pa.Table.from_pylist(rows), tmp_path / f"{name}.parquet")
    assert counts(import_items(project, tmp_path / "items.parquet", ada)) == (3, 0, 0, 0)
    assert counts(import_outputs(project, tmp_path / "outputs.parquet", ada)) == (3, 0, 0, 0)


def test_an_import_goes_on_where_it_was_stopped(
    project: Project, ada: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_records, "BATCH_RECORDS", 10)
    items = write(tmp_path / "items.jsonl", *(text_item(f"i{n}") for n in range(35)))

    def stop(_what: str, done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_items(project, items, ada, tell=stop)
    assert project.store.item_count() == 20
    report = import_items(project, items, ada)
    assert (report.skipped, report.new) == (20, 15)
    assert project.store.item_count() == 35


def test_an_import_goes_on_after_a_kill(tmp_path: Path) -> None:
    """The process is killed in the middle of a file; what it stored is whole, and the next run brings the rest."""
    items = write(tmp_path / "items.jsonl", *(text_item(f"i{n}") for n in range(500)))
    program = """
import os, signal, sys
from pathlib import Path
from labeler.steps.bring import records
from labeler.steps.bring.items import import_items
from labeler.steps.opening import create_project
from labeler.steps.project import person_called
records.BATCH_RECORDS = 100
def kill(what, done, total):
    if done > total / 2:
        os.kill(os.getpid(), signal.SIGKILL)
project = create_project(Path(sys.argv[1]))
import_items(project, Path(sys.argv[2]), person_called(project, "Ada"), tell=kill)
"""
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "p"), str(items)], check=False)
    from labeler.steps.opening import open_project

    with open_project(tmp_path / "p") as project:
        kept = project.store.item_count()
        assert 0 < kept < 500
        assert kept % 100 == 0
        report = import_items(project, items, person_called(project, "Ada"))
        assert (report.skipped, report.new) == (kept, 500 - kept)


def image(item_id: str, media: str, **more: Any) -> dict[str, Any]:
    return {"id": item_id, "modality": "image", "media": media, **more}


def test_media_beside_the_file_are_copied_into_the_project_with_their_hash(
    project: Project, ada: Person, tmp_path: Path
) -> None:
    (tmp_path / "in" / "media").mkdir(parents=True)
    (tmp_path / "in" / "media" / "a.png").write_bytes(b"picture")
    import_items(project, write(tmp_path / "in" / "items.jsonl", image("i1", "media/a.png")), ada)
    item = project.store.item("i1")
    assert (item.media, item.sha256) == ("media/a.png", sha256(b"picture").hexdigest())
    path, problem = project.medium(item)
    assert problem == ""
    assert path is not None
    assert path.read_bytes() == b"picture"
    assert path.is_relative_to(project.folder.resolve())


def test_media_inside_the_project_stay_where_they_are(project: Project, ada: Person) -> None:
    (project.folder / "media" / "a.png").write_bytes(b"picture")
    import_items(project, write(project.folder / "items.jsonl", image("i1", "media/a.png")), ada)
    assert project.store.item("i1").media == "media/a.png"
    assert [path.name for path in (project.folder / "media").iterdir()] == ["a.png"]


def test_two_media_of_one_name_are_both_kept(project: Project, ada: Person, tmp_path: Path) -> None:
    for folder, content in (("x", b"one"), ("y", b"two")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.png").write_bytes(content)
        import_items(project, write(tmp_path / folder / "items.jsonl", image(f"i{folder}", "a.png")), ada)
    found = [project.medium(project.store.item(i))[0] for i in ("ix", "iy")]
    assert [path and path.read_bytes() for path in found] == [b"one", b"two"]


@pytest.mark.parametrize(
    ("media", "reason"),
    [
        ("../secret.png", "not a path below"),
        ("media/../../secret.png", "not a path below"),
        ("{outside}/secret.png", "not a path below"),
        ("C:/secret.png", "not a path below"),
        ("media\\a.png", "not a path below"),
        ("link.png", "a link that leads out"),
        ("linked/secret.png", "a link that leads out"),
        ("gone.png", "there is no file gone.png"),
        ("linked", "there is no file linked"),
        ("http://media.example.org/a.png", "http:// is not one of"),
        ("file:///etc/passwd", "file:// is not one of"),
        ("https://evil.example.com/a.png", "does not allow the host evil.example.com"),
    ],
)
def test_no_medium_leaves_its_folder(project: Project, ada: Person, tmp_path: Path, media: str, reason: str) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "in"
    outside.mkdir()
    inside.mkdir()
    (outside / "secret.png").write_bytes(b"secret")
    (tmp_path / "secret.png").write_bytes(b"secret")
    (inside / "link.png").symlink_to(outside / "secret.png")
    (inside / "linked").symlink_to(outside)
    problems: list[Problem] = []
    items = write(inside / "items.jsonl", image("i1", media.format(outside=outside)))
    assert counts(import_items(project, items, ada, on_problem=problems.append)) == (0, 0, 0, 1)
    assert reason in problems[0].reason
    assert list((project.folder / "media").iterdir()) == []


def test_a_medium_that_is_not_what_its_hash_says_is_refused(project: Project, ada: Person, tmp_path: Path) -> None:
    problems: list[Problem] = []
    (tmp_path / "a.png").write_bytes(b"other")
    items = write(tmp_path / "items.jsonl", image("i1", "a.png", sha256=sha256(b"picture").hexdigest()))
    import_items(project, items, ada, on_problem=problems.append)
    assert "not the file that its sha256 names" in problems[0].reason


def test_a_medium_of_an_allowed_host_is_kept_as_a_reference(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "project.toml").write_text('name = "P"\nseed = 1\nallowed_hosts = ["media.example.org"]\n')
    with create_project(folder) as project:
        ada = person_called(project, "Ada")
        import_items(project, write(tmp_path / "items.jsonl", image("i1", "https://media.example.org/a.png")), ada)
        item = project.store.item("i1")
        assert item.media == "https://media.example.org/a.png"
        assert project.medium(item) == (None, "https://media.example.org/a.png is not on this machine")


def test_an_output_that_is_a_picture_brings_its_medium(project: Project, ada: Person, tmp_path: Path) -> None:
    (tmp_path / "out.png").write_bytes(b"made")
    import_items(project, write(tmp_path / "items.jsonl", text_item("i1")), ada)
    made = {"item_id": "i1", "model": MODEL, "media": "out.png"}
    import_outputs(project, write(tmp_path / "out.jsonl", made), ada)
    stored = project.store.output("i1", project.store.models()[0])
    assert stored is not None
    assert (stored.media, stored.media_sha256) == ("media/out.png", sha256(b"made").hexdigest())


def test_a_file_that_is_not_there_is_said_to_be_missing(project: Project, ada: Person, tmp_path: Path) -> None:
    with pytest.raises(LabelerError, match="cannot be read"):
        import_items(project, tmp_path / "gone.jsonl", ada)
