"""What each cell of a gold set holds, from one version to the next: nothing may become less without an entry that says
why. Cells are modality × tier, and each of them × a slice value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from labeler.domain.gold.changes import Step, failing
from labeler.domain.gold.records import GoldRecord

ITEMS, FAILING = "items", "failing items"


@dataclass(frozen=True, slots=True)
class Fall:
    """A cell that holds fewer items, or fewer failing ones. `explained`: losses with a line in the removal ledger."""

    cell: str
    of: str
    before: int
    after: int
    explained: int

    def words(self) -> str:
        return f"{self.cell}: {self.of} {self.before} → {self.after}, {self.explained} in the removal ledger"


@dataclass(slots=True)
class Ratchet:
    """Counts of both versions by (cell, what is counted)."""

    before: Counter[tuple[str, str]] = field(default_factory=Counter)
    after: Counter[tuple[str, str]] = field(default_factory=Counter)
    explained: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, step: Step) -> None:
        if step.before is not None:
            counted = list(_counted(step.before))
            self.before.update(counted)
            if step.loses:
                self.explained.update(
                    counted if not step.eased or step.retiered else [c for c in counted if c[1] == FAILING]
                )
        if step.after is not None:
            self.after.update(_counted(step.after))

    def falls(self) -> list[Fall]:
        """In order of cell; hard tiers are cells like the others."""
        return [
            Fall(*key, held, self.after[key], self.explained[key])
            for key, held in sorted(self.before.items())
            if self.after[key] < held
        ]


def _counted(record: GoldRecord) -> Iterator[tuple[str, str]]:
    node = f"{record.modality} · {record.tier}"
    told = (f"{node} · {key} {value}" for key, value in record.slices.items() if isinstance(value, str | bool))
    for cell in (node, *told):
        yield cell, ITEMS
        if failing(record):
            yield cell, FAILING
