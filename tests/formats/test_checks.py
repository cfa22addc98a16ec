from __future__ import annotations

from typing import Any

import pytest

from labeler.formats.decisions import check_decision
from labeler.formats.decisions import from_cells as decision_from_cells
from labeler.formats.items import check_item
from labeler.formats.items import from_cells as item_from_cells
from labeler.formats.outputs import check_output
from labeler.formats.row import RefusedError

OUTPUT: dict[str, Any] = {"item_id": "i1", "model": {"name": "m", "version": "1"}, "text": "hello"}
ITEM: dict[str, Any] = {"id": "i1", "modality": "image", "media": "a.png"}
DECISION: dict[str, Any] = {
    "decision_id": "d1",
    "item_id": "i1",
    "action": "pay",
    "decided_at": "2026-09-03T10:12:00Z",
}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"item_id": None}, "item_id is missing"),
        ({"item_id": 5}, "item_id: 5 is not an id"),
        ({"item_id": "a\nb"}, "is not an id"),
        ({"item_id": "x" * 257}, "is not an id"),
        ({"model": None}, "model is missing"),
        ({"model": "reader"}, "model: give an object"),
        ({"model": {"name": "m"}}, "model.version is missing"),
        ({"model": {"name": "m", "version": 3}}, "model.version: 3 is not text"),
        ({"text": None}, "has none of text, table, values, regions, segments, label, media, error"),
        ({"text": ["a"]}, "text: ['a'] is not text"),
        ({"latency_ms": "fast"}, "latency_ms: 'fast' is not a number"),
        ({"sample": -1}, "sample: -1 is not a whole number"),
        ({"table": [["a", 4]]}, "table[0][1]: 4 is not text"),
        ({"table": "a|b"}, "table: 'a|b' is not a list of rows"),
        ({"values": [1]}, "values: [1] is not an object"),
        ({"regions": [{"id": "r"}]}, "regions[0]: has neither box nor polygon"),
        ({"regions": [{"box": [0, 0, 5]}]}, "regions[0].box: [0, 0, 5] is not [x0, y0, x1, y1]"),
        ({"regions": [{"box": [0, 0, 5, 5], "id": "r"}] * 2}, "regions: two have the same id"),
        ({"regions": [{"box": [0, 0, 5, 5], "id": None}]}, "id is missing"),
        ({"regions": [{"box": [0, 0, 5, 5], "page": -1}]}, "page: -1 is not a whole number"),
        ({"regions": [{"box": "abcd", "text": "", "confidence": 1}]}, "regions[0].box: 'abcd' is not [x0, y0, x1, y1]"),
        ({"regions": [5]}, "regions[0]: 5 is not an object"),
        ({"regions": [{"box": [-1, 0, 5, 5]}]}, "lies outside the picture (negative)"),
        ({"regions": [{"box": [9, 0, 5, 5]}]}, "ends before it begins"),
        ({"regions": [{"box": [0, 0, 5, True]}]}, "is not [x0, y0, x1, y1]"),
        ({"regions": [{"polygon": [[0, 0], [1, 1]]}]}, "three or more [x, y]"),
        ({"regions": [{"box": [0, 0, 5, 5], "span": [0, 9]}]}, "lies outside the text of 5 characters"),
        ({"regions": [{"box": [0, 0, 5, 5], "confidence": "high"}]}, "confidence: 'high' is not a number"),
        ({"segments": [{"start_s": 2, "end_s": 1}]}, "segments[0]: ends at 1 s, before its start at 2 s"),
        ({"segments": [{"start_s": -1, "end_s": 1}]}, "starts before the recording"),
        ({"segments": [{"end_s": 1}]}, "segments[0].start_s: None is not a number of seconds"),
        ({"segments": [{"start_s": 0, "end_s": 1, "text": 5, "confidence": 1}]}, "segments[0].text: 5 is not text"),
        ({"segments": ["a"]}, "segments[0]: 'a' is not an object"),
    ],
)
def test_an_output_that_is_not_as_documented_is_refused_with_its_place(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        check_output({**OUTPUT, **change})
    assert reason in str(refusal.value)


def test_an_output_that_never_came_needs_nothing_but_its_error() -> None:
    check_output({"item_id": "i1", "model": OUTPUT["model"], "error": "timeout"})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"modality": "video"}, "modality 'video' is none of audio, image, text"),
        ({"modality": None}, "modality is missing"),
        ({"media": None}, "media is missing, which an item of modality image must have"),
        ({"modality": "text"}, "content is missing"),
        ({"slices": {"kind": ["a"]}}, "slices.kind: ['a'] is not a single value"),
        ({"critical": "yes"}, "critical: 'yes' is neither true nor false"),
        ({"reference": "x"}, "reference: 'x' is not an object"),
        ({"reference": {"regions": [{}]}}, "reference.regions[0]: has neither box nor polygon"),
    ],
)
def test_an_item_that_is_not_as_documented_is_refused_with_its_place(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        check_item({**ITEM, **change})
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"decided_at": "yesterday"}, "is not a time"),
        ({"decided_at": "2026-09-03T10:12:00"}, "has no zone"),
        ({"decided_at": 5}, "is not a time"),
        ({"amount": "5"}, "amount: '5' is not a number"),
        ({"action": None}, "action is missing"),
        ({"model": {"name": "m"}}, "version is missing"),
    ],
)
def test_a_decision_that_is_not_as_documented_is_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        check_decision({**DECISION, **change})
    assert reason in str(refusal.value)


def test_cells_of_a_spreadsheet_become_what_they_mean() -> None:
    assert item_from_cells({**ITEM, "critical": "TRUE"})["critical"] is True
    read = decision_from_cells({**DECISION, "amount": "627.75", "reversible": "no"})
    check_decision(read)
    assert (read["amount"], read["reversible"]) == (627.75, False)
    with pytest.raises(RefusedError, match="neither true nor false"):
        item_from_cells({**ITEM, "pii": "maybe"})
    with pytest.raises(RefusedError, match="not a number"):
        decision_from_cells({**DECISION, "amount": "nan"})
