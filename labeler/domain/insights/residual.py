"""The residual: what both versions of a release got wrong, and since which version nobody has got it right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from labeler.domain.insights.columns import CELLS, MODALITIES, Became, Category, Columns, Ints, Mask
from labeler.domain.items import Modality, Release


@dataclass(frozen=True, slots=True)
class Residual:
    """Items that both versions miss, among those chosen. `since` and `failures` are sorted, most items first."""

    items: int
    of: int
    """Decided items among those chosen."""
    since: tuple[tuple[str, int], ...]
    """The first version of the unbroken run that missed them, as far back as people judged; and how many items."""
    failures: tuple[tuple[str, int], ...]
    """Codes of the new version's failures on them, and how many items have each."""


def residual(columns: Columns, rows: Mask) -> Residual:
    """Counts of the residual among the rows chosen. `missed_since` must have been filled in."""
    here = rows & (columns.cell == CELLS[Became.RESIDUAL])
    since = columns.missed_since
    names = Counter(since.values[code] for code in since.codes[here] if code >= 0) if since else Counter()
    sets = np.bincount(columns.failures[here], minlength=len(columns.failure_sets))
    codes: Counter[str] = Counter()
    for one, count in zip(columns.failure_sets, sets, strict=True):
        for side, code in one if count else ():
            if side == "new":
                codes[code] += int(count)
    return Residual(int(here.sum()), int((rows & (columns.cell >= 0)).sum()), _sorted(names), _sorted(codes))


def _sorted(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def with_missed_since(columns: Columns, release: Release, earlier: Sequence[tuple[Release, Columns]]) -> Columns:
    """The columns of `release` with the version since which each residual item is missed.

    `earlier` are the releases before, oldest first. Going back, a version that people found wrong lengthens the run,
    one that they found right ends it, and a release in which the item was not judged says nothing.
    """
    names: dict[str, int] = {}
    since = np.full(len(columns), -1, np.int32)
    running = columns.cell == CELLS[Became.RESIDUAL]
    _set(since, running, columns, release, "old", names)
    for before, held in reversed(earlier):
        cell = _cells_in(columns, held)
        decided = running & (cell >= 0)
        new_wrong = decided & ((cell == CELLS[Became.RESIDUAL]) | (cell == CELLS[Became.REGRESSED]))
        _set(since, new_wrong, columns, before, "new", names)
        both_wrong = decided & (cell == CELLS[Became.RESIDUAL])
        _set(since, both_wrong, columns, before, "old", names)
        running &= ~decided | both_wrong
    return replace(columns, missed_since=Category(tuple(names), since))


def _cells_in(columns: Columns, held: Columns) -> Ints:
    """What became of these items in another release: UNDECIDABLE's value where they were not judged there."""
    rows = {item: row for row, item in enumerate(held.items)}
    at = np.fromiter((rows.get(item, -1) for item in columns.items), np.int32, len(columns))
    if not len(held):
        return at
    return np.where(at >= 0, held.cell[at], CELLS[Became.UNDECIDABLE]).astype(np.int32)


def _set(since: Ints, rows: Mask, columns: Columns, release: Release, side: str, names: dict[str, int]) -> None:
    for code, modality in enumerate(MODALITIES):
        pair = release.pairs.get(Modality(modality))
        if pair is not None:
            version = str(pair.old if side == "old" else pair.new)
            since[rows & (columns.modality == code)] = names.setdefault(version, len(names))
