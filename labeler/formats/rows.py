"""Files of records, one row after the other: JSONL, CSV, Parquet. READERS has one line a format.

A row that is not what its format promises comes as a `Refusal`; the rows after it still come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from labeler.errors import LabelerError


@dataclass(frozen=True, slots=True)
class Row:
    """A record as its file has it. `line` is what an editor or spreadsheet calls it, counted from 1."""

    line: int
    raw: dict[str, Any]
    data: bytes | None = field(default=None, compare=False)
    """`raw` as compact JSON, where reading it needed that anyway."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that was left out, and why."""

    line: int
    reason: str


_LONGEST_REASON = 360


class RefusedError(Exception):
    """Why a record cannot be taken: for the person who mends the file. A value without end is cut in its middle."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason if len(reason) <= _LONGEST_REASON else f"{reason[:200]}…{reason[-120:]}")


DEEPEST = 64
"""Levels of nesting in a record."""
LARGEST = 2**53 - 1
"""The largest whole number that every reader of JSON holds exactly; hashes are made of nothing larger."""


def too_large(number: object) -> str:
    said = str(number)
    return (
        f"{said if len(said) <= 40 else said[:39] + '…'} is beyond {LARGEST:,}: readers of JSON would round it; "
        "write it as text"
    )


class RecordFile(Protocol):
    """A file being read. `done` of `total` units are behind; units are the format's own."""

    total: int
    done: int

    def __iter__(self) -> Iterator[Row | Refusal]: ...


Reader = Callable[[Path, int], RecordFile]
"""(path, skip) -> the records behind the first `skip`."""


def _json_lines(path: Path, skip: int) -> RecordFile:
    from labeler.formats.rows_jsonl import JsonLines

    return JsonLines(path, skip)


def _csv(path: Path, skip: int) -> RecordFile:
    from labeler.formats.rows_csv import CsvRows

    return CsvRows(path, skip)


def _parquet(path: Path, skip: int) -> RecordFile:
    from labeler.formats.rows_parquet import ParquetRows

    return ParquetRows(path, skip)


READERS: Mapping[str, Reader] = {
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".csv": _csv,
    ".parquet": _parquet,
}


def open_rows(path: Path, skip: int = 0) -> RecordFile:
    """The records of a file behind the first `skip`. Raises LabelerError for a file or ending that cannot be read."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise LabelerError(
            f"{path}: files ending in {path.suffix or 'nothing'} are not read", remedy=f"use {', '.join(READERS)}"
        )
    if not path.is_file():
        raise LabelerError(f"{path}: there is no such file")
    try:
        return reader(path, skip)
    except OSError as problem:
        raise LabelerError(f"{path}: cannot be read: {problem.strerror or problem}") from None
