"""The rules by which a project works, changed while people work: in `project.toml`, and for every copy in the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from labeler.domain.assignment import rule_body
from labeler.domain.events import Event, EventKind
from labeler.domain.people import Person
from labeler.domain.project import ProjectSettings
from labeler.errors import unwritable
from labeler.formats.project import read_settings, with_rule, write_settings
from labeler.formats.project_tables import rule_value
from labeler.steps.assign import only_a_lead, release_of_project
from labeler.steps.project import Project
from labeler.steps.settle import settle


def change_rule(project: Project, lead: Person, rule: str, wanted: ProjectSettings, now: datetime) -> None:
    """Let this rule (`overlap`, `TABLE.KEY`) be as in `wanted`, from the next item on, here and where the log comes.

    What else somebody wrote into `project.toml` meanwhile holds from now on too. Raises LabelerError for who is no
    lead, and where the file cannot be read or written.
    """
    only_a_lead(lead)
    raw = rule_value(wanted, rule)
    settings = with_rule(read_settings(project.folder), rule, raw)
    with project.store.atomic():
        event = project.store.append(project.store.stream(lead.id), EventKind.RULE, rule_body(rule, raw), now)
        project.store.take_rules({event.id, *project.store.rules_taken})
        _put_in_force(project, settings)


def take_rules(project: Project) -> int:
    """Write the rules that leads gave elsewhere, and that arrived since, into `project.toml`; how many.

    A rule that somebody wrote into the file later by hand stays until a lead's next word on it.
    """
    store, settings = project.store, project.settings
    given = _given(project)
    new = [event for event in given if event.id not in store.rules_taken]
    if not new:
        return 0
    for event in new:
        try:
            settings = with_rule(settings, event.body["rule"], event.body["value"])
        except ValueError:  # of a later version of this program
            continue
    with store.atomic():
        store.take_rules(event.id for event in given)
        _put_in_force(project, settings)
    return len(new)


def _given(project: Project) -> list[Event]:
    """Of each rule that a lead changed, the newest change, oldest first."""
    events = sorted(project.store.events(kinds=[EventKind.RULE]), key=lambda event: (event.at, event.id))
    if not events:
        return []
    roles = project.store.roles()
    newest = {event.body["rule"]: event for event in filter(roles.allow, events)}
    return sorted(newest.values(), key=lambda event: (event.at, event.id))


def to_settle_again(project: Project) -> Sequence[str]:
    """Items that another number of people an item settles, or opens again."""
    return project.store.to_settle_again(release_of_project(project))


def settle_again(project: Project, lead: Person, items: Sequence[str], now: datetime) -> int:
    """Settle these by consensus or open them again, as their verdicts and the rules have it now; how many."""
    store = project.store
    return settle(store, store.stream(lead.id), release_of_project(project), items, now)


def _put_in_force(project: Project, settings: ProjectSettings) -> None:
    try:
        write_settings(project.folder, settings)
    except OSError as problem:
        raise unwritable(project.folder, problem) from None
    project.settings = settings
    project.store.set_overlap(settings.overlap, settings.assignment)
