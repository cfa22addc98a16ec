"""Where the items of the Adjudicate screen come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from labeler.domain.checks import Check
from labeler.domain.items import Release
from labeler.domain.people import Person
from labeler.domain.queue import Why
from labeler.domain.verdicts import ResolvedBy
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.draft import Draft
from labeler.sessions.review.inbox import AHEAD, Inbox
from labeler.sessions.review.opening import open_item, upcoming
from labeler.sessions.review.state import Progress
from labeler.steps.docket import Docket
from labeler.steps.line_up import Coming
from labeler.steps.project import Project


class DisputedInbox(Inbox):
    """The items that need a decision, in the docket's order, and the lead's drafts of resolutions.

    The draft of a resolution that was saved stays with it: whoever opens the item again goes on from where they were.
    """

    def __init__(self, project: Project, release: Release, person: Person, now: Callable[[], datetime]) -> None:
        super().__init__(project, release, person, now)
        self.docket = Docket()
        self._after: str | None = None
        """The item that stood behind the one resolved last."""
        self._drafts_folder = project.folder / "drafts" / person.id / "resolutions"

    def next(self) -> Coming | None:
        lines = self.docket.open
        chosen = next((line for line in lines if line.item_id == self._after), lines[0] if lines else None)
        self.count()
        if chosen is None:
            return None
        behind = lines[lines.index(chosen) + 1 :][:AHEAD]
        ahead = (upcoming(self._project, self._release, line.item_id) for line in behind)
        self.upcoming = tuple(one for one in ahead if one is not None)
        return Coming(chosen.item_id, Why.FLIP)

    def leave_out(self) -> None:
        """The item that came last cannot be shown: it is left out until the docket is read anew."""
        lines = self.docket.open
        chosen = next((line for line in lines if line.item_id == self._after), lines[0] if lines else None)
        self.docket = replace(self.docket, open=tuple(line for line in lines if line is not chosen))

    def count(self) -> None:
        done = len(self.docket.resolved)
        self.progress = Progress(done, done + len(self.docket.open))

    def put_on_desk(self, item_id: str, why: Why | None, check: Check | None = None) -> tuple[Desk, bool]:  # noqa: ARG002
        """None of them is a check. A draft was made for the lead's newest resolution of the item, or for none."""
        latest = self._project.store.latest_resolution(self._release.id, item_id, self._person.id)
        named = not self._project.settings.blind_leads
        opened = open_item(self._project, self._release, self._person, item_id, why, named=named)
        # What a lead may know of an item follows from the project alone, and not from a verdict of their own.
        opened = replace(opened, latest=latest, models=opened.models if named else {})
        draft = self._drafts_of(opened).load(item_id, latest, self.follow(opened.item.modality))
        standing = self._project.store.resolution(self._release.id, item_id)
        decided = standing is not None and standing.event.id == latest
        desk = Desk(opened, draft or Draft())
        if named:
            desk.expose("models")
        return desk, draft is not None and not decided

    def hold(self, desk: Desk) -> None:
        """A lead keeps nothing from anybody."""

    def drop(self, desk: Desk) -> None:
        """Let go of a draft whose resolution was saved: it is kept with that, for whoever opens the item again."""
        item_id = desk.opened.item.id
        self._on_disk = None
        latest = self._project.store.latest_resolution(self._release.id, item_id, self._person.id)
        if latest is None or latest == desk.opened.latest or not desk.draft.touched:
            self._drafts_of(desk.opened).drop(item_id)
        else:
            self._drafts_of(desk.opened).keep(item_id, latest, desk.draft, desk.opened.case.rubric.version)

    def put_last(self, item_id: str) -> None:
        """One more person was asked: the item waits behind all others."""
        found = next((line for line in self.docket.open if line.item_id == item_id), None)
        if found is not None:
            behind = self.docket.open[self.docket.open.index(found) + 1 :]
            self._after = behind[0].item_id if behind else None
            left = tuple(line for line in self.docket.open if line is not found)
            self.docket = replace(self.docket, open=(*left, replace(found, waits=True)))

    def resolve(self, item_id: str) -> None:
        """Move an item to what is resolved, until the docket is read anew."""
        found = next((line for line in self.docket.open if line.item_id == item_id), None)
        if found is None:
            return
        behind = self.docket.open[self.docket.open.index(found) + 1 :]
        self._after = behind[0].item_id if behind else None
        left = tuple(line for line in self.docket.open if line is not found)
        self.docket = replace(
            self.docket, open=left, resolved=(replace(found, by=ResolvedBy.LEAD), *self.docket.resolved)
        )
