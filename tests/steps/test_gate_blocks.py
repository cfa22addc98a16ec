"""Counting by a gold set's columns finds just what counting record by record finds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from labeler.domain.gate.policy import STANDARD
from labeler.domain.gold.records import Drawn, GoldRecord, JudgedOutput
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from labeler.errors import Exit, LabelerError
from labeler.formats.gold import columns as gold_columns
from labeler.formats.gold.columns import blocks_of, read_block
from labeler.formats.gold.manifest import COLUMNS
from labeler.formats.outputs import judged_sha256
from labeler.steps.executor import Here
from labeler.steps.gate import blocks as gate_blocks
from labeler.steps.gate import counting as gate_counting
from labeler.steps.gate import stretch as gate_stretch
from labeler.steps.gate.counting import Counted, count_gold
from labeler.steps.gate.counts import Counts, Task, Version
from labeler.steps.progress import silent
from tests.steps.gate_files import output, record, write_gold, write_outputs

ITEMS = 700
POLICY = replace(STANDARD, slices=("kind", "size"), bins={"size": (10.0, 20.0)})
SAID = ("yes", "no", 'ja: "nein"', "tab\there", "größer")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several blocks, and a match that is measured on every second output."""
    monkeypatch.setattr(gold_columns, "RECORDS_A_BLOCK", 150)
    monkeypatch.setattr(gate_counting, "MEASURED", ITEMS // 2)


def records() -> list[GoldRecord]:
    random = Random(3)
    made = []
    for n in range(ITEMS):
        known = random.sample(SAID, random.randint(0, 3))
        judged = [JudgedOutput(judged_sha256(output(n, said)), "m 1", random.random() < 0.6) for said in known]
        one = record(n, tier=random.choice(list(Tier)), judged=(*judged, JudgedOutput("sha256:odd", "m 0", right=True)))
        made.append(
            replace(
                one,
                modality=random.choice([Modality.TEXT, Modality.AUDIO]),
                critical=random.random() < 0.05,
                drawn=Drawn(*random.choice([("flip", 1.0), ("random", 0.25)])),
                slices={"kind": random.choice("abc"), "size": random.random() * 30},
            )
        )
    return made


def outputs(path: Path, version: str, seed: int) -> Path:
    random = Random(seed)
    more = {"latency_ms": 5} if version == "2" else {}
    return write_outputs(path, [output(n, random.choice(SAID), version, **more) for n in range(ITEMS)])


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, dict[Version, Path]]:
    gold = write_gold(tmp_path, records())
    given: dict[Version, Path] = {
        "old": outputs(tmp_path / "old.jsonl", "1", 1),
        "new": outputs(tmp_path / "new.jsonl", "2", 2),
        "best": outputs(tmp_path / "best.jsonl", "0", 3),
    }
    return gold, given


def counted(gold: Path, files: dict[Version, Path]) -> Counted:
    return count_gold(gold, files, POLICY, silent, Here())


def more_than_text(path: Path) -> None:
    """Labels, tables and regions beside the text, and outputs that never came."""
    random = Random(path.name)
    more: list[dict[str, Any]] = [
        {},
        {"label": "x", "table": None},
        {"table": [["1", "a:b"]], "regions": [{"id": "r1", "box": [1, 2, 3, 4.5], "text": "no"}]},
        {"text": None, "error": "timeout"},
    ]
    lines = path.read_bytes().splitlines()
    write_outputs(path, [orjson.loads(line) | random.choice(more) for line in lines])


@pytest.mark.parametrize("whole", [False, True])
def test_columns_and_walk_find_the_same(
    files: tuple[Path, dict[Version, Path]], monkeypatch: pytest.MonkeyPatch, *, whole: bool
) -> None:
    if whole:
        more_than_text(files[1]["new"])
        more_than_text(files[1]["best"])
    done = list[Counts | None]()

    def count_block(task: Task) -> Counts | None:
        done.append(gate_blocks.count_block(task))
        return done[-1]

    monkeypatch.setattr(gate_stretch, "count_block", count_block)
    by_columns = counted(*files)
    assert len(done) == 5
    assert None not in done
    monkeypatch.setattr(gate_stretch, "count_block", lambda _task: None)
    monkeypatch.setattr(gate_stretch, "count_columns", lambda _task, _grouped: None)
    by_walk = counted(*files)
    assert by_columns.tallies == by_walk.tallies
    assert by_columns.anchor == by_walk.anchor
    assert by_columns.seen == by_walk.seen
    assert by_columns.tallies.critical_failed > 0
    assert sum(agreement.both for agreement in by_columns.tallies.agreement.values()) > 50


