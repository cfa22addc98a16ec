"""Which of the resolved items: what the filters leave, and what lies behind a mark of a chart."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from labeler.domain.insights.columns import CELLS, MODALITIES, TIERS, Became, Category, Columns, Failed, Ints, Mask
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier


@dataclass(frozen=True, slots=True)
class Cut:
    """Conditions that all hold; None and empty stand for everything. Days are counted as `Columns.day`."""

    modality: Modality | None = None
    tiers: frozenset[Tier] = frozenset()
    slices: tuple[tuple[str, str], ...] = ()
    """(key, value) pairs."""
    person: str | None = None
    """Id of somebody who judged the item."""
    since: int | None = None
    until: int | None = None
    became: Became | None = None
    failure: Failed | None = None
    missed_since: str | None = None

    def of_slice(self, key: str, value: str) -> Cut:
        return replace(self, slices=tuple(sorted({*self.slices, (key, value)})))

    @property
    def empty(self) -> bool:
        return self == Cut()


def chosen(columns: Columns, cut: Cut) -> Mask:
    """Which rows hold all conditions."""
    mask = np.ones(len(columns), np.bool_)
    if cut.modality is not None:
        mask &= columns.modality == MODALITIES.index(cut.modality)
    if cut.tiers:
        mask &= np.isin(columns.tier, [TIERS.index(tier) for tier in cut.tiers])
    for key, value in cut.slices:
        mask &= _has(columns.slices.get(key), value, len(columns))
    if cut.person is not None:
        mask &= _at(columns.judged_by.get(cut.person), len(columns))
    if cut.since is not None:
        mask &= columns.day >= cut.since
    if cut.until is not None:
        mask &= columns.day <= cut.until
    if cut.became is not None:
        mask &= columns.cell == CELLS[cut.became]
    if cut.failure is not None:
        mask &= failing(columns, cut.failure)
    if cut.missed_since is not None:
        mask &= _has(columns.missed_since, cut.missed_since, len(columns))
    return mask


def failing(columns: Columns, failed: Failed) -> Mask:
    """Which rows have this failure on this side."""
    sets = np.fromiter((failed in one for one in columns.failure_sets), np.bool_, len(columns.failure_sets))
    return sets[columns.failures] if len(sets) else np.zeros(len(columns), np.bool_)


def items_of(columns: Columns, cut: Cut) -> list[str]:
    """Ids of the items that hold all conditions, in order."""
    return [columns.items[row] for row in np.flatnonzero(chosen(columns, cut)).tolist()]


def _has(category: Category | None, value: str, rows: int) -> Mask:
    if category is None or value not in category.values:
        return np.zeros(rows, np.bool_)
    found: Mask = category.codes == category.values.index(value)
    return found


def _at(rows: Ints | None, length: int) -> Mask:
    mask = np.zeros(length, np.bool_)
    if rows is not None:
        mask[rows] = True
    return mask
