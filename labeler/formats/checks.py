"""Checks of what comes from outside, with a reason for the person who mends the file.

Written as plain loops over what JSON gives: imports of millions of outputs spend most of their time here. Each
function passes silently or raises RefusedError; `where` is the place in the record, as in `regions[3].box`.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from labeler.formats.row import RefusedError

LONGEST_ID = 256
_NUMBER = (float, int)


def text(raw: Mapping[str, Any], key: str, *, required: bool = False) -> None:
    value = raw.get(key)
    if value is None and not required:
        return
    if type(value) is not str:
        raise RefusedError(f"{key}: {_said(value)} is not text" if value is not None else f"{key} is missing")


def identifier(raw: Mapping[str, Any], key: str) -> None:
    """An id is text of 1 to 256 characters without control characters."""
    value = raw.get(key)
    if type(value) is str and value.isprintable() and 0 < len(value) <= LONGEST_ID:
        return
    if value is None:
        raise RefusedError(f"{key} is missing")
    raise RefusedError(f"{key}: {_said(value)} is not an id (1 to {LONGEST_ID} visible characters)")


def number(raw: Mapping[str, Any], key: str) -> None:
    value = raw.get(key)
    if value is not None and type(value) not in _NUMBER:
        raise RefusedError(f"{key}: {_said(value)} is not a number")


def whole_number(raw: Mapping[str, Any], key: str) -> None:
    value = raw.get(key)
    if value is not None and (type(value) is not int or value < 0):
        raise RefusedError(f"{key}: {_said(value)} is not a whole number from 0")


def truth(raw: Mapping[str, Any], key: str) -> None:
    value = raw.get(key)
    if value is not None and type(value) is not bool:
        raise RefusedError(f"{key}: {_said(value)} is neither true nor false")


def mapping(raw: Mapping[str, Any], key: str) -> None:
    value = raw.get(key)
    if value is not None and type(value) is not dict:
        raise RefusedError(f"{key}: {_said(value)} is not an object")


def scalars(raw: Mapping[str, Any], key: str) -> None:
    """An object whose values are text, numbers, true, false or null."""
    mapping(raw, key)
    for name, value in (raw.get(key) or {}).items():
        if isinstance(value, dict | list):
            raise RefusedError(f"{key}.{name}: {_said(value)} is not a single value")


def answer(raw: Mapping[str, Any]) -> None:
    """Text, table, values, regions, segments and label, each of which may be absent."""
    words = raw.get("text")
    if words is not None and type(words) is not str:
        raise RefusedError(f"text: {_said(words)} is not text")
    length = len(words) if words is not None else 0
    if (found := raw.get("segments")) is not None:
        segments(found, length)
    if (found := raw.get("regions")) is not None:
        regions(found, length)
    if (found := raw.get("table")) is not None:
        table(found)
    mapping(raw, "values")
    text(raw, "label")


def segments(found: Any, text_length: int) -> None:
    if type(found) is not list:
        raise RefusedError(f"segments: {_said(found)} is not a list")
    for n, segment in enumerate(found):
        try:
            start, end = segment["start_s"], segment["end_s"]
            good = (
                type(start) in _NUMBER
                and type(end) in _NUMBER
                and 0 <= start <= end
                and type(segment["text"]) is str
                and type(segment["confidence"]) in _NUMBER
                and len(segment) == 4
            )
        except (KeyError, TypeError):
            good = False
        if not good:  # the common case is decided above; here are the optional keys, and the reasons
            _segment(segment, f"segments[{n}]", text_length)


def _segment(segment: Any, where: str, text_length: int) -> None:
    if type(segment) is not dict:
        raise RefusedError(f"{where}: {_said(segment)} is not an object")
    for name in ("start_s", "end_s"):
        if type(segment.get(name)) not in _NUMBER:
            raise RefusedError(f"{where}.{name}: {_said(segment.get(name))} is not a number of seconds")
    start, end = segment["start_s"], segment["end_s"]
    if start < 0:
        raise RefusedError(f"{where}: starts before the recording, at {start} s")
    if end < start:
        raise RefusedError(f"{where}: ends at {end} s, before its start at {start} s")
    _details(segment, where, text_length, "speaker")


def regions(found: Any, text_length: int) -> None:
    if type(found) is not list:
        raise RefusedError(f"regions: {_said(found)} is not a list")
    for n, region in enumerate(found):
        try:
            x0, y0, x1, y1 = region["box"]
            good = (
                type(x0) in _NUMBER
                and type(y0) in _NUMBER
                and type(x1) in _NUMBER
                and type(y1) in _NUMBER
                and 0 <= x0 <= x1
                and 0 <= y0 <= y1
                and type(region["text"]) is str
                and type(region["confidence"]) in _NUMBER
                and (len(region) == 3 or (len(region) == 4 and type(region["id"]) is str))
            )
        except (KeyError, TypeError, ValueError):
            good = False
        if not good:
            _region(region, f"regions[{n}]", text_length)
    ids = [region["id"] for region in found if "id" in region]
    if len({*ids}) < len(ids):
        raise RefusedError("regions: two have the same id")


def _region(region: Any, where: str, text_length: int) -> None:
    if type(region) is not dict:
        raise RefusedError(f"{where}: {_said(region)} is not an object")
    corners, outline = region.get("box"), region.get("polygon")
    if corners is None and outline is None:
        raise RefusedError(f"{where}: has neither box nor polygon")
    if corners is not None:
        box(corners, where)
    if outline is not None:
        polygon(outline, where)
    _details(region, where, text_length, "label")
    whole_number(region, "page")
    if "id" in region:
        text(region, "id", required=True)


def box(corners: Any, where: str) -> None:
    if type(corners) is not list or len(corners) != 4 or not all(type(value) in _NUMBER for value in corners):
        raise RefusedError(f"{where}.box: {_said(corners)} is not [x0, y0, x1, y1]")
    x0, y0, x1, y1 = corners
    if x0 < 0 or y0 < 0:
        raise RefusedError(f"{where}.box: {corners} lies outside the picture (negative)")
    if x1 < x0 or y1 < y0:
        raise RefusedError(f"{where}.box: {corners} ends before it begins; give [x0, y0, x1, y1]")


def polygon(outline: Any, where: str) -> None:
    good = type(outline) is list and len(outline) >= 3
    if not good or not all(
        type(point) is list and len(point) == 2 and all(type(value) in _NUMBER for value in point) for point in outline
    ):
        raise RefusedError(f"{where}.polygon: {_said(outline)} is not a list of three or more [x, y]")
    if any(value < 0 for point in outline for value in point):
        raise RefusedError(f"{where}.polygon: lies outside the picture (negative)")


def table(found: Any) -> None:
    if type(found) is not list:
        raise RefusedError(f"table: {_said(found)} is not a list of rows")
    for r, row in enumerate(found):
        if type(row) is not list:
            raise RefusedError(f"table[{r}]: {_said(row)} is not a row of cells")
        for c, cell in enumerate(row):
            if type(cell) is not str:
                raise RefusedError(f"table[{r}][{c}]: {_said(cell)} is not text; write it as a string")


def _details(part: Mapping[str, Any], where: str, text_length: int, name: str) -> None:
    """What regions and segments share: text, confidence, span, and a name (label or speaker)."""
    for key in ("text", name):
        value = part.get(key)
        if value is not None and type(value) is not str:
            raise RefusedError(f"{where}.{key}: {_said(value)} is not text")
    confidence = part.get("confidence")
    if confidence is not None and type(confidence) not in _NUMBER:
        raise RefusedError(f"{where}.confidence: {_said(confidence)} is not a number")
    span = part.get("span")
    if span is None:
        return
    if type(span) is not list or len(span) != 2 or not all(type(value) is int for value in span):
        raise RefusedError(f"{where}.span: {_said(span)} is not [start, end]")
    if not 0 <= span[0] <= span[1] <= text_length:
        raise RefusedError(f"{where}.span: {span} lies outside the text of {text_length} characters")


def _said(value: object) -> str:
    """A value for a message: short, on one line."""
    written = repr(value)
    return written if len(written) <= 60 else f"{written[:57]}…"


def truth_of_cell(cell: str, key: str) -> bool:
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    value = known.get(cell.strip().lower())
    if value is None:
        raise RefusedError(f"{key}: {_said(cell)} is neither true nor false")
    return value


def number_of_cell(cell: str, key: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        raise RefusedError(f"{key}: {_said(cell)} is not a number") from None
    if not isfinite(value):
        raise RefusedError(f"{key}: {_said(cell)} is not a number")
    return value
