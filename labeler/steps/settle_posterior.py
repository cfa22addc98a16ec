"""Settling, at a lead's word, what Dawid and Skene's model is sure enough of, and opening what it no longer is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from labeler.domain.consensus_policy import Rule
from labeler.domain.events import EventKind
from labeler.domain.people import Person
from labeler.domain.posterior import Given, posterior_decisions
from labeler.domain.verdict_json import reopening_body, resolution_body
from labeler.domain.verdicts import Resolution, ResolvedBy
from labeler.errors import LabelerError
from labeler.steps.opening import open_project
from labeler.steps.project import Project
from labeler.steps.rubric import look_again
from labeler.steps.settle import open_stale
from labeler.store import Store


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the verdicts of a release amount to: decisions by item, and resolutions (event ids) that no longer hold."""

    decided: dict[str, Resolution]
    no_longer: tuple[tuple[str, str], ...] = ()
    """Item and resolution event."""

    def parts(self, most: int) -> list[Proposed]:
        """The same in parts of at most so many decisions, of which a window can take one after the other."""
        items = list(self.decided.items())
        parts = [Proposed(dict(items[at : at + most])) for at in range(0, len(items), most)]
        ends = [Proposed({}, self.no_longer[at : at + most]) for at in range(0, len(self.no_longer), most)]
        return parts + ends


@dataclass(frozen=True, slots=True)
class SettledByPosterior:
    settled: int = 0
    reopened: int = 0

    def __add__(self, other: SettledByPosterior) -> SettledByPosterior:
        return SettledByPosterior(self.settled + other.settled, self.reopened + other.reopened)


def read_proposed(folder: Path, release: str) -> Proposed:
    """On a connection of its own, so that it can run beside a window."""
    with open_project(folder, read_only=True) as project:
        return propose(project, release)


def propose(project: Project, release: str) -> Proposed:
    """Items without a decision whose verdicts are sure enough by the project's policy. Verdicts of simulated annotators
    count on items that nobody else judged. What a lead opened again stays open until somebody says something new.

    Raises LabelerError when the project's policy is another one.
    """
    policy, store = project.settings.consensus, project.store
    if policy.rule is not Rule.POSTERIOR:
        raise LabelerError(
            "this project settles by unanimity alone",
            remedy='to settle by posterior as well: rule = "posterior" in the table [consensus] of project.toml',
        )
    judged = {item_id: _given(store, release, item_id) for item_id in store.judged_items(release)}
    needed = {item_id: store.needed(release, item_id) for item_id in judged}
    found = posterior_decisions(judged, needed, policy)
    doubted = {one.item_id for one in look_again(store, release)}
    decided, no_longer = {}, []
    for item_id in judged:
        standing, now = store.resolution(release, item_id), found.get(item_id)
        marked = standing is not None and bool(standing.resolution.policy)
        if standing is not None and marked and (now is None or item_id in doubted):
            no_longer.append((item_id, standing.event.id))
            continue
        fresh = standing is None and now is not None and item_id not in doubted
        if fresh and now is not None and now.verdicts not in store.reopened_by_lead(release, item_id):
            decided[item_id] = now
    return Proposed(decided, tuple(no_longer))


def settle_proposed(store: Store, lead: Person, release: str, proposed: Proposed, at: datetime) -> SettledByPosterior:
    """Append what was proposed, in one transaction; an item whose verdicts changed meanwhile is left as it is."""
    stream, settled = store.stream(lead.id), 0
    versions = store.rubric_history.versions
    with store.atomic():
        for item_id, decision in proposed.decided.items():
            now = tuple(sorted(event_id for event_id, _ in _given(store, release, item_id).values()))
            if now != decision.verdicts or store.resolution(release, item_id) is not None:
                continue
            spoken = replace(decision, rubric=versions[-1].version) if versions else decision
            body, private = resolution_body(spoken)
            store.append(stream, EventKind.RESOLUTION, body, at, private)
            settled += 1
        for item_id, event_id in proposed.no_longer:
            store.append(stream, EventKind.REOPENING, reopening_body(event_id, ResolvedBy.CONSENSUS), at)
            open_stale(store, stream, release, item_id, at)
    return SettledByPosterior(settled, len(proposed.no_longer))


def _given(store: Store, release: str, item_id: str) -> Given:
    every = store.verdicts(release, item_id)
    heard = [stored for stored in every if not stored.simulated] or every
    return {stored.person.id: (stored.event.id, stored.verdict) for stored in heard}
