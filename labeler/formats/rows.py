"""Files of records, one row after the other: JSONL, CSV, Parquet. READERS has one line a format.

A row that is not what its format promises comes as a `Refusal`; the rows after it still come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from labeler.errors import LabelerError
from labeler.formats.row import RecordFile

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
