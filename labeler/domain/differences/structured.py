"""A table or values that stand inside a text, as vision models write them: Markdown tables and JSON.

Every cell and value keeps its place in the text, so that a difference can be marked there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import orjson

from labeler.domain.differences.sides import text_of
from labeler.domain.items import Json, Output, Span, Table

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class TableText:
    """A table and where it stands in `text`; `spans` has a span (or None) for every cell."""

    table: Table
    text: str = ""
    span: Span | None = None
    spans: tuple[tuple[Span | None, ...], ...] = ()

    def span_of(self, row: int, column: int) -> Span | None:
        if row >= len(self.spans) or column >= len(self.spans[row]):
            return None
        return self.spans[row][column]


@dataclass(frozen=True, slots=True)
class ValuesText:
    """Values and where they stand in `text`; `spans` has one for every path that could be placed."""

    values: Mapping[str, Json]
    text: str = ""
    span: Span | None = None
    spans: Mapping[Path, Span] = field(default_factory=dict)


# The line of dashes below a head, with at least one bar in it.
_DELIMITER = re.compile(r"^(?=[^\n]*\|)[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$", re.MULTILINE)
_CELL = re.compile(r"(?:\\\||[^|\n])*")
_LINE = re.compile(r"[^\n]*\n?")


def tables_of(old: Output, new: Output) -> tuple[TableText, TableText] | None:
    """The outputs' tables when they can be compared as tables: both have one, or one has nothing else to show."""
    old_text, new_text = text_of(old), text_of(new)
    a, b = table_in(old, old_text), table_in(new, new_text)
    if a is not None and b is not None:
        return a, b
    if (a is not None and not old_text) or (b is not None and not new_text):
        return a or TableText(()), b or TableText(())
    return None


def values_of(old: Output, new: Output) -> tuple[ValuesText, ValuesText] | None:
    """The outputs' values when they can be compared as values: both have some, or one has nothing else to show."""
    old_text, new_text = text_of(old), text_of(new)
    a, b = values_in(old, old_text), values_in(new, new_text)
    if a is not None and b is not None:
        return a, b
    if (a is not None and not old_text) or (b is not None and not new_text):
        return a or ValuesText({}), b or ValuesText({})
    return None


def taken_spans(old: Output, new: Output) -> tuple[list[Span], list[Span]]:
    """The parts of both texts that are compared as a table or as values, and so not as text again."""
    both: list[tuple[TableText, TableText] | tuple[ValuesText, ValuesText] | None]
    both = [tables_of(old, new), values_of(old, new)]
    parts = [found for found in both if found is not None]
    return [a.span for a, _ in parts if a.span is not None], [b.span for _, b in parts if b.span is not None]


def table_in(output: Output, text: str) -> TableText | None:
    """The output's table, placed in its text where the cells can be found; else the one Markdown table of the text."""
    if output.table is not None:
        return placed_table(output.table, text)
    return markdown_table(text) if "|" in text else None


def markdown_table(text: str) -> TableText | None:
    """The table of a text that holds exactly one, with a line of dashes below its head."""
    delimiters = list(_DELIMITER.finditer(text))
    if len(delimiters) != 1:
        return None
    lines = [match.span() for match in _LINE.finditer(text) if match.group()]
    head = next((n for n, (start, end) in enumerate(lines) if start <= delimiters[0].start() < end), 0)
    if head == 0 or "|" not in text[slice(*lines[head - 1])]:
        return None
    last = head
    while last + 1 < len(lines) and "|" in text[slice(*lines[last + 1])]:
        last += 1
    spans = tuple(_cell_spans(text, *lines[n]) for n in [head - 1, *range(head + 1, last + 1)])
    table = tuple(tuple(text[s:e].replace("\\|", "|") for s, e in row) for row in spans)
    return TableText(table, text, (lines[head - 1][0], lines[last][1]), spans)