@pytest.mark.parametrize(
    "line",
    [
        b'{"item_id":"t-0000003","model":{"name":"m","version":"2"},"text":"yes","text":"no"}',
        b'{"item_id":"t-0000003","model":{"name":"m","version":"2"},"latency_ms":1,"text":"yes","latency_ms":2}',
        b'{"item_id":"t-0000003","model":{"name":"m","name":"n","version":"2"},"text":"yes"}',
        b'{"item_id":"t-0000003","model":{"name":"m","version":"2"},"text":"\\u003a","te\\u0078t":"yes"}',
    ],
)
def test_a_doubled_key_is_refused_and_no_value_chosen(files: tuple[Path, dict[Version, Path]], line: bytes) -> None:
    gold, given = files
    lines = given["new"].read_bytes().splitlines()
    lines[3] = line
    given["new"].write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(LabelerError, match=r"new.jsonl:4: the key '\w+' stands twice"):
        counted(gold, given)


@pytest.mark.parametrize("more", [b"", b',"table":[["1"]]'])
@pytest.mark.parametrize("where", [b'"name":"', b'"license":"'])
def test_bytes_that_are_no_text_are_refused_wherever_they_stand(
    files: tuple[Path, dict[Version, Path]], where: bytes, more: bytes
) -> None:
    """Also where no key is that the gate looks at: it ended as a fault of the program."""
    gold, given = files
    lines = given["new"].read_bytes().splitlines()
    line = b'{"item_id":"t-0000003","model":{"name":"m","version":"2"},"text":"yes"%b,"license":"x"}' % more
    lines[3] = line.replace(where, where + b"\x80")
    given["new"].write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(LabelerError, match=r"new.jsonl:4: not UTF-8"):
        counted(gold, given)


def test_colons_in_texts_are_no_keys(files: tuple[Path, dict[Version, Path]], monkeypatch: pytest.MonkeyPatch) -> None:
    gold, given = files
    lines = [orjson.loads(line) for line in given["new"].read_bytes().splitlines()]
    write_outputs(given["new"], [{**line, "text": '"text": a:b "text"'} for line in lines])
    monkeypatch.setattr(gate_stretch, "count_columns", lambda _task, _grouped: pytest.fail("the columns gave up"))
    assert counted(gold, given).seen["new"].missing == 0


def test_damage_is_the_reason_whatever_counting_came_upon(files: tuple[Path, dict[Version, Path]]) -> None:
    gold, given = files
    (gold / COLUMNS).write_bytes((gold / COLUMNS).read_bytes()[:-40])
    with pytest.raises(LabelerError) as damaged:
        counted(gold, given)
    assert damaged.value.exit_status == Exit.GOLD_DAMAGED
    assert "gate.columns: changed" in damaged.value.what


def test_a_set_without_columns_is_counted_by_its_records(
    files: tuple[Path, dict[Version, Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an older version of this program wrote it."""
    gold, given = files
    with_columns = counted(gold, given)
    monkeypatch.setattr(gate_counting, "COLUMNS", "nothing.columns")
    assert counted(gold, given).tallies == with_columns.tallies


def test_blocks_lie_side_by_side_and_hold_every_record(files: tuple[Path, dict[Version, Path]]) -> None:
    gold, _ = files
    found = list(blocks_of(gold / COLUMNS))
    assert [block.records_start for block in found[1:]] == [block.records_end for block in found[:-1]]
    assert found[-1].records_end == (gold / "records.jsonl").stat().st_size
    data = (gold / COLUMNS).read_bytes()
    blocks = [read_block(data[block.start : block.end]) for block in found]
    assert [block.ids[0] for block in blocks] == [at.first_id for at in found]
    assert [one for block in blocks for one in block.ids] == [one.id for one in records()]
