"""Gold records as rows of a table, for Parquet and CSV: columns for what one filters by, JSON text for the rest."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from labeler.domain.gold.records import GoldRecord
from labeler.formats.gold.records import record_to_json
from labeler.formats.row import Refusal
from labeler.formats.rows import open_rows
from labeler.formats.spreadsheet import defused
from labeler.whole_file import whole_file

TEXTS = ("id", "modality", "media", "media_sha256", "content", "prompt", "tier", "checked", "added_in", "changed_in")
OBJECTS = ("answer", "accept", "match", "slices", "drawn", "judged", "provenance", "others")
"""Columns of JSON text: their keys differ from record to record. `others` are keys that mean nothing here."""
_BATCH = 2_000


def to_row(record: GoldRecord) -> dict[str, Any]:
    """`answer_text` repeats the text of the answer, which is what most readers want."""
    raw = record_to_json(record)
    others = {key: value for key, value in raw.items() if key not in (*TEXTS, *OBJECTS, "critical")}
    return {
        **{key: raw.get(key) for key in TEXTS},
        "critical": bool(raw.get("critical")),
        "answer_text": record.answer.text,
        **{key: orjson.dumps(raw[key]).decode() for key in OBJECTS if key in raw},
        "others": orjson.dumps(others).decode() if others else None,
    }


def from_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """The record's JSON. Raises ValueError for a column that is not JSON where it must be."""
    raw = {key: row[key] for key in (*TEXTS, "critical") if row.get(key) not in (None, "")}
    for key in OBJECTS:
        if row.get(key) not in (None, ""):
            value = row[key]
            raw[key] = orjson.loads(value) if isinstance(value, str) else value
    if "answer" not in raw and row.get("answer_text") is not None:
        raw["answer"] = {"text": row["answer_text"]}
    if isinstance(raw.get("critical"), str):
        raw["critical"] = raw["critical"] == "true"
    others = raw.pop("others", {})
    return {**raw, **others}


def write_parquet(records: Iterable[GoldRecord], path: Path) -> None:
    """A batch at a time. Raises OSError where it cannot be written."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    text = [(key, pa.string()) for key in (*TEXTS, "answer_text", *OBJECTS)]
    schema = pa.schema([*text, ("critical", pa.bool_())])
    rows = map(to_row, records)
    with whole_file(path) as file, ParquetWriter(file, schema, compression="zstd") as writer:
        while batch := list(islice(rows, _BATCH)):
            writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=schema))


def write_csv(records: Iterable[GoldRecord], path: Path) -> None:
    """Cells that a spreadsheet would run as a formula begin with an apostrophe, as does one that began with one."""
    columns = (*TEXTS, "critical", "answer_text", *OBJECTS)
    with whole_file(path) as binary:
        file = io.TextIOWrapper(binary, encoding="utf-8", newline="")
        writer = csv.writer(file)
        writer.writerow(columns)
        for record in records:
            row = to_row(record)
            writer.writerow(_cell(row.get(key)) for key in columns)
        file.flush()
        file.detach()


def _cell(value: str | bool | None) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return defused(value) if value and not value.startswith("'") else f"'{value}" if value else ""


def read_table(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Line and record of a Parquet or CSV file; a reason in place of a record that cannot be read."""
    of_cells = path.suffix.lower() == ".csv"
    for row in open_rows(path):
        if isinstance(row, Refusal):
            yield row.line, row.reason
            continue
        raw = {key: _as_meant(value) for key, value in row.raw.items()} if of_cells else row.raw
        try:
            yield row.line, from_row(raw)
        except (ValueError, TypeError) as problem:
            yield row.line, str(problem)


def _as_meant(value: Any) -> Any:
    """An apostrophe in front was put there by `_cell`; a table of somebody else's may begin a text with one."""
    if not isinstance(value, str) or not value.startswith("'"):
        return value
    return value[1:] if value == _cell(value[1:]) else value
