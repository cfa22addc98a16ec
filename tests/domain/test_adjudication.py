"""What needs a decision, in which order, and why."""

from __future__ import annotations

from dataclasses import replace

from labeler.domain.adjudication import CheckedAgain, Circumstances, Dispute, docket, severity
from labeler.domain.items import Answer
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Gold, ResolvedBy, Right, Verdict
from tests.store.test_state import verdict


def said(right: Right = Right.NEW, **changes: object) -> Verdict:
    return replace(verdict("i", right), **{"tier": Tier.EASY, **changes})  # type: ignore[arg-type]  # the test's own fields


AGREED = {person: said() for person in ("ann", "bea", "cal")}
KNOWN = [{person: [right] for person in ("ann", "bea", "cal")} for right in list(Right)[:4] * 5]


def test_what_nobody_disputes_needs_no_decision() -> None:
    assert docket({"i1": AGREED, "i2": {"ann": said()}}) == []


def test_verdicts_that_differ_come_before_answers_before_tiers() -> None:
    found = docket(
        {
            "tier": AGREED | {"cal": said(tier=Tier.MEDIUM)},
            "right": {"ann": said(), "bea": said(Right.NEITHER), "cal": said(Right.BOTH)},
            "gold": AGREED | {"cal": said(gold=Gold(Answer(text="something else")))},
        },
        known=KNOWN,
    )
    assert [d.item_id for d in found] == ["right", "gold", "tier"]
    assert [d.disputes[0] for d in found] == [Dispute.RIGHT, Dispute.GOLD, Dispute.TIER]
    assert [d.how_unsure for d in found] == ["very unsure", "unsure", "small"]


def test_a_careless_persons_dispute_tells_less_than_one_among_careful_ones() -> None:
    """`cal` is wrong half the time, so that his word against two others is no news."""
    known = [*KNOWN]
    for n in range(40):
        truth = list(Right)[n % 4]
        known.append({"ann": [truth], "bea": [truth], "cal": [truth if n % 2 else list(Right)[(n + 1) % 4]]})
    alone = {"ann": said(), "bea": said(), "cal": said(Right.OLD)}
    split = {"ann": said(), "bea": said(Right.OLD)}
    careless, careful = sorted(docket({"careless": alone, "careful": split}, known=known), key=lambda d: d.item_id)[
        ::-1
    ]
    assert (careless.item_id, careful.item_id) == ("careless", "careful")
    assert careful.information > 2 * careless.information


def test_an_item_that_nobody_could_tell_or_was_sure_of_is_here_alone() -> None:
    found = docket({"u": {"ann": said(Right.UNDECIDABLE, reason="blurred")}, "s": {"ann": said(sure=False)}})
    assert {d.item_id: d.disputes for d in found} == {"u": (Dispute.UNDECIDABLE,), "s": (Dispute.UNSURE,)}


def test_hard_regressed_and_critical_items_weigh_more() -> None:
    assert severity([said()], critical=False) == 1.0
    assert severity([said(), said(Right.OLD)], critical=False) == 1.5
    assert severity([replace(said(Right.OLD), tier=Tier.HARD)], critical=True) == 4.5


def test_a_failed_check_and_a_line_of_the_rubric_that_has_a_gap_are_reasons() -> None:
    tiers = AGREED | {"cal": said(tier=Tier.MEDIUM)}
    judged = {"agreed": AGREED, "checked": AGREED, "tier": tiers, "gap": tiers, "none": {}}
    checked = {"checked": CheckedAgain(1, 3), "agreed": CheckedAgain(0, 3), "none": CheckedAgain(2, 2)}
    gaps = {"gap": frozenset({"tier"}), "checked": frozenset({"tier"}), "tier": frozenset({"text_misread"})}
    found = {d.item_id: d for d in docket(judged, Circumstances(checked=checked, gaps=gaps))}
    assert {item: d.disputes for item, d in found.items()} == {
        "checked": (Dispute.CHECK,),
        "none": (Dispute.CHECK,),
        "tier": (Dispute.TIER,),
        "gap": (Dispute.GAP, Dispute.TIER),
    }
    assert found["none"].information > found["checked"].information
    assert found["gap"].information > found["tier"].information


def test_the_order_is_information_times_severity_whatever_the_reasons_are() -> None:
    hard = {person: said(tier=Tier.HARD) for person in ("ann", "bea")}
    checked = {"easy": CheckedAgain(2, 2), "hard": CheckedAgain(1, 3)}
    found = docket(
        {"easy": AGREED, "hard": hard, "tier": AGREED | {"cal": said(tier=Tier.MEDIUM)}}, Circumstances(checked=checked)
    )
    assert [d.item_id for d in found] == sorted(
        (d.item_id for d in found), key=lambda i: -next(d.priority for d in found if d.item_id == i)
    )
    assert [d.item_id for d in found[:2]] == ["easy", "hard"]


def test_one_slip_of_one_person_does_not_shake_a_leads_decision() -> None:
    assert not CheckedAgain(1, 1).shakes(ResolvedBy.LEAD)
    assert CheckedAgain(2, 4).shakes(ResolvedBy.LEAD)
    assert not CheckedAgain(2, 5).shakes(ResolvedBy.LEAD)
    assert CheckedAgain(1, 1).shakes(ResolvedBy.CONSENSUS)
    assert not CheckedAgain(1, 3).shakes(ResolvedBy.CONSENSUS)
