"""The items that a person has to judge in a release: what comes next, how far one is, and unsaved work on each."""

from __future__ import annotations

from dataclasses import replace

from labeler.domain.items import Release
from labeler.domain.people import Person
from labeler.domain.queue import QueueFilter, Why
from labeler.errors import LabelerError
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.draft import Draft
from labeler.sessions.review.drafts import DraftFolder
from labeler.sessions.review.evidence import Upcoming
from labeler.sessions.review.opening import open_item, upcoming
from labeler.sessions.review.state import Filter, Progress
from labeler.steps.project import Project

AHEAD = 2
"""How many items are prepared before they are needed."""


class Inbox:
    """Reads the queue under one filter, and puts items on a desk with the draft that was kept of them."""

    def __init__(self, project: Project, release: Release, person: Person) -> None:
        self._project, self._release, self._person = project, release, person
        self._drafts = DraftFolder(project.folder / "drafts" / person.id, release.id)
        self.filter = Filter()
        self.progress = Progress(0, 0)
        self.upcoming: tuple[Upcoming, ...] = ()
        self._on_disk: tuple[str, Draft] | None = None
        """Item and draft as the disk has them, but for the time spent."""

    def next(self) -> tuple[str, Why] | None:
        """The item that is next under the filter and why it is; None when nothing is left. Counts anew as well."""
        entries = self._project.store.queue(self._release.id, self._person.id, self._where(), limit=1 + AHEAD)
        known = {one.item_id: one for one in self.upcoming}
        ahead = (known.get(e.item_id) or upcoming(self._project, e.item_id) for e in entries[1:])
        self.upcoming = tuple(one for one in ahead if one is not None)
        self.count()
        return (entries[0].item_id, entries[0].why) if entries else None

    def count(self) -> None:
        """How far the person is, read anew."""
        found = self._project.store.progress(self._release.id, self._person.id, self._where())
        self.progress = Progress(found.done, found.total)

    def put_on_desk(self, item_id: str, why: Why | None) -> tuple[Desk, bool]:
        """The item with its draft, and whether there was one. Raises LabelerError when there is no such item."""
        opened = open_item(self._project, self._release, self._person, item_id, why)
        draft = self._drafts.load(item_id, opened.latest)
        return Desk(opened, draft or Draft()), draft is not None

    def keep(self, desk: Desk, spent_ms: int) -> str:
        """Keep the desk's draft on disk; one without work in it is dropped. The answer: why the disk refuses, if so."""
        if not desk.draft.touched:
            self.drop(desk)
            return ""
        item_id = desk.opened.item.id
        refused = self._drafts.keep(item_id, desk.opened.latest, replace(desk.draft, spent_ms=spent_ms))
        self._on_disk = None if refused else (item_id, desk.draft)
        return refused

    def has_kept(self, desk: Desk) -> bool:
        """Whether the disk has all of this draft but the time spent since its last change."""
        return self._on_disk == (desk.opened.item.id, desk.draft)

    def drop(self, desk: Desk) -> None:
        self._on_disk = None
        self._drafts.drop(desk.opened.item.id)

    def _where(self) -> QueueFilter:
        return QueueFilter(modality=self.filter.modality, slices=self.filter.slices)


def newest_release(project: Project) -> tuple[Release, int]:
    """The release under review and its number in this project, from 1. Raises LabelerError when there is none."""
    release = project.store.latest_release()
    if release is None:
        raise LabelerError(
            f"{project.folder} has no release to review",
            kept="everything in it",
            remedy="bring both models' outputs: labeler import PROJECT --old F --new F",
        )
    return release, 1 + [r.id for r in project.store.releases()].index(release.id)
