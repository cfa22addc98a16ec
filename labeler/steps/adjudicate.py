"""Adjudicating: which items need a lead's decision, and what resolving and reopening append to the log."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from labeler.domain.adjudication import Disputed, docket
from labeler.domain.events import Event, EventKind
from labeler.domain.items import Modality
from labeler.domain.people import Person, Role
from labeler.domain.verdict_json import reopening_body, resolution_body
from labeler.domain.verdicts import Resolution, ResolvedBy
from labeler.errors import LabelerError
from labeler.steps.guesses import guesses_in
from labeler.steps.project import open_project
from labeler.steps.rubric import look_again
from labeler.store import Store


@dataclass(frozen=True, slots=True)
class Line:
    """An item on a lead's list: one that needs a decision (`disputed`), or one that has one (`by`)."""

    item_id: str
    modality: Modality
    kind: str
    """Its slice `kind`, or empty."""
    disputed: Disputed | None = None
    by: ResolvedBy | None = None
    policy: str = ""
    """How a consensus decided that was not unanimous."""
    standing: str | None = None
    """Event of the resolution in force, on an item that needs another decision."""


@dataclass(frozen=True, slots=True)
class Docket:
    """What a lead has to decide in a release, the most telling first, and what is resolved, newest first."""

    open: tuple[Line, ...] = ()
    resolved: tuple[Line, ...] = ()
    unblinded: str = ""
    """That people can tell which side is the new one, in words; empty while guesses do not beat chance."""


def read_docket(folder: Path, release: str) -> Docket:
    """Read on a connection of its own, so that it can run beside a window: thousands of items take seconds."""
    with open_project(folder, read_only=True) as project:
        return docket_of(project.store, release)


def docket_of(store: Store, release: str) -> Docket:
    """Verdicts of simulated annotators count on items that nobody else judged.

    An item whose decision a change of the rubric leaves in doubt needs another one; until then the old one stands.
    """
    resolved = {stored.resolution.item_id: stored for stored in store.resolutions(release)}
    doubted = frozenset(one.item_id for one in look_again(store, release))
    judged, known, critical = {}, [], set()
    for item_id in store.judged_items(release):
        every = store.verdicts(release, item_id)
        counted = [stored for stored in every if not stored.simulated] or every
        verdicts = {stored.person.id: stored.verdict for stored in counted}
        if item_id in resolved and item_id not in doubted:
            known.append({person: [verdict.right] for person, verdict in verdicts.items()})
        else:
            judged[item_id] = verdicts
            if store.item(item_id).critical:
                critical.add(item_id)
    found = docket(judged, known=known, critical=frozenset(critical), doubted=doubted)
    settled = [stored for item_id, stored in resolved.items() if item_id not in doubted]
    newest = sorted(settled, key=lambda stored: (stored.event.at, stored.event.id), reverse=True)
    standing = {item_id: stored.event.id for item_id, stored in resolved.items()}
    return Docket(
        tuple(replace(_line(store, d.item_id, disputed=d), standing=standing.get(d.item_id)) for d in found),
        tuple(
            replace(_line(store, s.resolution.item_id, by=s.resolution.by), policy=s.resolution.policy) for s in newest
        ),
        guesses_in(store, release).warning,
    )


def _line(store: Store, item_id: str, disputed: Disputed | None = None, by: ResolvedBy | None = None) -> Line:
    item = store.item(item_id)
    return Line(item_id, item.modality, str(item.slices.get("kind", "")), disputed, by)


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
    """Append that a resolution no longer stands. Raises LabelerError when the person is no lead."""
    _only_a_lead(lead)
    body = reopening_body(resolution_event, ResolvedBy.LEAD)
    return store.append(store.stream(lead.id), EventKind.REOPENING, body, at)


def _only_a_lead(person: Person) -> None:
    if person.role is not Role.LEAD:
        raise LabelerError(
            f"{person.name} is no lead in this project", kept="all verdicts", remedy="ask a lead to decide"
        )
