"""What of the docket an annotator may see: never what others said of an item before they gave their own verdict."""

from __future__ import annotations

from dataclasses import replace

from labeler.domain.people import Person, Role
from labeler.steps.docket import Docket
from labeler.steps.project import Project


def docket_for(docket: Docket, project: Project, release: str, person: Person) -> Docket:
    """All of it for leads and auditors. For an annotator the items that they judged; those that are decided only where
    the project lets people see how items were settled: a hidden check is an item that a lead settled.
    """
    if person.role is not Role.ANNOTATOR:
        return docket
    own = project.store.judged_by(release, person.id)
    feedback = project.settings.onboarding.feedback
    return replace(
        docket,
        open=tuple(line for line in docket.open if line.item_id in own),
        resolved=tuple(line for line in docket.resolved if feedback and line.item_id in own),
    )
