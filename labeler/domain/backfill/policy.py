"""The policy: ordered rules that say what is to be done about a record. The first rule that holds takes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from labeler.domain.backfill.conditions import When
from labeler.domain.backfill.estimate import UNMEASURED, ReviewerError
from labeler.domain.backfill.plan import PlanSettings
from labeler.domain.backfill.records import Record


class DueFrom(StrEnum):
    """What a deadline counts from."""

    DECISION = "decision"
    DISCOVERY = "discovery"


@dataclass(frozen=True, slots=True)
class Rule:
    """`steps` are owed after the disposition, such as `corrected` and `notified`."""

    name: str
    when: When
    disposition: str
    steps: tuple[str, ...] = ()
    due_days: int | None = None
    due_from: DueFrom = DueFrom.DISCOVERY
    four_eyes: bool = False

    def due(self, record: Record) -> str | None:
        """The day on which everything must be done; None without a deadline, or before anything is discovered."""
        start = record.decision.decided_at if self.due_from is DueFrom.DECISION else _time(record.discovered_at)
        if self.due_days is None or start is None:
            return None
        return (start + timedelta(days=self.due_days)).date().isoformat()


def _time(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)


@dataclass(frozen=True, slots=True)
class BackfillPolicy:
    """`digest` is that of the file: dispositions say by which policy they were given."""

    rules: tuple[Rule, ...]
    plan: PlanSettings
    error: ReviewerError = UNMEASURED
    digest: str = ""

    def rule_for(self, record: Record) -> Rule | None:
        """The first rule that takes the record; None where none does."""
        return next((rule for rule in self.rules if rule.when.holds(record)), None)


@dataclass(frozen=True, slots=True)
class DryRun:
    """Which records each rule would take, and which none takes."""

    taken: tuple[tuple[Rule, tuple[Record, ...]], ...]
    none: tuple[Record, ...] = field(default=())

    def rule_of(self) -> dict[str, Rule]:
        return {record.id: rule for rule, records in self.taken for record in records}


def dry_run(policy: BackfillPolicy, records: Iterable[Record]) -> DryRun:
    """What the policy says of these records; nothing is done."""
    taken: dict[int, list[Record]] = {index: [] for index in range(len(policy.rules))}
    none = []
    for record in records:
        for index, rule in enumerate(policy.rules):
            if rule.when.holds(record):
                taken[index].append(record)
                break
        else:
            none.append(record)
    return DryRun(tuple((rule, tuple(taken[index])) for index, rule in enumerate(policy.rules)), tuple(none))
