"""The Backfill screen's session: reads beside the window, and says with events what is done about records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from labeler.domain.backfill.handling import NOT_HANDLED, Handling
from labeler.domain.backfill.records import Record
from labeler.domain.events import in_utc
from labeler.domain.people import Person, Role
from labeler.errors import LabelerError
from labeler.sessions.backfill import present
from labeler.sessions.backfill.acting import Acting
from labeler.sessions.backfill.state import ALL, Ask, Filter, Message
from labeler.sessions.backfill.step_drafts import StepDrafts
from labeler.steps.backfill import handle
from labeler.steps.backfill.history import history_of, status_sentence
from labeler.steps.backfill.ledger import ExportedLedger, export_ledger, write_dossier
from labeler.steps.backfill.overview import Overview, read_overview
from labeler.steps.backfill.plan import put_in_force
from labeler.steps.backfill.records import read_records
from labeler.steps.project import Project, open_project


class BackfillSession(Acting):
    """What the old model decided, for a lead. Raises LabelerError for annotators: it shows what everybody judged."""

    def __init__(self, project: Project, person: Person, now: Callable[[], datetime]) -> None:
        if person.role is Role.ANNOTATOR:
            raise LabelerError(
                "The backfill is for leads and auditors: it shows models and verdicts, and annotators judge blind"
            )
        super().__init__(present.empty(project.settings.name, person.name), project, person, now)
        self._drafts = StepDrafts(project.folder / "drafts" / person.id)
        self._read: Overview | None = None
        self._listed: tuple[Record, ...] = ()
        self._noted = False
        """The look at the list is logged, once for each time that the window is opened."""

    # What the window asks

    @property
    def asking(self) -> bool:
        return self.state.ask is not None

    def dismiss(self) -> None:
        """Escape: close the question or the step, of which what was typed stays, else take the filter away."""
        if self.state.ask is not None or self.state.step is not None:
            self._set(ask=None, step=None)
        elif self.state.filter != ALL:
            self.show_only(ALL)

    # Reading

    def refresh(self) -> None:
        """Read everything again, beside the window. What is being written there is followed by that anyway."""
        if self._acting:
            return
        folder, today = self._project.folder, self._today

        def work() -> tuple[Overview, Mapping[str, object]]:
            read = read_overview(folder)
            return read, present.figures(read, today)

        self._set(busy="Reading records")
        self.beside("backfill", work, lambda got: self._take(*got), self._fail)

    def _take(self, read: Overview, figures: Mapping[str, object]) -> None:
        self._read = read
        self._note_the_list(read)
        self._list(self.state.filter, **figures, busy="")

    def _note_the_list(self, read: Overview) -> None:
        if self._noted:
            return
        self._noted = True
        count, where = len(read.records.contested), "window: list"
        try:
            handle.note_listing(self._project, read.records, count, where, self._person, now=self._now)
        except LabelerError as problem:
            self._set(message=Message(f"This look is not logged: {problem.what}", serious=True))

    @property
    def _today(self) -> str:
        return in_utc(self._now())[:10]

    # Looking

    def show_only(self, chosen: Filter) -> None:
        """List the records that a filter leaves."""
        self._list(chosen, figure=-1)

    def show_figure(self, number: int) -> None:
        """List the records behind a figure, by its place in `state.figures`."""
        if 0 <= number < len(self.state.figures):
            self._list(self.state.figures[number], figure=number)

    def move_figure(self, by: int) -> None:
        """Go on to another figure; from none of them to the first one, or the last."""
        count = len(self.state.figures)
        if count:
            now = self.state.figure
            self.show_figure((0 if by > 0 else count - 1) if now < 0 else max(0, min(count - 1, now + by)))

    def _list(self, chosen: Filter, **changes: Any) -> None:
        if self._read is None:
            return
        before = self._record()
        self._listed = present.select(self._read, chosen, self._today)
        ids = [record.id for record in self._listed]
        place = ids.index(before.id) if before is not None and before.id in ids else (0 if ids else -1)
        rows = present.Rows(self._read, self._listed, self._today)
        self._set(
            filter=chosen,
            rows=rows,
            chosen=place,
            story=self._story(place),
            ask=None,
            **self._left(before, place),
            **changes,
        )

    def _left(self, before: Record | None, place: int) -> Mapping[str, object]:
        """A step that is typed stays open while its record is shown."""
        same = before is not None and 0 <= place < len(self._listed) and self._listed[place].id == before.id
        return {} if same else {"step": None}

    def choose(self, place: int) -> None:
        """Show the record at this place of the list."""
        if 0 <= place < len(self._listed) and place != self.state.chosen:
            self._set(chosen=place, story=self._story(place), ask=None, step=None)

    def move(self, by: int) -> None:
        if self._listed:
            self.choose(max(0, min(len(self._listed) - 1, self.state.chosen + by)))

    def _handled(self, record: Record) -> Handling:
        return NOT_HANDLED if self._read is None else self._read.records.handled(record.id)

    def _record(self) -> Record | None:
        return self._listed[self.state.chosen] if 0 <= self.state.chosen < len(self._listed) else None

    def _story(self, place: int) -> Any:
        if self._read is None or not 0 <= place < len(self._listed):
            return None
        record = self._listed[place]
        handling = self._read.records.handled(record.id)
        history = history_of(self._project, record, handling)
        return present.story(record, handling, status_sentence(record), history, self._today)

    def open_dossier(self, show: Callable[[Path], bool]) -> None:
        """Write the chosen record's dossier into the project's cache and show it; where nothing can show it, say where
        it lies. The look is noted.
        """
        record, read = self._record(), self._read
        if record is None or read is None:
            return
        folder = self._project.folder

        def work() -> Path:
            with open_project(folder, read_only=True) as project:
                return write_dossier(project, read.records, record, folder / "cache" / "dossiers")

        def done(path: Path) -> None:
            self._do(
                lambda: handle.note_look(self._project, read.records, record.id, "window", self._person, now=self._now)
            )
            if not show(path):
                self._set(message=Message(f"No program here shows pages: the dossier is {path}", serious=True))

        self._set(busy="Writing the dossier")
        self.beside("dossier", work, done, self._fail)

    # Doing

    def ask_step(self) -> None:
        """Ask which of the steps owed was taken."""
        story, record = self.state.story, self._record()
        if story is None or record is None:
            return
        if story.awaits_second:
            self._set(message=Message(f"{record.id} needs a second pair of eyes first: somebody else approves it"))
        elif not story.owed:
            why = "nothing more is owed" if self._handled(record).disposition else "it has no disposition yet"
            self._set(message=Message(f"{record.id}: {why}"))
        else:
            self._set(ask=Ask("Which step was taken?", story.owed))

    def answer(self, number: int) -> None:
        """Say more about the step with this number: by which channel, to whom, which text."""
        ask, record = self.state.ask, self._record()
        if ask is not None and record is not None and 1 <= number <= len(ask.options):
            self._set(ask=None, step=self._drafts.load(record.id, ask.options[number - 1]))

    def type_step(self, **typed: str) -> None:
        """What is typed (`channel`, `to`, `text`) is on disk at once: it survives a crash and leaving."""
        step, record = self.state.step, self._record()
        if step is None or record is None or replace(step, **typed) == step:
            return
        self._set(step=replace(step, **typed))
        if why := self._drafts.keep(record.id, replace(step, **typed)):
            self._set(message=Message(why, serious=True))

    def record_step(self) -> None:
        """The step was taken just now, as it is typed; what was typed stays where it cannot be recorded."""
        step, record, read = self.state.step, self._record(), self._read
        if step is None or record is None or read is None:
            return
        done = handle.StepDone(step.step, in_utc(self._now()), step.channel.strip(), step.to.strip(), step.text.strip())
        if self._do(
            lambda: handle.record_step(self._project, read.records, record.id, done, self._person, now=self._now),
            f"{record.id}: {done.step}",
        ):
            self._drafts.drop(record.id)
            self._set(step=None)

    def approve(self) -> None:
        """Be the second pair of eyes on the chosen record."""
        record, read = self._record(), self._read
        if record is not None and read is not None:
            self._do(
                lambda: handle.approve(self._project, read.records, record.id, self._person, now=self._now),
                f"{record.id}: approved",
            )

    def apply_policy(self) -> None:
        """Dispose of every contested record as the policy says."""
        read = self._read
        if read is not None and not read.policy_problem:
            self._do_many(
                "Applying the policy",
                lambda project: handle.apply_policy(project, read.records, read.policy, self._person, now=self._now),
                "The policy was applied",
            )

    def put_plan_in_force(self) -> None:
        """Make the proposed plan the one in force, and put its items into the review queue."""
        read = self._read
        if read is not None and self.state.queue_label:
            self._do_many(
                "Putting the plan in force",
                lambda project: put_in_force(project, read.records, read.proposed, self._person, now=self._now),
                "The plan is in force, and its items are in the review queue",
            )

    def export_ledger(self) -> None:
        """Write a ledger into the project's folder, beside the window."""
        folder, person, now = self._project.folder, self._person, self._now
        to = folder / "ledgers" / in_utc(now()).replace(":", "").replace(".", "-")

        def work() -> ExportedLedger:
            with open_project(folder) as project:
                return export_ledger(project, read_records(project), to, person, now=now)

        def done(made: ExportedLedger) -> None:
            said = f"Wrote {made.records:,} records to {made.folder}; digest {made.digest}"
            self._set(busy="", message=Message(said))

        self._set(busy="Writing the ledger")
        self.beside("ledger", work, done, self._fail)
