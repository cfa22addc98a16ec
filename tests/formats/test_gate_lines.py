from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.formats.gate import shapes as gate_shapes
from labeler.formats.gate.frames import Ids, frame_of, in_json
from labeler.formats.gate.hashes import digest_bytes, judged_sha256, text_digests, text_sha256, whole_sha256
from labeler.formats.gate.lines import model_of, output_line, output_of
from labeler.formats.gate.texts import Texts, read_texts
from labeler.formats.gate.wholes import line_that_says, read_wholes
from labeler.formats.outputs import judged_sha256 as checked_sha256
from labeler.formats.row import RefusedError
from labeler.formats.rows_jsonl import may_hold_doubled_keys
from labeler.steps.gate import outputs as gate_outputs
from labeler.steps.gate.outputs import Stretch, pieces_of
from tests.steps.gate_files import write_outputs

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


@given(st.lists(outputs, min_size=1, max_size=4))
def test_many_outputs_at_once_say_what_each_line_says(raws: list[dict[str, Any]]) -> None:
    """Where they are not left to the walk: a colon may hide a doubled key, values may lie in values."""
    ids = [f"i{n}" for n in range(len(raws))]
    lines = [orjson.dumps({**raw, "item_id": item}) for item, raw in zip(ids, raws, strict=True)]
    found = read_wholes([b"\n".join(lines) + b"\n"], Ids(ids))
    plain = all(not isinstance(value, list) for raw in raws for value in raw.get("values", {}).values())
    if found is None:
        assert not plain or any(b"\\u003" in line or may_hold_doubled_keys(line) for line in lines)
        return
    for line, item, said in zip(map(output_line, lines), ids, found.texts, strict=True):
        assert whole_sha256(said) == judged_sha256(line)
        again = line_that_says(item, said)
        assert judged_sha256(again) == judged_sha256(line)
        assert output_of(again) == output_of(line)


def shaped_lines() -> list[dict[str, Any]]:
    """As one program writes them: the same keys everywhere, but for an output that never came."""
    return [
        {
            "item_id": f"i:{n}",
            "model": MODEL,
            "text": "a: b\n",
            "regions": [
                {"id": f"r{k}", "box": [1, 2, 3.5, 4], "text": "a:", "label": None, "confidence": 0.5} for k in range(n)
            ],
            "table": [["x", "y:"]],
        }
        if n != 2
        else {"item_id": f"i:{n}", "model": MODEL, "error": "timeout"}
        for n in range(5)
    ]


def read_many(data: bytes, raws: list[dict[str, Any]]) -> Texts | None:
    return read_wholes([data], Ids([raw["item_id"] for raw in raws]))


def test_lines_of_one_shape_are_not_written_again_to_see_that_no_key_stands_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """That takes longer than to parse them; of those that never came there are few."""
    written = list[int]()

    def encode(lines: list[Any]) -> bytes:
        written.append(len(lines))
        return msgspec.json.encode(lines)

    monkeypatch.setattr(gate_shapes, "_encode", encode)
    raws = shaped_lines()
    found = read_many(b"\n".join(map(orjson.dumps, raws)), raws)
    assert found is not None
    assert list(map(whole_sha256, found.texts)) == list(map(checked_sha256, raws))
    assert written == [1]


@given(st.lists(st.sampled_from(["region text", "table", "regions", "error"]), min_size=5, max_size=5))
def test_lines_of_several_shapes_say_what_each_line_says(less: list[str]) -> None:
    raws = shaped_lines()
    for raw, key in zip(raws, less, strict=True):
        if key == "region text":
            raw["regions"] = [{"box": region["box"]} for region in raw.get("regions", ())]
        elif raw.keys() - {key, "item_id", "model"}:
            raw.pop(key, None)
    found = read_many(b"\n".join(map(orjson.dumps, raws)), raws)
    assert found is not None
    assert list(map(whole_sha256, found.texts)) == list(map(checked_sha256, raws))


