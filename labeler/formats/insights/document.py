"""A page of insights with what it is called: what every form of the report begins and ends with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labeler.domain.insights.columns import date_of
from labeler.domain.insights.cut import Cut
from labeler.domain.insights.page import Insights
from labeler.formats.gate.words import cliff_line
from labeler.formats.insights.tables import Table, tables


@dataclass(frozen=True, slots=True)
class InsightsDocument:
    """`labels` are the names of failure codes, `people` those of person ids."""

    page: Insights
    project: str
    release: int
    """Its number, counted from 1."""
    models: tuple[str, ...]
    """`image: reader 3.1 → 3.2`, a modality each."""
    policy_from: str
    labels: Mapping[str, str]
    people: Mapping[str, str]

    @property
    def title(self) -> str:
        return f"{self.project}, release {self.release}"

    @property
    def tables(self) -> tuple[Table, ...]:
        return tables(self.page, self.labels)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know before any figure."""
        return warnings_of(self.page)

    @property
    def cliffs(self) -> tuple[str, ...]:
        """The alarm of each modality, and how its tiers make up the change of the average."""
        return tuple(map(cliff_line, self.page.cliffs))

    @property
    def fine_print(self) -> str:
        parts = [
            f"{self.page.items:,} resolved items",
            f"gate states by {self.policy_from}; a gate counts its own gold set, and spends attempts",
            "rates: Wilson; changes: Tango; 95 %",
        ]
        if not self.page.cut.empty:
            parts.insert(1, f"only {cut_words(self.page.cut, self.people)}")
        return " · ".join(parts)

    @property
    def provenance(self) -> Mapping[str, Any]:
        return {
            "project": self.project,
            "release": self.release,
            "models": list(self.models),
            "policy_from": self.policy_from,
        }


def warnings_of(page: Insights) -> tuple[str, ...]:
    """What a reader must know before any figure of a page."""
    found = []
    if page.simulated:
        found.append(
            f"{page.simulated:,} of these {page.items:,} items rest on verdicts of simulated annotators: "
            "programs that stand in for people. Their figures show what the page can say, not what people found."
        )
    if not page.items:
        found.append("No item is resolved here yet, so that nothing can be said.")
    return tuple(found)


def cut_words(cut: Cut, people: Mapping[str, str]) -> str:
    """What a cut leaves, in words: `image · hard · kind=table · new: row_missing`; empty for everything."""
    parts = [str(cut.modality or ""), " or ".join(sorted(cut.tiers)), *(f"{key}={value}" for key, value in cut.slices)]
    if cut.person:
        parts.append(f"judged by {people.get(cut.person, cut.person)}")
    if cut.since is not None:
        parts.append(f"from {date_of(cut.since)}")
    if cut.until is not None:
        parts.append(f"until {date_of(cut.until)}")
    parts.append(str(cut.became or ""))
    if cut.failure:
        parts.append(f"{cut.failure[0]}: {cut.failure[1]}")
    if cut.missed_since:
        parts.append(f"missed since {cut.missed_since}")
    return " · ".join(part for part in parts if part)
