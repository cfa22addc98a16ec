"""What is left of a release, whose it is, and when it will be done; questions, rounds, and what was settled since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from labeler.domain.assignment import Term
from labeler.domain.blind import Sides, sides
from labeler.domain.pace import DAYS, Pace, pace_of
from labeler.domain.people import Person, Role
from labeler.domain.queue import QueueFilter
from labeler.domain.verdicts import ResolvedBy, Right
from labeler.steps.assign import release_of_project, turn_of
from labeler.steps.line_up import LineUp, Training, training_of
from labeler.steps.opening import open_project
from labeler.steps.project import Project
from labeler.steps.rounds import Round, rounds, terms
from labeler.steps.threads import Thread, threads
from labeler.store import Left
from labeler.store.assigned import Skip

MOST_VALUES = 12


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """How far a person is; `pace` is None where the project keeps no times."""

    person: Person
    done: int
    left: int
    pace: Pace | None
    term: Term
    training: Training | None

    def late(self, today: date) -> bool | None:
        """Whether what is left takes longer than there is time, by the person's capacity, else by the pace."""
        if self.term.due is None or not self.left:
            return None
        per_day = self.term.per_day or (self.pace and self.pace.per_day)
        if not per_day:
            return None
        days = (date.fromisoformat(self.term.due) - today).days + 1
        return self.left / per_day > days


@dataclass(frozen=True, slots=True)
class Settled:
    """An item that a person judged and a lead settled."""

    item_id: str
    said: Right
    settled: Right
    reason: str
    at: str
    sides: Sides
    """As the item was shown to the person."""


@dataclass(frozen=True, slots=True)
class Board:
    """`people`, `pace` and `verdicts_left` are for a lead; an annotator has neither, and only their own threads."""

    parts: tuple[Left, ...]
    """By modality, tier and slice: items, and how many still lack verdicts. For an annotator: of what is theirs."""
    done: int
    left: int
    """Of the person who looks."""
    term: Term
    verdicts_left: int = 0
    pace: Pace | None = None
    people: tuple[PersonLeft, ...] = ()
    threads: tuple[Thread, ...] = ()
    rounds: tuple[Round, ...] = ()
    settled: tuple[Settled, ...] = ()
    skips: tuple[Skip, ...] = ()
    names: Mapping[str, str] | None = None
    timed: bool = True
    training: bool = False
    """What is left is training."""
    looks: str = ""
    """Id of the person who looks."""
    seed: int = 0
    """Of the project: by it an item's sides are those that the person saw."""


def read_board(folder: Path, person: Person, now: datetime) -> Board:
    """With a connection of its own: may run on any thread. Raises LabelerError when there is no release."""
    with open_project(folder, read_only=True) as project:
        return board(project, person, now)


def board(project: Project, person: Person, now: datetime) -> Board:
    store, release_id = project.store, release_of_project(project)
    release = store.release(release_id)
    assert release is not None
    line_up = LineUp(project, release, person)
    done, left = line_up.count(QueueFilter(), now)
    names = {one.id: one.name for one in store.people()}
    term = terms(project).get(person.id, Term())
    if person.role is Role.ANNOTATOR:
        own = tuple(one for one in rounds(project) if person.id in one.people)
        return Board(
            parts=tuple(store.left_for(release_id, person.id, turn_of(project, person, now))),
            done=done,
            left=left - done,
            term=term,
            threads=tuple(threads(project, person)),
            rounds=own,
            settled=tuple(settled_for(project, person)) if project.settings.onboarding.feedback else (),
            skips=_own_skips(project, release_id, person),
            names=names,
            timed=project.settings.record_times,
            training=line_up.training is not None,
            looks=person.id,
            seed=project.settings.seed,
        )
    by_person = store.verdicts_by_person(release_id)
    return Board(
        parts=(
            *store.left_by_modality(release_id),
            *store.left_by_tier(release_id),
            *store.left_by_slice(release_id, MOST_VALUES),
        ),
        done=done,
        left=left - done,
        term=term,
        verdicts_left=store.verdicts_left(release_id),
        pace=pace_of(store.verdicts_by_day(release_id, DAYS)),
        people=tuple(_person_left(project, one, now, by_person.get(one.id, [])) for one in store.people()),
        threads=tuple(threads(project)),
        rounds=tuple(rounds(project)),
        settled=tuple(settled_for(project, person)),
        skips=tuple(store.skips(release_id)),
        names=names,
        timed=project.settings.record_times,
    )


def _own_skips(project: Project, release: str, person: Person) -> tuple[Skip, ...]:
    """Newest first. With the checks among them: one that were missing would have been a check."""
    own = (skip for skip in project.store.skips(release) if skip.person_id == person.id)
    found = (*own, *project.store.skipped_checks(release, person.id))
    return tuple(sorted(found, key=lambda skip: (skip.at, skip.event_id), reverse=True))


def _person_left(project: Project, person: Person, now: datetime, by_day: Sequence[int]) -> PersonLeft:
    release = project.store.latest_release()
    assert release is not None
    if person.simulated or person.role is Role.AUDITOR:  # they have no items of their own, no pace and no term
        done = project.store.verdict_counts(release.id).get(person.id, 0)
        return PersonLeft(person, done, 0, None, Term(), None)
    done, total = LineUp(project, release, person).count(QueueFilter(), now)
    training = training_of(project, release.id, person)
    return PersonLeft(
        person=person,
        done=done,
        left=total - done,
        pace=pace_of(by_day) if project.settings.record_times else None,
        term=terms(project).get(person.id, Term()),
        training=None if training is None or training.enough else training,
    )


def settled_for(project: Project, person: Person) -> list[Settled]:
    """Items that this person judged and a lead settled, newest first."""
    store, release, seed = project.store, release_of_project(project), project.settings.seed
    found = []
    for stored in store.resolutions(release):
        resolution = stored.resolution
        if resolution.by is not ResolvedBy.LEAD or stored.event.author == person.id:
            continue
        own = store.verdict_of(release, resolution.item_id, person.id)
        if own is not None:
            shown = sides(resolution.item_id, person.id, seed)
            said = (own.verdict.right, resolution.right, resolution.reason, stored.event.at, shown)
            found.append(Settled(resolution.item_id, *said))
    return sorted(found, key=lambda one: one.at, reverse=True)
