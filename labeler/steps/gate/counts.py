"""What a stretch of a gold set adds up to: how often each of the few outcomes that there are, by group of nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import orjson

from labeler.domain.gate.policy import Policy
from labeler.domain.gate.tally import EXAMPLES, MatchAgreement, Outcome, Slice, remember
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from labeler.errors import LabelerError
from labeler.steps.gate.outputs import Stretch

Version = Literal["old", "new", "best"]
VERSIONS: tuple[Version, ...] = ("old", "new", "best")
"""`best` is the best version shipped so far, where the call names one."""
OutcomeKey = tuple[float, float, float, float, bool]
"""The fields of an `Outcome`."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """What decides in which nodes a record counts. Two groups that say the same may exist; each counts for itself,
    since comparing them costs more than counting."""

    modality: Modality
    tier: Tier
    cells: tuple[Slice, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """`files` hold the items from `first` to before `behind` (None: to the end), and others between them."""

    records: Stretch
    files: Mapping[Version, Stretch]
    first: str
    behind: str | None
    policy: Policy
    thin: int
    """Of so many judged outputs one is compared with the match, to measure it."""
    columns: Stretch | None = None
    """The same records by columns, where the gold set has them."""


@dataclass(slots=True)
class Compared:
    """The outcomes of one group: how often each, and the first ids of those that decide."""

    times: dict[OutcomeKey, int] = field(default_factory=dict)
    newly_wrong: list[str] = field(default_factory=list)
    unjudged: list[str] = field(default_factory=list)
    open: int = 0
    """Items that only people can judge, and none has."""
    open_ids: list[str] = field(default_factory=list)

    def outcomes(self) -> Iterator[tuple[Outcome, int]]:
        for key, times in self.times.items():
            yield Outcome(*key), times

    def decided(self, item_id: str, old: float, new: float, by_match: float) -> None:
        """One model did better on the item than the other."""
        if new < old and len(self.newly_wrong) < EXAMPLES:
            self.newly_wrong.append(item_id)
        if by_match and len(self.unjudged) < EXAMPLES:
            self.unjudged.append(item_id)

    def leave_open(self, item_id: str) -> None:
        """Nobody can say yet which model did better on the item."""
        self.open += 1
        remember(self.open_ids, [item_id])


@dataclass(slots=True)
class SideSeen:
    """What was seen of one outputs file. `judged` is a digest of what was judged in the stretch."""

    models: dict[Modality, set[str]]
    judged: bytes
    missing: list[str]


@dataclass(slots=True)
class Counts:
    """`compared` holds the new model against the old one, and against the best so far."""

    records: int = 0
    compared: dict[Version, dict[Group, Compared]] = field(default_factory=lambda: {"old": {}, "best": {}})
    agreement: dict[tuple[Modality, str], MatchAgreement] = field(default_factory=dict)
    critical: int = 0
    critical_failed: int = 0
    critical_wrong: list[str] = field(default_factory=list)
    critical_open: int = 0
    sides: dict[Version, SideSeen] = field(default_factory=dict)

    def group(self, against: Version, group: Group) -> Compared:
        groups = self.compared[against]
        found = groups.get(group)
        if found is None:
            found = groups[group] = Compared()
        return found

    def add_critical(self, item_id: str, right: float | None) -> None:
        """Each sample of a critical record must be right. None: only people can say, and none has."""
        self.critical += 1
        if right is None:
            self.critical_open += 1
        elif right < 1:
            self.critical_failed += 1
            remember(self.critical_wrong, [item_id])


def cells_of(policy: Policy, slices: bytes) -> tuple[Slice, ...]:
    """The cells of an item with these slices, a JSON object. Raises LabelerError for a number without bins."""
    if not slices:
        return ()
    try:
        return tuple(policy.cells(orjson.loads(slices) or {}))
    except ValueError as problem:
        raise LabelerError(str(problem), remedy="add the slice to [bins] of the policy") from None
