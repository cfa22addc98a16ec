"""The Insights screen's session: reads the resolved items beside the window, narrows them, and leads to items."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np

from labeler.domain.agreement.answers import Question
from labeler.domain.agreement.groups import Grouping
from labeler.domain.insights.columns import day_of
from labeler.domain.insights.cut import Cut, chosen
from labeler.domain.insights.page import Insights
from labeler.domain.items import Modality
from labeler.domain.people import Person, Role
from labeler.domain.rubric import Tier
from labeler.errors import LabelerError
from labeler.formats.insights.csv import table_to_csv
from labeler.formats.insights.document import InsightsDocument, cut_words
from labeler.formats.insights.reports import write_insights
from labeler.formats.insights.tables import FAILURES, Table
from labeler.sessions.beside import Beside, at_once
from labeler.sessions.insights.marks import marks_of
from labeler.sessions.insights.state import AgreementFigure, Behind, Filters, InsightsState, Mark, PanelId
from labeler.steps import insights as steps
from labeler.steps.agreement import read_judged
from labeler.steps.insights import Material
from labeler.steps.opening import open_project
from labeler.steps.project import Project

Take = Literal["csv", "picture", "report"]

Listener = Callable[[InsightsState, InsightsState], None]


@dataclass(frozen=True, slots=True)
class Dates:
    """A choice of when an item was decided: the last so many days, or always."""

    label: str
    days: int | None


DATES = (Dates("Any time", None), Dates("Last 7 days", 7), Dates("Last 30 days", 30), Dates("Last 90 days", 90))


class InsightsSession:
    """What a lead sees of a project's newest release.

    All methods are called on one thread; reading and counting are handed to `run`. The figures name the models and say
    which output was right, so that nobody who still judges blind may see them: raises LabelerError for an annotator.
    """

    def __init__(self, project: Project, person: Person, now: Callable[[], datetime], run: Beside = at_once) -> None:
        if person.role is Role.ANNOTATOR:
            raise LabelerError(
                "Insights are the lead's: they name the models and say which output was right",
                remedy="judge blind here; your project's lead can show you the figures",
            )
        self._project = project
        self._folder: Path = project.folder
        self._now, self._run = now, run
        self._material: Material | None = None
        self._read_at = -1
        self._listeners: list[Listener] = []
        self.show_item: Callable[[str], None] = lambda _item: None
        """Shows an item in Review; the window puts its own in this place."""
        self.take_away: Callable[[Take], None] = lambda _what: None
        """Copies or writes what is shown; the window puts its own in this place."""
        self.open_filter: Callable[[str], None] = lambda _name: None
        """Offers the values of a filter; the window puts its own in this place."""
        self._state = InsightsState(
            project=project.settings.name,
            person=person.name,
            release=0,
            models=(),
            loading=False,
            filters=Filters(),
            cut=Cut(),
            page=None,
            labels=steps.failure_labels(project.rubrics),
            agreement=None,
            side="new",
            heat=None,
            panel=PanelId.MODALITIES,
            mark=0,
            marks={},
            behind=None,
            message="",
        )
        self._slice_key = ""
        self._asked = 0
        self._after_showing: Callable[[], None] | None = None

    @property
    def state(self) -> InsightsState:
        return self._state

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    # Reading

    def refresh(self) -> None:
        """Read again what is resolved, where something was said since the last time."""
        self._tell(loading=True, labels=steps.failure_labels(self._project.rubrics))
        self._run("insights", self._read_first, self._count_first, self._failed)

    def _read_first(self) -> tuple[int, Material] | None:
        """The rows alone, which is what the first figures need; None when nothing changed."""
        with open_project(self._folder, read_only=True) as project:
            at = project.store.last_position()
            return None if at == self._read_at else (at, steps.read_resolved(project))

    def _count_first(self, read: tuple[int, Material] | None) -> None:
        if read is None:
            self._tell(loading=False)
            return
        self._read_at, self._material = read
        self._after_showing = lambda: self._read_rest(read[1])  # beside the first figures it would only delay them
        self._recount()

    def _read_rest(self, first: Material) -> None:
        def rest() -> Material:
            with open_project(self._folder, read_only=True) as project:
                return steps.read_rest(project, first)

        self._run("insights", rest, self._whole, self._failed)

    def _whole(self, material: Material) -> None:
        self._material = material
        columns = material.columns
        judged = [person for person in material.people if person.id in columns.judged_by]
        slices = tuple((key, tuple(sorted(cut.values))) for key, cut in columns.slices.items())
        self._tell(loading=False, filters=Filters(tuple(sorted(material.release.pairs)), slices, tuple(judged)))
        self._recount()
        self._run("agreement", self._measure, lambda figure: self._tell(agreement=figure), self._failed)

    def _measure(self) -> AgreementFigure:
        with open_project(self._folder, read_only=True) as project:
            judged = read_judged(project)
        (whole,) = judged.groups(Question.RIGHT, Grouping.ALL)
        slices = judged.groups(Question.RIGHT, Grouping.SLICES)
        worst = ("=".join(slices[0].name), slices[0].agreement) if slices else None
        return AgreementFigure(whole.agreement, worst, judged.simulated)

    def _failed(self, problem: BaseException) -> None:
        if not isinstance(problem, LabelerError):
            raise problem
        self._tell(loading=False, message=str(problem), serious=True)

    def _recount(self) -> None:
        """Compute the page for the cut that is chosen now; the latest question wins."""
        material, cut, side, key = self._material, self._state.cut, self._state.side, self._slice_key
        if material is None:
            return
        self._asked = asked = self._asked + 1

        def show(page: Insights) -> None:
            if asked == self._asked:
                self._show_page(material, page)
                then, self._after_showing = self._after_showing, None
                if then is not None:
                    then()

        self._run("count", lambda: steps.page(material, cut, side, key), show, self._failed)

    def _show_page(self, material: Material, page: Insights) -> None:
        named = steps.document(material, page)
        self._tell(page=page, release=named.release, models=named.models, labels=named.labels)

    # Filters

    def filter_modality(self, modality: Modality | None) -> None:
        """Only this modality; the same again takes the filter away."""
        self._narrow(modality=None if self._state.cut.modality is modality else modality)

    def toggle_tier(self, tier: Tier) -> None:
        self._narrow(tiers=self._state.cut.tiers ^ {tier})

    def filter_slice(self, key: str, value: str | None) -> None:
        """Only items with this slice; None takes the condition away."""
        kept = tuple(pair for pair in self._state.cut.slices if pair[0] != key)
        self._narrow(slices=kept if value is None else tuple(sorted((*kept, (key, value)))))

    def filter_person(self, person: str | None) -> None:
        self._narrow(person=person)

    def filter_dates(self, days: int | None) -> None:
        """Only what was decided in the last so many days."""
        first = None if days is None else (self._now() - timedelta(days=days - 1)).date().isoformat()
        self._narrow(since=None if first is None else day_of(first))

    def clear_filter(self) -> None:
        self._narrow(**{name: getattr(Cut(), name) for name in ("modality", "tiers", "slices", "person", "since")})

    def _narrow(self, **changes: object) -> None:
        self._tell(cut=replace(self._state.cut, **changes), behind=None, mark=0)  # type: ignore[arg-type]  # fields of Cut
        self._recount()

    # What the heat map shows

    def choose_side(self) -> None:
        """The failures of the other side."""
        self._tell(side="old" if self._state.side == "new" else "new")
        self._recount()

    def choose_heat(self, modality: Modality) -> None:
        self._tell(heat=modality, mark=0)

    def next_heat(self) -> None:
        """The heat map of the next modality."""
        maps = self._state.page.failures if self._state.page else ()
        shown = self._state.heat_map
        if shown is not None:
            self.choose_heat(maps[(maps.index(shown) + 1) % len(maps)].modality)

    def next_slice(self) -> None:
        """The failures by the next slice."""
        shown, keys = self._state.heat_map, [key for key, _ in self._state.filters.slices]
        if shown is not None and keys:
            at = keys.index(shown.key) if shown.key in keys else -1
            self.choose_slice(keys[(at + 1) % len(keys)])

    def choose_slice(self, key: str) -> None:
        self._slice_key = key
        self._recount()

    # Walking

    def next_panel(self, by: int = 1) -> None:
        panels = [panel for panel in PanelId if self._state.marks.get(panel)]
        if panels:
            at = panels.index(self._state.panel) if self._state.panel in panels else -by
            self._tell(panel=panels[(at + by) % len(panels)], mark=0)

    def move(self, rows: int, columns: int) -> None:
        """To the nearest mark in that direction; in a list of items, up and down."""
        if self._state.behind is not None:
            self.pick(self._state.behind.current + rows)
            return
        marks, current = self._state.marks.get(self._state.panel, ()), self._state.current
        if current is None:
            return

        def away(mark: Mark) -> tuple[int, int]:
            along = (mark.row - current.row) * rows + (mark.column - current.column) * columns
            across = abs((mark.row - current.row) * columns) + abs((mark.column - current.column) * rows)
            return (along + 2 * across, across) if along > 0 else (10**6, 0)

        best = min(marks, key=away)
        if away(best)[0] < 10**6:
            self._tell(mark=marks.index(best))

    def point(self, panel: PanelId, mark: int) -> None:
        """Make a mark the current one."""
        self._tell(panel=panel, mark=mark)

    # Items

    def open(self) -> None:
        """The items behind the current mark; in the list, the current item in Review."""
        behind = self._state.behind
        if behind is None:
            self._open_mark()
        elif not behind.here:
            self._tell(message="These are items of an earlier release: Review shows the newest one")
        elif behind.rows:
            self.show_item(behind.columns.items[behind.rows[behind.current]])

    def _open_mark(self) -> None:
        mark, material = self._state.current, self._material
        if mark is None or material is None:
            return
        number = mark.release or material.number
        columns = material.history[number - 1 - material.number][1]
        rows = np.flatnonzero(chosen(columns, mark.cut)).tolist()
        title = cut_words(mark.cut, {person.id: person.name for person in material.people}) or "All items"
        here = number == material.number
        self._tell(behind=Behind(title, columns, rows, self._state.labels, here))

    def pick(self, number: int) -> None:
        """Make an item of the list the current one."""
        behind = self._state.behind
        if behind is not None and behind.rows:
            self._tell(behind=replace(behind, current=min(max(number, 0), len(behind) - 1)))

    def dismiss(self) -> None:
        """Close the list."""
        self._tell(behind=None, message="")

    # Taking away

    def copy(self, what: Take) -> None:
        """Hand the current panel to the clipboard, as CSV or picture, or the page to a file."""
        self.take_away(what)

    def csv(self) -> str:
        """The current panel's tables as CSV, one under the other; empty when there are no figures yet."""
        return "\r\n".join(map(table_to_csv, self._tables()))

    def write_report(self, path: Path) -> None:
        """The whole page as a file for people without the app."""
        document = self._document()
        if document is None:
            return
        try:
            write_insights(path, document)
        except LabelerError as problem:
            self._tell(message=str(problem), serious=True)
        else:
            self._tell(message=f"Wrote {path.name}")

    def say(self, text: str) -> None:
        self._tell(message=text)

    def _document(self) -> InsightsDocument | None:
        page, material = self._state.page, self._material
        return None if page is None or material is None else steps.document(material, page)

    def _tables(self) -> list[Table]:
        """Those of the current panel."""
        document, heat = self._document(), self._state.heat_map
        wanted: Mapping[PanelId, tuple[str, ...]] = {
            PanelId.FAILURES: (f"{FAILURES}{heat.modality if heat else ''}",),
            PanelId.RESIDUAL: ("residual", "residual-failures"),
        }
        names = wanted.get(self._state.panel, (str(self._state.panel),))
        return [table for table in document.tables if table.id in names] if document else []

    # What the window asks of every screen

    @property
    def asking(self) -> bool:
        return False

    def answer(self, number: int) -> None:
        """Nothing is asked here."""

    def close(self) -> None:
        """Nothing here has to be kept."""

    def _tell(self, **changes: Any) -> None:
        old = self._state
        fresh = replace(old, **{"serious": False, **changes} if "message" in changes else changes)
        if fresh.page is not None and (fresh.page, fresh.heat) != (old.page, old.heat):
            marks = marks_of(fresh.page, fresh.heat_map, fresh.labels)
            fresh = replace(fresh, marks=marks)
            if fresh.mark >= len(marks[fresh.panel]):
                fresh = replace(fresh, mark=0)
        self._state = fresh
        for listener in self._listeners:
            listener(old, fresh)
