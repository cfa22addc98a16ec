"""Looking at the backfill: everything is read beside the window, listed by a filter, and told record by record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from labeler.domain.backfill.handling import NOT_HANDLED, Handling, take_in
from labeler.domain.backfill.records import Record
from labeler.domain.events import Event, in_utc
from labeler.domain.people import Person, Role
from labeler.errors import LabelerError
from labeler.sessions.backfill import listing, present
from labeler.sessions.backfill.acting import Acting
from labeler.sessions.backfill.drafts import RecordDrafts
from labeler.sessions.backfill.state import ALL, Filter, Message
from labeler.steps.backfill import handle
from labeler.steps.backfill.history import history_of, status_sentence
from labeler.steps.backfill.ledger import write_dossier
from labeler.steps.backfill.overview import Overview, read_overview
from labeler.steps.opening import open_project
from labeler.steps.project import Project


class Looking(Acting):
    """Raises LabelerError for annotators: it shows what everybody judged."""

    def __init__(self, project: Project, person: Person, now: Callable[[], datetime]) -> None:
        if person.role is Role.ANNOTATOR:
            raise LabelerError(
                "The backfill is for leads and auditors: it shows models and verdicts, and annotators judge blind"
            )
        super().__init__(present.empty(project.settings.name, person.name), project, person, now)
        self._drafts = RecordDrafts(project.folder / "drafts" / person.id)
        self._read: Overview | None = None
        self._searched: Mapping[str, str] = {}
        self._listed: tuple[Record, ...] = ()
        self._noted = False
        """The look at the list is logged, once for each time that the window is opened."""

    # Reading

    def refresh(self) -> None:
        """Read everything again, beside the window. What is being written there is followed by that anyway."""
        if self._acting:
            return
        folder, today = self._project.folder, self._today

        def work() -> tuple[Overview, Mapping[str, str], Mapping[str, object]]:
            read = read_overview(folder)
            return read, listing.searched(read), present.figures(read, today)

        self._set(busy="Reading records")
        self.beside("backfill", work, lambda got: self._take(*got), self._fail)

    def _take(self, read: Overview, searched: Mapping[str, str], figures: Mapping[str, object]) -> None:
        self._read, self._searched = read, searched
        self._note_the_list(read)
        if not self._typing or not self._stay(**figures, busy=""):
            self._list(self.state.filter, **figures, busy="")

    @property
    def _typing(self) -> bool:
        state = self.state
        return state.ask is not None or state.step is not None or state.disposal is not None

    def _stay(self, **changes: Any) -> bool:
        """List the same records as they are now, whether the filter still leaves them or not: somebody types about one
        of them, and what is typed would go to another place. The answer is whether all are still there.
        """
        read = self._read
        if read is None or not all(record.id in self._searched for record in self._listed):
            return False
        self._listed = tuple(read.records.record(record.id) for record in self._listed)
        rows = listing.Rows(read, self._listed, self._today)
        self._set(rows=rows, story=self._story(self.state.chosen), **changes)
        return True

    def _take_in(self, event: Event) -> None:
        if self._read is not None:
            take_in(self._read.records.handling, event, self._read.records.release.id)
            if not self._typing or not self._stay():
                self._list(self.state.filter)

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
        """List the records that a filter leaves; all of them whatever was typed."""
        self._list(chosen, figure=-1, **({"typed": ""} if chosen == ALL else {}))

    def search(self, typed: str) -> None:
        """List those of them that have all words that are typed."""
        if typed != self.state.typed:
            self._list(self.state.filter, typed=typed)

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
            self._set(filter=chosen, typed=changes.get("typed", self.state.typed))  # for when it is read
            return
        before, again = self._record(), chosen == self.state.filter
        records = listing.select(self._read, chosen, self._today)
        typed = changes.get("typed", self.state.typed)
        self._listed = listing.having(records, typed, self._searched) if typed.strip() else records
        ids = [record.id for record in self._listed]
        if before is not None and before.id in ids:
            place = ids.index(before.id)
        else:  # what left the list leaves its place to the next one, so that one goes through it from top to bottom
            place = min(max(self.state.chosen, 0) if again else 0, len(ids) - 1)
        self._set(
            filter=chosen,
            rows=listing.Rows(self._read, self._listed, self._today),
            chosen=place,
            story=self._story(place),
            ask=None,
            **self._left(before, place),
            **changes,
        )

    def _left(self, before: Record | None, place: int) -> Mapping[str, object]:
        """What is typed stays open while its record is shown."""
        same = before is not None and 0 <= place < len(self._listed) and self._listed[place].id == before.id
        return {} if same else {"step": None, "disposal": None}

    def choose(self, place: int) -> None:
        """Show the record at this place of the list."""
        if 0 <= place < len(self._listed) and place != self.state.chosen:
            self._set(chosen=place, story=self._story(place), ask=None, step=None, disposal=None)

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
        return listing.story(record, handling, status_sentence(record), history, self._today)

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
