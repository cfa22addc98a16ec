"""What changed from one version of a gold set to the next; nothing may shrink in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from labeler.domain.gold.records import GoldRecord
from labeler.domain.rubric import Tier


class Reason(StrEnum):
    """Why a record of the parent is gone."""

    SUPERSEDED = "superseded"
    RUBRIC_CHANGE = "rubric_change"
    WRONG = "wrong"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Removed:
    """An entry of the removal ledger. A record whose tier changed counts as removed and added; `retiered` says so.

    `eased`: the record is still there, but no output of it counts as failing any more.
    """

    id: str
    reason: Reason
    by: str
    event: str
    retiered: tuple[Tier, Tier] | None = None
    eased: bool = False


CHANGEABLE = ("answer", "accept", "match", "tier", "slices", "critical", "judged", "prompt", "media_sha256")


def changed_fields(before: GoldRecord, after: GoldRecord) -> tuple[str, ...]:
    """Which of the things a gate or a reader goes by differ; events and versions do not count."""
    return tuple(name for name in CHANGEABLE if getattr(before, name) != getattr(after, name))


def carried(record: GoldRecord, before: GoldRecord | None, version: str) -> GoldRecord:
    """The record as it stands in `version`: since when it is there, and when it changed last."""
    if before is None:
        return replace(record, added_in=version, changed_in=version)
    added_in = version if before.tier != record.tier else before.added_in
    changed_in = version if changed_fields(before, record) else before.changed_in
    return replace(record, added_in=added_in, changed_in=changed_in)


def failing(record: GoldRecord) -> bool:
    """Whether people found any output of the item wrong: what a gold set must not lose quietly."""
    return any(not judged.right for judged in record.judged)


def removal_alarm_p(removed_failing: int, removed: int, failing_before: int, before: int) -> float:
    """Probability that so many failing items are among the removed ones by chance (hypergeometric, one-sided).

    1 when nothing was removed. Below 0.01 someone should look at what was taken out.
    """
    from scipy.stats import hypergeom

    if not removed:
        return 1.0
    return float(hypergeom.sf(removed_failing - 1, before, failing_before, removed))


@dataclass(frozen=True, slots=True)
class Step:
    """A record's way from one version to the next: added without `before`, gone without `after`."""

    before: GoldRecord | None
    after: GoldRecord | None

    @property
    def id(self) -> str:
        record = self.after or self.before
        return record.id if record else ""

    @property
    def fields(self) -> tuple[str, ...]:
        """What changed in a record that both versions hold."""
        return changed_fields(self.before, self.after) if self.before and self.after else ()

    @property
    def retiered(self) -> tuple[Tier, Tier] | None:
        if self.before and self.after and self.before.tier != self.after.tier:
            return self.before.tier, self.after.tier
        return None

    @property
    def eased(self) -> bool:
        """Whether people found an output of it wrong before, and none now."""
        return self.before is not None and self.after is not None and failing(self.before) and not failing(self.after)

    @property
    def loses(self) -> bool:
        """Whether something of the earlier version is not there any more, for which the removal ledger needs a line."""
        return self.before is not None and (self.after is None or self.retiered is not None or self.eased)


def walk(before: Iterable[GoldRecord], after: Iterable[GoldRecord]) -> Iterator[Step]:
    """Both versions side by side, one record at a time. Both must come sorted by id."""
    old, new = iter(before), iter(after)
    left, right = next(old, None), next(new, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left.id < right.id):
            yield Step(left, None)
            left = next(old, None)
        elif left is None or right.id < left.id:
            yield Step(None, right)
            right = next(new, None)
        else:
            yield Step(left, right)
            left, right = next(old, None), next(new, None)
