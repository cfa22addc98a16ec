"""Two tables or two sets of values side by side: the same rows and columns on both sides, with gaps where one has none.

Everything is in terms of A and B. Cells know the difference that they belong to and the region that they come from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from labeler.domain.blind import Letter, Neutral, ShownDifference
from labeler.domain.items import Span

Lane = tuple[int | None, int | None]
"""A row (or column) of A's table and the one of B's that stands beside it; None where a side has none."""


class CellMark(StrEnum):
    """How a cell stands against the other side's."""

    SAME = "same"
    FORM = "form"
    CHANGED = "changed"
    MOVED = "moved"
    ONLY_HERE = "only here"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it is shown. `text` is empty where this side has none (ABSENT)."""

    text: str
    mark: CellMark = CellMark.SAME
    difference: str | None = None
    region: str | None = None
    """Id of the region that it comes from."""
    span: Span | None = None
    """Where it stands in the output's text."""


Cells = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Both sides' cells, with as many rows and columns on each side."""

    titles: Mapping[Letter, tuple[str, ...]]
    """Heads of the columns of values; a table has its own in its first row."""
    cells: Mapping[Letter, Cells]

    def find(self, letter: Letter, difference: str) -> tuple[int, int] | None:
        """Row and column of the first cell of a difference."""
        return next((at for at, cell in self.each(letter) if cell.difference == difference), None)

    def each(self, letter: Letter) -> Iterator[tuple[tuple[int, int], Cell]]:
        for row, cells in enumerate(self.cells[letter]):
            for column, cell in enumerate(cells):
                yield (row, column), cell


def lanes(a: int, b: int, pairs: Sequence[tuple[int, int]]) -> list[Lane]:
    """A's rows in order, each with its partner; what only B has stands behind the row that it follows in B."""
    partner, back = dict(pairs), {j: i for i, j in pairs}
    behind: dict[int, list[int]] = {}
    last = -1
    for j in range(b):
        if j in back:
            last = back[j]
        else:
            behind.setdefault(last, []).append(j)
    found: list[Lane] = [(None, j) for j in behind.get(-1, ())]
    for i in range(a):
        found += [(i, partner.get(i)), *((None, j) for j in behind.get(i, ()))]
    return found


def mark_of(difference: ShownDifference, letter: Letter) -> CellMark:
    """How a cell of a difference stands against the other side's."""
    if difference.cosmetic:
        return CellMark.FORM
    if difference.kind in (Neutral.MOVED, Neutral.COLUMNS_SWAPPED):
        return CellMark.MOVED
    both = difference.a is not None and difference.b is not None
    return CellMark.CHANGED if both or difference.reading(letter) is None else CellMark.ONLY_HERE
