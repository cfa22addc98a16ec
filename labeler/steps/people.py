"""Who is in a project, in which role and on whose word; letting people in and giving roles."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from labeler.domain.events import EventKind
from labeler.domain.people import Person, Role
from labeler.errors import LabelerError
from labeler.steps.project import Now, Project, now_utc
from labeler.store import Store


@dataclass(frozen=True, slots=True)
class Member:
    """A person with what the log says of them."""

    person: Person
    role_by: str
    """Whose word the role is: another person's name, or empty where it is the person's own."""
    since: str
    """From when on the role holds: RFC 3339, UTC."""
    verdicts: int
    """In force on the newest release."""
    devices: int
    """Copies of the project that the person wrote in."""


def members(store: Store) -> list[Member]:
    """Everyone, leads first, then in order of name; simulated annotators last."""
    release = store.latest_release()
    counts = store.verdict_counts(release.id) if release else {}
    devices: dict[str, int] = defaultdict(int)
    for stream in store.streams():
        devices[stream.partition("@")[0]] += 1
    spans = store.roles().spans
    people = store.people()
    names = {person.id: person.name for person in people}
    found = []
    for person in people:
        last = spans[person.id][-1]
        by = "" if last.by == person.id else names.get(last.by, last.by)
        found.append(Member(person, by, last.since[0], counts.get(person.id, 0), devices[person.id]))
    return sorted(found, key=lambda m: (m.person.simulated, m.person.role is not Role.LEAD, m.person.name.casefold()))


def let_in(project: Project, by: Person, name: str, role: Role = Role.ANNOTATOR, *, now: Now = now_utc) -> Person:
    """A new person. Who judges or leads may let in an annotator; another role is a lead's to give.

    Raises LabelerError.
    """
    if by.role is Role.AUDITOR:
        raise LabelerError(
            f"{by.name} is an auditor, who looks at everything and changes nothing",
            kept="everyone as they were",
            remedy="ask somebody who judges here; who opens the project under a new name joins by that",
        )
    name = name.strip()
    if not name or project.store.person(name) is not None:
        raise LabelerError(f"{name!r} cannot be added: give a name that is not there yet", kept="everyone as they were")
    if role is not Role.ANNOTATOR:
        _only_a_lead(by)
    with project.store.atomic():
        person = project.store.add_person(name, at=now())
        return person if role is Role.ANNOTATOR else give_role(project, by, person, role, now=now)


def give_role(project: Project, lead: Person, person: Person, role: Role, *, now: Now = now_utc) -> Person:
    """Raises LabelerError when `lead` is none, and where the last lead would be gone."""
    _only_a_lead(lead)
    store = project.store
    if store.person_of(person.id).role is role:
        return person
    others = [p for p in store.people() if p.role is Role.LEAD and p.id != person.id and not p.simulated]
    if person.role is Role.LEAD and not others:
        raise LabelerError(
            f"{person.name} is the only lead", kept="their role", remedy="make another person a lead first"
        )
    body = {"kind": "role", "person": person.id, "role": str(role)}
    store.append(store.stream(lead.id), EventKind.ROLE, body, now())
    return store.person_of(person.id)


def _only_a_lead(person: Person) -> None:
    if person.role is not Role.LEAD:
        raise LabelerError(
            f"{person.name} is no lead, and only a lead gives roles",
            kept="everyone's role",
            remedy="ask a lead of this project (labeler people)",
        )
