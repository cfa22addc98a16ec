"""Populations of past decisions of which the truth is known, sampled and judged as a backfill would be."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.stats import hypergeom

from labeler.domain.backfill.allocation import (
    Allocation,
    simple_random_size,
    sizes_for,
    spread_of_share,
)
from labeler.domain.backfill.estimate import UNMEASURED, Estimate, Figure, ReviewerError, StratumEstimate, estimate
from labeler.domain.backfill.worth import Amount, Amounts, StratumSample

SENSITIVITY, SPECIFICITY = 0.92, 0.97
CHECKS_CAUGHT, CHECKS_PASSED = 150, 300
ITEMS = 80
"""In a stratum whose items are crowded."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Two to six strata of 30 to 500 decisions, samples of 10 to 80 each; unless it says otherwise.

    A share of a beta(0.8, 4) distribution is wrong in each stratum, and amounts are log-normal. Erring reviewers catch
    92 % of the wrong outputs and pass 97 % of the right ones, which the estimate knows from 150 and 300 hidden checks
    alone; they err by item, for all the decisions on it.
    """

    name: str
    strata: tuple[int, int] = (2, 6)
    crowded: bool = False
    """One to a dozen decisions rest on each of 80 items a stratum, and 60 to 200 are drawn."""
    across: bool = False
    """The decisions of a crowded item lie in any of the strata."""
    uneven: bool = False
    """An item is wrong in proportion to how many decisions rest on it; else with a decision's amount."""
    reviewed: float = 1.0
    """The share of the sample's items that was looked at, in an order of chance."""
    erring: bool = False
    rare: bool = False
    """A share of 0.2 to 2 % is wrong."""
    certainty: bool = False
    """The first stratum is drawn whole."""


