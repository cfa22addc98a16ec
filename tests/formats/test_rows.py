from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from labeler.errors import LabelerError
from labeler.formats import rows_jsonl
from labeler.formats.row import Refusal, Row
from labeler.formats.rows import READERS, open_rows


def read(path: Path, skip: int = 0) -> list[Row | Refusal]:
    return list(open_rows(path, skip))


def jsonl(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"[1, 2]", "not a JSON object"),
        (b"{", "not JSON"),
        (b'{"a": NaN}', "NaN is not a JSON number"),
        (b'{"a": -Infinity}', "-Infinity is not a JSON number"),
        (b'{"a": 1e999}', "a number is too large"),
        (b'{"a": "\\ud800"}', "half a character"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": 1, "a": 2}', "the key 'a' stands twice"),
        (b'{"b": {"a": 1, "a" : 1}}', "the key 'a' stands twice"),
        (b'{"a": "\\u003a", "a": "::"}', "the key 'a' stands twice"),
        (b'{"a": "\\u003A", "b": [{"c": 1, "c": 2}]}', "the key 'c' stands twice"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b'{"a":' * 2000 + b"1" + b"}" * 2000, "nested too deeply"),
    ],
)
def test_a_bad_line_is_refused_with_its_number_and_the_next_still_comes(
    tmp_path: Path, line: bytes, reason: str
) -> None:
    bad, good = read(jsonl(tmp_path, b"\n" + line + b'\n{"ok": 1}\n'))
    assert isinstance(bad, Refusal)
    assert bad.line == 2
    assert reason in bad.reason
    assert good == Row(3, {"ok": 1})


def test_spacing_byte_order_mark_blank_lines_and_crlf_do_not_matter(tmp_path: Path) -> None:
    content = b'\xef\xbb\xbf{"a" :\t1}\r\n\r\n  \n { "b":"x: y", "c":{"d":"\\u003a"}}'
    assert read(jsonl(tmp_path, content)) == [Row(1, {"a": 1}), Row(4, {"b": "x: y", "c": {"d": ":"}})]


def test_a_line_without_end_is_refused_and_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_jsonl, "LONGEST_LINE", 64)
    long = b'{"a": "' + b"x" * 500 + b'"}'
    first, second = read(jsonl(tmp_path, long + b'\n{"b": 2}\n'))
    assert isinstance(first, Refusal)
    assert second == Row(2, {"b": 2})


def test_reading_goes_on_behind_the_records_that_were_read_before(tmp_path: Path) -> None:
    path = jsonl(tmp_path, b'{"a": 1}\n\nbroken\n{"a": 3}\n')
    assert read(path, skip=2) == read(path)[2:] == [Row(4, {"a": 3})]


def test_a_spreadsheet_gives_objects_from_columns_with_a_dot(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(
        "\ufeffid,modality,media,slices.kind,reference.text\n"
        'i1,image,a.png,chart,"two\nlines"\n'
        "i2,image,b.png,,\n"
        "i3,image\n",
        encoding="utf-8",
    )
    first, second, third = read(path)
    assert first == Row(
        2,
        {
            "id": "i1",
            "modality": "image",
            "media": "a.png",
            "slices": {"kind": "chart"},
            "reference": {"text": "two\nlines"},
        },
    )
    assert isinstance(second, Row)
    assert second.raw["id"] == "i2"
    assert third == Refusal(5, "2 cells under 5 column names")
    assert read(path, skip=1) == [second, third]


def test_a_spreadsheet_of_outputs_has_numbers_and_what_is_json_in_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "outputs.csv"
    path.write_text(
        "item_id,model.name,text,table,values.2019,latency_ms\n"
        'i1,m,[sic],"[[""Toner"", ""4""]]",4.2,840\n'
        "i2,m,,[broken,,1\n"
        "i3,m,x,,,soon\n",
        encoding="utf-8",
    )
    first, second, third = read(path)
    model = {"name": "m"}
    table, values = [["Toner", "4"]], {"2019": "4.2"}
    assert first == Row(
        2, {"item_id": "i1", "model": model, "text": "[sic]", "table": table, "values": values, "latency_ms": 840}
    )
    assert isinstance(second, Refusal)
    assert second.reason.startswith("table: not JSON")
    assert third == Refusal(4, "latency_ms: 'soon' is not a number")


def test_a_spreadsheet_in_another_encoding_is_refused_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes(b"id,prompt\ni1,caf\xe9\ni2,ok\n")
    assert read(path) == [Refusal(2, "prompt: not UTF-8"), Row(3, {"id": "i2", "prompt": "ok"})]


def test_parquet_gives_nested_records_without_nulls(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows: list[dict[str, Any]] = [
        {
            "item_id": "i1",
            "model": {"name": "m", "version": "1"},
            "box": [1.0, 2.0],
            "at": datetime(2026, 1, 1, tzinfo=UTC),
        },
        {"item_id": "i2", "model": {"name": "m", "version": None}, "box": [float("nan")], "at": None},
        {"item_id": "i3", "model": None, "box": None, "at": None},
    ]
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    first, second, third = read(path)
    assert first == Row(
        1,
        {"item_id": "i1", "model": {"name": "m", "version": "1"}, "box": [1.0, 2.0], "at": "2026-01-01T00:00:00Z"},
    )
    assert second == Refusal(2, "box[0]: nan is not a JSON number")
    assert third == Row(3, {"item_id": "i3"})
    assert read(path, skip=2) == [third]


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_an_empty_or_alien_file_is_no_crash(tmp_path: Path, ending: str) -> None:
    assert ending in READERS
    path = tmp_path / f"rows{ending}"
    path.write_bytes(b"")
    if ending == ".parquet":
        with pytest.raises(LabelerError, match="not a Parquet file"):
            read(path)
    else:
        assert read(path) == []


def test_an_ending_that_nobody_reads_is_refused_with_those_that_are(tmp_path: Path) -> None:
    path = tmp_path / "rows.xlsx"
    path.write_bytes(b"PK")
    with pytest.raises(LabelerError, match="xlsx") as refusal:
        open_rows(path)
    assert ".parquet" in refusal.value.remedy
    with pytest.raises(LabelerError, match="no such file"):
        open_rows(tmp_path / "gone.jsonl")
