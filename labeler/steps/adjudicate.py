"""Adjudicating: which items need a lead's decision, and what resolving and reopening append to the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from labeler.domain.adjudication import CheckedAgain, Disputed, docket
from labeler.domain.checks import CheckKind
from labeler.domain.events import Event, EventKind
from labeler.domain.items import Modality
from labeler.domain.people import Person, Role
from labeler.domain.verdict_json import reopening_body, resolution_body
from labeler.domain.verdicts import Resolution, ResolvedBy
from labeler.errors import LabelerError
from labeler.steps.guesses import guesses_in
from labeler.steps.project import open_project
from labeler.steps.rubric import gap_stands, look_again
from labeler.store import Store
from labeler.store.verdict_state import StoredResolution


@dataclass(frozen=True, slots=True)
class Line:
    """An item on a lead's list: one that needs a decision (`disputed`), one that has one (`by`), or one on which a
    hidden check failed (`checked`).
    """

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
    checked: CheckedAgain | None = None
    waits: bool = False
    """One more person was asked to judge it, and has not."""


@dataclass(frozen=True, slots=True)
class Docket:
    """What a lead has to decide in a release, the most telling first and what waits for a verdict last; what is
    resolved, newest first; items on which hidden checks failed, most of them first.
    """

    open: tuple[Line, ...] = ()
    resolved: tuple[Line, ...] = ()
    checks: tuple[Line, ...] = ()
    unblinded: str = ""
    """That people can tell which side is the new one, in words; empty while guesses do not beat chance."""


def read_docket(folder: Path, release: str, *, for_lead: bool = True) -> Docket:
    """Read on a connection of its own, so that it can run beside a window: thousands of items take seconds."""
    with open_project(folder, read_only=True) as project:
        return docket_of(project.store, release, for_lead=for_lead)


def docket_of(store: Store, release: str, *, for_lead: bool = True) -> Docket:
    """Verdicts of simulated annotators count on items that nobody else judged.

    An item whose decision a change of the rubric or hidden checks leave in doubt needs another one; until then the old
    one stands. Who is no lead is not told of checks.
    """
    resolved = {stored.resolution.item_id: stored for stored in store.resolutions(release)}
    doubted = frozenset(one.item_id for one in look_again(store, release))
    checked = _checked_again(store, release, resolved) if for_lead else {}
    shaken = frozenset(i for i, one in checked.items() if i in resolved and one.shakes(resolved[i].resolution.by))
    again, blamed = doubted | shaken, _blamed(store, resolved.values())
    judged, known, critical, gaps = {}, [], set(), {}
    for item_id in sorted({*store.judged_items(release), *shaken}):
        every = store.verdicts(release, item_id)
        counted = [stored for stored in every if not stored.simulated] or every
        verdicts = {stored.person.id: stored.verdict for stored in counted}
        if item_id in resolved and item_id not in again:
            known.append({person: [verdict.right] for person, verdict in verdicts.items()})
        else:
            judged[item_id] = verdicts
            item = store.item(item_id)
            gaps[item_id] = blamed.get(item.modality, frozenset())
            if item.critical:
                critical.add(item_id)
    found = docket(judged, known=known, critical=frozenset(critical), doubted=doubted, checked=checked, gaps=gaps)
    settled = [stored for item_id, stored in resolved.items() if item_id not in again]
    newest = sorted(settled, key=lambda stored: (stored.event.at, stored.event.id), reverse=True)
    standing = {item_id: stored.event.id for item_id, stored in resolved.items()}
    waiting = store.asked_for_more(release)
    lines = [
        replace(_line(store, d.item_id, disputed=d), standing=standing.get(d.item_id), waits=d.item_id in waiting)
        for d in found
    ]
    failed = sorted(((i, one) for i, one in checked.items() if one.failed), key=lambda pair: (-pair[1].failed, pair[0]))
    return Docket(
        tuple(sorted(lines, key=lambda line: line.waits)),
        tuple(
            replace(_line(store, s.resolution.item_id, by=s.resolution.by), policy=s.resolution.policy) for s in newest
        ),
        tuple(replace(_line(store, item_id), checked=one) for item_id, one in failed),
        guesses_in(store, release).warning if for_lead else "",
    )


def _checked_again(store: Store, release: str, resolved: Mapping[str, StoredResolution]) -> dict[str, CheckedAgain]:
    """What hidden checks say of the decisions and verdicts that are in force now; what came before tells nothing."""
    found: dict[str, CheckedAgain] = {}
    for check in store.checks(release):
        standing = resolved.get(check.item_id)
        by_lead = standing is not None and standing.resolution.by is ResolvedBy.LEAD
        if not check.outcome or check.kind is CheckKind.TRAINING:
            continue
        before = found.get(check.item_id, CheckedAgain(0, 0))
        if check.kind is CheckKind.KNOWN and standing is not None and standing.event.id == check.of_event:
            failed = check.outcome != standing.resolution.right
            found[check.item_id] = CheckedAgain(before.failed + failed, before.asked + 1)
        elif check.kind is CheckKind.REPEAT and not by_lead:
            verdicts = {stored.event.id: stored.verdict for stored in store.verdicts(release, check.item_id)}
            if check.of_event in verdicts:
                failed = check.outcome != verdicts[check.of_event].right
                found[check.item_id] = CheckedAgain(before.failed + failed, len(verdicts))
    return found


def _blamed(store: Store, resolved: Iterable[StoredResolution]) -> dict[Modality, frozenset[str]]:
    """Lines of the rubric that leads found to blame and that say today what they said then: codes, `tier`, `right`."""
    found: dict[Modality, set[str]] = {}
    for stored in resolved:
        said = stored.resolution
        if said.gap:
            modality = store.item(said.item_id).modality
            if gap_stands(store.rubric_history, modality, said.rubric, said.gap):
                code = store.rubric_history.follow(modality, said.rubric, said.gap).code
                found.setdefault(modality, set()).add(code)
    return {modality: frozenset(lines) for modality, lines in found.items()}


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
