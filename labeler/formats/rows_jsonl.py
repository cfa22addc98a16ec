"""JSONL: one JSON object a line, UTF-8. Stricter than most readers.

Refused are a key that stands twice, whole numbers that many readers would round, and nesting that no record needs:
what is taken in must still be the same when it is hashed, and read by another program.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Never

import orjson

from labeler.formats.row import DEEPEST, LARGEST, Refusal, RefusedError, Row, too_large

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes. A longer line is refused without being held in memory."""
_BOM = b"\xef\xbb\xbf"
_DIGITS_ALIKE = bytes.maketrans(b"123456789", b"000000000")
_MANY_DIGITS = b"0" * 16
_TEXTS = re.compile(rb'"(?:[^"\\]|\\.)*"')
"""A text of JSON; taken away, what is outside of texts is left."""
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class JsonLines:
    """The records of a JSONL file; `done` and `total` are bytes."""

    def __init__(self, path: Path, skip: int = 0) -> None:
        self.path = path
        self.skip = skip
        self.total = path.stat().st_size
        self.done = 0

    def __iter__(self) -> Iterator[Row | Refusal]:
        skip = self.skip
        for number, line in self._lines():
            if line is not None and line.isspace():
                continue
            if skip:
                skip -= 1
                continue
            if line is None:
                yield Refusal(number, f"longer than {LONGEST_LINE // 1024 // 1024} MB")
                continue
            try:
                yield Row(number, *parse_object(line))
            except RefusedError as refused:
                yield Refusal(number, str(refused))

    def _lines(self) -> Iterator[tuple[int, bytes | None]]:
        """Number and bytes of each line; None for one that is too long."""
        with self.path.open("rb") as file:
            number, tail = 0, False
            while line := file.readline(LONGEST_LINE):
                self.done += len(line)
                ends = line.endswith(b"\n") or len(line) < LONGEST_LINE
                if not tail:
                    number += 1
                    if number == 1:
                        line = line.removeprefix(_BOM)
                    yield number, line if ends else None
                tail = not ends


def parse_object(line: bytes) -> tuple[dict[str, Any], bytes]:
    """The object on a line, and its compact form. Raises RefusedError with a reason: no JSON, NaN, a doubled key, …."""
    _refuse_deep_nesting(line)
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError as problem:
        raise RefusedError(_why_not_json(line, problem)) from None
    if type(raw) is not dict:
        raise RefusedError("not a JSON object")
    compact = orjson.dumps(raw)
    if _colons_are_lost(line, compact):
        _refuse_doubled_keys(line)
    if _may_hold_a_large_number(line):
        json.loads(line, parse_int=_exact)
    return raw, compact


def may_hold_doubled_keys(line: bytes) -> bool:
    """Whether a line has to be looked at for keys that stand twice; one that is no JSON has to be in any case, since a
    parser of just some keys passes over what is wrong in others."""
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError:
        return True
    return _colons_are_lost(line, orjson.dumps(raw))


def _colons_are_lost(line: bytes, compact: bytes) -> bool:
    """A doubled key loses its first value, and with it at least one colon. Escaped colons could hide that."""
    return line.count(b":") != compact.count(b":") or b"\\u003" in line


def _refuse_deep_nesting(line: bytes) -> None:
    """Innermost pairs of brackets are taken away, one level a pass; brackets in texts are looked at only if need be."""
    brackets = line.translate(None, _NO_BRACKETS)
    for _ in range(DEEPEST):
        if not brackets:
            return
        before = len(brackets)
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(brackets) == before:
            break
    if brackets and _depth(line) > DEEPEST:
        raise RefusedError("nested too deeply")


def _depth(line: bytes) -> int:
    """How deeply brackets outside of texts are nested."""
    depth = deepest = 0
    for bracket in _TEXTS.sub(b"", line).translate(None, _NO_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _may_hold_a_large_number(line: bytes) -> bool:
    """Whether so many digits stand in a row, other than behind a point. A search for a pattern would take as long as
    reading the line does."""
    alike = line.translate(_DIGITS_ALIKE)
    return _MANY_DIGITS in alike and _MANY_DIGITS in alike.replace(b"." + _MANY_DIGITS, b".")


def _exact(digits: str) -> int:
    value = int(digits[:30])
    if abs(value) > LARGEST:
        raise RefusedError(too_large(digits))
    return value


def _refuse_doubled_keys(line: bytes) -> None:
    json.loads(line, object_pairs_hook=_without_doubled_keys)


def _without_doubled_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise RefusedError(f"the key {key!r} stands twice in one object")
        found[key] = value
    return found


def _why_not_json(line: bytes, problem: orjson.JSONDecodeError) -> str:
    said = problem.msg
    if "UTF-8" in said:
        return "not UTF-8"
    if "depth limit" in said:
        return "nested too deeply"
    if "infinity" in said:
        return "a number is too large"
    if "surrogate" in said:
        return "half a character: a lone surrogate (\\ud800 to \\udfff)"
    try:
        json.loads(line, parse_constant=_refuse_constant)
    except RefusedError as constant:
        return str(constant)
    except (ValueError, RecursionError):
        pass
    return f"not JSON: {said.partition(': line')[0]} at character {problem.pos + 1}"


def _refuse_constant(name: str) -> Never:
    raise RefusedError(f"{name} is not a JSON number")
