"""What counts as agreement, and what is decided by it."""

from __future__ import annotations

from dataclasses import replace

from labeler.domain.consensus import consensus
from labeler.domain.items import Answer
from labeler.domain.rubric import Severity, Tier
from labeler.domain.verdicts import At, Checked, Failure, Gold, ResolvedBy, Right, Verdict

AGREED = Verdict(
    item_id="i1",
    release="r1",
    right=Right.NEW,
    tier=Tier.HARD,
    tier_before_outputs=True,
    checked=Checked.WHOLE,
    shown={"A": "old", "B": "new"},
    rubric="1",
    outputs={"old": "sha256:a", "new": "sha256:b"},
    failures=(Failure("old", "number", Severity.MAJOR, (At(box=(0, 0, 4, 4)),)),),
    gold=Gold(Answer(text="Total 450")),
)


def test_one_verdict_is_enough_where_the_project_asks_for_one() -> None:
    decided = consensus([("e1", AGREED)], needed=1)
    assert decided is not None
    assert (decided.right, decided.tier, decided.gold_from, decided.by) == (
        Right.NEW,
        Tier.HARD,
        "e1",
        ResolvedBy.CONSENSUS,
    )


def test_too_few_verdicts_decide_nothing() -> None:
    assert consensus([("e1", AGREED)], needed=2) is None
    assert consensus([], needed=0) is None


def test_gold_answers_may_differ_in_form_alone() -> None:
    form = replace(AGREED, gold=Gold(Answer(text="total 450.")))
    assert consensus([("e1", AGREED), ("e2", form)], needed=2) is not None
    other = replace(AGREED, gold=Gold(Answer(text="Total 451")))
    assert consensus([("e1", AGREED), ("e2", other)], needed=2) is None


def test_another_tier_another_right_or_doubt_leaves_the_item_open() -> None:
    for dissent in (
        replace(AGREED, tier=Tier.EASY),
        replace(AGREED, right=Right.BOTH),
        replace(AGREED, sure=False),
        replace(AGREED, outputs={"old": "sha256:a", "new": "sha256:c"}),
    ):
        assert consensus([("e1", AGREED), ("e2", dissent)], needed=2) is None


def test_the_answer_comes_from_who_checked_the_whole_item() -> None:
    hasty = replace(AGREED, checked=Checked.DIFFERENCES)
    decided = consensus([("e1", hasty), ("e2", AGREED)], needed=2)
    assert decided is not None
    assert (decided.gold_from, decided.checked) == ("e2", Checked.WHOLE)


def test_a_failure_that_most_name_is_kept_with_all_its_places() -> None:
    elsewhere = replace(AGREED, failures=(Failure("old", "number", Severity.MAJOR, (At(box=(9, 9, 12, 12)),)),))
    silent = replace(AGREED, failures=())
    decided = consensus([("e1", AGREED), ("e2", elsewhere), ("e3", silent)], needed=3)
    assert decided is not None
    assert decided.failures == (
        Failure("old", "number", Severity.MAJOR, (At(box=(0, 0, 4, 4)), At(box=(9, 9, 12, 12)))),
    )
    alone = consensus([("e1", AGREED), ("e2", silent), ("e3", silent)], needed=3)
    assert alone is not None
    assert alone.failures == ()


def test_an_answer_of_no_values_agrees_with_itself_alone() -> None:
    empty = replace(AGREED, gold=Gold(Answer(values={})))
    without = replace(AGREED, gold=Gold(Answer(label="x")))
    assert consensus([("e1", empty), ("e2", empty)], needed=2) is not None
    assert consensus([("e1", empty), ("e2", without)], needed=2) is None
