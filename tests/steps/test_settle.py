"""What a consensus had replaced does not stand again when the consensus ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labeler.domain.adjudication import Dispute
from labeler.domain.people import Person, Role
from labeler.domain.verdicts import ResolvedBy, Right
from labeler.steps.adjudicate import reopen, resolve
from labeler.steps.assign import ask_another
from labeler.steps.docket import docket_of
from labeler.steps.settle import settle
from labeler.store.verdict_state import StoredResolution
from tests.steps.judged_project import RELEASE, JudgedProject

ITEM = "i-00"


@pytest.fixture
def judged(tmp_path: Path) -> JudgedProject:
    """One item that Lea found right on both sides, and then for the old model alone."""
    made = JudgedProject(tmp_path / "project", 1)
    made.judge(ITEM, Right.BOTH)
    made.judge(ITEM, Right.OLD)
    return made


@pytest.fixture
def lead(judged: JudgedProject) -> Person:
    return judged.project.store.add_person("Lu", Role.LEAD, at=judged.clock(), person_id="lu")


def standing(judged: JudgedProject) -> StoredResolution | None:
    return judged.project.store.resolution(RELEASE.id, ITEM)


def test_a_second_opinion_opens_the_item_and_not_what_was_said_before(judged: JudgedProject) -> None:
    judged.judge(ITEM, Right.NEW, who="ben")
    assert standing(judged) is None
    judged.judge(ITEM, Right.OLD, who="ben")
    found = standing(judged)
    assert found is not None
    assert found.resolution.right is Right.OLD


def test_what_a_lead_opens_is_the_leads_to_decide_until_somebody_says_something_new(
    judged: JudgedProject, lead: Person
) -> None:
    store, now = judged.project.store, standing(judged)
    assert now is not None
    assert docket_of(judged.project, RELEASE.id).open == ()
    reopen(store, lead, now.event.id, judged.clock())
    assert standing(judged) is None  # nothing older stands again
    (line,) = docket_of(judged.project, RELEASE.id).open
    assert line.disputed is not None
    assert line.disputed.disputes == (Dispute.OPENED,)
    ask_another(judged.project, lead, ITEM, judged.clock())
    assert settle(store, store.stream(lead.id), RELEASE.id, [ITEM], judged.clock()) == 0
    assert standing(judged) is None
    judged.judge(ITEM, Right.OLD, who="ben")
    assert standing(judged) is not None
    assert docket_of(judged.project, RELEASE.id).open == ()


@pytest.mark.parametrize("somebody_differed", [False, True])
def test_a_consensus_stands_again_behind_a_leads_decision_where_it_still_holds(
    judged: JudgedProject, lead: Person, *, somebody_differed: bool
) -> None:
    store, before = judged.project.store, standing(judged)
    assert before is not None
    decision = replace(before.resolution, by=ResolvedBy.LEAD, right=Right.NEITHER, gold_from=None)
    event = resolve(store, lead, decision, judged.clock())
    if somebody_differed:
        judged.judge(ITEM, Right.NEW, who="ben")
    reopen(store, lead, event.id, judged.clock())
    assert standing(judged) == (None if somebody_differed else before)
