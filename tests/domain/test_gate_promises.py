"""What the gate promises, by simulation against its own decision function.

The small form draws 400 gold sets a promise (40 teams of ten attempts or releases); limits carry three standard errors,
so that a kept promise fails one run in a thousand, and the seeds are fixed. `make soak` draws 20,000 of all
and finds the figures of docs/evidence.md to the printed digits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from labeler.domain.gate.decide import decide
from labeler.domain.gate.report import Decision
from tests.domain.gate_evidence import FIRST_ATTEMPT, FULL, PROMISES, SERIES, Figure, between, measure, table
from tests.domain.gate_simulation import Scenario, at_margin, cliff, draw, unchanged

EVIDENCE = Path(__file__).parents[2] / "docs" / "evidence.md"
IN_SERIES = frozenset({"resubmitted_ships", "releases_lose"})


@pytest.fixture(scope="module")
def figures() -> Mapping[str, Figure]:
    return measure(400, series=40)


@pytest.mark.parametrize("key", PROMISES)
def test_the_gate_keeps_its_promise(figures: Mapping[str, Figure], key: str) -> None:
    promise, found = PROMISES[key], figures[key].share
    slack = 3 * math.sqrt(promise.limit * (1 - promise.limit) / (40 if key in IN_SERIES else 400))
    assert found <= promise.limit + slack if promise.at_most else found >= promise.limit - slack


def test_naive_gates_do_not(figures: Mapping[str, Figure]) -> None:
    """If they did, the simulation would show nothing."""
    assert (figures["cliff_ships"].average or 0) > 0.95
    assert (figures["unchanged_blocked"].average or 0) > 0.3
    assert (figures["unchanged_ships"].slices or 0) < 0.05


@pytest.mark.soak
@pytest.mark.timeout(4 * 3600)
def test_the_page_of_evidence_says_what_the_full_simulation_gives() -> None:
    assert between(EVIDENCE.read_text(encoding="utf-8"), "promises") == table(measure(FULL, SERIES))


@pytest.mark.parametrize("scenario", [unchanged, at_margin, cliff])
def test_too_few_items_never_ship(scenario: Scenario) -> None:
    random = np.random.default_rng(4)
    assert all(decide(draw(scenario, 480, random), FIRST_ATTEMPT).decision is not Decision.SHIP for _ in range(40))