@pytest.mark.parametrize("line", [1, 2, 3])
@pytest.mark.parametrize(
    "twice", [b'"table":[],', b'"error":null,', b'"t\\u0065xt":"","text":"\\u003a",', b'"model":{},']
)
def test_a_doubled_key_among_lines_of_one_shape_is_left_to_the_walk(line: int, twice: bytes) -> None:
    raws = shaped_lines()
    lines = [orjson.dumps(raw) for raw in raws]
    lines[line] = b"{" + twice * (1 + (twice.split(b":")[0] not in lines[line])) + lines[line][1:]
    assert read_many(b"\n".join(lines), raws) is None


@given(st.binary(max_size=3), st.integers(0, 700), st.integers(0, 3))
def test_lines_of_one_shape_are_none_that_the_walk_refuses(put: bytes, at: int, instead: int) -> None:
    """Whatever is put into them: what is still taken is what the walk finds there."""
    raws = shaped_lines()
    whole = b"\n".join(map(orjson.dumps, raws))
    broken = whole[:at] + put + whole[at + instead :]
    found = read_many(broken, raws)
    if found is not None:
        lines = [output_line(line) for line in broken.split(b"\n") if line.strip()]
        assert [judged_sha256(line) for line in lines] == list(map(whole_sha256, found.texts))
        assert [line.item_id for line in lines] == [raw["item_id"] for raw in raws]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (b'"label":"y","label":"z"', "the key 'label' stands twice"),
        (b'"regions":[{"box":[1,2,3,4],"text":"a","text":"b"}]', "the key 'text' stands twice"),
        (b'"values":{"a":1180591620717411303424}', "1180591620717411303424 is beyond"),
        (b'"values":{"a":' + b"[" * 300 + b"]" * 300 + b"}", "nested"),
        (b'"label":null,"text":null', "text, table, values"),
    ],
)
def test_what_no_output_may_say_is_refused_in_words(more: bytes, why: str) -> None:
    line = b'{"item_id":"i","model":{"name":"m","version":"1"},%b}' % more
    assert read_wholes([line + b"\n"], Ids(["i"])) is None
    with pytest.raises(RefusedError, match=why):
        output_line(line)


@given(texts)
def test_plain_text_has_the_hash_of_any_output(text: str) -> None:
    raw = {"item_id": "i", "model": MODEL, "text": text}
    assert text_sha256(in_json(text)) == checked_sha256(raw)
    assert read_texts([orjson.dumps(raw) + b"\n"], Ids(["i"])) == Texts([in_json(text)], [orjson.dumps(MODEL)])


@given(st.lists(texts), st.booleans())
def test_many_texts_have_the_hashes_of_each(said: list[str], many: bool) -> None:
    there = [*map(in_json, said), *(b"%d" % n for n in range(100 * many))]
    assert text_digests(there).tobytes() == digest_bytes([text_sha256(text) for text in there])


def written(ids: list[str], said: list[str], form: str, dumps: Callable[[dict[str, Any]], str]) -> list[bytes]:
    """Lines as programs write them, in several orders of keys."""
    made = []
    for item, text in zip(ids, said, strict=True):
        whole = {"item_id": item, "model": MODEL, "text": text, "latency_ms": 5}
        made.append(dumps({key: whole[key] for key in form.split()}).encode())
    return made


@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=5), texts), min_size=1, max_size=6),
    st.sampled_from(["item_id model text", "item_id text model", "text latency_ms item_id model"]),
    st.sampled_from([json.dumps, partial(json.dumps, ensure_ascii=False), lambda raw: orjson.dumps(raw).decode()]),
)
def test_lines_in_one_frame_say_what_they_say_when_parsed(
    pairs: list[tuple[str, str]], form: str, dumps: Callable[[dict[str, Any]], str]
) -> None:
    ids, said = [item for item, _ in pairs], [text for _, text in pairs]
    lines = written(ids, said, form, dumps)
    read = read_texts([b"\n".join(lines)], Ids(ids))
    assert read is not None
    assert read.texts == list(map(in_json, said))
    assert list(map(model_of, read.models)) == ["m 1"] * len(ids)


