"""Where files in order of item are cut, so that stretches of each hold the same items: found without reading them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import orjson

from labeler.steps.gate.outputs import OutOfOrderError, Stretch


def line_starts(path: Path, step: int) -> list[int]:
    """The first line start at or behind each multiple of `step`."""
    size, found = path.stat().st_size, list[int]()
    with path.open("rb") as file:
        at = step
        while at < size:
            file.seek(at - 1)
            file.readline()
            start = file.tell()
            if start >= size:
                break
            found.append(start)
            at = max(start + 1, at + step)
    return [found[0], *(b for a, b in pairwise(found) if b > a)] if found else []


def id_at(path: Path, start: int, key: str) -> str:
    """The id on the line that starts there. Raises OutOfOrderError for a line without one."""
    with path.open("rb") as file:
        file.seek(start)
        line = file.readline()
    try:
        found = orjson.loads(line)[key]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise OutOfOrderError from None
    if not isinstance(found, str):
        raise OutOfOrderError
    return found


def first_lines_of(file: Stretch, ids: list[str]) -> list[int]:
    """For each id the start of the first line whose item does not come before it, in a file in order of item."""
    found, low = list[int](), 0
    for wanted in ids:
        left, right = low, file.end
        while left < right:
            middle = (left + right) // 2
            start = _next_start(file.path, middle)
            if start >= file.end or id_at(file.path, start, "item_id") >= wanted:
                right = middle
            else:
                left = middle + 1
        low = min(_next_start(file.path, left), file.end)
        found.append(low)
    return found


def _next_start(path: Path, at: int) -> int:
    """The first line start at or behind `at`."""
    if at == 0:
        return 0
    with path.open("rb") as file:
        file.seek(at - 1)
        file.readline()
        return file.tell()
