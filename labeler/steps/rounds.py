"""Calibration rounds, in which all judge the same items; who may begin; by when, and how much a person can do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from labeler.domain.agreement.answers import Question, answer_to, differ
from labeler.domain.assignment import Term, qualification_body, term_body
from labeler.domain.events import EventKind
from labeler.domain.people import Person
from labeler.domain.queue import QueueFilter
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Right, Verdict
from labeler.errors import LabelerError
from labeler.steps.assign import ROUND, ask_another, only_a_lead, release_of_project, reserve_items
from labeler.steps.project import Project

_MOST_LOOKED_AT = 5_000


@dataclass(frozen=True, slots=True)
class RoundItem:
    """An item of a round, and what was said of it so far: person id to which output is right, and to the tier."""

    item_id: str
    said: Mapping[str, Right]
    tiers: Mapping[str, Tier] = field(default_factory=dict)
    differ_in: tuple[Question, ...] = ()
    """What their verdicts differ in: there is something to talk about also where all find the same output right."""

    @property
    def differ(self) -> bool:
        return bool(self.differ_in)


@dataclass(frozen=True, slots=True)
class Round:
    """A calibration round: everyone in it judges all of its items before any others."""

    name: str
    until: str
    people: tuple[str, ...]
    items: tuple[RoundItem, ...]

    @property
    def done(self) -> Mapping[str, int]:
        """By person, how many of the items they have judged."""
        counted = Counter(person for item in self.items for person in item.said)
        return {person: counted[person] for person in self.people}

    @property
    def complete(self) -> bool:
        """Everybody has judged everything: now there is something to talk about."""
        return all(count == len(self.items) for count in self.done.values())


def start_round(
    project: Project,
    lead: Person,
    name: str,
    people: Sequence[Person],
    count: int,
    until: datetime,
    now: datetime,
    where: QueueFilter | None = None,
) -> Round:
    """Give the next `count` items that nobody has judged to all these people, before any others.

    Raises LabelerError for who is no lead, for fewer than two people, or when such items are not left.
    """
    only_a_lead(lead)
    if len(people) < 2:
        raise LabelerError("a round needs two people or more", remedy="--with NAME, once for each")
    if name in {round_.name for round_ in rounds(project)}:
        raise LabelerError(f"there was a round {name} before", remedy="give this one another name")
    store, release = project.store, release_of_project(project)
    queued = store.queue(release, "", where or QueueFilter(), _MOST_LOOKED_AT)
    items = [entry.item_id for entry in queued if not store.verdicts(release, entry.item_id)][:count]
    if len(items) < count:
        raise LabelerError(f"only {len(items)} items are left that nobody has judged", kept="all as it was")
    with store.atomic():
        for item_id in items:
            more = len(people) - store.needed(release, item_id)
            if more > 0:
                ask_another(project, lead, item_id, now, more)
        for person in people:
            reserve_items(project, lead, person, items, until, now, f"{ROUND}{name}")
    return next(round_ for round_ in rounds(project) if round_.name == name)


def _round_item(item_id: str, verdicts: Mapping[str, Verdict]) -> RoundItem:
    answers = {question: [answer_to(question, one) for one in verdicts.values()] for question in Question}
    apart = (q for q, said in answers.items() if differ(q, [answer for answer in said if answer is not None]))
    said = {person: verdict.right for person, verdict in verdicts.items()}
    return RoundItem(item_id, said, {person: verdict.tier for person, verdict in verdicts.items()}, tuple(apart))


def rounds(project: Project) -> list[Round]:
    """The rounds of the newest release, in order of name."""
    store, release = project.store, release_of_project(project)
    held = [one for one in store.reservations(release) if one.why.startswith(ROUND)]
    found = []
    for why in sorted({one.why for one in held}):
        mine = [one for one in held if one.why == why]
        people = tuple(sorted({one.person_id for one in mine}))
        items = []
        for item_id in sorted({one.item_id for one in mine}):
            verdicts = {one.person.id: one.verdict for one in store.verdicts(release, item_id)}
            items.append(_round_item(item_id, {p: verdict for p, verdict in verdicts.items() if p in people}))
        until = max(one.until for one in mine)
        found.append(Round(why.removeprefix(ROUND), until, people, tuple(items)))
    return found


def qualify(project: Project, lead: Person, person: Person, now: datetime) -> None:
    """Let someone begin, whatever training said. Raises LabelerError for who is no lead."""
    only_a_lead(lead)
    project.store.append(project.store.stream(lead.id), EventKind.QUALIFICATION, qualification_body(person.id), now)


def set_term(project: Project, lead: Person, person: Person, term: Term, now: datetime) -> None:
    """Say by when a person is to be done, and how much that person can do. Raises LabelerError for who is no lead."""
    only_a_lead(lead)
    project.store.append(project.store.stream(lead.id), EventKind.TERM, term_body(person.id, term), now)


def terms(project: Project) -> dict[str, Term]:
    """By person id, the newest term."""
    roles = project.store.roles()
    said = filter(roles.allow, project.store.events(kinds=[EventKind.TERM]))
    events = sorted(said, key=lambda event: (event.at, event.id))
    return {event.body["person"]: Term(event.body["due"], event.body["per_day"]) for event in events}


def annotators(project: Project) -> list[Person]:
    """Everyone who judges: all but simulated people."""
    return [person for person in project.store.people() if not person.simulated]
