"""A project from dropped files: what is understood of them, before and while it is made."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson
import pytest

from labeler.domain.differences.model import ItemClass
from labeler.errors import LabelerError
from labeler.sessions.new_project import (
    NewProject,
    StoppedError,
    create,
    in_words,
    look_ahead,
    look_into,
)
from labeler.shipped import DEMO_PROJECT
from labeler.steps.opening import open_project
from labeler.steps.progress import silent


@pytest.fixture
def dropped(tmp_path: Path) -> Path:
    """A folder as a person has it: three files and the media."""
    folder = tmp_path / "invoices"
    folder.mkdir()
    for name in ("items.jsonl", "outputs-old.jsonl", "outputs-new.jsonl"):
        shutil.copyfile(DEMO_PROJECT / name, folder / name)
    (folder / "media").symlink_to(DEMO_PROJECT / "media")
    return folder


def texts(folder: Path, name: str, version: str, *said: str) -> Path:
    model = {"name": "reader", "version": version}
    lines = [{"item_id": f"t{n}", "model": model, "text": text} for n, text in enumerate(said)]
    return written(folder / name, lines)


def text_items(folder: Path, count: int) -> Path:
    return written(folder / "items.jsonl", [{"id": f"t{n}", "modality": "text", "content": "…"} for n in range(count)])


def written(path: Path, lines: Sequence[Mapping[str, object]]) -> Path:
    path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    return path


def roles(project: NewProject) -> dict[str, str]:
    return {line.path.name: line.role for line in project.lines}


def test_a_folder_is_understood_before_anything_is_made(dropped: Path) -> None:
    # The demo's own folder: media must lie below the files, and a link that leads out of them is refused.
    project = NewProject().with_files(look_into([DEMO_PROJECT], silent))
    assert roles(project) == {
        "items.jsonl": "items",
        "outputs-old.jsonl": "old",
        "outputs-new.jsonl": "new",
        "decisions.jsonl": "decisions",
        "verdicts.jsonl": "",
    }
    assert project.missing == ""
    said = {line.role: line.said for line in project.lines}
    assert said["items"] == "120 items: 60 recordings, 60 pictures; 120 media files found"
    assert said["old"] == "120 outputs: pocketsphinx 5.1.1, tesseract 5.3.0"
    project = NewProject().with_files(look_into([dropped], silent))
    items = next(line for line in project.lines if line.role == "items")
    assert items.refused == 120
    assert "a link that leads out of its folder" in items.problems[0].reason


def test_what_is_foreseen_is_what_the_import_finds(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    text_items(folder, 3)
    texts(folder, "a.jsonl", "3.10", "the cat sat", "12.50 in all", "same")
    texts(folder, "b.jsonl", "3.9", "the dog ran", "12.50 In all", "same")
    project = NewProject().with_files(look_into([folder], silent)).in_folder(tmp_path / "made")
    assert roles(project) == {"items.jsonl": "items", "b.jsonl": "old", "a.jsonl": "new"}  # 3.9 comes before 3.10
    foreseen = look_ahead(project, silent)
    assert foreseen.items == {ItemClass.FLIP: 1, ItemClass.COSMETIC: 1, ItemClass.SAME: 1}
    assert in_words(foreseen)[0] == "Compared: 1 flips, 1 cosmetic, 1 the same"
    with open_project(create(project, "Ada", silent)) as made:
        release = made.store.latest_release()
        assert release is not None
        found = made.store.class_counts(release.id)
        assert {item_class: count for (_, item_class), count in found.items()} == foreseen.items
        assert [str(pair.old) for pair in release.pairs.values()] == ["reader 3.9"]


def test_names_of_files_say_which_is_old_and_the_person_may_turn_them(tmp_path: Path) -> None:
    text_items(tmp_path, 1)
    texts(tmp_path, "candidate.jsonl", "1", "x")
    texts(tmp_path, "results.jsonl", "2", "y")
    project = NewProject().with_files(look_into([tmp_path], silent))
    assert roles(project) == {"items.jsonl": "items", "results.jsonl": "old", "candidate.jsonl": "new"}
    assert roles(project.turned())["candidate.jsonl"] == "old"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "The items file is missing"),
        (["items"], "Both outputs files are missing"),
        (["items", "1"], "One outputs file is missing"),
        (["items", "1", "1 again"], "each version of a model needs a version of its own"),
        (["items", "1", "2", "3"], "3 outputs files"),
    ],
)
def test_what_is_missing_is_said(tmp_path: Path, files: list[str], said: str) -> None:
    for name in files:
        if name == "items":
            text_items(tmp_path, 1)
        else:
            texts(tmp_path, f"{name}.jsonl", name.split()[0], "x")
    assert said in NewProject().with_files(look_into([tmp_path], silent)).missing


def test_bad_lines_are_counted_and_shown_with_their_reasons(tmp_path: Path) -> None:
    path = texts(tmp_path, "new.jsonl", "2", "good")
    with path.open("ab") as file:
        file.write(b'{"item_id": "t1"\n' + b'{"item_id": "t2", "model": {"name": "reader"}}\n' * 300)
    line = NewProject().with_files(look_into([path], silent)).lines[0]
    assert line.said.startswith("1 of 302 lines read")
    assert line.refused == 301
    assert len(line.problems) == 200
    assert [problem.line for problem in line.problems[:2]] == [2, 3]
    assert "model.version is missing" in line.problems[1].reason


def test_files_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "notes.pdf").write_bytes(b"%PDF")
    (tmp_path / "prose.jsonl").write_text("Dear all,\n")
    found = {line.path.name: line.said for line in NewProject().with_files(look_into(tmp_path.iterdir(), silent)).lines}
    assert found["empty.jsonl"] == "it is empty"
    assert found["notes.pdf"].startswith("files ending in .pdf are not read")
    assert found["prose.jsonl"] == "no line of it can be read"


def test_a_stopped_import_goes_on_where_it_was(dropped: Path, tmp_path: Path) -> None:
    (dropped / "media").unlink()
    shutil.copytree(DEMO_PROJECT / "media", dropped / "media")
    project = NewProject().with_files(look_into([dropped], silent)).in_folder(tmp_path / "made")

    def stop_when_outputs_come(what: str, _done: int, _total: int) -> None:
        if what == "outputs-new.jsonl":
            raise StoppedError

    with pytest.raises(StoppedError):
        create(project, "Ada", stop_when_outputs_come)
    assert look_ahead(project, silent) is not None
    create(project, "Ada", silent)
    with open_project(tmp_path / "made") as made:
        release = made.store.latest_release()
        assert release is not None
        assert sum(made.store.class_counts(release.id).values()) == 120


def test_a_folder_that_holds_a_project_is_not_touched(tmp_path: Path) -> None:
    text_items(tmp_path, 1)
    texts(tmp_path, "old.jsonl", "1", "x")
    texts(tmp_path, "new.jsonl", "2", "y")
    project = NewProject().with_files(look_into([tmp_path], silent)).in_folder(tmp_path / "made")
    create(project, "Ada", silent)
    with pytest.raises(LabelerError, match="holds a project already"):
        create(project, "Ada", silent)
