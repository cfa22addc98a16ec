"""Assigning: whose turn it is at what, reservations that expire, more verdicts asked for, skips taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from labeler.domain.assignment import (
    Order,
    Turn,
    arcs,
    ask_body,
    at_random,
    requeue_body,
    reservation_body,
)
from labeler.domain.events import EventKind, in_utc
from labeler.domain.people import Person, Role
from labeler.domain.queue import QueueFilter
from labeler.domain.verdicts import ResolvedBy
from labeler.errors import LabelerError
from labeler.steps.project import Project
from labeler.steps.settle import settle


def turn_of(project: Project, person: Person, now: datetime, number: int = 0) -> Turn:
    """What the person's queue obeys now; `number` counts the person's items, for the share drawn at random."""
    settings = project.settings.assignment
    order = settings.order
    if order is Order.INFORMATION and at_random(number, person.id, project.settings.seed):
        order = Order.SAME
    own = arcs(person.id, project.settings.seed) if order is Order.RANDOM else ()
    return Turn(in_utc(now), settings.kept_from((person.name, person.id)), order, own)


@dataclass(frozen=True, slots=True)
class Reserved:
    """The items that are a person's now, and until when (RFC 3339, UTC)."""

    person: Person
    items: tuple[str, ...]
    until: str


def reserve(
    project: Project,
    author: Person,
    person: Person,
    count: int,
    until: datetime,
    now: datetime,
    where: QueueFilter | None = None,
) -> Reserved:
    """Keep the next so many items of a person's queue for that person, on every laptop that hears of it.

    Raises LabelerError for an author who is neither the person nor a lead, and when no item is left.
    """
    if author.id != person.id and author.role is not Role.LEAD:
        raise LabelerError(f"{author.name} is no lead", remedy="people reserve for themselves; a lead for anyone")
    release = release_of_project(project)
    held = project.store.reservations(release, in_utc(now))
    # Another reservation would take the place of a round's, and the person would be out of the round.
    in_rounds = {one.item_id for one in held if one.person_id == person.id and one.why}
    most, turn = count + len(in_rounds), turn_of(project, person, now)
    entries = project.store.queue(release, person.id, where or QueueFilter(), most, turn=turn)
    items = [entry.item_id for entry in entries if entry.item_id not in in_rounds][:count]
    if not items:
        raise LabelerError(f"nothing is left for {person.name} to judge", kept="all as it was")
    return reserve_items(project, author, person, items, until, now)


def reserve_items(
    project: Project,
    author: Person,
    person: Person,
    items: Sequence[str],
    until: datetime,
    now: datetime,
    why: str = "",
) -> Reserved:
    """Keep these items for a person. A time that is over gives them back."""
    store, written = project.store, in_utc(until)
    by_lead = author.id != person.id
    body = reservation_body(release_of_project(project), person.id, items, written, why, by_lead=by_lead)
    with store.atomic():
        store.append(store.stream(author.id), EventKind.RESERVATION, body, now)
    return Reserved(person, tuple(sorted(items)), written)


ROUND = "round "
"""Why the items of a calibration round are kept for each of its people, before its name."""


def give_back(project: Project, author: Person, person: Person, now: datetime) -> Reserved:
    """End the person's reservations; those of a round stay, which others have as well and which would lack the person.

    Raises LabelerError for another author than the person or a lead.
    """
    if author.id != person.id and author.role is not Role.LEAD:
        raise LabelerError(f"{author.name} is no lead", remedy="a lead takes over what somebody left behind")
    items = [
        held.item_id
        for held in project.store.reservations(release_of_project(project), in_utc(now))
        if held.person_id == person.id and not held.why.startswith(ROUND)
    ]
    if not items:
        return Reserved(person, (), in_utc(now))
    return reserve_items(project, author, person, items, now - timedelta(milliseconds=1), now)


def ask_another(project: Project, author: Person, item_id: str, now: datetime, people: int = 1) -> int:
    """Ask that `people` more judge an item; the answer is how many it needs then. A consensus waits for them.

    Raises LabelerError when the item is not queued, or a lead has settled it.
    """
    store, release = project.store, release_of_project(project)
    standing = store.resolution(release, item_id)
    if standing is not None and standing.resolution.by is ResolvedBy.LEAD:
        raise LabelerError(
            f"a lead settled item {item_id}", kept="that decision", remedy="open it again in Adjudicate first"
        )
    if store.entry(release, item_id) is None:
        raise LabelerError(f"item {item_id} is not in the queue of this release", kept="all as it was")
    stream = store.stream(author.id)
    with store.atomic():
        store.append(stream, EventKind.ASK, ask_body(release, item_id, people), now)
        settle(store, stream, release, [item_id], now)
    return store.needed(release, item_id)


def requeue(project: Project, author: Person, now: datetime, item_id: str | None = None, who: str | None = None) -> int:
    """Bring skipped items back to who skipped them; how many. One's own, or as a lead anybody's.

    `item_id` and `who` (a person's id) narrow it down.
    """
    if author.role is not Role.LEAD:
        if who not in (None, author.id):
            raise LabelerError(f"{author.name} is no lead", remedy="people bring back what they skipped themselves")
        who = author.id
    store = project.store
    skips = [
        skip
        for skip in store.skips(release_of_project(project))
        if item_id in (None, skip.item_id) and who in (None, skip.person_id)
    ]
    checks = [] if author.role is Role.LEAD else store.skipped_checks(release_of_project(project), author.id)
    checks = [check for check in checks if item_id in (None, check.item_id)]
    with store.atomic():
        for skip in skips:
            body = requeue_body(skip.event_id, by_lead=skip.person_id != author.id)
            store.append(store.stream(author.id), EventKind.REQUEUE, body, now)
        for check in checks:  # they come back as items do
            body = {"kind": "withdrawal", "event": check.event_id}
            store.append(store.stream(author.id), EventKind.WITHDRAWAL, body, now)
    return len(skips) + len(checks)


def release_of_project(project: Project) -> str:
    """Id of the release under review. Raises LabelerError when there is none."""
    release = project.store.latest_release()
    if release is None:
        raise LabelerError(f"{project.folder} has no release", remedy="import outputs of two models first")
    return release.id


def only_a_lead(person: Person) -> None:
    """Raises LabelerError for anyone else."""
    if person.role is not Role.LEAD:
        raise LabelerError(f"{person.name} is no lead", kept="all as it was", remedy="a lead decides this")
