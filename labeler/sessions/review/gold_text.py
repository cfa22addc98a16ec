"""The gold answer as text that a person edits, and back: a text as it is, a table a line a row, values a line each."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import orjson

from labeler.domain.differences.values import path_text
from labeler.domain.items import Answer, Json, Table

Path = tuple[str | int, ...]


def is_structured(answer: Answer) -> bool:
    """It is edited as a table or as values."""
    return answer.table is not None or (answer.values is not None and answer.text is None)


def shown(answer: Answer) -> str:
    if answer.table is not None:
        return table_text(answer.table)
    if answer.values is not None and answer.text is None:
        return "\n".join(f"{path_text(path)}: {_written(value)}" for path, value in _leaves(dict(answer.values), ()))
    return answer.text or ""


def said(answer: Answer) -> str:
    """A gold answer in one text, also where it is a label."""
    return shown(answer) or answer.label or ""


def read(built: Answer, text: str) -> Answer:
    """The built answer with what was typed over it. Regions stay; a typed table or value replaces the text as well."""
    kept = Answer(regions=built.regions, media_sha256=built.media_sha256)
    if built.table is not None:
        return replace(kept, table=read_table_text(text))
    if built.values is not None and built.text is None:
        return replace(kept, values=_read_values(dict(built.values), text))
    return replace(kept, text=text)


def table_text(table: Table) -> str:
    """A line a row, cells parted by bars."""
    return "\n".join(" | ".join(row) for row in table)


def read_table_text(text: str) -> Table:
    return tuple(tuple(cell.strip() for cell in line.split("|")) for line in text.splitlines() if line.strip())


def _leaves(value: Json, path: Path) -> Iterator[tuple[Path, Json]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from _leaves(inner, (*path, number))
    elif path:
        yield path, value


def _written(value: Json) -> str:
    """A string bare, unless it would be read back as something else."""
    return value if isinstance(value, str) and _value(value) == value else orjson.dumps(value).decode()


def _value(text: str) -> Json:
    """A number, true, false, null or quoted text as JSON has them; all else as it stands."""
    try:
        return cast("Json", orjson.loads(text))
    except orjson.JSONDecodeError:
        return text


def _read_values(built: dict[str, Json], text: str) -> dict[str, Json]:
    """Each line sets the value of its name. Lines that are gone take theirs away; a new name is a value of its own."""
    known = {path_text(path): path for path, _ in _leaves(built, ())}
    values = copy.deepcopy(built)
    named: set[str] = set()
    for line in text.splitlines():
        name, colon, said = line.partition(": ") if ": " in line else line.partition(":")
        if colon:
            named.add(name.strip())
            _put(values, known.get(name.strip(), (name.strip(),)), _value(said.strip()))
    for name in [name for name in reversed(known) if name not in named]:
        _drop(values, known[name])
    return values


def _put(values: dict[str, Json], path: Path, value: Json) -> None:
    _parent(values, path)[path[-1]] = value  # type: ignore[index]  # a list's step is a number


def _drop(values: dict[str, Json], path: Path) -> None:
    del _parent(values, path)[path[-1]]  # type: ignore[arg-type]  # a list's step is a number


def _parent(values: dict[str, Json], path: Path) -> dict[str, Json] | list[Json]:
    at: Json = values
    for step in path[:-1]:
        at = at[step]  # type: ignore[index]  # the path was taken from these values
    return cast("dict[str, Json] | list[Json]", at)
