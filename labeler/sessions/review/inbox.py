"""The items that a person has to judge in a release: what comes next, how far one is, and unsaved work on each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from labeler.domain.checks import Check
from labeler.domain.items import Modality, Release
from labeler.domain.people import Person
from labeler.domain.queue import QueueFilter, Why
from labeler.errors import LabelerError
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.draft import Draft
from labeler.sessions.review.drafts import DraftFolder, Follow
from labeler.sessions.review.evidence import Upcoming
from labeler.sessions.review.opening import Opened, open_item, upcoming
from labeler.sessions.review.state import Filter, Progress
from labeler.steps.line_up import Coming, LineUp, Training, shown_in
from labeler.steps.project import Project

AHEAD = 2
"""How many items are prepared before they are needed."""


class Inbox:
    """Reads the queue under one filter, and puts items on a desk with the draft that was kept of them.

    Hidden checks come among the items. They are prepared, counted and shown as all others are.
    """

    def __init__(self, project: Project, release: Release, person: Person, now: Callable[[], datetime]) -> None:
        self._project, self._release, self._person, self._now = project, release, person, now
        self._drafts_folder = project.folder / "drafts" / person.id
        self._drafts_by_release: dict[str, DraftFolder] = {}
        self._line_up = LineUp(project, release, person)
        self.filter = Filter()
        self.progress = Progress(0, 0)
        self.upcoming: tuple[Upcoming, ...] = ()
        self._foreseen: tuple[Coming, ...] = ()
        """What came behind the item that came last, as the store was then."""
        self._came = ""
        self._mark: object = None
        self._prepared: tuple[Coming, Opened] | None = None
        """The item that is foreseen, loaded while there was time."""
        self._on_disk: tuple[str, Draft] | None = None
        """Item and draft as the disk has them, but for the time spent."""

    @property
    def training(self) -> Training | None:
        """How far the person's training is; None when there is none to do."""
        return self._line_up.training

    def next(self) -> Coming | None:
        """The item that is next under the filter and why it is; None when nothing is left. Counts anew as well."""
        coming = self._line_up.next(self._where(), self._now(), 1 + AHEAD)
        self._foresee(coming)
        return coming[0] if coming else None

    def _foresee(self, coming: Sequence[Coming]) -> None:
        """Prepare what comes behind the first of these, and count anew."""
        self._came = coming[0].item_id if coming else ""
        self._foreseen = tuple(coming[1:]) if self._line_up.foreseeable else ()
        known = {one.item_id: one for one in self.upcoming}
        ahead = (
            known.get(one.item_id) or upcoming(self._project, self._shown_in(one.check), one.item_id)
            for one in coming[1:]
        )
        self.upcoming = tuple(one for one in ahead if one is not None)
        self.count()
        self._mark = self._project.store.mark
        self._prepared = None

    def forget(self) -> None:
        """Nothing is foreseen any more: what was counted as done was not saved."""
        self._mark = self._prepared = None
        self.count()

    def foreseen(self, desk: Desk) -> Coming | None:
        """What `next` will say once this desk's item is judged; None where that cannot be known now."""
        if desk.opened.item.id != self._came or self._mark != self._project.store.mark:
            return None
        return self._foreseen[0] if self._foreseen else None

    def prepare(self, desk: Desk) -> None:
        """Load what comes after this desk's item, where that is foreseen."""
        coming = self.foreseen(desk)
        if coming is not None and self._prepared is None:
            self._prepared = coming, self._load(coming)

    def look_ahead(self, desk: Desk) -> None:
        """As `next`, when the item that was foreseen is on the desk already."""
        coming = self._line_up.next(self._where(), self._now(), 1 + AHEAD)
        self._foresee(coming)
        self.hold(desk)

    def count(self) -> None:
        """How far the person is, read anew."""
        self.progress = Progress(*self._line_up.count(self._where(), self._now()))

    def put_on_desk(self, item_id: str, why: Why | None, check: Check | None = None) -> tuple[Desk, bool]:
        """The item with its draft, and whether there was one. Raises LabelerError when there is no such item."""
        coming = Coming(item_id, why, check)
        ready = self._prepared is not None and self._prepared[0] == coming and self._mark == self._project.store.mark
        opened = self._prepared[1] if self._prepared is not None and ready else self._load(coming)
        draft = self._drafts_of(opened).load(item_id, opened.latest, self.follow(opened.item.modality))
        desk = Desk(opened, draft or Draft())
        if opened.confidence:
            desk.expose("confidence")
        if opened.models:
            desk.expose("models")
        return desk, draft is not None

    def _load(self, coming: Coming) -> Opened:
        return open_item(self._project, self._shown_in(coming.check), self._person, *coming, prefilled=True)

    def _shown_in(self, check: Check | None) -> Release:
        return shown_in(self._project, self._release, check)

    def _drafts_of(self, opened: Opened) -> DraftFolder:
        """Where drafts on the outputs of an item's release are."""
        release = opened.release.id
        if release not in self._drafts_by_release:
            self._drafts_by_release[release] = DraftFolder(self._drafts_folder, release)
        return self._drafts_by_release[release]

    def hold(self, desk: Desk) -> None:
        """Keep the desk's item from others while it is open."""
        item_id = desk.opened.item.id
        self.undisturbed(lambda: self._line_up.hold(item_id, self._now()))

    def undisturbed(self, write: Callable[[], None]) -> None:
        """Write what changes no queue: what is foreseen stays so."""
        foreseen = self._mark == self._project.store.mark
        write()
        self._mark = self._project.store.mark if foreseen else None

    def keep(self, desk: Desk, spent_ms: int) -> str:
        """Keep the desk's draft on disk; one without work in it is dropped. The answer: why the disk refuses, if so."""
        if not desk.draft.touched:
            self.drop(desk)
            return ""
        item_id = desk.opened.item.id
        refused = self._drafts_of(desk.opened).keep(
            item_id, desk.opened.latest, replace(desk.draft, spent_ms=spent_ms), desk.opened.case.rubric.version
        )
        self._on_disk = None if refused else (item_id, desk.draft)
        return refused

    def has_kept(self, desk: Desk) -> bool:
        """Whether the disk has all of this draft but the time spent since its last change."""
        item_id = desk.opened.item.id
        return self._on_disk == (item_id, desk.draft) and self._drafts_of(desk.opened).holds(item_id)

    def drop(self, desk: Desk) -> None:
        self._on_disk = None
        self._drafts_of(desk.opened).drop(desk.opened.item.id)

    def follow(self, modality: Modality) -> Follow:
        """What codes of older versions of the rubric are called today."""
        history = self._project.store.rubric_history
        return lambda version, code: history.follow(modality, version, code).code

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
