"""What the Insights screen shows, as values: the page, where the keyboard is on it, and the items behind a mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from labeler.domain.agreement.alpha import Agreement
from labeler.domain.insights.columns import CELLS, MODALITIES, TIERS, Became, Columns, date_of
from labeler.domain.insights.cut import Cut
from labeler.domain.insights.failures import HeatMap
from labeler.domain.insights.page import Insights
from labeler.domain.items import Modality, Side
from labeler.domain.people import Person

_BECAME = {cell: became for became, cell in CELLS.items()}


class PanelId(StrEnum):
    """The panels, in the order in which the keyboard goes through them."""

    MODALITIES = "modalities"
    TIERS = "tiers"
    FLIPPED = "flipped"
    FAILURES = "failures"
    WATCH = "watch"
    RESIDUAL = "residual"
    RELEASES = "releases"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on a panel that leads to items. `row` and `column` say where it stands, for the arrow keys."""

    row: int
    column: int
    words: str
    """What it says, in full: tooltip, and what a screen reader hears."""
    cut: Cut
    release: int = 0
    """Number of the release whose items are meant, counted from 1; 0 is the page's own."""


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the list behind a mark."""

    item_id: str
    modality: Modality
    tier: str
    became: Became
    failures: str
    decided: str
    by: str


@dataclass(frozen=True, slots=True)
class Behind:
    """The items behind a mark. Lines are made when they are looked at: there may be 100,000."""

    title: str
    columns: Columns
    rows: Sequence[int]
    labels: Mapping[str, str]
    here: bool
    """They are items of the release under review, so that Review can show them."""
    current: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    def line(self, number: int) -> Line:
        row = self.rows[number]
        held = self.columns
        failed = sorted(held.failure_sets[held.failures[row]], key=lambda one: (one[0] != "new", one[1]))
        return Line(
            item_id=held.items[row],
            modality=MODALITIES[held.modality[row]],
            tier=str(TIERS[held.tier[row]]),
            became=_BECAME[int(held.cell[row])],
            failures=", ".join(f"{side}: {self.labels.get(code, code)}" for side, code in failed),
            decided=date_of(int(held.day[row])),
            by="lead" if held.by_lead[row] else "consensus",
        )


@dataclass(frozen=True, slots=True)
class Filters:
    """What can be chosen in the top bar: values that the resolved items have."""

    modalities: tuple[Modality, ...] = ()
    slices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class AgreementFigure:
    """How far people agree on which output is right, and the slice in which they agree least."""

    right: Agreement
    worst: tuple[str, Agreement] | None
    simulated: bool


@dataclass(frozen=True, slots=True)
class InsightsState:
    """All that the screen shows. `page` is None until the first figures are there."""

    project: str
    person: str
    release: int
    models: tuple[str, ...]
    loading: bool
    filters: Filters
    cut: Cut
    page: Insights | None
    labels: Mapping[str, str]
    agreement: AgreementFigure | None
    side: Side
    heat: Modality | None
    """Whose failures are shown."""
    panel: PanelId
    mark: int
    """Index of the current mark among those of the current panel."""
    marks: Mapping[PanelId, tuple[Mark, ...]]
    behind: Behind | None
    message: str
    serious: bool = False

    @property
    def heat_map(self) -> HeatMap | None:
        """The heat map that is shown."""
        maps = self.page.failures if self.page else ()
        return next((one for one in maps if one.modality is self.heat), maps[0] if maps else None)

    @property
    def current(self) -> Mark | None:
        marks = self.marks.get(self.panel, ())
        return marks[self.mark] if self.mark < len(marks) else None
