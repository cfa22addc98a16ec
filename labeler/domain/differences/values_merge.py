"""One set of values out of two, with the readings that were chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import orjson

from labeler.domain.differences.align import equal_blocks
from labeler.domain.differences.hunks import hunks_between
from labeler.domain.differences.model import Difference, Kind
from labeler.domain.differences.structured import Path, ValuesText
from labeler.domain.differences.values import comparable, path_text, same_keys
from labeler.domain.items import Json, Side


def merge_values(ours: ValuesText, theirs: ValuesText, taken: Sequence[Difference], base: Side) -> dict[str, Json]:
    """Our values with the other side's at every difference in `taken`."""
    merged = _Merge(taken, base).value(cast("Json", dict(ours.values)), cast("Json", dict(theirs.values)), (), ())
    return cast("dict[str, Json]", merged)


def write_values(placed: ValuesText, values: Mapping[str, Json]) -> str:
    """The values as JSON, in a fence and with line breaks if the text had them."""
    text = placed.text[slice(*placed.span)] if placed.span else ""
    option = orjson.OPT_INDENT_2 if "\n" in text.strip("`\n") else 0
    written = orjson.dumps(values, option=option).decode()
    return f"```json\n{written}\n```" if text.startswith("```") else written


class _Merge:
    def __init__(self, taken: Sequence[Difference], base: Side) -> None:
        other: Side = "new" if base == "old" else "old"
        self._readings: set[tuple[str | None, str | None]] = set()
        self._names: set[tuple[str | None, str | None]] = set()
        for difference in taken:
            a, b = difference.reading(base), difference.reading(other)
            at = a.key if a else None, b.key if b else None
            is_name = (
                difference.kind in (Kind.FORM, Kind.SUBSTITUTED)
                and a is not None
                and b is not None
                and at == (a.text, b.text)
            )
            (self._names if is_name else self._readings).add(at)

    def value(self, ours: Json, theirs: Json, at: Path, to: Path) -> Json:
        if isinstance(ours, dict) and isinstance(theirs, dict):
            return self._mapping(ours, theirs, at, to)
        if isinstance(ours, list) and isinstance(theirs, list):
            return self._list(ours, theirs, at, to)
        return theirs if (path_text(at), path_text(to)) in self._readings else ours

    def _mapping(self, ours: Mapping[str, Json], theirs: Mapping[str, Json], at: Path, to: Path) -> Json:
        partner = same_keys(ours, theirs)
        merged: dict[str, Json] = {}
        for key, value in ours.items():
            here = (*at, key)
            name = partner.get(key)
            if name is not None:
                there = (*to, name)
                named = name if (path_text(here), path_text(there)) in self._names else key
                merged[named] = self.value(value, theirs[name], here, there)
            elif (path_text(here), None) not in self._readings:
                merged[key] = value
        paired = set(partner.values())
        more = {key: value for key, value in theirs.items() if (None, path_text((*to, key))) in self._readings}
        return merged | {key: value for key, value in more.items() if key not in paired}

    def _list(self, ours: list[Json], theirs: list[Json], at: Path, to: Path) -> Json:
        blocks = equal_blocks([comparable(v) for v in ours], [comparable(v) for v in theirs])
        merged: list[Json] = []
        done = 0
        for i, k, j, m in [*hunks_between(blocks, len(ours), len(theirs)), (len(ours),) * 2 + (len(theirs),) * 2]:
            merged += ours[done:i]
            for n in range(max(k - i, m - j)):
                here, there = (*at, i + n), (*to, j + n)
                if i + n < k and j + n < m:
                    merged.append(self.value(ours[i + n], theirs[j + n], here, there))
                elif i + n < k:
                    merged += [] if (path_text(here), None) in self._readings else [ours[i + n]]
                elif (None, path_text(there)) in self._readings:
                    merged.append(theirs[j + n])
            done = k
        return merged
