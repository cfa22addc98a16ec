"""What the gate promises, by simulation against its own decision function.

The small form draws 150 gold sets a row; limits carry three standard errors, so that a kept promise fails one run in
a thousand, and the seeds are fixed. `make soak` draws 20,000.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from labeler.domain.attempts import alpha_share
from labeler.domain.gate import decide
from labeler.domain.gate_report import Decision, GateReport
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from tests.domain.gate_simulation import POLICY, Scenario, at_margin, cliff, draw, reports, share_of, unchanged


def ships(report: GateReport) -> bool:
    return report.decision is Decision.SHIP


def blocks(report: GateReport) -> bool:
    return report.decision is Decision.BLOCK


FIRST_ATTEMPT = replace(POLICY, alpha=POLICY.alpha * alpha_share(1))


def slack(promise: float, runs: int) -> float:
    return 3 * math.sqrt(promise * (1 - promise) / runs)


RUNS = pytest.mark.parametrize("runs", [150, pytest.param(20_000, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])])


@RUNS
def test_an_unchanged_model_is_blocked_in_at_most_5_per_cent_and_shipped_in_90(runs: int) -> None:
    found = reports(unchanged, 4500, runs, seed=1, policy=FIRST_ATTEMPT)
    assert share_of(found, blocks) <= 0.05 + slack(0.05, runs)
    assert share_of(found, ships) >= 0.90 - slack(0.90, runs)


@RUNS
def test_a_tier_at_its_margin_ships_in_at_most_5_per_cent(runs: int) -> None:
    found = reports(at_margin, 4500, runs, seed=2)  # with all the alpha, more than an attempt ever gets
    assert share_of(found, ships) <= 0.05 + slack(0.05, runs)


@RUNS
def test_a_cliff_ships_in_at_most_1_per_cent_though_the_average_rises(runs: int) -> None:
    found = reports(cliff, 4500, runs, seed=3)
    # A gate that goes by the average of the traffic would ship nearly all of them.
    assert share_of(found, lambda report: report.cliffs[0].delta > 0) > 0.95
    assert share_of(found, lambda report: report.cliffs[0].alarm) > 0.95
    assert share_of(found, ships) <= 0.01 + slack(0.01, runs)


@RUNS
def test_ten_resubmissions_at_the_margin_ship_in_at_most_5_per_cent(runs: int) -> None:
    random = np.random.default_rng(5)
    shipped = 0
    for _ in range(runs // 5):
        policies = (replace(POLICY, alpha=POLICY.alpha * alpha_share(attempt)) for attempt in range(1, 11))
        shipped += any(ships(decide(draw(at_margin, 4500, random), policy)) for policy in policies)
    assert shipped / (runs // 5) <= 0.05 + slack(0.05, runs // 5)


@RUNS
def test_ten_releases_that_lose_a_little_each_lose_6_points_in_at_most_5_per_cent(runs: int) -> None:
    """Each candidate loses 1.5 points everywhere against the version in force, which stays when the gate says no."""
    random = np.random.default_rng(6)
    lineages = runs // 10
    lost = 0
    for _ in range(lineages):
        shipped = 0
        for _release in range(10):
            old, best = (draw(worse_by(0.015 * steps), 4500, random) for steps in (1, shipped + 1))
            shipped += ships(decide(old, FIRST_ATTEMPT, best))
        lost += 1.5 * shipped >= 6
    assert lost / lineages <= 0.05 + slack(0.05, lineages)


def worse_by(points: float) -> Scenario:
    def scenario(modality: Modality, tier: Tier, value: str) -> tuple[float, float]:
        only_new, only_old = unchanged(modality, tier, value)
        return only_new, only_old + points

    return scenario


@pytest.mark.parametrize("scenario", [unchanged, at_margin, cliff])
def test_too_few_items_never_ship(scenario: Scenario) -> None:
    assert share_of(reports(scenario, 480, 40, seed=4), ships) == 0
