"""Hidden checks come among a person's items and look, count, save and are taken back as all others do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

import pytest

from labeler.domain.checks import CheckKind, CheckSettings
from labeler.domain.events import EventKind
from labeler.domain.people import Person, Role
from labeler.domain.project import Onboarding
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Checked, Prefill, Resolution, ResolvedBy, Right
from labeler.sessions.review.commands import COMMANDS
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.session import ReviewSession
from labeler.steps import adjudicate
from labeler.steps.assign import requeue
from labeler.steps.board import board
from labeler.steps.line_up import training_of
from labeler.steps.project import Project
from labeler.steps.rounds import qualify
from labeler.store.verdict_state import StoredVerdict
from tests.sessions.keys import press

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def with_checks(project: Project, **settings: float) -> Project:
    return replace(project, settings=replace(project.settings, checks=replace(CheckSettings(), **settings)))  # type: ignore[arg-type]  # fields of CheckSettings


def session_of(project: Project, person: Person) -> ReviewSession:
    seconds, minutes = count(1), count(1)
    now = lambda: NOON + timedelta(minutes=next(minutes))  # noqa: E731
    return ReviewSession(project, person, now, lambda: float(next(seconds)))


def judge(session: ReviewSession, choice: Choice = Choice.A) -> str:
    """Judge the item on the desk with keys and save it."""
    item = session.state.evidence.item
    assert item is not None
    press(session, "X")
    for _ in session.state.evidence.walk:
        session.judge(choice)
    if not session.state.evidence.walk:
        session.overrule(Choice.BOTH)
    press(session, "H", "Enter")
    assert session.state.screen.message.text.split(" · ")[0] == f"Saved {item.id}"
    return item.id


def settle(project: Project, lead: Person, items: int, right: Right = Right.NEW) -> list[str]:
    """A lead settles the first few items."""
    ids = [entry.item_id for entry in project.store.queue(release_of(project), "", limit=items)]
    settle_items(project, lead, ids, right)
    return ids


def settle_items(project: Project, lead: Person, items: list[str], right: Right) -> None:
    for item_id in items:
        resolution = Resolution(
            item_id=item_id,
            release=release_of(project),
            right=right,
            tier=Tier.EASY,
            failures=(),
            verdicts=(),
            by=ResolvedBy.LEAD,
            gold_from=None,
            checked=Checked.WHOLE,
            outputs={},
            rubric="1",
            reason="as the text has it",
        )
        adjudicate.resolve(project.store, lead, resolution, NOON)


def release_of(project: Project) -> str:
    release = project.store.latest_release()
    assert release is not None
    return release.id


def lead_of(project: Project) -> Person:
    return next(person for person in project.store.people() if person.role is Role.LEAD)


def work_through(session: ReviewSession) -> list[str]:
    """Judge until nothing is left; every save moves the count by one, and the total never."""
    met, total = list[str](), session.state.place.progress.total
    while session.state.evidence.item is not None:
        assert (session.state.place.progress.done, session.state.place.progress.total) == (len(met), total)
        met.append(judge(session))
    assert session.state.place.progress.done == session.state.place.progress.total == len(met) == total
    return met


@pytest.fixture
def bo(texts: Project) -> Person:
    return texts.store.add_person("Bo", at=NOON, person_id="p-bo")


def test_a_persons_own_items_come_again_and_the_first_verdicts_stand(texts: Project, bo: Person) -> None:
    project, release = with_checks(texts, rate=0.5, repeats=1.0, repeat_after=2), release_of(texts)
    queued = {entry.item_id for entry in texts.store.queue(release, bo.id, limit=100)}
    session = session_of(project, bo)
    met = work_through(session)
    checks = texts.store.checks(release, bo.id)
    assert set(met) == queued
    assert len(met) == len(queued) + len(checks)
    assert len(checks) >= 3
    assert {check.kind for check in checks} == {CheckKind.REPEAT}
    for check in checks:
        stored = texts.store.verdict_of(release, check.item_id, bo.id)
        assert stored is not None
        assert (stored.event.id, stored.event.kind) == (check.of_event, EventKind.VERDICT)
        assert stored.event.at < check.at
    assert texts.store.verdict_counts(release) == {bo.id: len(queued)}


def test_items_that_a_lead_settled_come_unmarked_and_nothing_is_said_of_the_item(texts: Project, bo: Person) -> None:
    project, release = with_checks(texts, rate=0.5, repeats=0.0, repeat_after=1), release_of(texts)
    lead = lead_of(texts)
    settled = settle(texts, lead, 2)
    for item_id in settled:  # what is settled has been judged as well
        shown = session_of(texts, lead)
        shown.show_item(item_id)
        judge(shown)
    work_through(session_of(project, bo))
    checks = [check for check in texts.store.checks(release, bo.id) if check.kind is CheckKind.KNOWN]
    assert [check.item_id for check in checks] == settled
    assert all(texts.store.verdict_of(release, item_id, bo.id) is None for item_id in settled)
    assert all(texts.store.resolution(release, i) is not None for i in settled)


def test_a_check_looks_as_the_same_item_does_when_it_is_none(texts: Project, bo: Person) -> None:
    project, lead = with_checks(texts, rate=0.5, repeats=0.0, repeat_after=1, wrong=0.0), lead_of(texts)
    settled = settle(texts, lead, 2)
    for item_id in settled:
        shown = session_of(texts, lead)
        shown.show_item(item_id)
        judge(shown)
    checked = session_of(project, bo)
    while checked.state.evidence.item is not None and checked.state.evidence.item.id not in settled:
        judge(checked)
    item = checked.state.evidence.item
    assert item is not None
    plain = session_of(texts, bo)
    plain.show_item(item.id)
    for key in ("", "X", "1", "H"):
        if key:
            press(checked, key)
            press(plain, key)
        one, other = checked.state, plain.state
        assert (one.evidence.pair, one.evidence.walk, one.evidence.item) == (
            other.evidence.pair,
            other.evidence.walk,
            other.evidence.item,
        )
        assert one.judgement == other.judgement
        assert one.screen.ask == other.screen.ask
    assert "check" not in repr(checked.state).lower().replace("checked", "")


def test_what_comes_after_is_prepared_whether_it_is_a_check_or_not(demo: Project) -> None:
    bo = demo.store.add_person("Bo", at=NOON, person_id="p-bo")
    settle(demo, lead_of(demo), 40)
    inbox = session_of(with_checks(demo, rate=0.5, repeats=0.0, repeat_after=1), bo)
    for _ in range(12):
        ahead = [one.item_id for one in inbox.state.place.upcoming]
        inbox.ask_skip()
        inbox.answer(5)
        assert inbox.state.evidence.item is not None
        assert inbox.state.evidence.item.id == ahead[0]
    kinds = [check.kind for check in demo.store.checks(release_of(demo), bo.id)]
    assert kinds.count(CheckKind.KNOWN) >= 5


def test_undo_takes_a_check_back_and_saving_again_makes_it_a_check_again(texts: Project, bo: Person) -> None:
    project, release = with_checks(texts, rate=0.5, repeats=1.0, repeat_after=2), release_of(texts)
    session = session_of(project, bo)
    while not texts.store.checks(release, bo.id):
        judge(session)
    (check,) = texts.store.checks(release, bo.id)
    before = session.state.place.progress
    session.undo()
    assert texts.store.checks(release, bo.id) == []
    assert session.state.evidence.item is not None
    assert session.state.evidence.item.id == check.item_id
    assert session.state.judgement.draft.whole_checked
    assert (session.state.place.progress.done, session.state.place.progress.total) == (before.done - 1, before.total)
    press(session, "Enter")
    (again,) = texts.store.checks(release, bo.id)
    assert (again.item_id, again.of_event) == (check.item_id, check.of_event)
    assert again.event_id != check.event_id


def test_skipping_a_check_leaves_ones_verdict_as_it_was(texts: Project, bo: Person) -> None:
    project, release = with_checks(texts, rate=0.5, repeats=1.0, repeat_after=1), release_of(texts)
    session = session_of(project, bo)
    first = judge(session)
    while session.state.evidence.item is not None and session.state.evidence.item.id != first:
        judge(session)
    total = session.state.place.progress.total
    session.ask_skip()
    session.answer(3)
    assert session.state.place.progress.total == total - 1
    check = texts.store.checks(release, bo.id)[-1]
    assert (check.item_id, check.outcome) == (first, "")
    assert texts.store.verdict_of(release, first, bo.id) is not None
    session.undo()
    assert session.state.evidence.item is not None
    assert session.state.evidence.item.id == first


def test_a_skipped_check_stands_on_ones_board_and_comes_back_as_every_skipped_item_does(
    texts: Project, bo: Person
) -> None:
    project = with_checks(texts, rate=0.5, repeats=1.0, repeat_after=1)
    session = session_of(project, bo)
    first = judge(session)
    skipped = []
    while session.state.evidence.item is not None and session.state.evidence.item.id != first:
        skipped.append(session.state.evidence.item.id)
        session.ask_skip()
        session.answer(3)
    session.ask_skip()
    session.answer(3)
    skipped.append(first)  # a check: the person judged it before
    now = NOON + timedelta(days=1)
    assert [(one.item_id, one.reason) for one in reversed(board(project, bo, now).skips)] == [
        (item, "The prompt is not clear") for item in skipped
    ]
    assert requeue(project, bo, now, first, bo.id) == 1
    assert first not in [one.item_id for one in board(project, bo, now).skips]
    again = session_of(project, bo).state.evidence.item
    assert again is not None
    assert again.id == first


def test_asking_for_one_more_person_does_not_tell_that_a_lead_settled_the_item(texts: Project, bo: Person) -> None:
    settled = settle(texts, lead_of(texts), 2)
    project = with_checks(texts, rate=0.5, repeats=0.0, repeat_after=1)
    session = session_of(project, bo)
    said = set()
    while (item := session.state.evidence.item) is not None:
        session.ask_another()
        said.add((item.id in settled, session.state.screen.message))
        judge(session)
    assert {known for known, _ in said} == {True, False}
    assert len({message for _, message in said}) == 1


def test_an_empty_gold_answer_stays_empty_until_it_is_typed(texts: Project, bo: Person) -> None:
    session = session_of(with_checks(texts, empty=0.5), bo)
    empty = built = 0
    while session.state.evidence.item is not None:
        press(session, "X")
        for _ in session.state.evidence.walk:
            session.judge(Choice.A)
        if not session.state.evidence.walk:
            session.overrule(Choice.BOTH)
        gold = session.state.judgement.gold
        assert gold is not None
        item_id = session.state.evidence.item.id
        if gold.text == "":
            empty += 1
            session.edit_gold("what I read")
            press(session, "Enter")
            session.undo()
            assert session.state.judgement.gold is not None
            assert session.state.judgement.gold.text == "what I read"
            assert session.state.judgement.draft.gold_text == "what I read"
        else:
            built += 1
        press(session, "Enter")
        stored = texts.store.verdict_of(release_of(texts), item_id, bo.id)
        assert stored is not None
        assert stored.verdict.gold is not None
        assert (stored.verdict.gold.prefill is Prefill.EMPTY) == (gold.text == "")
        assert stored.verdict.gold.answer.text == ("what I read" if gold.text == "" else gold.text)
    assert empty
    assert built


def test_a_seeded_mistake_that_was_not_seen_is_in_the_check_and_nowhere_else(texts: Project, bo: Person) -> None:
    project, release = with_checks(texts, rate=0.5, repeats=1.0, repeat_after=2, wrong=0.5), release_of(texts)
    work_through(session_of(project, bo))
    found = [texts.store.stored_verdict(check.event_id) for check in texts.store.checks(release, bo.id)]
    seeded = [one for one in found if one.verdict.gold and one.verdict.gold.prefill is Prefill.SEEDED_WRONG]
    assert seeded
    for one in seeded:
        first = texts.store.verdict_of(release, one.verdict.item_id, bo.id)
        assert first is not None
        assert one.verdict.gold is not None
        assert one.verdict.gold.edits == 0
        assert _answers_wrong(one)
        assert first.verdict.gold is not None
        assert first.verdict.gold.prefill is Prefill.BUILT
        assert not _answers_wrong(first)


def _answers_wrong(stored: StoredVerdict) -> bool:
    """The answer is what neither model wrote."""
    number = stored.verdict.item_id[1:]
    assert stored.verdict.gold is not None
    return stored.verdict.gold.answer.text not in {f"the sum is {n} pounds" for n in (number, f"{number}0")}


def test_someone_new_trains_on_settled_items_until_enough_are_right(texts: Project, bo: Person) -> None:
    lead = lead_of(texts)
    settings = replace(texts.settings, onboarding=Onboarding(items=3, threshold=0.6))
    project, release = replace(texts, settings=settings), release_of(texts)
    assert session_of(project, bo).state.place.training is None  # nothing is settled yet
    settled = settle(texts, lead, 4, Right.NEITHER)
    session = session_of(project, bo)
    assert session.state.place.training is not None
    for number in range(1, 4):
        assert session.state.evidence.item is not None
        assert session.state.evidence.item.id == settled[number - 1]
        press(session, "X")
        wrong, said = number == 1, Choice.BOTH if number == 1 else Choice.NONE
        for _ in session.state.evidence.walk:
            session.judge(said)
        if not session.state.evidence.walk:
            session.overrule(said)
            rubric = session.state.judgement.rubric
            assert rubric is not None
            press(session, *([] if wrong else [rubric.failures[0].key]))
        press(session, "Enter")
        ask = session.state.screen.ask
        assert ask is not None
        assert ("as settled" in ask.title.lower()) == (not wrong)
        assert any("as the text has it" in line for line in ask.lines)
        assert not session.state.can_save
        press(session, "1")
    assert "Training" not in repr(session.state.place)
    training = training_of(project, release, bo)
    assert training is not None
    assert (training.answered, training.agreed, training.enough) == (3, 2, True)
    assert texts.store.verdict_counts(release) == {}
    assert session.state.evidence.item is not None


def test_who_trains_is_told_the_answer_that_was_decided_also_where_it_is_somebodys_verdict(
    texts: Project, bo: Person
) -> None:
    lead, release = lead_of(texts), release_of(texts)
    eve = texts.store.add_person("Eve", at=NOON, person_id="p-eve")
    item = judge(session_of(texts, eve))
    given = texts.store.verdict_of(release, item, eve.id)
    assert given is not None
    assert given.verdict.gold is not None
    settled = Resolution(
        item_id=item,
        release=release,
        right=given.verdict.right,
        tier=given.verdict.tier,
        failures=given.verdict.failures,
        verdicts=(given.event.id,),
        by=ResolvedBy.LEAD,
        gold_from=given.event.id,
        checked=Checked.WHOLE,
        outputs=given.verdict.outputs,
        rubric="1",
    )
    adjudicate.resolve(texts.store, lead, settled, NOON)
    project = replace(texts, settings=replace(texts.settings, onboarding=Onboarding(items=1, threshold=1.0)))
    session = session_of(project, bo)
    judge(session, Choice.NONE)
    ask = session.state.screen.ask
    assert ask is not None
    answer = given.verdict.gold.answer.text
    assert answer is not None
    assert f"Gold answer: {answer}" in ask.lines
    assert any(line.startswith("Failed in ") for line in ask.lines)
    assert not session.asking  # the evidence can be looked at meanwhile, and nothing be changed
    draft, store = session.state.judgement.draft, texts.store.last_position()
    for command in COMMANDS:
        if command.id != "save" and command.when(session):
            command.do(session)
            assert (session.state.judgement.draft, session.state.screen.ask) == (draft, ask), command.id
    assert texts.store.last_position() == store
    for click in (
        partial(session.judge, Choice.BOTH),
        partial(session.set_tier, Tier.HARD),
        session.toggle_whole_checked,
    ):
        click()  # buttons of the panel ask nobody whether they may
        assert session.state.judgement.draft == draft
    press(session, "Enter")  # as from every other item
    assert session.state.screen.ask is None
    assert len(texts.store.checks(release, bo.id)) == 1


def test_who_does_not_qualify_goes_on_and_hears_how_far_it_is(texts: Project, bo: Person) -> None:
    settle(texts, lead_of(texts), 6, Right.NEITHER)
    project = replace(texts, settings=replace(texts.settings, onboarding=Onboarding(items=2, threshold=1.0)))
    session = session_of(project, bo)
    said, progress = [], []
    for right in (False, False, True, False, True, True):
        said.append(session.state.place.training)
        progress.append((session.state.place.progress.done, session.state.place.progress.total))
        press(session, "X")
        choice = Choice.NONE if right else Choice.BOTH
        for _ in session.state.evidence.walk:
            session.judge(choice)
        if not session.state.evidence.walk:
            session.overrule(choice)
            rubric = session.state.judgement.rubric
            assert rubric is not None
            press(session, *([rubric.failures[0].key] if right else []))
        press(session, "Enter", "Enter")
        if session.state.place.training is None:
            assert session.state.screen.message.text == "Training is done: the items that come now count"
        session.undo()  # nobody judges again what they were told
        assert session.state.screen.message.text.startswith("Not taken back: ")
        assert session.state.screen.message.text.endswith("was for training, and you know now how it was settled")
    assert said == [
        "Training: 2 of 2 are needed",
        "Training: 0 of 1 as settled so far, 2 of 2 are needed",
        "Training: 0 of the last 2 as settled, 2 of 2 are needed: at least 2 more items",
        "Training: 1 of the last 2 as settled, 2 of 2 are needed: at least 1 more item",
        "Training: 1 of the last 2 as settled, 2 of 2 are needed: at least 2 more items",
        "Training: 1 of the last 2 as settled, 2 of 2 are needed: at least 1 more item",
    ]
    assert progress == [(0, 2), (1, 3), (2, 4), (3, 4), (4, 6), (5, 6)]
    assert session.state.place.training is None


def test_who_did_not_qualify_and_has_nothing_left_to_train_on_is_told_whom_to_ask(texts: Project, bo: Person) -> None:
    settle(texts, lead_of(texts), 2, Right.NEITHER)
    project = replace(texts, settings=replace(texts.settings, onboarding=Onboarding(items=1, threshold=1.0)))
    session = session_of(project, bo)
    for _ in range(2):
        judge(session, Choice.A)
        press(session, "Enter")
    assert session.state.evidence.item is None
    assert session.state.place.training == (
        "Training: 0 of the last 1 as settled, 1 are needed. "
        "No settled item is left: ask a lead to let you begin, or to settle more"
    )


def test_a_lead_can_let_someone_begin(texts: Project, bo: Person) -> None:
    lead = lead_of(texts)
    settle(texts, lead, 4)
    project = replace(texts, settings=replace(texts.settings, onboarding=Onboarding(items=3, threshold=1.0)))
    assert session_of(project, bo).state.place.training is not None
    qualify(project, lead, bo, NOON)
    assert session_of(project, bo).state.place.training is None


def test_how_long_it_took_is_not_kept_where_the_project_says_so(texts: Project, bo: Person) -> None:
    project = replace(texts, settings=replace(texts.settings, record_times=False))
    item = judge(session_of(project, bo))
    stored = texts.store.verdict_of(release_of(texts), item, bo.id)
    assert stored is not None
    assert stored.verdict.duration_ms == 0
