"""Planning the review of past decisions: the plan is an event, and its items go into the review queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from labeler.domain.backfill.plan import Plan, PlanSettings, Stratum, divide, make_plan
from labeler.domain.backfill.plan_json import plan_body, settings_from_body
from labeler.domain.backfill.records import Record, Status
from labeler.domain.events import Event, EventKind
from labeler.domain.pace import DAYS, Pace, pace_of
from labeler.domain.people import Person
from labeler.domain.queue import QueueEntry, Why, rank
from labeler.errors import LabelerError
from labeler.steps.backfill.records import Records
from labeler.steps.project import Now, Project, now_utc


@dataclass(frozen=True, slots=True)
class Left:
    """What a plan still asks for: decisions without an answer, their items, and the verdicts that these lack."""

    decisions: int
    items: tuple[str, ...]
    verdicts: int
    unqueued: tuple[str, ...]
    """Items that are not in the review queue yet."""
    pace: Pace = field(default_factory=Pace)
    """Of all reviewing in the release."""


def plan_review(project: Project, records: Records, settings: PlanSettings) -> Plan:
    """A plan, not yet put into force. The project's seed shuffles, so that a further plan goes on with this one."""
    return make_plan(records.records, replace(settings, seed=project.settings.seed))


def left_of(project: Project, records: Records, strata: Sequence[Stratum]) -> Left:
    """What of the plan is not reviewed."""
    store, release = project.store, records.release.id
    by_id = {record.id: record for record in records.records}
    open_ones = [by_id[one] for s in strata for one in s.chosen if by_id[one].status in _OPEN]
    items = {record.decision.item_id: record for record in open_ones}
    missing = sum(max(0, store.overlap - _verdicts(record)) for record in items.values())
    unqueued = tuple(item for item in sorted(items) if store.entry(release, item) is None)
    pace = pace_of(store.verdicts_by_day(release, DAYS))
    return Left(len(open_ones), tuple(sorted(items)), missing, unqueued, pace)


_OPEN = (Status.NOT_REVIEWED, Status.UNDER_REVIEW)


def _verdicts(record: Record) -> int:
    """Verdicts of simulated annotators spare nobody a look."""
    return 0 if record.simulated else len(record.found.verdicts)


def put_in_force(project: Project, records: Records, plan: Plan, author: Person, *, now: Now = now_utc) -> int:
    """Append the plan and put its items into the review queue; the answer is how many are new there."""
    store, release = project.store, records.release.id
    with store.atomic():
        body = {"kind": "plan", "release": release, **plan_body(plan)}
        store.append(store.stream(author.id), EventKind.PLAN, body, now())
        left = left_of(project, records, plan.strata)
        return store.store_queue(release, _entries(project, plan, frozenset(left.unqueued)))


def _entries(project: Project, plan: Plan, wanted: frozenset[str]) -> list[QueueEntry]:
    """The items with the probability with which one of their decisions, or the queue's own draw, would choose them."""
    missed: dict[str, float] = {}
    of_item: dict[str, Record] = {}
    for stratum in plan.strata:
        for record in stratum.members:
            item = record.decision.item_id
            chance = len(stratum.chosen) / len(stratum.members)
            missed[item] = missed.get(item, 1 - _drawn_anyway(record, project)) * (1 - chance)
            of_item[item] = record
    return [
        QueueEntry(item, of_item[item].modality, Why.BACKFILL, 1 - missed[item], rank(item, project.settings.seed))
        for item in sorted(wanted)
    ]


def _drawn_anyway(record: Record, project: Project) -> float:
    """Probability with which the queue's own draw takes the item."""
    return 1.0 if record.contested else project.settings.random_share


def plan_in_force(
    project: Project, records: Records, *, before: str | None = None
) -> tuple[Event, tuple[Stratum, ...]]:
    """The newest plan of the release (up to a time) and its strata.

    Raises LabelerError when there is none, or when decisions came or went since: the sample would no longer be one.
    """
    plans = [
        event
        for event in project.store.events(kinds=[EventKind.PLAN])
        if event.body["release"] == records.release.id and (before is None or event.at <= before)
    ]
    if not plans:
        raise LabelerError("there is no sampling plan yet", remedy="labeler backfill plan PROJECT --queue makes one")
    event = max(plans, key=lambda e: (e.at, e.id))
    planned = {(s["contested"], s["certainty"], s["name"]): s for s in event.body["strata"]}
    strata = divide(records.records, settings_from_body(event.body["settings"]))
    if {(s.contested, s.certainty, s.name): s.digest for s in strata} != {k: s["digest"] for k, s in planned.items()}:
        raise LabelerError(
            "decisions or their outputs have changed since the plan was made",
            kept="every verdict; a new plan goes on with the same order of chance",
            remedy="labeler backfill plan PROJECT --queue",
        )
    chosen = {key: tuple(s["chosen"]) for key, s in planned.items()}
    return event, tuple(replace(s, chosen=chosen[s.contested, s.certainty, s.name]) for s in strata)
