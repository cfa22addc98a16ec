"""A cell that holds less is named, with how many of the losses have a line in the removal ledger."""

from __future__ import annotations

from dataclasses import replace

from labeler.domain.gold.changes import Step
from labeler.domain.gold.ratchet import FAILING, ITEMS, Fall, Ratchet
from labeler.domain.gold.records import GoldRecord, JudgedOutput
from labeler.domain.rubric import Tier
from tests.steps.gate_files import record

WRONG = (JudgedOutput("sha256:1", "m 1", right=False),)
RIGHT = (JudgedOutput("sha256:1", "m 1", right=True),)


def failing_table(number: int) -> GoldRecord:
    return replace(record(number, tier=Tier.HARD, judged=WRONG), slices={"kind": "table", "width": 3.5})


def falls(*steps: Step) -> list[Fall]:
    ratchet = Ratchet()
    for step in steps:
        ratchet.add(step)
    return ratchet.falls()


def test_what_is_gone_is_less_in_its_tier_and_in_each_of_its_slices() -> None:
    one, two = failing_table(1), failing_table(2)
    assert falls(Step(one, None), Step(two, two)) == [
        Fall("text · hard", FAILING, 2, 1, 1),
        Fall("text · hard", ITEMS, 2, 1, 1),
        Fall("text · hard · kind table", FAILING, 2, 1, 1),
        Fall("text · hard · kind table", ITEMS, 2, 1, 1),
    ]


def test_a_record_that_is_no_longer_failing_is_less_of_what_fails() -> None:
    one = failing_table(1)
    step = Step(one, replace(one, judged=RIGHT))
    assert step.loses
    assert [fall.of for fall in falls(step)] == [FAILING, FAILING]


def test_another_tier_is_a_loss_there_and_a_gain_elsewhere() -> None:
    one = failing_table(1)
    found = falls(Step(one, replace(one, tier=Tier.EASY)))
    assert {fall.cell for fall in found} == {"text · hard", "text · hard · kind table"}
    assert all(fall.explained == 1 for fall in found)


def test_what_is_made_up_for_is_no_fall() -> None:
    assert falls(Step(failing_table(1), None), Step(None, failing_table(2))) == []
    assert not Step(None, failing_table(2)).loses
