"""Files that a gold set is written to and read from, for other tools. FORMATS has one line a format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labeler.domain.gold.records import GoldRecord
from labeler.errors import LabelerError
from labeler.formats.gold.coco import read_coco, write_coco
from labeler.formats.gold.label_studio import read_label_studio, write_label_studio
from labeler.formats.gold.records import record_line
from labeler.formats.gold.table import read_table, write_csv, write_parquet
from labeler.formats.row import Refusal
from labeler.formats.rows import open_rows
from labeler.whole_file import whole_file

Found = tuple[int, dict[str, Any] | str]
"""Where a record stands in its file, and the record as JSON; or the reason why it cannot be read."""


@dataclass(frozen=True, slots=True)
class Format:
    ending: str
    write: Callable[[Iterable[GoldRecord], Path], None]
    read: Callable[[Path], Iterator[Found]]
    pictures_alone: bool = False


def _write_lines(records: Iterable[GoldRecord], path: Path) -> None:
    with whole_file(path) as file:
        file.writelines(map(record_line, records))


def _read_lines(path: Path) -> Iterator[Found]:
    for row in open_rows(path):
        yield row.line, row.reason if isinstance(row, Refusal) else row.raw


FORMATS: Mapping[str, Format] = {
    "jsonl": Format(".jsonl", _write_lines, _read_lines),
    "parquet": Format(".parquet", write_parquet, read_table),
    "csv": Format(".csv", write_csv, read_table),
    "label-studio": Format(".json", write_label_studio, read_label_studio),
    "coco": Format(".json", write_coco, read_coco, pictures_alone=True),
}


def format_of(path: Path, name: str | None) -> Format:
    """By name, else by the file's ending. Raises LabelerError when neither says it."""
    if name is not None:
        if name not in FORMATS:
            raise LabelerError(f"{name} is no format of gold sets", remedy=f"use {', '.join(FORMATS)}")
        return FORMATS[name]
    found = [one for one in FORMATS.values() if one.ending == path.suffix.lower()]
    if len(found) != 1:
        raise LabelerError(f"{path}: its ending does not say the format", remedy=f"--format {', '.join(FORMATS)}")
    return found[0]
