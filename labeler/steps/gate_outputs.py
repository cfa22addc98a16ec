"""Outputs files for the gate: checked, in order of item, and never held whole in memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from labeler.errors import LabelerError
from labeler.formats.outputs import check_output
from labeler.formats.rows import Refusal, RefusedError, Row, open_rows

RUN = 50_000
"""Rows that are sorted in memory at a time."""


class OutOfOrderError(Exception):
    """The file is not sorted by item: read it again with `sorted_outputs`."""


def ascending_outputs(path: Path) -> Iterator[Row]:
    """The rows of a file that is sorted by item id. Raises OutOfOrderError at the first that comes too late."""
    before = ""
    for row in _checked(path):
        item_id = row.raw["item_id"]
        if item_id < before:
            raise OutOfOrderError
        before = item_id
        yield row


def sorted_outputs(path: Path, scratch: Path) -> Iterator[Row]:
    """The rows of any file in order of item id, sorted in runs that lie in the folder `scratch`."""
    rows = _checked(path)
    runs = list[Path]()
    while part := list(islice(rows, RUN)):
        part.sort(key=_item_id)
        run = scratch / f"{path.stem}-{len(runs)}"
        with run.open("wb") as file:
            file.writelines(orjson.dumps([row.line, row.raw], option=orjson.OPT_APPEND_NEWLINE) for row in part)
        runs.append(run)
    return heapq.merge(*map(_read_run, runs), key=_item_id)


def once(rows: Iterable[Row], path: Path) -> Iterator[Row]:
    """The rows in order of item; raises LabelerError where an item comes twice."""
    before: Row | None = None
    for row in rows:
        if before is not None and before.raw["item_id"] == row.raw["item_id"]:
            raise LabelerError(
                f"{path}:{row.line}: {row.raw['item_id']} has an output in line {before.line} already; "
                "the gate takes one output an item",
                remedy="give a file with one sample an item",
            )
        before = row
        yield row


def _item_id(row: Row) -> str:
    item_id: str = row.raw["item_id"]
    return item_id


def _read_run(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        for line in file:
            number, raw = orjson.loads(line)
            yield Row(number, raw)


def _checked(path: Path) -> Iterator[Row]:
    for row in open_rows(path):
        if isinstance(row, Refusal):
            raise _bad_line(path, row.line, row.reason)
        try:
            check_output(row.raw)
        except RefusedError as refused:
            raise _bad_line(path, row.line, str(refused)) from None
        yield row


def _bad_line(path: Path, line: int, reason: str) -> LabelerError:
    return LabelerError(
        f"{path}:{line}: {reason}", remedy="mend the line: a gate does not pass over what it cannot read"
    )


def model_of(raw: dict[str, Any]) -> str:
    return f"{raw['model']['name']} {raw['model']['version']}"
