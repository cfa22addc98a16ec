"""The past decisions that a release puts into question, as they stand now or stood at any past time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from labeler.domain.backfill.handling import BACKFILL_KINDS, NOT_HANDLED, Handling, handle
from labeler.domain.backfill.records import NOTHING_FOUND, Found, Record, found_as_of
from labeler.domain.events import Event, EventKind, in_utc
from labeler.domain.items import Modality, Release
from labeler.domain.roles import ROLE_KINDS
from labeler.domain.rubric_history import RubricHistory
from labeler.errors import LabelerError
from labeler.steps.project import Project
from labeler.steps.uncollected import without_collection
from labeler.store import Store
from labeler.store.backfill import DecidedItem

_JUDGING = (
    *ROLE_KINDS,
    EventKind.VERDICT,
    EventKind.SKIP,
    EventKind.WITHDRAWAL,
    EventKind.RESOLUTION,
    EventKind.REOPENING,
)


@dataclass(frozen=True)
class Records:
    """Decisions of a release's old models, in order of id, and what is done about each.

    `of_other_models` were taken on outputs of models that this release does not replace; they are not among them.
    """

    release: Release
    records: tuple[Record, ...]
    handling: dict[str, Handling]
    of_other_models: int
    without_pair: int
    """Decisions whose item has no pair of outputs in this release."""

    @cached_property
    def contested(self) -> tuple[Record, ...]:
        return tuple(record for record in self.records if record.contested)

    @cached_property
    def _by_id(self) -> dict[str, Record]:
        return {record.id: record for record in self.records}

    def handled(self, decision_id: str) -> Handling:
        return self.handling.get(decision_id, NOT_HANDLED)

    def record(self, decision_id: str) -> Record:
        """Raises LabelerError when no decision of this release's old models has this id."""
        record = self._by_id.get(decision_id)
        if record is not None:
            return record
        raise LabelerError(
            f"no decision {decision_id} was taken on an output of this release's old models",
            remedy="labeler backfill records PROJECT lists those that were",
        )


def release_in_question(store: Store) -> Release:
    """The newest release. Raises LabelerError when there is none, or no decision to put into question."""
    release = store.latest_release()
    if release is None:
        raise LabelerError("this project has no release yet", remedy="labeler import --new F brings one")
    if store.decision_count() == 0:
        raise LabelerError(
            "this project holds no past decisions",
            remedy="Import decisions in the window, or labeler import PROJECT --decisions F, brings them",
        )
    return release


def read_records(project: Project, *, as_of: datetime | None = None) -> Records:
    """The records as they stand, or stood at a past time: nothing that came later counts. Raises LabelerError."""
    with without_collection():
        return _read(project.store, None if as_of is None else in_utc(as_of))


def _read(store: Store, then: str | None) -> Records:
    release = release_in_question(store)
    decided = [d for d in store.decided_items(release.id) if then is None or _known(d, then)]
    if then is None:
        found, by_people = store.found_now(release.id), store.judged_by_people(release.id)
        handling = handle(filter(store.roles().allow, store.events(kinds=BACKFILL_KINDS)), release.id)
    else:
        judging = [event for event in store.events(kinds=_JUDGING) if event.at <= then]
        found = found_as_of(judging, release.id, then)
        by_people = _by_people(judging, found, store)
        said = filter(store.roles().allow, store.events(kinds=BACKFILL_KINDS))
        handling = handle((event for event in said if event.at <= then), release.id)
    ours = [d for d in decided if d.decision.is_of(release.pairs[d.modality].old)]
    history = store.rubric_history
    return Records(
        release,
        tuple(_record(history, d, found.get(d.decision.item_id, NOTHING_FOUND), by_people) for d in ours),
        handling,
        of_other_models=len(decided) - len(ours),
        without_pair=store.decision_count() - len(decided) if then is None else 0,
    )


def _known(decided: DecidedItem, then: str) -> bool:
    return decided.imported_at <= then and in_utc(decided.decision.decided_at) <= then


def _by_people(judging: Iterable[Event], found: dict[str, Found], store: Store) -> frozenset[str]:
    simulated = {person.id for person in store.people() if person.simulated}
    authors = {event.id: event.author for event in judging}
    return frozenset(
        item_id for item_id, one in found.items() if any(authors[e] not in simulated for e in one.verdicts)
    )


def _record(history: RubricHistory, decided: DecidedItem, found: Found, by_people: frozenset[str]) -> Record:
    decision, _, modality, slices, flips = decided
    simulated = bool(found.verdicts) and decision.item_id not in by_people
    codes = _codes_today(history, modality, found) if history.changes_anything else ()
    return Record(decision, modality, flips, slices, found, simulated, codes)


def _codes_today(history: RubricHistory, modality: Modality, found: Found) -> tuple[str, ...]:
    """What the old output's failures are called by the rubric of today."""
    resolution = found.resolution
    if resolution is None:
        return ()
    said = resolution.body
    codes = (failure["code"] for failure in said["failures"] if failure["side"] == "old")
    return tuple(sorted({history.follow(modality, said["rubric"], code).code for code in codes}))


def end_of(day: date | datetime) -> datetime:
    """The last moment of a day in UTC; a time stays what it is. Raises LabelerError for a time without a zone."""
    if isinstance(day, datetime):
        if day.tzinfo is None:
            raise LabelerError(f"{day.isoformat()} has no zone", remedy="write a Z behind it for UTC")
        return day
    return datetime.fromisoformat(f"{day.isoformat()}T23:59:59.999+00:00")
