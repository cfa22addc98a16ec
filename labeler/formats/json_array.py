"""A JSON file that is one list: written an element at a time, read whole."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from labeler.errors import LabelerError
from labeler.whole_file import whole_file


def write_array(path: Path, elements: Iterable[Any]) -> None:
    """One element a line. Raises OSError where it cannot be written."""
    with whole_file(path) as file:
        before = b"[\n"
        for element in elements:
            file.write(before + orjson.dumps(element))
            before = b",\n"
        file.write(b"\n]\n" if before == b",\n" else b"[]\n")


def read_json(path: Path) -> Any:
    """Raises LabelerError for what is not JSON or cannot be read."""
    try:
        return orjson.loads(path.read_bytes())
    except OSError as problem:
        raise LabelerError(f"{path}: cannot be read: {problem.strerror or problem}") from None
    except orjson.JSONDecodeError as problem:
        raise LabelerError(f"{path}: not JSON: {problem}") from None


def read_array(path: Path) -> list[Any]:
    """Raises LabelerError for what is not a list."""
    found = read_json(path)
    if not isinstance(found, list):
        raise LabelerError(f"{path}: not a list of tasks")
    return found