SCENARIOS = (
    Scenario("simple random sample", strata=(1, 1)),
    Scenario("stratified"),
    Scenario("wrong in proportion to the amount", uneven=True),
    Scenario("certainty stratum", certainty=True),
    Scenario("rare errors", rare=True),
    Scenario("reviewers err", erring=True),
    Scenario("half reviewed", reviewed=0.5),
    Scenario("half reviewed, reviewers err", reviewed=0.5, erring=True),
    Scenario("crowded items", crowded=True),
    Scenario("crowded, reviewers err", crowded=True, erring=True),
    Scenario("crowded, half reviewed", crowded=True, reviewed=0.5),
    Scenario("crowded, half reviewed, reviewers err", crowded=True, reviewed=0.5, erring=True),
    Scenario("crowded, half reviewed, certainty stratum", crowded=True, reviewed=0.5, certainty=True),
    Scenario("crowded, half reviewed, wrong with crowd", crowded=True, reviewed=0.5, uneven=True),
    Scenario("crowded across strata, half reviewed", crowded=True, across=True, reviewed=0.5),
    Scenario("crowded across strata, half, reviewers err", crowded=True, across=True, reviewed=0.5, erring=True),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """The truth of one population, in all and by stratum, and what its sample said."""

    numbers: tuple[int, ...]
    amounts: tuple[float, ...]
    said: Estimate

    @property
    def covers_number(self) -> bool:
        return _covers(self.said.everything, sum(self.numbers))

    @property
    def covers_amount(self) -> bool:
        return _covers(self.said.amounts["EUR"], sum(self.amounts))

    def strata_covered(self, *, mid_p: bool) -> int:
        """How many strata's own intervals cover their number."""
        return sum(
            _covers(_figure(said, mid_p=mid_p), number)
            for said, number in zip(self.said.strata, self.numbers, strict=True)
        )

    @property
    def strata_amounts_covered(self) -> int:
        """How many strata's own intervals cover their amount."""
        return sum(
            _covers(said.amounts["EUR"], amount) for said, amount in zip(self.said.strata, self.amounts, strict=True)
        )

    @property
    def least_covered(self) -> float:
        """How many strata's own intervals would cover their number, were they no wider than the promise asks.

        Whatever set of samples an interval lets a number go with, their chance is one of finitely many sums: the least
        of those that is no less than 95 %, for reviewers who do not err and have seen the whole sample.
        """
        return sum(
            least_coverage(len(said.sample.members), len(said.sample.drawn), number)
            for said, number in zip(self.said.strata, self.numbers, strict=True)
        )


@lru_cache(maxsize=1 << 16)
def least_coverage(population: int, n: int, wrong: int, level: float = 0.95) -> float:
    """The least chance, no less than `level`, of any set of samples of n when so many are wrong; to 0.01 points."""
    steps = 10_000
    spare = round((1 - level) * steps)
    reached = 1
    for chance in hypergeom.pmf(np.arange(min(n, wrong) + 1), population, wrong, n):
        mass = math.floor(float(chance) * steps)
        if mass <= spare:
            reached |= (reached << mass) & ((2 << spare) - 1)
    return 1 - (reached.bit_length() - 1) / steps


def _figure(said: StratumEstimate, *, mid_p: bool) -> Figure:
    return said.mid_p if mid_p else said.number


def _covers(figure: Figure, truth: float) -> bool:
    return figure.interval.low - 1e-6 <= truth <= figure.interval.high + 1e-6


@dataclass(frozen=True, slots=True)
class _Population:
    """Decisions: the stratum and item of each, its amount; items: whether the old output of each is wrong."""

    stratum: NDArray[np.int64]
    item: NDArray[np.int64]
    amount: NDArray[np.float64]
    wrong: NDArray[np.bool_]


def trial(rng: np.random.Generator, scenario: Scenario) -> Trial:
    """One population, sampled and judged."""
    people = _population(rng, scenario)
    strata = int(people.stratum.max()) + 1
    drawn = _drawn(rng, people, scenario)
    hit = rng.permutation(np.unique(people.item[drawn]))
    seen = np.zeros(len(people.wrong), bool)
    seen[hit[: max(1, round(len(hit) * scenario.reviewed))]] = True
    called, error = people.wrong, UNMEASURED
    if scenario.erring:
        chance = rng.random(len(people.wrong))
        called = np.where(people.wrong, chance < SENSITIVITY, chance >= SPECIFICITY)
        caught = int(rng.binomial(CHECKS_CAUGHT, SENSITIVITY)), CHECKS_CAUGHT
        passed = int(rng.binomial(CHECKS_PASSED, SPECIFICITY)), CHECKS_PASSED
        error = ReviewerError(caught, passed)
    samples = [_sample(people, n, drawn, seen, called) for n in range(strata)]
    truly = people.wrong[people.item]
    numbers = tuple(int(truly[people.stratum == n].sum()) for n in range(strata))
    amounts = tuple(float(people.amount[truly & (people.stratum == n)].sum()) for n in range(strata))
    return Trial(numbers, amounts, estimate(samples, error))


def _population(rng: np.random.Generator, scenario: Scenario) -> _Population:
    strata = int(rng.integers(scenario.strata[0], scenario.strata[1] + 1))
    items = np.full(strata, ITEMS) if scenario.crowded else rng.integers(30, 500, strata)
    home = np.repeat(np.arange(strata), items)
    crowd = rng.integers(1, 13, len(home)) if scenario.crowded else np.ones(len(home), int)
    item = np.repeat(np.arange(len(home)), crowd)
    stratum = rng.integers(0, strata, len(item)) if scenario.across else home[item]
    amount = rng.lognormal(0, 0.8, len(item)) * np.exp(rng.uniform(3, 6, strata))[stratum]
    share = (rng.uniform(0.002, 0.02, strata) if scenario.rare else rng.beta(0.8, 4, strata))[home]
    if scenario.uneven:
        lies = crowd if scenario.crowded else amount / (np.bincount(home, amount) / items)[home]
        share = np.clip(share * lies / lies.mean(), 0, 1)
    return _Population(stratum, item, amount, rng.random(len(home)) < share)


def _drawn(rng: np.random.Generator, people: _Population, scenario: Scenario) -> NDArray[np.bool_]:
    drawn = np.zeros(len(people.item), bool)
    for stratum in range(int(people.stratum.max()) + 1):
        members = np.flatnonzero(people.stratum == stratum)
        size = int(rng.integers(60, 200)) if scenario.crowded else int(rng.integers(10, 80))
        whole = scenario.certainty and stratum == 0
        drawn[rng.permutation(members)[: len(members) if whole else size]] = True
    return drawn


def _sample(
    people: _Population,
    stratum: int,
    drawn: NDArray[np.bool_],
    seen: NDArray[np.bool_],
    called: NDArray[np.bool_],
) -> StratumSample:
    here, looked, wrong = people.stratum == stratum, seen[people.item], called[people.item]

    def of(which: NDArray[np.bool_]) -> Amounts:
        return tuple(Amount(float(people.amount[n]), "EUR", f"i{people.item[n]}") for n in np.flatnonzero(here & which))

    return StratumSample(
        f"s{stratum}",
        True,
        of(here),
        wrong=of(drawn & looked & wrong),
        upheld=of(drawn & looked & ~wrong),
        pending=of(drawn & ~looked),
        wrong_aside=of(~drawn & looked & wrong),
        upheld_aside=of(~drawn & looked & ~wrong),
    )


def trials(scenario: Scenario, count: int, seed: int = 20261128) -> list[Trial]:
    """So many populations of a scenario, the same ones for the same seed."""
    return [trial(np.random.default_rng((seed, n)), scenario) for n in range(count)]


def share_of_strata_covered(done: Sequence[Trial], *, mid_p: bool) -> float:
    """Of all strata of all populations, the share whose own interval covers its number."""
    return sum(t.strata_covered(mid_p=mid_p) for t in done) / sum(len(t.numbers) for t in done)


def reviews_saved(rng: np.random.Generator) -> tuple[int, int]:
    """Reviews that a Neyman plan and a simple random sample need for the same margin, when strata differ."""
    sizes = [int(n) for n in rng.integers(200, 4000, rng.integers(3, 8))]
    shares = [float(p) for p in rng.beta(0.5, 2, len(sizes))]
    strata = [spread_of_share(n, p) for n, p in zip(sizes, shares, strict=True)]
    whole = spread_of_share(sum(sizes), sum(n * p for n, p in zip(sizes, shares, strict=True)) / sum(sizes))
    margin = 0.02 * sum(sizes)
    return sum(sizes_for(strata, margin, Allocation.NEYMAN)), int(np.ceil(simple_random_size(whole, margin)))


def main(count: int, seed: int, *places: int) -> None:
    """Print what `docs/evidence-backfill.md` says: `python -m tests.domain.backfill.simulated_backfills`."""
    for scenario in [SCENARIOS[n] for n in places] or SCENARIOS:
        done = trials(scenario, count, seed)
        number, amount = (sum(x) / count for x in zip(*((t.covers_number, t.covers_amount) for t in done), strict=True))
        exact, mid_p = (share_of_strata_covered(done, mid_p=which) for which in (False, True))
        strata = sum(len(t.numbers) for t in done)
        own = sum(t.strata_amounts_covered for t in done) / strata
        exactly_drawn = not scenario.erring and not scenario.crowded and scenario.reviewed == 1
        least = f"{sum(t.least_covered for t in done) / strata:.1%}" if exactly_drawn else "–"
        cells = f"{number:.1%} | {amount:.1%} | {exact:.1%} | {least} | {mid_p:.1%} | {own:.1%}"
        print(f"| {scenario.name} | {cells} |".replace("%", " %"), flush=True)  # noqa: T201
    rng = np.random.default_rng(seed)
    ratios = sorted(plan / simple for plan, simple in (reviews_saved(rng) for _ in range(count)))
    print(  # noqa: T201
        f"reviews of a plan over those of a simple random sample: median {ratios[count // 2]:.1%}, "
        f"middle 90 % {ratios[count // 20]:.1%} to {ratios[-(count // 20)]:.1%}"
    )


if __name__ == "__main__":
    main(*(int(given) for given in [*sys.argv[1:], *("1000", "20261128")[len(sys.argv) - 1 :]]))
