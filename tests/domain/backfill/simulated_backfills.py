"""Populations of past decisions of which the truth is known, sampled and judged as a backfill would be."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from labeler.domain.backfill.allocation import (
    Allocation,
    simple_random_size,
    sizes_for,
    spread_of_share,
)
from labeler.domain.backfill.clusters import Amount
from labeler.domain.backfill.estimate import UNMEASURED, Estimate, ReviewerError, StratumSample, estimate

SENSITIVITY, SPECIFICITY = 0.92, 0.97
CHECKS_CAUGHT, CHECKS_PASSED = 150, 300


@dataclass(frozen=True, slots=True)
class Trial:
    """The truth of one population, and what its sample said."""

    number: int
    amount: float
    said: Estimate

    @property
    def covers_number(self) -> bool:
        interval = self.said.everything.interval
        return interval.low <= self.number <= interval.high

    @property
    def covers_amount(self) -> bool:
        interval = self.said.amounts["EUR"].interval
        return interval.low <= self.amount <= interval.high


def clustered_trial(rng: np.random.Generator, *, told: bool = True) -> Trial:
    """As `trial`, but one to a dozen decisions rest on one item, right or wrong together, and half is reviewed.

    Items are reviewed in an order of chance, all of an item's decisions in the sample at once. Without `told` the
    estimate does not know which decisions rest on one item.
    """
    number, amount = 0, 0.0
    strata = []
    for stratum in range(rng.integers(2, 7)):
        crowd = rng.integers(1, 13, 80)
        item_of = np.repeat(np.arange(80), crowd)
        size = len(item_of)
        wrong = (rng.random(80) < rng.beta(0.8, 4))[item_of]
        amounts = rng.lognormal(rng.uniform(3, 6), 0.8, size)
        number += int(wrong.sum())
        amount += float(amounts[wrong].sum())
        drawn = rng.permutation(size)[: int(rng.integers(60, 200))]
        order = rng.permutation(80)
        place = np.empty(80, int)
        place[order] = np.arange(80)
        seen = drawn[place[item_of[drawn]] < 40]
        names = [f"{stratum}-{item}" if told else "" for item in item_of]
        sample = _sample(str(stratum), amounts, seen, wrong[seen], names)
        strata.append(replace(sample, pending=len(drawn) - len(seen)))
    return Trial(number, amount, estimate(strata, UNMEASURED))


def trial(rng: np.random.Generator, *, erring: bool) -> Trial:
    """Two to six strata of 30 to 500 decisions, of which 0 to some 60 % are wrong, and samples of 10 to 80 each.

    Erring reviewers catch 92 % of the wrong outputs and pass 97 % of the right ones, which the estimate knows from
    150 and 300 hidden checks alone.
    """
    number, amount = 0, 0.0
    strata = []
    for stratum in range(rng.integers(2, 7)):
        size = int(rng.integers(30, 500))
        wrong = rng.random(size) < rng.beta(0.8, 4)
        amounts = rng.lognormal(rng.uniform(3, 6), 0.8, size)
        number += int(wrong.sum())
        amount += float(amounts[wrong].sum())
        drawn = rng.permutation(size)[: min(size, int(rng.integers(10, 80)))]
        strata.append(_sample(str(stratum), amounts, drawn, _called(rng, wrong[drawn], erring=erring)))
    error = UNMEASURED
    if erring:
        caught = int(rng.binomial(CHECKS_CAUGHT, SENSITIVITY)), CHECKS_CAUGHT
        passed = int(rng.binomial(CHECKS_PASSED, SPECIFICITY)), CHECKS_PASSED
        error = ReviewerError(caught, passed)
    return Trial(number, amount, estimate(strata, error))


def _called(rng: np.random.Generator, wrong: NDArray[np.bool_], *, erring: bool) -> NDArray[np.bool_]:
    if not erring:
        return wrong
    chance = rng.random(len(wrong))
    return np.where(wrong, chance < SENSITIVITY, chance >= SPECIFICITY)


def _sample(
    name: str,
    amounts: NDArray[np.float64],
    drawn: NDArray[np.int64],
    called: NDArray[np.bool_],
    items: list[str] | None = None,
) -> StratumSample:
    everyone = tuple(
        Amount(float(v), "EUR", item) for v, item in zip(amounts, items or [""] * len(amounts), strict=True)
    )
    return StratumSample(
        name,
        True,
        everyone,
        wrong=tuple(everyone[i] for i, said in zip(drawn, called, strict=True) if said),
        upheld=tuple(everyone[i] for i, said in zip(drawn, called, strict=True) if not said),
    )


def reviews_saved(rng: np.random.Generator) -> tuple[int, int]:
    """Reviews that a Neyman plan and a simple random sample need for the same margin, when strata differ."""
    sizes = [int(n) for n in rng.integers(200, 4000, rng.integers(3, 8))]
    shares = [float(p) for p in rng.beta(0.5, 2, len(sizes))]
    strata = [spread_of_share(n, p) for n, p in zip(sizes, shares, strict=True)]
    whole = spread_of_share(sum(sizes), sum(n * p for n, p in zip(sizes, shares, strict=True)) / sum(sizes))
    margin = 0.02 * sum(sizes)
    return sum(sizes_for(strata, margin, Allocation.NEYMAN)), int(np.ceil(simple_random_size(whole, margin)))


def main(trials: int = 1000) -> None:
    """Print what `docs/evidence-backfill.md` says: `python -m tests.domain.backfill.simulated_backfills`."""
    for erring in (False, True):
        rng = np.random.default_rng(20261125)
        done = [trial(rng, erring=erring) for _ in range(trials)]
        number, amount = sum(t.covers_number for t in done), sum(t.covers_amount for t in done)
        print(f"erring {erring}: number {number / trials:.1%}, amount {amount / trials:.1%}")  # noqa: T201
    for told in (False, True):
        rng = np.random.default_rng(20261125)
        done = [clustered_trial(rng, told=told) for _ in range(trials)]
        number, amount = sum(t.covers_number for t in done), sum(t.covers_amount for t in done)
        print(f"half reviewed, items told {told}: number {number / trials:.1%}, amount {amount / trials:.1%}")  # noqa: T201
    rng = np.random.default_rng(20261125)
    saved = [reviews_saved(rng) for _ in range(trials)]
    ratios = sorted(plan / simple for plan, simple in saved)
    print(  # noqa: T201
        f"reviews of a plan over those of a simple random sample: median {ratios[trials // 2]:.1%}, "
        f"middle 90 % {ratios[trials // 20]:.1%} to {ratios[-(trials // 20)]:.1%}"
    )


if __name__ == "__main__":
    main()
