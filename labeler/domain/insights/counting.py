"""Columns -> the gate's own tallies: the same 2×2 tables, weights and squares that the gate adds up record by record.

Whatever is said of a rate or a change is then computed by the functions that decide releases.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from labeler.domain.gate.policy import Policy, bin_names
from labeler.domain.gate.tally import EXAMPLES, NodeKey, Tallies, Tally
from labeler.domain.insights.columns import CELLS, MODALITIES, TIERS, Became, Category, Columns, Floats, Ints, Mask

_NODES = len(MODALITIES) * len(TIERS)


def tally_of(columns: Columns, rows: Mask) -> Tally:
    """One table of the rows chosen. Undecidable items are in none: nobody could tell who was right."""
    decided = rows & (columns.cell >= 0)
    counted = _count(np.zeros(int(decided.sum()), np.int32), columns, decided, 1)
    return _tally(counted, 0, columns, decided)


def tallies_of(columns: Columns, rows: Mask, cuts: Iterable[tuple[str, Category]]) -> Tallies:
    """Everything that a gate needs of the rows chosen: tier nodes, their cells by each of the `cuts`, and the whole.

    People judged every output here, so that nothing rests on an automatic match.
    """
    decided = rows & (columns.cell >= 0)
    tallies = Tallies(whole=tally_of(columns, rows))
    node = (columns.modality * len(TIERS) + columns.tier)[decided]
    counted = _count(node, columns, decided, _NODES)
    for number in np.flatnonzero(counted[0].sum(axis=1)):
        here = decided & (columns.modality == number // len(TIERS)) & (columns.tier == number % len(TIERS))
        tallies.nodes[_key(int(number), None)] = _tally(counted, int(number), columns, here)
    for key, category in cuts:
        _add_cells(tallies, key, category, node, columns, decided)
    return tallies


def cuts_of(columns: Columns, policy: Policy) -> list[tuple[str, Category]]:
    """The slices that the policy cuts by, as the columns have them; keys that no item has are passed over."""
    return [(key, columns.slices[key]) for key in policy.slices if key in columns.slices]


def in_bins(columns: Columns, policy: Policy) -> Columns:
    """The columns with the numbers of slices put into the policy's bins, so that a bin is a value like any other."""
    return replace(
        columns,
        slices={
            key: _binned(category, policy.bins[key]) if key in policy.bins else category
            for key, category in columns.slices.items()
        },
    )


def _add_cells(tallies: Tallies, key: str, category: Category, node: Ints, columns: Columns, decided: Mask) -> None:
    values = category.codes[decided]
    within = np.zeros(len(columns), np.bool_)
    within[np.flatnonzero(decided)[values >= 0]] = True
    place = (values * _NODES + node)[values >= 0]
    counted = _count(place, columns, within, _NODES * len(category.values))
    for number in np.flatnonzero(counted[0].sum(axis=1)):
        value, at = divmod(int(number), _NODES)
        tallies.nodes[_key(at, (key, category.values[value]))] = _tally(counted, int(number), columns, None)


_Counted = tuple[Floats, Floats, Floats, Floats]
"""Items, weights and squared weights by place and cell (places × 4), and flips by place."""


def _count(place: Ints, columns: Columns, rows: Mask, places: int) -> _Counted:
    """Sums over `rows`; `place` (one entry a chosen row) says which sum each belongs to."""
    at = place.astype(np.int64) * 4 + columns.cell[rows]
    weight = columns.weight[rows]
    shape = (places, 4)
    return (
        _sums(at, np.ones(len(at)), places * 4).reshape(shape),
        _sums(at, weight, places * 4).reshape(shape),
        _sums(at, weight * weight, places * 4).reshape(shape),
        _sums(place, columns.flip[rows].astype(np.float64), places),
    )


def _sums(place: NDArray[np.integer], values: Floats, places: int) -> Floats:
    return np.bincount(place, values, minlength=places).astype(np.float64)


def _tally(counted: _Counted, place: int, columns: Columns, rows: Mask | None) -> Tally:
    items, weights, squares, flips = counted
    regressed: list[str] = []
    if rows is not None:
        found = np.flatnonzero(rows & (columns.cell == CELLS[Became.REGRESSED]))[:EXAMPLES]
        regressed = [columns.items[row] for row in found]
    return Tally(
        n=int(items[place].sum()),
        items=items[place].tolist(),
        weights=weights[place].tolist(),
        squares=squares[place].tolist(),
        flips=int(flips[place]),
        newly_wrong=regressed,
    )


def _key(node: int, cell: tuple[str, str] | None) -> NodeKey:
    return NodeKey(MODALITIES[node // len(TIERS)], TIERS[node % len(TIERS)], cell)


def _binned(category: Category, edges: tuple[float, ...]) -> Category:
    """Numbers as the names of the bins they lie in; what is no number stays a value of its own, as in the gate."""
    names: dict[str, int] = {}
    bins = bin_names(edges)
    codes = np.full(len(category.values) + 1, -1, np.int32)  # the last entry is for rows without a value, code -1
    for code, value in enumerate(category.values):
        name = bins[bisect_right(edges, float(value))] if _is_number(value) else value
        codes[code] = names.setdefault(name, len(names))
    return Category(tuple(names), codes[category.codes])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
