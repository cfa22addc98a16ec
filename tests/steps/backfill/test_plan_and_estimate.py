from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeler.domain.backfill.conditions import When
from labeler.domain.backfill.plan import PlanSettings
from labeler.domain.queue import Why
from labeler.domain.verdicts import Right
from labeler.errors import LabelerError
from labeler.steps.backfill.estimate import estimate_backfill
from labeler.steps.backfill.plan import left_of, plan_in_force, plan_review, put_in_force
from tests.steps.backfill.decided_project import DecidedProject
from tests.steps.judged_project import RELEASE

SETTINGS = PlanSettings(margin=5, strata=("reversible",), certainty=(When(amount_above=2800, contested=True),))


@pytest.fixture
def decided(tmp_path: Path) -> Iterator[DecidedProject]:
    made = DecidedProject(tmp_path / "p", items=40, flips=30)
    yield made
    made.project.close()


def test_every_decision_of_a_certainty_stratum_is_chosen(decided: DecidedProject) -> None:
    plan = plan_review(decided.project, decided.records(), SETTINGS)
    certain = next(stratum for stratum in plan.strata if stratum.certainty)
    assert certain.chosen == ("d-29",)


def test_decisions_that_no_flip_contests_are_sampled_too(decided: DecidedProject) -> None:
    plan = plan_review(decided.project, decided.records(), SETTINGS)
    assert any(stratum.chosen and not stratum.contested for stratum in plan.strata)
    assert plan.reviews < 40


def test_a_plan_with_a_smaller_margin_goes_on_with_the_first_ones_sample(decided: DecidedProject) -> None:
    def chosen(margin: float) -> dict[str, tuple[str, ...]]:
        settings = PlanSettings(margin=margin, strata=("reversible",))
        plan = plan_review(decided.project, decided.records(), settings)
        return {f"{s.name}{s.contested}": s.chosen for s in plan.strata}

    wide, narrow = chosen(8), chosen(4)
    assert sum(map(len, narrow.values())) > sum(map(len, wide.values()))
    assert all(narrow[name][: len(ids)] == ids for name, ids in wide.items())


def test_the_plan_puts_its_items_into_the_queue_with_their_probability(tmp_path: Path) -> None:
    decided = DecidedProject(tmp_path / "q", items=40, flips=30)
    store = decided.project.store
    store.connection.execute("DELETE FROM queue")
    records = decided.records()
    plan = plan_review(decided.project, records, SETTINGS)
    added = put_in_force(decided.project, records, plan, decided.lead, now=decided.clock)
    assert added == plan.reviews == left_of(decided.project, records, plan.strata).decisions
    entries = [store.entry(RELEASE.id, f"i-{n:02d}") for n in range(40)]
    assert {entry.why for entry in entries if entry} == {Why.BACKFILL}
    assert all(0 < entry.p <= 1 for entry in entries if entry)
    decided.project.close()


def test_the_estimate_follows_the_verdicts_as_they_arrive(decided: DecidedProject) -> None:
    records = decided.records()
    plan = plan_review(decided.project, records, SETTINGS)
    put_in_force(decided.project, records, plan, decided.lead, now=decided.clock)
    _, before = estimate_backfill(decided.project)
    assert before.everything.value is None
    for stratum in plan.strata:
        for chosen in stratum.chosen:
            wrong = stratum.contested and int(chosen[2:]) % 3 == 0
            decided.judge(f"i-{chosen[2:]}", Right.NEW if wrong else Right.BOTH)
    between = decided.clock()
    _, after = estimate_backfill(decided.project)
    assert after.everything.value is not None
    assert after.everything.interval.low <= 10 <= after.everything.interval.high
    assert after.everything.interval.high < before.everything.interval.high
    assert estimate_backfill(decided.project, as_of=between)[1] == after


def test_without_a_plan_there_is_no_estimate(decided: DecidedProject) -> None:
    with pytest.raises(LabelerError, match="no sampling plan"):
        estimate_backfill(decided.project)


def test_a_decision_that_comes_after_the_plan_makes_it_out_of_date(decided: DecidedProject) -> None:
    records = decided.records()
    put_in_force(decided.project, records, plan_review(decided.project, records, SETTINGS), decided.lead)
    decided.bring([decided.decision(1, decision_id="d-late")])
    with pytest.raises(LabelerError, match="changed since the plan"):
        plan_in_force(decided.project, decided.records())
