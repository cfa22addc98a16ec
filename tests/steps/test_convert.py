"""What other programs write becomes outputs that compare as their own files do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from labeler.domain.differences.model import ItemClass
from labeler.domain.item_json import output_from_json
from labeler.domain.items import ModelVersion
from labeler.errors import LabelerError
from labeler.steps.bring.release import Files, bring
from labeler.steps.convert import convert_outputs, convert_pairs
from labeler.steps.opening import create_project
from labeler.steps.progress import Problem
from labeler.steps.project import person_called

READER = ModelVersion("reader", "1")
SCAN = Path(__file__).parents[1] / "data" / "foreign" / "img-040.hocr"


def lines(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def converted(tmp_path: Path, name: str, content: str) -> dict[str, Any]:
    (tmp_path / name).write_text(content)
    problems: list[Problem] = []
    done = convert_outputs([tmp_path / name], tmp_path / "out.jsonl", READER, on_problem=problems.append)
    assert problems == []
    assert done.refused == 0
    return lines(tmp_path / "out.jsonl")[0]


def test_each_line_of_tesseracts_hocr_becomes_a_region_with_its_place_in_the_text(tmp_path: Path) -> None:
    convert_outputs([SCAN], tmp_path / "out.jsonl", None)
    raw = lines(tmp_path / "out.jsonl")[0]
    assert raw["item_id"] == "img-040"
    assert raw["model"] == {"name": "tesseract", "version": "5.3.0"}
    ours = output_from_json(raw)
    first = ours.regions[0]
    assert (first.text, first.box, first.span, first.confidence) == ("HILLTOP DINER", (145, 24, 281, 39), (0, 13), 0.96)
    assert len(ours.regions) == SCAN.read_text().count("x_size")  # Tesseract gives it for lines alone
    assert ours.text is not None
    assert [ours.text[slice(*region.span)] for region in ours.regions if region.span] == ours.text.split("\n")


def test_hocr_without_lines_gives_words_and_its_pages_are_counted(tmp_path: Path) -> None:
    page = "<div class='ocr_page'><span class='ocrx_word' title='bbox 1 1 5 3; x_wconf 50'>{}</span></div>"
    raw = converted(tmp_path, "two.hocr", f"<html><body>{page.format('R&amp;D')}<br>{page.format('two')}</body></html>")
    assert [(r["text"], r.get("page", 0), r["confidence"]) for r in raw["regions"]] == [
        ("R&D", 0, 0.5),
        ("two", 1, 0.5),
    ]
    assert raw["text"] == "R&D\ntwo"


def test_whispers_words_become_segments(tmp_path: Path) -> None:
    said = {
        "text": " Hello world.",
        "segments": [
            {
                "start": 0.0,
                "end": 1.0,
                "text": " Hello world.",
                "words": [
                    {"word": " Hello", "start": 0.0, "end": 0.4, "probability": 0.9},
                    {"word": " world.", "start": 0.5, "end": 1.0, "probability": 0.8},
                ],
            },
            {"start": 1.2, "end": 2.0, "text": " Bye."},
        ],
        "language": "en",
    }
    raw = converted(tmp_path, "call.json", orjson.dumps(said).decode())
    assert raw["text"] == "Hello world. Bye."
    assert [(s["start_s"], s["end_s"], s["text"], s["span"]) for s in raw["segments"]] == [
        (0.0, 0.4, "Hello", [0, 5]),
        (0.5, 1.0, "world.", [6, 12]),
        (1.2, 2.0, "Bye.", [13, 17]),
    ]


def test_whisper_cpp_counts_milliseconds(tmp_path: Path) -> None:
    part = {"timestamps": {"from": "00:00:00,000"}, "offsets": {"from": 0, "to": 1250}, "text": " Hello."}
    raw = converted(tmp_path, "call.json", orjson.dumps({"transcription": [part]}).decode())
    assert raw["segments"] == [{"start_s": 0.0, "end_s": 1.25, "text": "Hello.", "span": [0, 6]}]


def test_ctm_holds_many_recordings_and_two_channels_are_two_speakers(tmp_path: Path) -> None:
    (tmp_path / "all.ctm").write_text(
        ";; a comment\ncall A 0.10 0.30 hello 0.93\ncall B 0.20 0.25 hi 0.5\nother 1 0.00 0.20 yes NA\nbroken line\n"
    )
    problems: list[Problem] = []
    convert_outputs([tmp_path / "all.ctm"], tmp_path / "out.jsonl", READER, on_problem=problems.append)
    call, other = lines(tmp_path / "out.jsonl")
    assert [(s["text"], s["start_s"], s["end_s"], s["speaker"]) for s in call["segments"]] == [
        ("hello", 0.1, 0.4, "A"),
        ("hi", 0.2, 0.45, "B"),
    ]
    assert other["segments"] == [{"start_s": 0.0, "end_s": 0.2, "text": "yes", "span": [0, 3]}]
    assert [(problem.line, problem.reason.split(":")[0]) for problem in problems] == [(5, "not a line of CTM")]


def test_the_tier_of_words_of_a_textgrid_is_read(tmp_path: Path) -> None:
    from praatio import textgrid

    grid = textgrid.Textgrid()
    grid.addTier(textgrid.IntervalTier("phones", [(0.0, 0.2, "h")], 0, 2))
    grid.addTier(textgrid.IntervalTier("words", [(0.1, 0.5, "hello"), (0.5, 0.9, "world")], 0, 2))
    grid.save(str(tmp_path / "call.TextGrid"), format="long_textgrid", includeBlankSpaces=True)
    raw = converted(tmp_path, "copy.TextGrid", (tmp_path / "call.TextGrid").read_text())
    assert raw["item_id"] == "copy"
    assert [(s["text"], s["start_s"], s["span"]) for s in raw["segments"]] == [
        ("hello", 0.1, [0, 5]),
        ("world", 0.5, [6, 11]),
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.hocr", "<html><body><p>Dear all</p></body></html>", "no ocr_page"),
        ("a.json", "[1]", "not an object"),
        ("a.json", '{"text": 1}', "neither segments nor transcription"),
        ("a.json", '{"segments": [{"start": 0}]}', "segments[0] has no text"),
        ("a.json", '{"segments": [{"start": 2, "end": 1, "text": "x"}]}', "before its start"),
        ("a.json", "{", "not JSON"),
        ("a.TextGrid", "what is this", "not a TextGrid"),
    ],
)
def test_what_is_something_else_is_refused_with_a_reason(tmp_path: Path, name: str, content: str, reason: str) -> None:
    (tmp_path / name).write_text(content)
    problems: list[Problem] = []
    done = convert_outputs([tmp_path / name], tmp_path / "out.jsonl", READER, on_problem=problems.append)
    assert done.refused == 1
    assert reason in problems[0].reason
    assert lines(tmp_path / "out.jsonl") == []


def test_an_item_comes_once_and_a_model_is_needed(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.json").write_text('{"segments": []}')
    problems: list[Problem] = []
    out = tmp_path / "out.jsonl"
    done = convert_outputs([tmp_path / "a", tmp_path / "b"], out, READER, on_problem=problems.append)
    assert (done.written[out], done.refused) == (1, 1)
    assert problems[0].reason == "item x came before"
    convert_outputs([tmp_path / "a"], out, None, on_problem=problems.append)
    assert problems[1].reason == "the file does not say which model made it: give --model NAME@VERSION"
    with pytest.raises(LabelerError, match="no file to convert"):
        convert_outputs([], out, READER)


def test_csv_pairs_become_a_project(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text(
        "id,content,old,new,reference,language\n"
        "t1,Sum?,12.50,12.80,12.50,en\nt2,Name?,Ada,,Ada,en\nt2,again,x,y,,\n"
        't3,Q,"a, b","a, b",,de\n'
    )
    problems: list[Problem] = []
    models = (ModelVersion("llm", "1"), ModelVersion("llm", "2"))
    done = convert_pairs(tmp_path / "pairs.csv", tmp_path, models, on_problem=problems.append)
    assert set(done.written.values()) == {3}
    assert [problem.reason for problem in problems] == ["item t2 came before"]
    files = Files(*(tmp_path / name for name in ("items.jsonl", "outputs-old.jsonl", "outputs-new.jsonl")))
    with create_project(tmp_path / "made") as project:
        report = bring(project, files, person_called(project, "Ada"))
        assert report.problems == 0
        item = project.store.item("t1")
        assert item.slices == {"language": "en"}
        assert item.reference is not None
        assert item.reference.text == "12.50"
        assert report.release is not None
        counts = project.store.class_counts(report.release.id)
        assert {item_class: n for (_, item_class), n in counts.items()} == {ItemClass.FLIP: 2, ItemClass.SAME: 1}
