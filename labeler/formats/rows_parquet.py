"""Parquet, read batch by batch; nested columns are objects and lists as in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

from labeler.errors import LabelerError
from labeler.formats.row import DEEPEST, LARGEST, Refusal, RefusedError, Row, too_large

_BATCH = 512


class ParquetRows:
    """The records of a Parquet file: nulls are absent. `done` and `total` are rows, `line` is the row's number."""

    def __init__(self, path: Path, skip: int = 0) -> None:
        import pyarrow as pa
        from pyarrow.parquet import ParquetFile

        try:
            self._file = ParquetFile(path)
        except (pa.ArrowException, OSError) as problem:
            raise LabelerError(f"{path}: not a Parquet file: {_first_line(problem)}") from None
        names = self._file.schema_arrow.names
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise LabelerError(f"{path}: the column {doubled[0]!r} stands twice")
        self.path = path
        self.skip = skip
        self.total = int(self._file.metadata.num_rows)
        self.done = 0

    def __iter__(self) -> Iterator[Row | Refusal]:
        for batch in self._batches():
            if self.done + batch.num_rows <= self.skip:
                self.done += batch.num_rows
                continue
            for raw in _values(batch):
                self.done += 1
                if self.done > self.skip:
                    yield _row(self.done, raw)

    def _batches(self) -> Iterator[Any]:
        import pyarrow as pa

        try:
            yield from self._file.iter_batches(batch_size=_BATCH)
        except (pa.ArrowException, OSError) as problem:
            raise LabelerError(
                f"{self.path}: damaged behind row {self.done:,}: {_first_line(problem)}",
                kept=f"the {self.done:,} rows before",
                remedy="write the file again and import it; what is there changes nothing",
            ) from None


def _first_line(problem: Exception) -> str:
    return str(problem).partition("\n")[0]


def _values(batch: Any) -> Iterator[dict[str, Any] | None]:
    """The rows of a batch; None for one with text that is not UTF-8, which Arrow does not look at."""
    try:
        yield from batch.to_pylist()
        return
    except UnicodeDecodeError:
        pass
    for n in range(batch.num_rows):
        try:
            yield from batch.slice(n, 1).to_pylist()
        except UnicodeDecodeError:
            yield None


def _row(line: int, raw: dict[str, Any] | None) -> Row | Refusal:
    if raw is None:
        return Refusal(line, "not UTF-8")
    try:
        return Row(line, {key: _plain(value, key) for key, value in raw.items() if value is not None})
    except RefusedError as refused:
        return Refusal(line, str(refused))


def _plain(value: Any, name: str, depth: int = 1) -> Any:
    """A value as JSON has it."""
    if depth > DEEPEST:
        raise RefusedError("nested too deeply")
    if isinstance(value, dict):
        return {key: _plain(inner, f"{name}.{key}", depth + 1) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_plain(inner, f"{name}[{n}]", depth + 1) for n, inner in enumerate(value)]
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and not isfinite(value):
        raise RefusedError(f"{name}: {value} is not a JSON number")
    if isinstance(value, int) and abs(value) > LARGEST:
        raise RefusedError(f"{name}: {too_large(value)}")
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float):
        return value
    raise RefusedError(f"{name}: values of type {type(value).__name__} are not read")
