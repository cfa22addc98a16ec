"""The resolved items of a release as columns: one row an item, numpy arrays of equal length, read once from the store.

Choosing rows and counting them is then a pass over arrays, which 100,000 items need for every figure on the screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from labeler.domain.insights.rows import ResolvedRow
from labeler.domain.items import Modality, Side
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Right

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

MODALITIES = tuple(Modality)
TIERS = tuple(Tier)


class Became(StrEnum):
    """What the new version made of an item."""

    RESIDUAL = "residual"
    FIXED = "fixed"
    REGRESSED = "regressed"
    KEPT = "kept"
    UNDECIDABLE = "undecidable"


CELLS = {Became.RESIDUAL: 0, Became.FIXED: 1, Became.REGRESSED: 2, Became.KEPT: 3, Became.UNDECIDABLE: -1}
"""Values of `Columns.cell`, in the order of a `Tally`: 2 × old right + new right."""

_CELL_OF = {
    Right.NEITHER: CELLS[Became.RESIDUAL],
    Right.NEW: CELLS[Became.FIXED],
    Right.OLD: CELLS[Became.REGRESSED],
    Right.BOTH: CELLS[Became.KEPT],
    Right.UNDECIDABLE: CELLS[Became.UNDECIDABLE],
}

_EPOCH = date(1970, 1, 1).toordinal()

Failed = tuple[Side, str]
"""A failure code and the side that has it."""


@dataclass(frozen=True, slots=True)
class Category:
    """Values, and for each row the index of its value: -1 where the row has none."""

    values: tuple[str, ...]
    codes: Ints


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows are in order of item id. `modality` and `tier` index MODALITIES and TIERS."""

    items: Sequence[str]
    modality: Ints
    tier: Ints
    cell: Ints
    """What became of the item: a value of CELLS."""
    failure_sets: tuple[frozenset[Failed], ...]
    failures: Ints
    """Index into `failure_sets`."""
    by_lead: Mask
    weight: Floats
    """1 / the probability with which the item was drawn."""
    flip: Mask
    """It was looked at because its outputs differ, not at random."""
    day: Ints
    """When it was decided: days since 1970-01-01, in UTC."""
    simulated: Mask
    """A simulated annotator's verdict is behind it."""
    slices: Mapping[str, Category] = field(default_factory=dict)
    judged_by: Mapping[str, Ints] = field(default_factory=dict)
    """Person id -> the rows that this person judged."""
    missed_since: Category | None = None
    """Of residual items: the first model version of the unbroken run of versions that missed it; see `residual`."""

    def __len__(self) -> int:
        return len(self.items)

    def with_slices(self, slices: Mapping[str, Iterable[tuple[str, str]]]) -> Columns:
        """The same rows with slices: key -> (value, item id) pairs; items that are not resolved are passed over."""
        rows = self._rows()
        return replace(self, slices={key: _category(pairs, rows) for key, pairs in slices.items()})

    def with_people(self, judged: Iterable[tuple[str, str]]) -> Columns:
        """The same rows with who judged them: (person id, item id) pairs."""
        rows, found = self._rows(), dict[str, list[int]]()
        for person, item in judged:
            row = rows.get(item)
            if row is not None:
                found.setdefault(person, []).append(row)
        return replace(self, judged_by={who: np.array(sorted(at), np.int32) for who, at in sorted(found.items())})

    def _rows(self) -> dict[str, int]:
        return {item: row for row, item in enumerate(self.items)}


def columns_from(rows: Sequence[ResolvedRow], simulated: Iterable[str] = ()) -> Columns:
    """Columns from the store's rows, which come in order of item. Raises ValueError for a word that is not known."""
    modalities = {str(modality): code for code, modality in enumerate(MODALITIES)}
    tiers = {str(tier): code for code, tier in enumerate(TIERS)}
    cells = {str(right): cell for right, cell in _CELL_OF.items()}
    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * 9
    items, modality, tier, outcome, failures, by_lead, p, why, at = columns
    sets = sorted(set(failures))
    programs = set(simulated)
    return Columns(
        items=items,
        modality=_coded(modality, modalities),
        tier=_coded(tier, tiers),
        cell=_coded(outcome, cells),
        failure_sets=tuple(frozenset((side, code) for side, code in orjson.loads(text)) for text in sets),
        failures=_coded(failures, {text: code for code, text in enumerate(sets)}),
        by_lead=np.array(by_lead, np.bool_),
        weight=1 / np.array(p, np.float64),
        flip=np.fromiter(map("flip".__eq__, why), np.bool_, len(items)),
        day=_days(at),
        simulated=np.fromiter(map(programs.__contains__, items), np.bool_, len(items)),
    )


def day_of(written: str) -> int:
    """Days from 1970-01-01 to a date written `YYYY-MM-DD`. Raises ValueError for what is none."""
    return date.fromisoformat(written).toordinal() - _EPOCH


def _days(moments: Sequence[str]) -> Ints:
    """The day of each moment; many fall on few days."""
    written = [moment[:10] for moment in moments]
    known = {day: day_of(day) for day in set(written)}
    return np.fromiter(map(known.__getitem__, written), np.int32, len(written))


def date_of(day: int) -> str:
    """The date that lies so many days after 1970-01-01, written `YYYY-MM-DD`."""
    return date.fromordinal(day + _EPOCH).isoformat()


def _coded(values: Sequence[str], codes: Mapping[str, int]) -> Ints:
    try:
        return np.fromiter(map(codes.__getitem__, values), np.int32, len(values))
    except KeyError as unknown:
        raise ValueError(f"{unknown} is not one of {', '.join(codes)}") from None


def _category(pairs: Iterable[tuple[str, str]], rows: Mapping[str, int]) -> Category:
    codes = np.full(len(rows), -1, np.int32)
    values: dict[str, int] = {}
    for value, item in pairs:
        row = rows.get(item)
        if row is not None and value != "null":
            codes[row] = values.setdefault(value, len(values))
    return Category(tuple(values), codes)
