"""What is assigned now: the rules in force, reservations, rounds, terms, training and skips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from labeler.domain.assignment import Assignment, Term
from labeler.domain.events import in_utc
from labeler.domain.people import Person
from labeler.steps.assign import release_of_project
from labeler.steps.line_up import Training, training_of
from labeler.steps.project import Project
from labeler.steps.rounds import Round, annotators, rounds, terms
from labeler.store.assigned import Reservation, Skip

MOST_VALUES = 40
"""A slice key with more values (such as a customer's number) is not listed."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """Ids of people are keys of `people`."""

    overlap: int
    rules: Assignment
    people: Mapping[str, Person]
    reservations: tuple[Reservation, ...]
    """Those that are not over."""
    rounds: tuple[Round, ...]
    terms: Mapping[str, Term]
    training: Mapping[str, Training]
    """Of those who are in training."""
    skips: tuple[Skip, ...]
    slices: tuple[tuple[str, str], ...] = ()
    """Key and value of those that items of the queue have, where a key has few values."""

    def name(self, person_id: str) -> str:
        return self.people[person_id].name if person_id in self.people else person_id


def assigned(project: Project, now: datetime) -> Assigned:
    """Raises LabelerError when there is no release."""
    store, release = project.store, release_of_project(project)
    training = {person.id: training_of(project, release, person) for person in annotators(project)}
    return Assigned(
        overlap=project.settings.overlap,
        rules=project.settings.assignment,
        people={person.id: person for person in store.people()},
        reservations=tuple(store.reservations(release, in_utc(now))),
        rounds=tuple(rounds(project)),
        terms=terms(project),
        training={person: found for person, found in training.items() if found is not None and not found.enough},
        skips=tuple(store.skips(release)),
        slices=tuple((left.key, left.value) for left in store.left_by_slice(release, MOST_VALUES)),
    )
