"""Adjudicating: what resolving and reopening append to the log. Which items need it: `docket`."""

from __future__ import annotations

from datetime import datetime

from labeler.domain.events import Event, EventKind
from labeler.domain.people import Person, Role
from labeler.domain.verdict_json import reopening_body, resolution_body
from labeler.domain.verdicts import Resolution, ResolvedBy
from labeler.errors import LabelerError
from labeler.steps.settle import open_stale
from labeler.store import Store


def resolve(
    store: Store, lead: Person, resolution: Resolution, at: datetime, *, own_verdict_counts: bool = False
) -> Event:
    """Append a lead's decision. Raises LabelerError when the person is no lead, or judged this item themselves (and
    the project does not allow that).
    """
    _only_a_lead(lead)
    if not own_verdict_counts and store.verdict_of(resolution.release, resolution.item_id, lead.id) is not None:
        raise LabelerError(
            "you judged this item yourself, so another lead settles it",
            kept="your verdict and everyone else's",
            remedy="let another lead decide, or take your verdict back",
        )
    body, private = resolution_body(resolution)
    return store.append(store.stream(lead.id), EventKind.RESOLUTION, body, at, private)


def reopen(store: Store, lead: Person, resolution_event: str, at: datetime) -> Event:
    """Append that a resolution no longer stands. Raises LabelerError when the person is no lead.

    A consensus that it had replaced stands again only where the verdicts in force still call for it.
    """
    _only_a_lead(lead)
    stream, opened = store.stream(lead.id), store.event(resolution_event)
    with store.atomic():
        event = store.append(stream, EventKind.REOPENING, reopening_body(resolution_event, ResolvedBy.LEAD), at)
        if opened is not None:
            open_stale(store, stream, opened.body["release"], opened.body["item_id"], at)
    return event


def _only_a_lead(person: Person) -> None:
    if person.role is not Role.LEAD:
        raise LabelerError(
            f"{person.name} is no lead in this project", kept="all verdicts", remedy="ask a lead to decide"
        )