@given(st.binary(max_size=3), st.integers(0, 200), st.integers(0, 3))
def test_a_frame_takes_no_lines_that_a_parser_refuses(put: bytes, at: int, instead: int) -> None:
    """Whatever is put into two lines: what is still taken is what the parser finds there."""
    ids = ["i0", "i1"]
    lines = b"\n".join(written(ids, ["a:b", "c"], "item_id model text", json.dumps)) + b"\n"
    frame = frame_of(lines[: lines.index(b"\n") + 1])
    assert frame is not None
    broken = lines[:at] + put + lines[at + instead :]
    found = frame.texts(broken, Ids(ids), 0)
    if found is not None:
        parsed = [output_line(line) for line in broken.splitlines()]
        assert [(line.item_id, line.text and in_json(line.text)) for line in parsed] == [
            (item, text or "") for item, text in zip(ids, found, strict=True)
        ]


@pytest.mark.parametrize(
    "second",
    [
        b'{"item_id":"i1","model":{"name":"m","version":"1"},"text":"x","text":"y"}',
        b'{"item_id":"i1","model":{"name":"m","version":"1"},"text":"x\\"}',
        b'{"item_id":"i1","model":{"name":"m","version":"1"},"text":"\\x"}',
        b'{"item_id":"i1","model":{"name":"m","version":"1"},"text":"\xff"}',
        b'{"item_id":"i1","model":{"name":"m","version":"1"},"text":"\t"}',
        b'{"item_id":"i1","model":{"name":"m","version":"1"}}',
        b'{"item_id":"i0","model":{"name":"m","version":"1"},"text":"x"}',
    ],
)
def test_a_line_that_is_none_of_the_frame_makes_all_be_parsed(second: bytes) -> None:
    first = orjson.dumps({"item_id": "i0", "model": MODEL, "text": "x"})
    frame = frame_of(first + b"\n")
    assert frame is not None
    assert frame.texts(first + b"\n" + first.replace(b"i0", b"i1") + b"\n", Ids(["i0", "i1"]), 0) == [b"x", b"x"]
    assert frame.texts(first + b"\n" + second + b"\n", Ids(["i0", "i1"]), 0) is None


def test_an_output_that_is_more_than_text_is_not_plain() -> None:
    raw = {"item_id": "i", "model": MODEL, "text": "x", "label": "y"}
    assert read_texts([orjson.dumps(raw)], Ids(["i"])) is None


OTHER = {"name": "m", "version": "2", "config": {"model": MODEL}}


@pytest.mark.parametrize("piece", [1, 100, 1 << 17])
def test_each_text_keeps_its_model_wherever_the_pieces_end(
    piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate_outputs, "PIECE", piece)
    models = [MODEL, MODEL, OTHER, MODEL, OTHER]
    ids = [f"i{n}" for n in range(5)]
    raw = [{"item_id": ids[n], "model": models[n], "text": f"{n}: \n"} for n in range(5)]
    path = write_outputs(tmp_path / "all.jsonl", raw)
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(path.read_bytes().removesuffix(b"\n"))

    def read(path: Path, ids: list[str]) -> Texts | None:
        return read_texts(pieces_of(Stretch(path, 0, path.stat().st_size)), Ids(ids))

    found = Texts([in_json(f"{n}: \n") for n in range(5)], [orjson.dumps(model) for model in models])
    assert read(path, ids) == read(cut, ids) == found
    assert read(path, ids[:-1]) is read(path, [*ids, "i6"]) is read(path, [*ids[:-1], "i5"]) is None


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
    assert read_texts([line], Ids(["i"])) is None


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
