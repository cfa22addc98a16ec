from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from labeler.domain.item_json import item_from_json, item_to_json, output_from_json, output_to_json
from labeler.domain.items import output_sha256
from labeler.formats.outputs import check_output, judged_sha256

DEMO = Path(__file__).parents[2] / "projects" / "demo"


def lines(name: str) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in (DEMO / name).read_bytes().splitlines()]


RICH: dict[str, Any] = {
    "item_id": "i1",
    "model": {"name": "reader", "version": "3.2", "config": {"beam": 5}},
    "text": "Toner | 4 | 38.50",
    "table": [["Toner", "4", "38.50"]],
    "values": {"total": 262.8, "rows": [1, None, "x"]},
    "regions": [
        {"id": "r1", "box": [26, 103, 216, 123], "text": "Toner", "confidence": 0.98, "span": [0, 5], "label": "cell"},
        {"id": "r2", "polygon": [[0, 0], [4, 0], [4, 3.5]], "page": 2},
    ],
    "segments": [{"start_s": 0, "end_s": 0.62, "text": "the", "speaker": "B"}],
    "label": "refund",
    "media": "media/out.png",
    "sha256": "ab",
    "sample": 1,
    "seed": 7,
    "latency_ms": 840,
    "cost": 0.0004,
    "error": "truncated",
    "mood": {"unknown": ["key"]},
}


@pytest.mark.parametrize("raw", [RICH, *lines("outputs-old.jsonl"), *lines("outputs-new.jsonl")])
def test_an_output_comes_back_with_every_key_of_its_file(raw: dict[str, Any]) -> None:
    read = output_from_json(raw)
    assert output_from_json(output_to_json(read)) == read
    written = output_to_json(read)
    for number, region in enumerate(written.get("regions", []), 1):
        if "id" not in raw["regions"][number - 1]:
            assert region.pop("id") == f"r{number}"
    assert {k: v for k, v in raw.items() if v not in ([], None)} == written


@pytest.mark.parametrize("raw", lines("items.jsonl"))
def test_an_item_comes_back_with_every_key_of_its_file(raw: dict[str, Any]) -> None:
    item = item_from_json(raw)
    written = item_to_json(item)
    assert item_from_json(written) == item
    assert {*raw} - {"reference"} == {*written} - {"reference"}
    assert item.extra.keys() == {"license", "source"}


@pytest.mark.parametrize("raw", [RICH, *lines("outputs-old.jsonl"), *lines("outputs-new.jsonl")])
def test_the_hash_that_an_import_takes_is_that_of_the_output(raw: dict[str, Any]) -> None:
    check_output(raw)
    assert judged_sha256(raw) == output_sha256(output_from_json(raw))


@pytest.mark.parametrize(
    "change",
    [{"latency_ms": 1}, {"cost": 9}, {"seed": 1}, {"model": {"name": "x", "version": "y"}}, {"mood": 1}, {"sample": 3}],
)
def test_what_nobody_judges_does_not_change_the_hash(change: dict[str, Any]) -> None:
    assert judged_sha256({**RICH, **change}) == judged_sha256(RICH)


@pytest.mark.parametrize(
    "change", [{"text": "x"}, {"table": [["x"]]}, {"values": {}}, {"regions": []}, {"segments": []}, {"label": None}]
)
def test_what_people_judge_changes_the_hash(change: dict[str, Any]) -> None:
    assert judged_sha256({**RICH, **change}) != judged_sha256(RICH)
