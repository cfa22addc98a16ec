"""Failures by slice: how many items fail with each code on one side, for each value of a slice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labeler.domain.insights.columns import MODALITIES, Columns, Mask
from labeler.domain.items import Modality, Side


@dataclass(frozen=True, slots=True)
class HeatMap:
    """`counts[row][column]` items fail with `codes[row]` and have `values[column]`; most frequent first both ways.

    An item with two failures counts in both rows. `of` says how many of the chosen items have each value.
    """

    modality: Modality
    side: Side
    key: str
    """The slice; empty where the items have none with few values."""
    codes: tuple[str, ...]
    values: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    totals: tuple[int, ...]
    """Items with each code, whether they have the slice or not."""
    of: tuple[int, ...]


def heat_map(columns: Columns, rows: Mask, modality: Modality, side: Side, key: str = "") -> HeatMap:
    """The failures of one side among the rows chosen of a modality, by the values of a slice: `key` where its items
    have it, else the one that says most of them.
    """
    rows = rows & (columns.modality == MODALITIES.index(modality))
    keys = slices_of(columns, rows)
    key = key if key in keys else next(iter(keys), "")
    category = columns.slices.get(key)
    codes = sorted({code for one in columns.failure_sets for at, code in one if at == side})
    belongs = np.array([[(side, code) in one for one in columns.failure_sets] for code in codes], np.int64)
    sets = len(columns.failure_sets)
    found = columns.failures[rows]
    totals = belongs.reshape(len(codes), sets) @ np.bincount(found, minlength=sets)
    if category is None or not category.values:
        return _sorted(
            modality, side, key, codes, (), np.zeros((len(codes), 0), np.int64), totals, np.zeros(0, np.int64)
        )
    value = category.codes[rows]
    has = value >= 0
    width = len(category.values)
    by_set = np.bincount(found[has].astype(np.int64) * width + value[has], minlength=sets * width).reshape(sets, width)
    of = np.bincount(value[has], minlength=width)
    return _sorted(modality, side, key, codes, category.values, belongs.reshape(len(codes), sets) @ by_set, totals, of)


def slices_of(columns: Columns, rows: Mask) -> list[str]:
    """The slices that the rows chosen have, most telling first: `kind`, then those that most rows have, then those
    with most values.
    """
    telling = {}
    for key, category in columns.slices.items():
        counts = np.bincount(category.codes[rows] + 1, minlength=len(category.values) + 1)[1:]
        if counts.any():
            telling[key] = (key != "kind", -int(counts.sum()), -int(np.count_nonzero(counts)), key)
    return sorted(telling, key=telling.__getitem__)


def _sorted(
    modality: Modality,
    side: Side,
    key: str,
    codes: Sequence[str],
    values: Sequence[str],
    counts: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    totals: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    of: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
) -> HeatMap:
    """Rows by how many items fail so, columns by how many items there are; what no chosen item has is left out."""
    down = sorted((n for n in range(len(codes)) if totals[n]), key=lambda n: (-int(totals[n]), codes[n]))
    across = sorted((n for n in range(len(values)) if of[n]), key=lambda n: (-int(of[n]), values[n]))
    return HeatMap(
        modality=modality,
        side=side,
        key=key,
        codes=tuple(codes[n] for n in down),
        values=tuple(values[n] for n in across),
        counts=tuple(tuple(int(counts[row, column]) for column in across) for row in down),
        totals=tuple(int(totals[n]) for n in down),
        of=tuple(int(of[n]) for n in across),
    )
