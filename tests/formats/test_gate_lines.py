from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.formats import gate_texts
from labeler.formats.gate_hashes import digest_lines, judged_sha256, text_digests, text_sha256
from labeler.formats.gate_lines import model_of, output_line
from labeler.formats.gate_texts import Texts, read_texts
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
    assert read_texts(orjson.dumps(raw) + b"\n", ["i"]) == Texts([text], [orjson.dumps(MODEL)])


@given(st.lists(texts))
def test_many_texts_have_the_hashes_of_each(said: list[str]) -> None:
    assert digest_lines(text_digests(said)).decode().split() == [text_sha256(text) for text in said]


def test_an_output_that_is_more_than_text_is_not_plain() -> None:
    raw = {"item_id": "i", "model": MODEL, "text": "x", "label": "y"}
    assert read_texts(orjson.dumps(raw), ["i"]) is None


OTHER = {"name": "m", "version": "2", "config": {"model": MODEL}}


@pytest.mark.parametrize("piece", [1, 100, 1 << 17])
def test_each_text_keeps_its_model_wherever_the_pieces_end(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_texts, "PIECE", piece)
    models = [MODEL, MODEL, OTHER, MODEL, OTHER]
    ids = [f"i{n}" for n in range(5)]
    raw = [{"item_id": ids[n], "model": models[n], "text": f"{n}: \n"} for n in range(5)]
    data = b"".join(orjson.dumps(one) + b"\n" for one in raw)
    found = Texts([f"{n}: \n" for n in range(5)], [orjson.dumps(model) for model in models])
    assert read_texts(data, ids) == read_texts(data.removesuffix(b"\n"), ids) == found
    assert read_texts(data, ids[:-1]) is read_texts(data, [*ids, "i6"]) is read_texts(data, [*ids[:-1], "i5"]) is None


@pytest.mark.parametrize(
    "line",
    [
        b'{"item_id":"i","model":{"name":"m","version":"1"},"text":"x","text":"y"}',
        b'{"item_id":"i","model":{"name":"m","version":"1"},"text":"x","te\\u0078t":"y:"}',
        b'{"item_id":"i","model":{"name":"m","version":"1"},"model" :{"name":"n","version":"1"},"text":"x"}',
        b'{"item_id":"i","model":{"name":"m","name":"n","version":"1"},"text":"x"}',
    ],
)
def test_lines_with_a_key_that_stands_twice_are_left_to_the_checks(line: bytes) -> None:
    assert read_texts(line, ["i"]) is None


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
