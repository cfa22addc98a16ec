"""Gold sets go to other tools' files and come back as they were; sets of other tools are read as they stand there."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from venv import create

import orjson
import pytest

from labeler.domain.gold.records import GoldRecord
from labeler.domain.items import Answer, Modality, Region, Segment
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import ResolvedBy, Right
from labeler.errors import LabelerError
from labeler.formats.gold.exchange import FORMATS
from labeler.formats.gold.folder import read_records, verify
from labeler.steps.gold.build import build_gold
from labeler.steps.gold.exchange import export_gold, import_gold
from labeler.steps.progress import Problem
from tests.steps.gate_files import record, write_gold
from tests.steps.judged_project import JudgedProject

PICTURE = replace(
    record(1, tier=Tier.HARD),
    modality=Modality.IMAGE,
    media="media/=cmd.png",
    media_sha256="ab" * 32,
    content=None,
    prompt='-1+1: read, "it"\nall',
    answer=Answer(
        text="'=SUM(A1)",
        table=(("=1", "b"), ("c", "")),
        regions=(
            Region("r1", (1.0, 2.0, 11.0, 22.5), None, "=x", None, (0, 2), "word"),
            Region("r2", None, ((0.0, 0.0), (4.0, 0.0), (4.0, 3.0)), "y"),
        ),
    ),
    accept=("@one", "two"),
    slices={"kind": "table", "width_px": 200, "height_px": 100, "clean": True, "dpi": 72.5},
    critical=True,
    extra={"license": "CC0-1.0", "source": {"by": ["me"]}},
)
SOUND = replace(
    record(2),
    modality=Modality.AUDIO,
    media="media/a.flac",
    content=None,
    answer=Answer(text="+44 20", segments=(Segment(0.5, 1.25, "+44"), Segment(1.25, 2.0, "20"))),
)
TEXT = replace(record(3), answer=Answer(label="refund"))


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    return write_gold(tmp_path / "gold", [PICTURE, SOUND, TEXT])


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_written_comes_back_as_it_was(gold: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / f"gold{FORMATS[name].ending}"
    done = export_gold(gold, file, name)
    wanted = [one for one in read_records(gold) if name != "coco" or one.modality is Modality.IMAGE]
    assert (done.records, done.left_out) == (len(wanted), 3 - len(wanted))
    taken = import_gold(file, tmp_path / "back", "gold", name)
    assert taken.refused == 0
    elsewhere = [replace(one.provenance, resolved_by=ResolvedBy.ELSEWHERE) for one in wanted]
    came_back = [
        replace(one, added_in="v0001", changed_in="v0001", provenance=there)
        for one, there in zip(wanted, elsewhere, strict=True)
    ]
    assert list(read_records(taken.folder)) == came_back
    assert verify(taken.folder) == []


def test_no_cell_of_a_spreadsheet_is_a_formula(gold: Path, tmp_path: Path) -> None:
    export_gold(gold, tmp_path / "gold.csv")
    with (tmp_path / "gold.csv").open(newline="", encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert '\'-1+1: read, "it"\nall' in cells


def test_label_studio_sees_places_in_percent_and_times_in_seconds(gold: Path, tmp_path: Path) -> None:
    export_gold(gold, tmp_path / "tasks.json", "label-studio")
    picture, sound, text = orjson.loads((tmp_path / "tasks.json").read_bytes())
    answer, region = picture["annotations"][0]["result"]
    assert answer["value"] == {"text": ["'=SUM(A1)"]}
    place = {key: region["value"][key] for key in ("x", "y", "width", "height")}
    assert place == {"x": 0.5, "y": 2.0, "width": 5.0, "height": 20.5}
    assert (region["original_width"], region["original_height"]) == (200, 100)
    assert [one["value"]["start"] for one in sound["annotations"][0]["result"][1:]] == [0.5, 1.25]
    assert text["annotations"][0]["result"][0]["value"] == {"choices": ["refund"]}


def test_coco_has_corners_as_left_top_width_height(gold: Path, tmp_path: Path) -> None:
    export_gold(gold, tmp_path / "coco.json", "coco")
    found = orjson.loads((tmp_path / "coco.json").read_bytes())
    caption, word, outline = found["annotations"]
    assert caption["caption"] == "'=SUM(A1)"
    assert (word["bbox"], word["area"], word["text"]) == ([1.0, 2.0, 10.0, 20.5], 205.0, "=x")
    assert (outline["bbox"], outline["segmentation"]) == ([0.0, 0.0, 4.0, 3.0], [[0.0, 0.0, 4.0, 0.0, 4.0, 3.0]])
    assert {one["name"] for one in found["categories"]} == {"word", "region"}
    assert found["images"][0]["width"] == 200


def test_a_label_studio_project_from_elsewhere_can_be_the_start(tmp_path: Path) -> None:
    region = {
        "id": "q1",
        "type": "rectanglelabels",
        "original_width": 400,
        "original_height": 200,
        "value": {"x": 25, "y": 50, "width": 10, "height": 5, "rectanglelabels": ["total"]},
    }
    answered = {"type": "textarea", "value": {"text": ["Total 4"]}}
    tasks = [
        {
            "id": 7,
            "data": {"image": "s3://b/7.png"},
            "annotations": [{"ground_truth": True, "result": [answered, region]}],
        },
        {"id": 8, "data": {"image": "s3://b/8.png"}, "annotations": []},
        {"id": 9, "data": {"video": "x"}, "annotations": [{"result": [answered]}]},
        "no task",
    ]
    file = tmp_path / "export.json"
    file.write_bytes(orjson.dumps(tasks))
    told = list[Problem]()
    taken = import_gold(file, tmp_path / "gold", "elsewhere", "label-studio", Tier.HARD, told.append)
    (only,) = read_records(taken.folder)
    assert (only.id, only.tier, only.answer.text, only.judged) == ("7", Tier.HARD, "Total 4", ())
    assert only.answer.regions[0].box == (100.0, 100.0, 140.0, 110.0)
    assert only.provenance.resolved_by is ResolvedBy.ELSEWHERE
    assert [problem.line for problem in told] == [2, 3, 4]


def test_a_coco_file_from_elsewhere_can_be_the_start(tmp_path: Path) -> None:
    content = {
        "images": [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "b.png"}],
        "annotations": [{"id": 5, "image_id": 1, "category_id": 3, "bbox": [1, 2, 3, 4]}],
        "categories": [{"id": 3, "name": "seal"}],
    }
    file = tmp_path / "coco.json"
    file.write_bytes(orjson.dumps(content))
    taken = import_gold(file, tmp_path / "gold", "elsewhere", "coco")
    (only,) = read_records(taken.folder)
    assert (only.answer.regions[0].box, only.answer.regions[0].label) == ((1.0, 2.0, 4.0, 6.0), "seal")
    assert taken.refused == 1


def test_a_plain_table_of_answers_can_be_the_start_and_bad_lines_are_told(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(
        "id,modality,media,answer_text,tier\na,image,a.png,One,easy\nb,smell,b.png,Two,easy\n,image,c.png,x,\n"
    )
    told = list[Problem]()
    taken = import_gold(file, tmp_path / "gold", "table", tell=told.append)
    assert [(one.id, one.answer.text) for one in read_records(taken.folder)] == [("a", "One")]
    assert [problem.line for problem in told] == [3, 4]
    with pytest.raises(LabelerError, match="has versions already"):
        import_gold(file, tmp_path / "gold", "table")
    file.write_text("id,modality,media,answer_text\na,image,a.png,One\na,image,a.png,Two\n")
    with pytest.raises(LabelerError, match="a stands twice"):
        import_gold(file, tmp_path / "gold", "twice")
    with pytest.raises(LabelerError, match="its ending does not say"):
        import_gold(tmp_path / "x.json", tmp_path / "gold", "x")


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[JudgedProject]:
    made = JudgedProject(tmp_path / "project", items=3)
    yield made
    made.project.close()


def test_a_project_goes_on_from_a_set_of_elsewhere(judged: JudgedProject, tmp_path: Path) -> None:
    """What it has not decided stays; what it decides takes the place of the record that came."""
    lines = [{"id": f"i-0{n}", "modality": "image", "media": "x.png", "answer": {"text": "theirs"}} for n in (0, 1)]
    file = tmp_path / "theirs.jsonl"
    file.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    import_gold(file, tmp_path / "gold", "reads", tier=Tier.EASY)
    judged.judge("i-01", Right.NEW)
    judged.judge("i-02", Right.NEW)
    second = build_gold(judged.project, tmp_path / "gold", "reads")

    def said(one: GoldRecord) -> tuple[str, str | None, str, str]:
        return one.id, one.answer.text, one.added_in, str(one.provenance.resolved_by)

    assert list(map(said, read_records(second.folder))) == [
        ("i-00", "theirs", "v0001", "elsewhere"),
        ("i-01", "the right text", "v0001", "consensus"),
        ("i-02", "the right text", "v0002", "consensus"),
    ]
    assert not build_gold(judged.project, tmp_path / "gold", "reads").new


def test_a_project_goes_on_from_a_set_of_another_project(judged: JudgedProject, gold: Path, tmp_path: Path) -> None:
    """Its records say by whom they were resolved there, of which this project knows nothing."""
    export_gold(gold, tmp_path / "theirs.jsonl")
    import_gold(tmp_path / "theirs.jsonl", tmp_path / "gold", "reads")
    judged.judge("i-02", Right.NEW)
    second = build_gold(judged.project, tmp_path / "gold", "reads")
    theirs = [one.id for one in read_records(gold)]
    assert sorted([*theirs, "i-02"]) == [one.id for one in read_records(second.folder)]


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_datasets_and_mlcroissant_open_what_was_written(gold: Path, tmp_path: Path) -> None:
    """In an environment of their own, which takes 600 MB and the package index."""
    export_gold(gold, tmp_path / "gold.parquet")
    create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "-q", "install", "datasets", "mlcroissant"], check=True)
    program = Path(__file__).with_name("open_in_other_tools.py")
    call = [python, program, gold, tmp_path / "gold.parquet", "3"]
    done = subprocess.run(list(map(str, call)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    sys.stdout.write(done.stdout)
