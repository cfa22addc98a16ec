"""How many resolved items each tier and slice holds: what is thin is looked at first, so that its gate can answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from labeler.domain.items import Modality
from labeler.domain.rubric import Tier

ENOUGH = 60
"""Items below which no gate answers for a node, whatever its policy says of power."""
BANDS = 16
"""Steps of thinness: 0 for an item of which a tier or slice holds nothing yet, the last one where all hold enough."""

Cell = tuple[str, str, str]
"""Modality, key and value of a slice; a tier has the key ``."""


@dataclass(slots=True)
class Coverage:
    """Resolved items counted by cell."""

    counts: Counter[Cell] = field(default_factory=Counter)

    def add(self, cells: Iterable[Cell]) -> None:
        """Count one resolved item."""
        self.counts.update(cells)

    def band(self, cells: Iterable[Cell]) -> int:
        """How early an item of these cells comes, from 0 to `BANDS` - 1: by its thinnest cell."""
        return min((self._band(cell) for cell in cells), default=BANDS - 1)

    def _band(self, cell: Cell) -> int:
        return min(self.counts[cell] * (BANDS - 1) // ENOUGH, BANDS - 1)


def cells_of(modality: Modality, tier: Tier | None, slices: Mapping[str, str]) -> list[Cell]:
    """Where an item counts; the tier of one that nobody judged yet is not known."""
    cells = [(str(modality), key, value) for key, value in slices.items() if value != "null"]
    return cells if tier is None else [*cells, (str(modality), "", str(tier))]
