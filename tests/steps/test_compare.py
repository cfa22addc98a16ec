from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson
import pytest

from labeler.domain.differences.model import ItemClass
from labeler.domain.differences.to_json import comparison_from_json
from labeler.shipped import DEMO_PROJECT
from labeler.steps.compare_files import compare_files
from labeler.steps.executor import Executor, Here, Processes
from labeler.steps.progress import Problem
from labeler.steps.project import Project

OLD, NEW, ITEMS = (DEMO_PROJECT / name for name in ("outputs-old.jsonl", "outputs-new.jsonl", "items.jsonl"))


@pytest.mark.parametrize("executor", [Here(), Processes(2)])
def test_two_files_give_what_the_project_has(demo: Project, executor: Executor) -> None:
    lines: list[bytes] = []
    found = compare_files(OLD, NEW, ITEMS, write=lines.append, executor=executor)
    release = demo.store.latest_release()
    assert release is not None
    wanted = demo.store.class_counts(release.id)
    assert {(m, c): n for m, classes in found.classes.items() for c, n in classes.items.items()} == wanted
    reported = {raw["item_id"]: comparison_from_json(raw) for raw in map(orjson.loads, lines)}
    assert reported == {item.id: demo.store.comparison(release.id, item.id) for item in demo.store.items()}


def test_the_order_of_the_files_does_not_matter(tmp_path: Path) -> None:
    turned = tmp_path / "old.jsonl"
    turned.write_bytes(b"\n".join(reversed(OLD.read_bytes().splitlines())))
    one, other = list[bytes](), list[bytes]()
    compare_files(OLD, NEW, write=one.append)
    compare_files(turned, NEW, write=other.append)
    assert sorted(one) == sorted(other)


def test_bad_doubled_and_lonely_lines_are_counted(tmp_path: Path) -> None:
    def line(item: str, text: str) -> bytes:
        return orjson.dumps({"item_id": item, "model": {"name": "m", "version": "1"}, "text": text})

    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    old.write_bytes(b"\n".join([line("a", "x"), line("b", "x"), line("b", "y"), b"{"]))
    new.write_bytes(b"\n".join([line("a", "x"), line("c", "x"), line("d", "x")]))
    problems: list[Problem] = []
    found = compare_files(old, new, on_problem=problems.append)
    assert found.classes["all"].items == {ItemClass.SAME: 1}
    assert (found.only_old, found.only_new, found.refused) == (1, 2, 2)
    assert [(problem.line, problem.reason.partition(":")[0]) for problem in problems] == [
        (3, "item b is in this file twice"),
        (4, "not JSON"),
    ]


def test_processes_answer_in_order_and_read_no_further_than_they_work() -> None:
    read: list[int] = []

    def numbers() -> Iterable[int]:
        for n in range(100):
            read.append(n)
            yield n

    answers: Iterator[int] = Processes(2).map(abs, numbers())
    assert next(answers) == 0
    assert len(read) <= 6
    assert list(answers) == list(range(1, 100))


def test_a_process_that_does_its_share_answers_in_order_and_fails_in_its_turn() -> None:
    read: list[float] = []

    def numbers() -> Iterable[float]:
        for n in [*range(50), -1]:
            read.append(n)
            yield n

    answers: Iterator[float] = Processes(2, here_too=True).map(math.sqrt, numbers())
    assert next(answers) == 0
    assert len(read) <= 6
    assert [next(answers) for _ in range(49)] == [math.sqrt(n) for n in range(1, 50)]
    with pytest.raises(ValueError, match="math domain error"):
        next(answers)


def test_files_that_outputs_are_are_compared_by_their_bytes(tmp_path: Path) -> None:
    lines: list[bytes] = []
    for side, cat in (("old", b"cat"), ("new", b"another cat")):
        folder = tmp_path / side
        folder.mkdir()
        (folder / "cat.png").write_bytes(cat)
        (folder / "dog.png").write_bytes(b"dog")
        model = {"name": "painter", "version": side}
        outputs = [{"item_id": name, "model": model, "media": f"{name}.png"} for name in ("cat", "dog", "gone")]
        (folder / "outputs.jsonl").write_bytes(b"\n".join(map(orjson.dumps, outputs)))
    old, new = (tmp_path / side / "outputs.jsonl" for side in ("old", "new"))
    problems: list[Problem] = []
    found = compare_files(old, new, write=lines.append, on_problem=problems.append)
    assert {raw["item_id"]: raw["class"] for raw in map(orjson.loads, lines)} == {"cat": "flip", "dog": "same"}
    assert found.refused == 2
    assert {problem.reason for problem in problems} == {"media: there is no file gone.png"}
