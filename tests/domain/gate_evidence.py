"""The gate's promises as figures: simulated at any size, each beside what two naive gates would have done.

`python -m tests.domain.gate_evidence docs/evidence.md` runs all at full size and writes the figures into that page;
the seeds are fixed, so that `make soak` finds the same digits.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from labeler.domain.gate.attempts import alpha_share
from labeler.domain.gate.decide import decide
from labeler.domain.gate.report import Decision, GateReport
from labeler.domain.gate.tally import Tallies
from labeler.domain.gold.changes import removal_alarm_p
from labeler.domain.gold.words import ALARM
from tests.domain.gate_simulation import POLICY, Scenario, at_margin, cliff, draw, unchanged, worse_by

FULL = 20_000
SERIES = 20_000
"""Teams of ten attempts and lineages of ten releases; each costs as much as ten or twenty gold sets."""
ITEMS = 4_500
FIRST_ATTEMPT = replace(POLICY, alpha=POLICY.alpha * alpha_share(1))


@dataclass(frozen=True, slots=True)
class Promise:
    """`at_most` or at least `limit` of the runs; the naive gates have no answer to some of the questions."""

    name: str
    limit: float
    at_most: bool = True

    def words(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.limit * 100:g} %"


@dataclass(frozen=True, slots=True)
class Figure:
    """Shares of the runs. `average`: a gate that asks only that the average does not fall; `slices`: that none does."""

    share: float
    average: float | None = None
    slices: float | None = None


PROMISES: Mapping[str, Promise] = {
    "unchanged_blocked": Promise("an unchanged model is blocked", 0.05),
    "unchanged_ships": Promise("an unchanged model ships (4,500 items)", 0.90, at_most=False),
    "margin_ships": Promise("one tier exactly at its margin ships", 0.05),
    "cliff_ships": Promise("a cliff ships: easy pictures gain, hard ones lose", 0.01),
    "resubmitted_ships": Promise("any of ten resubmissions at the margin ships", 0.05),
    "releases_lose": Promise("ten releases of −1.5 points add up to a loss of 6 or more", 0.05),
    "removal_seen": Promise("failing items are taken out of the gold set: alarm", 0.99, at_most=False),
    "removal_false": Promise("items are taken out at random: alarm", 0.01),
}


def measure(runs: int, series: int | None = None) -> dict[str, Figure]:
    """Every promise's figure from so many simulated gold sets each, or so many series of ten attempts or releases."""
    series = runs if series is None else series
    scenarios = (unchanged, at_margin, cliff)
    still, margin, drop = (_decisions(scenario, runs, seed) for seed, scenario in enumerate(scenarios, 1))
    return {
        "unchanged_blocked": still.figure(Decision.BLOCK, naive_ships=False),
        "unchanged_ships": still.figure(Decision.SHIP),
        "margin_ships": margin.figure(Decision.SHIP),
        "cliff_ships": drop.figure(Decision.SHIP),
        "resubmitted_ships": Figure(resubmissions(series, seed=5)),
        "releases_lose": Figure(releases(series, seed=6)),
        "removal_seen": Figure(removals(runs, picked=20, seed=7)),
        "removal_false": Figure(removals(runs, picked=0, seed=8)),
    }


@dataclass(slots=True)
class _Decisions:
    """How often each answer was given, and how often the naive gates shipped."""

    runs: int
    answers: dict[Decision, int]
    average_ships: int = 0
    slices_ship: int = 0

    def figure(self, decision: Decision, *, naive_ships: bool = True) -> Figure:
        naive = [ships / self.runs for ships in (self.average_ships, self.slices_ship)]
        average, slices = naive if naive_ships else (1 - ships for ships in naive)
        return Figure(self.answers[decision] / self.runs, average, slices)


def _decisions(scenario: Scenario, runs: int, seed: int) -> _Decisions:
    """The first attempt's share of the error for all: nobody ever gets more."""
    random = np.random.default_rng(seed)
    found = _Decisions(runs, dict.fromkeys(Decision, 0))
    for _ in range(runs):
        tallies = draw(scenario, ITEMS, random)
        report = decide(tallies, FIRST_ATTEMPT)
        found.answers[report.decision] += 1
        found.average_ships += average_does_not_fall(report)
        found.slices_ship += no_slice_falls(tallies)
    return found


def average_does_not_fall(report: GateReport) -> bool:
    """The average of the traffic over both modalities, as a dashboard shows it."""
    return sum(cliff.delta for cliff in report.cliffs) >= 0


def no_slice_falls(tallies: Tallies) -> bool:
    return all(tally.b >= tally.c for key, tally in tallies.nodes.items() if key.slice)


def resubmissions(runs: int, seed: int) -> float:
    """Share of teams that get a model at its margin shipped within ten attempts, each on fresh outputs."""
    random = np.random.default_rng(seed)
    policies = [replace(POLICY, alpha=POLICY.alpha * alpha_share(attempt)) for attempt in range(1, 11)]
    shipped = sum(
        any(decide(draw(at_margin, ITEMS, random), policy).decision is Decision.SHIP for policy in policies)
        for _ in range(runs)
    )
    return shipped / runs


def releases(runs: int, seed: int) -> float:
    """Share of lineages that lose 6 points or more in ten releases, each 1.5 points below the version in force.

    The version in force stays when the gate says no; the first one is the best so far.
    """
    random = np.random.default_rng(seed)
    lost = 0
    for _ in range(runs):
        shipped = 0
        for _release in range(10):
            old, best = (draw(worse_by(0.015 * steps), ITEMS, random) for steps in (1, shipped + 1))
            shipped += decide(old, FIRST_ATTEMPT, best).decision is Decision.SHIP
        lost += 1.5 * shipped >= 6
    return lost / runs


def removals(runs: int, picked: int, seed: int) -> float:
    """Share of alarms when 30 of 1,500 records go, of which `picked` were chosen because they fail (a quarter does)."""
    before, failing, removed = 1_500, 375, 30
    random = np.random.default_rng(seed)
    by_chance = random.hypergeometric(failing - picked, before - failing, removed - picked, size=runs)
    alarms = sum(removal_alarm_p(picked + int(more), removed, failing, before) < ALARM for more in by_chance)
    return alarms / runs


def table(figures: Mapping[str, Figure]) -> str:
    """The promises as a Markdown table."""
    lines = [
        "| at | a gate on the average | a gate on every slice | promise | measured |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for key, promise in PROMISES.items():
        figure = figures[key]
        columns = (percent(figure.average), percent(figure.slices), promise.words(), f"**{percent(figure.share)}**")
        lines.append(f"| {promise.name} | {' | '.join(columns)} |")
    return "\n".join(lines)


def percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.2f} %"


def between(page: str, name: str) -> str:
    """What stands between the marks `<!-- NAME -->` and `<!-- /NAME -->`. Raises ValueError when they are not there."""
    found = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- /{name} -->", page, re.DOTALL)
    if found is None:
        raise ValueError(f"the page has no part {name}")
    return found[1]


def write_into(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace(between(text, "promises"), table(measure(FULL, SERIES))), encoding="utf-8")


if __name__ == "__main__":
    write_into(Path(sys.argv[1]))
