"""Which items come before a lead, for reasons that lie outside their verdicts: hidden checks, gaps, one more asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from labeler.domain.adjudication import CheckedAgain, Dispute
from labeler.domain.checks import Check, CheckKind
from labeler.domain.items import Modality
from labeler.domain.people import Person, Role
from labeler.domain.rubric_draft import RubricDraft
from labeler.domain.verdicts import Resolution, ResolvedBy, Right
from labeler.steps.adjudicate import resolve
from labeler.steps.assign import ask_another
from labeler.steps.docket import Docket, docket_of
from labeler.steps.review import save_check
from labeler.steps.rubric import publish_rubric
from tests.steps.judged_project import RELEASE, JudgedProject

NOON = datetime(2026, 9, 2, 12, tzinfo=UTC)


@pytest.fixture
def judged(tmp_path: Path) -> JudgedProject:
    made = JudgedProject(tmp_path / "judged", 12)
    made.project.store.set_overlap(1)
    return made


@pytest.fixture
def ada(judged: JudgedProject) -> Person:
    return judged.project.store.add_person("Ada", Role.LEAD, at=NOON)


def settle(judged: JudgedProject, lead: Person, item_id: str, right: Right, gap: str = "") -> str:
    said = judged.project.store.verdicts(RELEASE.id, item_id)[0].verdict
    resolution = Resolution(
        *(item_id, RELEASE.id, right, said.tier, (), (), ResolvedBy.LEAD, None, said.checked, said.outputs, "1"),
        gap=gap,
    )
    return resolve(judged.project.store, lead, resolution, NOON).id


def check(judged: JudgedProject, who: str, item_id: str, said: Right, kind: CheckKind, of: str) -> None:
    store, person = judged.project.store, judged.person(who)
    given = replace(store.verdicts(RELEASE.id, item_id)[0].verdict, right=said)
    save_check(store, store.stream(person.id), given, Check(kind, of), NOON)


def reasons(found: Docket) -> dict[str, tuple[Dispute, ...]]:
    return {line.item_id: line.disputed.disputes for line in found.open if line.disputed is not None}


def test_what_a_lead_settled_comes_back_when_two_people_judge_it_otherwise(judged: JudgedProject, ada: Person) -> None:
    judged.judge("i-00", Right.NEW)
    first = settle(judged, ada, "i-00", Right.NEW)
    check(judged, "bo", "i-00", Right.OLD, CheckKind.KNOWN, first)
    found = docket_of(judged.project, RELEASE.id)
    assert reasons(found) == {}
    assert [(line.item_id, line.checked) for line in found.checks] == [("i-00", CheckedAgain(1, 1))]
    check(judged, "cleo", "i-00", Right.BOTH, CheckKind.KNOWN, first)
    found = docket_of(judged.project, RELEASE.id)
    assert reasons(found) == {"i-00": (Dispute.CHECK,)}
    assert found.open[0].standing == first
    assert found.resolved == ()
    settle(judged, ada, "i-00", Right.OLD)
    found = docket_of(judged.project, RELEASE.id)
    assert (reasons(found), found.checks) == ({}, ())
    assert [line.item_id for line in found.resolved] == ["i-00"]


def test_a_verdict_that_its_own_author_does_not_repeat_needs_a_decision(judged: JudgedProject, ada: Person) -> None:
    store = judged.project.store
    for item in ("i-00", "i-01"):
        judged.judge(item, Right.NEW, who="bo")
        given = store.verdicts(RELEASE.id, item)[0]
        check(judged, "bo", item, Right.OLD if item == "i-00" else Right.NEW, CheckKind.REPEAT, given.event.id)
    assert reasons(docket_of(judged.project, RELEASE.id)) == {"i-00": (Dispute.CHECK,)}
    settle(judged, ada, "i-00", Right.NEW)
    assert reasons(docket_of(judged.project, RELEASE.id)) == {}


def test_an_annotator_is_not_told_of_checks(judged: JudgedProject) -> None:
    store = judged.project.store
    judged.judge("i-00", Right.NEW, who="bo")
    check(judged, "bo", "i-00", Right.OLD, CheckKind.REPEAT, store.verdicts(RELEASE.id, "i-00")[0].event.id)
    found = docket_of(judged.project, RELEASE.id, for_lead=False)
    assert (found.open, found.checks) == ((), ())
    assert docket_of(judged.project, RELEASE.id).open


def test_training_and_checks_that_were_skipped_say_nothing(judged: JudgedProject, ada: Person) -> None:
    judged.judge("i-00", Right.NEW)
    first = settle(judged, ada, "i-00", Right.NEW)
    for who in ("bo", "cleo"):
        check(judged, who, "i-00", Right.OLD, CheckKind.TRAINING, first)
    assert docket_of(judged.project, RELEASE.id).checks == ()


def test_a_line_of_the_rubric_to_blame_is_a_reason_until_it_is_written_anew(judged: JudgedProject, ada: Person) -> None:
    project, store = judged.project, judged.project.store
    store.set_overlap(2)
    publish_rubric(project, ada, project.rubrics, ())
    version = project.rubrics[Modality.IMAGE].version
    judged.judge("i-00", Right.NEW, rubric=version)
    settle_with(judged, ada, "i-00", version, "text_misread")
    for item, others in (("i-01", Right.BOTH), ("i-02", Right.NEW)):
        judged.judge(item, Right.NEW, who="bo", rubric=version)
        judged.judge(item, others, who="cleo", rubric=version, answer="another text")
    found = reasons(docket_of(judged.project, RELEASE.id))
    assert Dispute.GAP in found["i-01"]
    assert Dispute.GAP not in found["i-02"]
    draft = RubricDraft.of(project.rubrics)
    mended = draft.edited(Modality.IMAGE, "text_misread", definition="A word stands there that the picture has not.")
    publish_rubric(project, ada, mended.rubrics, mended.changes)
    assert Dispute.GAP not in reasons(docket_of(judged.project, RELEASE.id))["i-01"]


def settle_with(judged: JudgedProject, lead: Person, item_id: str, rubric: str, gap: str) -> None:
    said = judged.project.store.verdicts(RELEASE.id, item_id)[0].verdict
    where = (item_id, RELEASE.id, said.right, said.tier, said.failures, (), ResolvedBy.LEAD, None)
    resolve(judged.project.store, lead, Resolution(*where, said.checked, said.outputs, rubric, gap=gap), NOON)


def test_an_item_that_one_more_was_asked_for_waits_behind_all_others(judged: JudgedProject, ada: Person) -> None:
    store = judged.project.store
    store.set_overlap(2)
    for item in ("i-00", "i-01", "i-02"):
        judged.judge(item, Right.NEW, who="bo")
        judged.judge(item, Right.OLD, who="cleo")
    first = docket_of(judged.project, RELEASE.id).open[0].item_id
    ask_another(judged.project, ada, first, NOON)
    found = docket_of(judged.project, RELEASE.id).open
    assert [(line.item_id == first, line.waits) for line in found] == [(False, False), (False, False), (True, True)]
    judged.judge(first, Right.BOTH, who="dan")
    found = docket_of(judged.project, RELEASE.id).open
    assert not any(line.waits for line in found)
    assert first in {line.item_id for line in found}
