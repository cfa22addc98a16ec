"""A lead changes the rubric or a rule while somebody has an item open: they hear of it, and no work is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from labeler.domain.items import Modality
from labeler.domain.people import Person
from labeler.domain.rubric import Tier
from labeler.domain.rubric_draft import RubricDraft
from labeler.sessions.project.assignment import AssignmentSession
from labeler.sessions.review.session import ReviewSession
from labeler.steps.keep_up import KeepingUp
from labeler.steps.opening import open_project
from labeler.steps.project import Project
from labeler.steps.rubric import publish_rubric
from tests.sessions.test_assignment_session import go_to_rule, put
from tests.sessions.test_hidden_checks import judge, release_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = Modality.TEXT


@dataclass
class AtWork:
    """Bo reviews; the lead works in another window on the same folder."""

    session: ReviewSession
    following: KeepingUp
    elsewhere: Project
    lead: Person

    def hear(self) -> str:
        """What Bo's window says, once it has looked."""
        news = self.following.look()
        if news is not None:
            self.session.take_in(news)
        return self.session.state.screen.message.text

    def publish(self, change: Callable[[RubricDraft], RubricDraft]) -> None:
        draft = change(RubricDraft.of(self.elsewhere.rubrics))
        publish_rubric(self.elsewhere, self.lead, draft.rubrics, draft.changes, now=lambda: NOON)

    def labels(self) -> list[str]:
        return [failure.label for failure in self.session.state.judgement.failures if failure.letter == "A"]

    def assign(self) -> AssignmentSession:
        made = AssignmentSession(self.elsewhere, self.lead, lambda: NOON)
        made.refresh()
        return made


@pytest.fixture
def bo(texts: Project) -> Iterator[AtWork]:
    person = texts.store.add_person("Bo", at=NOON, person_id="p-bo")
    session = ReviewSession(texts, person, lambda: NOON + timedelta(hours=1), lambda: 0.0)
    with open_project(texts.folder) as elsewhere:
        lead = elsewhere.store.person("Ada Lead")
        assert lead is not None
        at_work = AtWork(session, KeepingUp(texts, person), elsewhere, lead)
        at_work.hear()
        yield at_work
    session.close()


def first_code(project: Project) -> str:
    return project.rubrics[TEXT].failures[0].code


def test_an_item_that_nobody_began_goes_by_the_new_rubric_at_once(bo: AtWork) -> None:
    code = first_code(bo.elsewhere)
    bo.publish(lambda draft: draft.edited(TEXT, code, label="Called otherwise"))
    assert bo.hear() == "Version 2 of the rubric is in force"
    bo.session.set_tier(Tier.EASY)
    assert bo.labels()[0] == "Called otherwise"
    assert bo.session.state.screen.newer_rubric == ""


def test_work_goes_on_by_the_rubric_it_began_with_until_the_person_goes_over(bo: AtWork) -> None:
    code = first_code(bo.elsewhere)
    bo.session.set_tier(Tier.EASY)
    bo.session.pins.toggle_failure("A", code)
    bo.session.edit_note("half a sen")
    bo.publish(lambda draft: draft.renamed(TEXT, code, "other").edited(TEXT, "other", label="Called otherwise"))
    assert bo.hear() == "Version 2 of the rubric is in force; this item is judged by version 1"
    assert bo.session.state.screen.newer_rubric == "2"
    assert bo.labels()[0] != "Called otherwise"
    bo.session.judge_by_newer_rubric()
    state = bo.session.state
    assert (bo.labels()[0], state.screen.newer_rubric) == ("Called otherwise", "")
    assert (state.judgement.draft.note, [pin.code for pin in state.judgement.draft.added]) == ("half a sen", ["other"])
    bo.session.undo()  # what was done before is still taken back step by step, in the codes of today
    assert [pin.code for pin in bo.session.state.judgement.draft.added] == ["other"]
    bo.session.undo()
    assert not bo.session.state.judgement.draft.added


