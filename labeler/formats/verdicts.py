"""Verdicts files: the events of a project as JSONL, with what stands beside the chain.

One line an event: `{"event": {…}, "private": {"note": {"value": …, "salt": "hex"}}}`. The event's bytes are its
RFC 8785 form, so that a reader finds the hash again whatever the file's spacing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from labeler.domain.canonical import canonical
from labeler.domain.events import Event, Private, commit_to, read_event
from labeler.formats.row import Refusal, RefusedError
from labeler.formats.rows import open_rows

Entry = tuple[Event, tuple[Private, ...]]


def write_events(entries: Iterable[Entry], file: BinaryIO) -> int:
    """Write entries in the order given; the same entries give the same bytes. The answer is their number."""
    count = 0
    for event, privates in entries:
        beside = {p.field: {"value": p.value, "salt": p.salt.hex()} for p in sorted(privates, key=lambda p: p.field)}
        file.write(
            b'{"event":' + event.data + b',"private":' + orjson.dumps(beside, option=orjson.OPT_SORT_KEYS) + b"}\n"
        )
        count += 1
    return count


def read_events(path: Path) -> Iterator[tuple[int, Entry | Refusal]]:
    """Line and entry, or why the line is none. Raises LabelerError when the file cannot be read at all."""
    for row in open_rows(path):
        if isinstance(row, Refusal):
            yield row.line, row
            continue
        try:
            yield row.line, _entry(row.raw)
        except (RefusedError, ValueError, TypeError, KeyError) as problem:
            yield row.line, Refusal(row.line, f"not an event: {problem}")


def _entry(raw: Mapping[str, Any]) -> Entry:
    sealed = raw.get("event")
    if not isinstance(sealed, dict):
        raise RefusedError("the key event is missing")
    beside = raw.get("private") or {}
    privates = tuple(commit_to(field, held["value"], bytes.fromhex(held["salt"])) for field, held in beside.items())
    return read_event(canonical(sealed)), privates
