"""Files as strangers write them: what is bad is refused by line and reason, and what is taken in can be worked with."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pyarrow as pa
import pytest
from pyarrow import parquet

from labeler.domain.people import Person
from labeler.domain.rubric import Tier
from labeler.errors import LabelerError
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.session import ReviewSession
from labeler.steps.bring.release import Files, bring
from labeler.steps.check import check_project
from labeler.steps.gold.build import build_gold
from labeler.steps.opening import create_project
from labeler.steps.progress import Problem
from labeler.steps.project import Project, person_called

GOOD = 6
NASTY: tuple[Any, ...] = (
    None,
    True,
    -1,
    0.1,
    2**53,
    -(2**63),
    2**64 - 1,
    1e308,
    5e-324,
    "",
    "\x00",
    "\u202etxt.exe\u2066",
    "<img src=http://tracker.example/x.png><script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "x" * 100_000,
    "\U0010ffff\ufffe",
    "é" + "\u0301" * 500,
    [],
    {},
    [[[[[[1]]]]]],
    {"a": {"b": {"c": [1, {"d": None}]}}},
    [None],
    ["a", 1],
    {"": ""},
    {"\u0000": 1},
    {"text": "x", "value": 2**60},
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with create_project(tmp_path / "project") as made:
        yield made


@pytest.fixture
def ada(project: Project) -> Person:
    return person_called(project, "Ada")


def records(chance: Random, bad: int) -> dict[str, list[bytes]]:
    """Lines of three files: good records that belong together, and as many spoilt ones."""
    items = [{"id": f"i{n}", "modality": "text", "content": f"text {n}", "slices": {"a": 1}} for n in range(GOOD)]
    old = [_output(f"i{n}", "1", f"the sum is {n}") for n in range(GOOD)]
    new = [_output(f"i{n}", "2", f"the sum is {n}0") for n in range(GOOD)]
    for n in range(bad):
        item, one, other = (
            {**deepcopy(items[0]), "id": f"b{n}"},
            _output(f"b{n}", "1", "a 1"),
            _output(f"b{n}", "2", "a 2"),
        )
        _spoil(chance.choice((item, one, other)), chance)
        items.append(item)
        old.append(one)
        new.append(other)
    return {
        name: [_line(r, chance, n) for n, r in enumerate(lines)]
        for name, lines in {"items": items, "old": old, "new": new}.items()
    }


def _output(item: str, version: str, text: str) -> dict[str, Any]:
    return {
        "item_id": item,
        "model": {"name": "reader", "version": version},
        "text": text,
        "table": [["a", text]],
        "values": {"sum": 1.5, "name": "x"},
        "regions": [{"id": "r1", "box": [0, 0, 5, 5], "text": text, "span": [0, 1]}],
    }


def _spoil(record: dict[str, Any], chance: Random) -> None:
    """Put something nasty in some place of the record, or take something away."""
    place: Any = record
    for _ in range(chance.randint(1, 4)):
        # Another model's name would be another release, which is refused as a whole, with reason.
        keys = [key for key in place if key != "model"] if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = chance.choice(keys)
        if isinstance(place[key], dict | list) and chance.random() < 0.6:
            place = place[key]
            continue
        if chance.random() < 0.2:
            del place[key]
        else:
            place[key] = chance.choice(NASTY)
        return
    if isinstance(place, dict):
        place[f"extra{chance.random()}"] = chance.choice(NASTY)


def _line(record: dict[str, Any], chance: Random, number: int) -> bytes:
    line = orjson.dumps(record)
    if number < GOOD or chance.random() < 0.7:
        return line
    at = chance.randrange(len(line))
    spoilt = line[:at] + bytes([chance.randrange(256)]) + line[at + chance.randint(0, 2) :]
    same_model = line[line.find(b'"model"') :][:40] in spoilt if b'"model"' in line else True
    return spoilt.replace(b"\n", b"") if same_model else line


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("bad", [30, pytest.param(3_000, marks=pytest.mark.soak)])
def test_whatever_is_taken_in_can_be_compared_judged_published_and_checked(
    project: Project, ada: Person, tmp_path: Path, bad: int
) -> None:
    files = {}
    for name, lines in records(Random(bad), bad).items():
        files[name] = tmp_path / f"{name}.jsonl"
        files[name].write_bytes(b"\n".join(lines) + b"\n")
    problems: list[Problem] = []
    bring(project, Files(files["items"], files["old"], files["new"]), ada, on_problem=problems.append)
    assert problems
    assert [str(problem) for problem in problems if problem.line <= GOOD] == []
    assert all(problem.reason and len(problem.reason) < 400 for problem in problems)
    assert judge_everything(project, ada) >= GOOD
    build_gold(project, tmp_path / "gold", "spoilt")
    assert check_project(project).findings == ()


def judge_everything(project: Project, person: Person) -> int:
    """Judge every item of the queue; the answer is how many."""
    seconds, judged = count(1), 0
    session = ReviewSession(project, person, lambda: datetime.now(UTC), lambda: float(next(seconds)))
    while session.state.evidence.item is not None:
        session.set_tier(Tier.HARD)
        for _ in session.state.evidence.walk:
            session.judge(Choice.B)
        if not session.state.evidence.walk:
            session.judge(Choice.BOTH)
        session.toggle_whole_checked()
        session.save()
        assert session.state.screen.message.text.startswith("Saved"), session.state.screen.message
        judged += 1
    session.close()
    return judged


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "b", "modality": "text", "content": "x", "size": 9007199254740992}', "write it as text"),
        (
            b'{"id": "b", "modality": "text", "content": "x", "size": 123456789012345678901234567890}',
            "write it as text",
        ),
        (
            b'{"id": "b", "modality": "text", "content": "x", "deep": ' + b"[" * 65 + b"]" * 65 + b"}",
            "nested too deeply",
        ),
        (
            b'{"id": "b", "modality": "text", "content": "x", "deep": ' + b'{"a":' * 65 + b"1" + b"}" * 66,
            "nested too deeply",
        ),
    ],
)
def test_what_could_not_be_hashed_later_is_refused_at_once(
    project: Project, ada: Person, tmp_path: Path, line: bytes, reason: str
) -> None:
    path = tmp_path / "items.jsonl"
    path.write_bytes(b'{"id": "a", "modality": "text", "content": "x"}\n' + line + b"\n")
    problems: list[Problem] = []
    bring(project, Files(path), ada, on_problem=problems.append)
    assert [problem.line for problem in problems] == [2]
    assert reason in problems[0].reason


@pytest.mark.parametrize(
    "line",
    [
        b'{"id": "b", "modality": "text", "content": "' + b"[" * 500 + b'{\\"{"}',
        b'{"id": "b", "modality": "text", "content": "1234567890123456789012"}',
        b'{"id": "b", "modality": "text", "content": "x", "size": 9007199254740991, "rate": 0.12345678901234567890}',
        b'{"id": "b", "modality": "text", "content": "x", "sha256": "' + b"1234567890" * 6 + b'1234"}',
    ],
)
def test_texts_that_look_like_brackets_or_large_numbers_are_taken(
    project: Project, ada: Person, tmp_path: Path, line: bytes
) -> None:
    path = tmp_path / "items.jsonl"
    path.write_bytes(line + b"\n")
    problems: list[Problem] = []
    bring(project, Files(path), ada, on_problem=problems.append)
    assert problems == []
    assert project.store.item("b").id == "b"


@pytest.mark.parametrize("value", [2**53, 2**63 - 1])
def test_parquet_refuses_numbers_that_would_be_rounded(
    project: Project, ada: Person, tmp_path: Path, value: int
) -> None:
    path = tmp_path / "items.parquet"
    table = {"id": ["a", "b"], "modality": ["text"] * 2, "content": ["x"] * 2, "size": [1, value]}
    parquet.write_table(pa.table(table), path)
    problems: list[Problem] = []
    bring(project, Files(path), ada, on_problem=problems.append)
    assert [(problem.line, "write it as text" in problem.reason) for problem in problems] == [(2, True)]


def test_parquet_with_text_that_is_not_utf_8_loses_only_that_row(project: Project, ada: Person, tmp_path: Path) -> None:
    path = tmp_path / "items.parquet"
    content = pa.array([b"x", b"\xff\xfe", b"y"]).view(pa.string())
    parquet.write_table(pa.table({"id": ["a", "b", "c"], "modality": ["text"] * 3, "content": content}), path)
    problems: list[Problem] = []
    bring(project, Files(path), ada, on_problem=problems.append)
    assert [(problem.line, problem.reason) for problem in problems] == [(2, "not UTF-8")]
    assert project.store.item_count() == 2


@pytest.mark.parametrize("cuts", [20, pytest.param(1_000, marks=pytest.mark.soak)])
def test_damaged_files_of_every_form_are_refused_or_read(
    project: Project, ada: Person, tmp_path: Path, cuts: int
) -> None:
    """Cut off, with bytes changed, or another thing altogether: never a fault of the program."""
    chance = Random(cuts)
    rows = [{"id": f"i{n}", "modality": "text", "content": f"t {n}"} for n in range(40)]
    columns = {key: [row[key] for row in rows] for key in rows[0]}
    parquet.write_table(pa.table(columns), tmp_path / "whole.parquet")
    (tmp_path / "whole.csv").write_text(
        "id,modality,content\n" + "".join(f"{r['id']},text,{r['content']}\n" for r in rows)
    )
    (tmp_path / "whole.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    for n in range(cuts):
        ending = chance.choice([".parquet", ".csv", ".jsonl"])
        content = bytearray((tmp_path / f"whole{ending}").read_bytes())
        for _ in range(chance.randint(1, 8)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if chance.random() < 0.3:
            del content[chance.randrange(len(content)) :]
        path = tmp_path / f"damaged-{n}{ending}"
        path.write_bytes(content)
        with suppress(LabelerError):
            bring(project, Files(path), ada)
    assert check_project(project).findings == ()


def test_no_number_in_the_nasty_ones_is_lost_in_silence() -> None:
    """The list above holds what it is meant to hold."""
    assert any(isinstance(value, int) and abs(value) > 2**53 - 1 for value in NASTY)
    assert not any(isinstance(value, float) and not math.isfinite(value) for value in NASTY)
