from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.formats.gate_lines import all_plain, judged_sha256, model_of, output_line, text_sha256
from labeler.formats.outputs import judged_sha256 as checked_sha256
from labeler.formats.rows import RefusedError

MODEL = {"name": "m", "version": "1"}
numbers = st.one_of(st.integers(0, 5000), st.floats(0, 5000, allow_nan=False))
texts = st.text(max_size=8)
regions = st.fixed_dictionaries(
    {"box": st.tuples(numbers, numbers).map(lambda xy: [*xy, xy[0] + 5, xy[1] + 7])},
    optional={"id": st.just("r"), "text": texts, "confidence": numbers, "label": texts, "page": st.integers(0, 3)},
)
segments = st.fixed_dictionaries({"start_s": numbers, "end_s": st.just(6000)}, optional={"text": texts})
outputs = st.fixed_dictionaries(
    {"item_id": st.just("i"), "model": st.just(MODEL), "text": texts},
    optional={
        "regions": st.lists(regions, max_size=1),
        "segments": st.lists(segments, max_size=2),
        "table": st.lists(st.lists(texts, max_size=2), max_size=2),
        "values": st.dictionaries(texts, st.one_of(numbers, texts, st.none(), st.lists(texts, max_size=2)), max_size=2),
        "label": texts,
        "latency_ms": numbers,
    },
)


@given(outputs)
def test_a_line_has_the_hash_that_an_import_gives_it(raw: dict[str, Any]) -> None:
    assert judged_sha256(output_line(orjson.dumps(raw))) == checked_sha256(raw)


@given(texts)
def test_plain_text_has_the_hash_of_any_output(text: str) -> None:
    raw = {"item_id": "i", "model": MODEL, "text": text}
    assert text_sha256(text) == checked_sha256(raw)
    lines = all_plain(orjson.dumps(raw) + b"\n")
    assert lines is not None
    assert [line.text for line in lines] == [text]


def test_an_output_that_is_more_than_text_is_not_plain() -> None:
    raw = {"item_id": "i", "model": MODEL, "text": "x", "label": "y"}
    assert all_plain(orjson.dumps(raw)) is None


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ({"item_id": "i", "model": MODEL}, "has none of text"),
        ({"item_id": "i", "text": "x"}, "model is missing"),
        ({"item_id": "i", "model": MODEL, "text": 5}, "text: 5 is not text"),
        (
            {"item_id": "i", "model": MODEL, "text": "x", "segments": [{"start_s": "a", "end_s": 1}]},
            "not a number of seconds",
        ),
    ],
)
def test_a_line_that_is_no_output_is_refused_with_the_reason(raw: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        output_line(orjson.dumps(raw))


def test_a_model_needs_name_and_version() -> None:
    for model in ({"name": "m"}, {"name": "m", "version": ""}):
        with pytest.raises(RefusedError, match="version"):
            model_of(output_line(orjson.dumps({"item_id": "i", "model": model, "text": "x"})).model)
