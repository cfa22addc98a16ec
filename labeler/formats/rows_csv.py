"""CSV with a header line, UTF-8. A dot in a column's name makes an object: `slices.kind`, `model.name`.

Cells are text, but for the columns of outputs that cannot be: numbers; lists and objects, which are JSON in the cell.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import orjson

from labeler.errors import LabelerError
from labeler.formats.row import Refusal, RefusedError, Row

LONGEST_CELL = 16 * 1024 * 1024
"""Characters."""
_NUMBERS = frozenset({"sample", "seed", "latency_ms", "cost"})
_STRUCTURED = frozenset({"model", "config", "table", "values", "regions", "segments"})
"""Their cells may hold an object or a list as JSON."""


class CsvRows:
    """The records of a CSV file: empty cells are absent. `done` and `total` are bytes."""

    def __init__(self, path: Path, skip: int = 0) -> None:
        self.path = path
        self.skip = skip
        self.total = path.stat().st_size
        self.done = 0

    def __iter__(self) -> Iterator[Row | Refusal]:
        csv.field_size_limit(LONGEST_CELL)
        with (
            self.path.open("rb") as raw,
            TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="") as file,
        ):
            reader = csv.reader(file, strict=True)
            header = self._header(reader)
            skip = self.skip
            while True:
                start = reader.line_num + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    break
                except csv.Error as problem:
                    yield Refusal(start, f"not CSV: {problem}")
                    continue
                self.done = raw.tell()
                if not any(cells):
                    continue
                if skip:
                    skip -= 1
                    continue
                yield _row(start, header, cells)
        self.done = self.total

    def _header(self, reader: Iterator[list[str]]) -> list[str]:
        """The column names. Raises LabelerError where they cannot be read, since no row means anything then."""
        try:
            names = [name.strip() for name in next(reader, [])]
        except csv.Error as problem:
            raise LabelerError(f"{self.path}:1: not CSV: {problem}") from None
        for n, name in enumerate(names):
            if _half_read(name):
                raise LabelerError(f"{self.path}:1: a column's name is not UTF-8", remedy="save the file as UTF-8")
            if name in names[:n]:
                raise LabelerError(f"{self.path}:1: the column {name!r} stands twice")
        return names


def _half_read(text: str) -> bool:
    """Whether bytes of it were not UTF-8."""
    return not text.isascii() and any("\udc80" <= character <= "\udcff" for character in text)


def _row(line: int, header: list[str], cells: list[str]) -> Row | Refusal:
    if len(cells) != len(header):
        return Refusal(line, f"{len(cells)} cells under {len(header)} column names")
    try:
        return Row(line, _nested(header, cells))
    except RefusedError as refused:
        return Refusal(line, str(refused))


def _nested(header: list[str], cells: list[str]) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=True):
        if cell == "":
            continue
        if _half_read(cell):
            raise RefusedError(f"{name}: not UTF-8")
        outer, dot, inner = name.partition(".")
        place = raw.setdefault(outer, {}) if dot else raw
        key = inner if dot else outer
        if not isinstance(place, dict) or key in place:
            raise RefusedError(f"the column {name!r} stands twice")
        place[key] = _value(name, key, cell)
    return raw


def _value(name: str, key: str, cell: str) -> Any:
    wanted = (int, float) if key in _NUMBERS else (dict, list) if key in _STRUCTURED else None
    if wanted is None or (dict in wanted and not cell.lstrip().startswith(("{", "["))):
        return cell
    try:
        value = orjson.loads(cell)
    except orjson.JSONDecodeError as problem:
        said = f"not JSON: {problem}" if dict in wanted else f"{cell[:40]!r} is not a number"
        raise RefusedError(f"{name}: {said}") from None
    return value if isinstance(value, wanted) else cell
