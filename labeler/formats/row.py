"""One record of a file, or why it was left out; whatever the file's format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol


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
