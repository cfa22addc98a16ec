"""Parquet, read batch by batch; nested columns are objects and lists as in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

from labeler.errors import LabelerError
from labeler.formats.rows import Refusal, RefusedError, Row

_BATCH = 512


class ParquetRows:
    """The records of a Parquet file: nulls are absent. `done` and `total` are rows, `line` is the row's number."""

    def __init__(self, path: Path, skip: int = 0) -> None:
        import pyarrow as pa
        from pyarrow.parquet import ParquetFile

        try:
            self._file = ParquetFile(path)
        except pa.ArrowInvalid as problem:
            raise LabelerError(f"{path}: not a Parquet file: {problem}") from None
        self.skip = skip
        self.total = int(self._file.metadata.num_rows)
        self.done = 0

    def __iter__(self) -> Iterator[Row | Refusal]:
        for batch in self._file.iter_batches(batch_size=_BATCH):
            if self.done + batch.num_rows <= self.skip:
                self.done += batch.num_rows
                continue
            for raw in batch.to_pylist():
                self.done += 1
                if self.done > self.skip:
                    yield _row(self.done, raw)


def _row(line: int, raw: dict[str, Any]) -> Row | Refusal:
    try:
        return Row(line, {key: _plain(value, key) for key, value in raw.items() if value is not None})
    except RefusedError as refused:
        return Refusal(line, str(refused))


def _plain(value: Any, name: str) -> Any:
    """A value as JSON has it."""
    if isinstance(value, dict):
        return {key: _plain(inner, f"{name}.{key}") for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_plain(inner, f"{name}[{n}]") for n, inner in enumerate(value)]
    if isinstance(value, float) and not isfinite(value):
        raise RefusedError(f"{name}: {value} is not a JSON number")
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes):
        raise RefusedError(f"{name}: bytes are not read")
    return value