def test_who_goes_over_is_told_of_failures_that_nobody_gives_any_more(bo: AtWork) -> None:
    code = bo.elsewhere.rubrics[TEXT].failures[0]
    bo.session.set_tier(Tier.EASY)
    bo.session.pins.toggle_failure("A", code.code)
    bo.publish(lambda draft: draft.split(TEXT, code.code, ["one", "two"]))
    bo.hear()
    bo.session.judge_by_newer_rubric()
    said = f"Judged by version 2 of the rubric; nobody gives “{code.label}” any more: choose another failure"
    assert bo.session.state.screen.message.text == said
    assert [pin.code for pin in bo.session.state.judgement.draft.added] == [code.code]


def test_a_verdict_that_was_begun_before_says_by_which_rubric_and_the_next_item_has_the_new_one(bo: AtWork) -> None:
    item = bo.session.state.evidence.item
    assert item is not None
    bo.session.set_tier(Tier.EASY)
    code = first_code(bo.elsewhere)
    bo.publish(lambda draft: draft.edited(TEXT, code, label="Called otherwise"))
    bo.hear()
    judge(bo.session)
    stored = bo.elsewhere.store.verdict_of(release_of(bo.elsewhere), item.id, "p-bo")
    assert stored is not None
    assert stored.verdict.rubric == "1"
    bo.session.set_tier(Tier.EASY)
    assert bo.labels()[0] == "Called otherwise"


def test_a_version_that_changes_other_modalities_alone_is_gone_over_to_in_silence_of_the_item(bo: AtWork) -> None:
    bo.session.set_tier(Tier.EASY)
    image = bo.elsewhere.rubrics[Modality.IMAGE].failures[0].code
    bo.publish(lambda draft: draft.edited(Modality.IMAGE, image, label="Called otherwise"))
    assert bo.hear() == "Version 2 of the rubric is in force"
    assert bo.session.state.judgement.rubric == replace(bo.elsewhere.rubrics[TEXT])


def test_rules_hold_from_the_next_item_on_and_the_draft_stays(bo: AtWork) -> None:
    bo.session.set_tier(Tier.EASY)
    bo.session.edit_note("half a sen")
    lead = bo.assign()
    go_to_rule(lead, "tier_first")
    lead.change()
    lead.answer(2)
    assert bo.hear() == "Changed by a lead, from the next item on: Difficulty before the outputs: No"
    assert bo.session.state.judgement.draft.note == "half a sen"
    judge(bo.session)
    assert bo.session.state.evidence.pair is not None  # shown at once


def test_an_annotator_is_not_told_of_hidden_checks_that_begin(bo: AtWork) -> None:
    put(bo.assign(), "checks.rate", "20")
    before = bo.session.state.screen
    bo.hear()
    assert bo.session.state.screen == before


def test_who_had_nothing_left_gets_the_items_that_a_rule_brings(bo: AtWork) -> None:
    other = bo.elsewhere.store.add_person("Cy", at=NOON, person_id="p-cy")
    cy = ReviewSession(bo.elsewhere, other, lambda: NOON + timedelta(hours=1), lambda: 0.0)
    for session in (cy, bo.session):
        while session.state.evidence.item is not None:
            judge(session)
    put(bo.assign(), "overlap", "2")
    bo.hear()
    assert bo.session.state.evidence.item is not None


def test_who_had_nothing_left_gets_what_somebody_left_behind(bo: AtWork) -> None:
    hour = iter(range(1, 100))
    store = bo.elsewhere.store
    cy = store.add_person("Cy", at=NOON, person_id="p-cy")
    left = ReviewSession(bo.elsewhere, cy, lambda: NOON + timedelta(hours=1), lambda: 0.0)
    item = left.state.evidence.item
    bo.session._now = bo.session._inbox._now = lambda: NOON + timedelta(hours=1, minutes=next(hour))
    while bo.session.state.evidence.item is not None:
        judge(bo.session)
    bo.session.look_for_more()
    assert bo.session.state.evidence.item is None  # it is still kept for who has it open
    for _ in range(40):
        next(hour)
    bo.session.look_for_more()
    assert bo.session.state.evidence.item == item
    assert bo.session.state.screen.message.text == "There is something for you again"
