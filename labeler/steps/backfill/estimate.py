"""The estimate of a release's wrong decisions, from its sampling plan and the resolutions so far."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from labeler.domain.backfill.estimate import UNMEASURED, Estimate, ReviewerError, estimate
from labeler.domain.backfill.plan import Stratum
from labeler.domain.backfill.records import Record, Status
from labeler.domain.backfill.worth import Amount, Amounts, StratumSample
from labeler.domain.events import in_utc
from labeler.steps.backfill.plan import plan_in_force
from labeler.steps.backfill.records import Records, read_records
from labeler.steps.project import Project
from labeler.steps.quality import measured_error


def estimate_backfill(
    project: Project, error: ReviewerError = UNMEASURED, *, as_of: datetime | None = None
) -> tuple[Records, Estimate]:
    """What the verdicts on the planned sample say now, or said at a past time.

    Raises LabelerError without a plan, or when decisions have changed since it was made.
    """
    records = read_records(project, as_of=as_of)
    _, strata = plan_in_force(project, records, before=None if as_of is None else in_utc(as_of))
    return records, estimate([sample_of(stratum) for stratum in strata], error)


def error_in_force(project: Project, given: ReviewerError = UNMEASURED) -> tuple[ReviewerError, str]:
    """The reviewers' error: as the policy gives it, else as this project's hidden checks measured it; and whence."""
    if given.known:
        return given, "reviewer error as [reviewers] of backfill.toml gives it"
    return measured_error(project)


def sample_of(stratum: Stratum) -> StratumSample:
    """What is known of a stratum. Where every member is decided, that is all there is to know, chosen or not."""
    chosen = frozenset(stratum.chosen)
    all_known = all(record.status.decided for record in stratum.members)
    drawn = [record for record in stratum.members if all_known or record.id in chosen]
    aside = [] if all_known else [record for record in stratum.members if record.id not in chosen]

    def of(records: Iterable[Record], *statuses: Status) -> Amounts:
        return tuple(_amount(record) for record in records if record.status in statuses)

    return StratumSample(
        f"{stratum.name}" if stratum.contested else f"{stratum.name}, not contested",
        stratum.contested,
        tuple(_amount(record) for record in stratum.members),
        wrong=of(drawn, Status.WRONG),
        upheld=of(drawn, Status.UPHELD),
        unresolved=of(drawn, Status.UNDER_REVIEW, Status.UNDECIDABLE),
        pending=of(drawn, Status.NOT_REVIEWED),
        wrong_aside=of(aside, Status.WRONG),
        upheld_aside=of(aside, Status.UPHELD),
    )


def _amount(record: Record) -> Amount:
    decision = record.decision
    currency = (decision.currency or "") if decision.amount is not None else ""
    return Amount(abs(decision.amount or 0.0), currency, decision.item_id)