def _cell_spans(text: str, start: int, end: int) -> tuple[Span, ...]:
    line = text[start:end]
    left = start + len(line) - len(line.lstrip())
    right = start + len(line.rstrip())
    left += text[left : left + 1] == "|"
    right -= right > left and text[right - 1] == "|"
    spans: list[Span] = []
    at = left
    while at <= right:
        match = _CELL.match(text, at, right)
        until = match.end() if match else at
        cell = text[at:until]
        begin = at + len(cell) - len(cell.lstrip()) if cell.strip() else at
        spans.append((begin, begin + len(cell.strip())))
        at = until + 1
    return tuple(spans)


def placed_table(table: Table, text: str) -> TableText:
    """Cells found in the text in order, row by row. A cell that is not there has no span."""
    if not text.strip():
        return TableText(table)
    at = 0
    spans: list[tuple[Span | None, ...]] = []
    for row in table:
        places: list[Span | None] = []
        for cell in row:
            start = text.find(cell, at) if cell else -1
            places.append((start, start + len(cell)) if start >= 0 else None)
            at = start + len(cell) if start >= 0 else at
        spans.append(tuple(places))
    found = [span for places in spans for span in places if span]
    whole = (found[0][0], found[-1][1]) if found else None
    return TableText(table, text, whole, tuple(spans))


_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL)


def values_in(output: Output, text: str) -> ValuesText | None:
    """The output's values; else those of its text."""
    return ValuesText(output.values) if output.values is not None else json_in(text)


def json_in(text: str) -> ValuesText | None:
    """The values of a text that is one JSON object or holds one in a fence."""
    whole, (start, end) = _json_bounds(text)
    if start == end:
        return None
    try:
        values = orjson.loads(text[start:end])
    except orjson.JSONDecodeError:
        return None
    if not isinstance(values, dict):
        return None
    return ValuesText(cast("dict[str, Json]", values), text, whole, _JsonPlaces(text, start).spans)


def _json_bounds(text: str) -> tuple[Span, Span]:
    """The span of the object with its fence, and without. Both are empty when there is none."""
    if "{" not in text:
        return (0, 0), (0, 0)
    fences = list(_FENCED.finditer(text))
    start, end = fences[0].span(1) if len(fences) == 1 else (0, len(text))
    said = text[start:end]
    start += len(said) - len(said.lstrip())
    end = start + len(said.strip())
    if text[start : start + 1] != "{" or text[end - 1 : end] != "}":
        return (0, 0), (0, 0)
    return (fences[0].span() if len(fences) == 1 else (start, end)), (start, end)


_BLANK = re.compile(r"[\s,:]*")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_SCALAR = re.compile(r"[^\s,\]}]+")


class _JsonPlaces:
    """Where each value of a valid JSON text stands. A string's span is without its quotes."""

    def __init__(self, text: str, start: int) -> None:
        self.spans: dict[Path, Span] = {}
        self._text = text
        self._value(start, ())

    def _skip(self, at: int) -> int:
        match = _BLANK.match(self._text, at)
        return match.end() if match else at

    def _value(self, at: int, path: Path) -> int:
        """Note the value that starts at an offset; answers the offset behind it."""
        at = self._skip(at)
        opening = self._text[at]
        if opening == "{":
            end = self._members(at + 1, path)
        elif opening == "[":
            end = self._elements(at + 1, path)
        else:
            match = _STRING.match(self._text, at) if opening == '"' else _SCALAR.match(self._text, at)
            if match is None:
                return len(self._text)
            self.spans[path] = match.span(1) if opening == '"' else match.span()
            return match.end()
        self.spans[path] = (at, end)
        return end

    def _members(self, at: int, path: Path) -> int:
        while (at := self._skip(at)) < len(self._text) and self._text[at] != "}":
            name = _STRING.match(self._text, at)
            if name is None:
                break
            at = self._value(name.end(), (*path, cast("str", orjson.loads(name.group()))))
        return at + 1

    def _elements(self, at: int, path: Path) -> int:
        count = 0
        while (at := self._skip(at)) < len(self._text) and self._text[at] != "]":
            at = self._value(at, (*path, count))
            count += 1
        return at + 1
