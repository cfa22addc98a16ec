"""The Board without a window: what a lead sees, what an annotator sees, questions and their answers, erased times."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from labeler.domain.assignment import Term
from labeler.domain.checks import CheckSettings
from labeler.domain.people import Person, Role
from labeler.domain.project import Onboarding
from labeler.domain.verdicts import Right
from labeler.formats.project import write_settings
from labeler.sessions.board.commands import COMMANDS
from labeler.sessions.board.session import BoardSession
from labeler.sessions.board.state import Part
from labeler.sessions.commands import rebind
from labeler.sessions.review.draft import Choice
from labeler.steps.board import board, settled_for
from labeler.steps.project import Project
from labeler.steps.quality import erase_times
from labeler.steps.rounds import set_term, start_round
from labeler.steps.threads import answer_question, ask_lead, threads
from tests.sessions.keys import press
from tests.sessions.test_hidden_checks import judge, lead_of, release_of, session_of, settle_items, with_checks

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def bo(texts: Project) -> Person:
    return texts.store.add_person("Bo", at=NOON, person_id="p-bo")


def board_of(project: Project, person: Person) -> BoardSession:
    made = BoardSession(project, person, lambda: NOON + timedelta(days=1))
    made.refresh()
    assert not made.state.loading
    return made


def words(session: BoardSession) -> str:
    return repr((session.state.shown, session.state.parts)).lower()


def test_an_annotator_is_told_what_is_left_and_never_a_pace_or_another_person(texts: Project, bo: Person) -> None:
    review = session_of(texts, bo)
    judge(review)
    set_term(texts, lead_of(texts), bo, Term("2026-03-04", 5), NOON)
    session = board_of(texts, bo)
    assert session.state.parts == (Part.LEFT, Part.QUESTIONS)
    done, total = review.state.place.progress.done, review.state.place.progress.total
    assert session.state.shown.summary[0] == f"Items left for you: {total - done}, done: {done}"
    assert "in 2 days" in session.state.shown.summary[1]
    said = words(session)
    assert not [word for word in ("a day", "of work", "ada", "pace", "hasty", "check") if word in said]
    session.go_to(Part.PEOPLE)
    assert session.state.part is Part.LEFT


def test_the_board_counts_as_review_does_and_its_rows_tell_of_no_check(texts: Project, bo: Person) -> None:
    project = with_checks(texts, rate=0.5, repeats=1.0, repeat_after=2)
    review = session_of(project, bo)
    for _ in range(5):
        judge(review)
    assert texts.store.checks(release_of(texts), bo.id)
    found, place = board(project, bo, NOON), review.state.place.progress
    assert (found.done, found.left) == (place.done, place.total - place.done)
    with_none = replace(project, settings=replace(project.settings, checks=CheckSettings()))
    assert board(with_none, bo, NOON).parts == found.parts
    assert all(len(row.cells) == 3 and row.cells[2].endswith("%") for row in board_of(texts, bo).state.shown.rows)


def test_a_lead_sees_what_is_left_when_it_is_done_and_everyones_figures(texts: Project, bo: Person) -> None:
    for _ in range(3):
        review = session_of(texts, bo)
        judge(review)
    session = board_of(texts, lead_of(texts))
    assert session.state.parts == tuple(Part)
    first, *more = session.state.shown.summary
    left = sum(int(row.cells[2]) for row in session.state.shown.rows if row.cells[0] == "modality")
    assert first == f"{left} verdicts are left to give"
    assert any("done in about" in line for line in more)
    assert {row.cells[0] for row in session.state.shown.rows} >= {"modality", "tier", "topic"}
    session.go_to(Part.PEOPLE)
    (mine,) = [row for row in session.state.shown.rows if row.cells[0] == "Bo"]
    assert mine.cells[1:3] == ("3", str(left))
    quiet = replace(texts, settings=replace(texts.settings, record_times=False))
    assert board(quiet, lead_of(texts), NOON).people[0].pace is None


def test_who_cannot_be_done_in_time_stands_out(texts: Project, bo: Person) -> None:
    set_term(texts, lead_of(texts), bo, Term("2026-03-02", 1), NOON)
    session = board_of(texts, lead_of(texts))
    session.go_to(Part.PEOPLE)
    assert session.state.shown.rows[0].cells[0] == "Bo"
    assert any("more than can be done until 2026-03-02" in line for line in session.state.shown.rows[0].detail)


def test_a_question_goes_from_review_to_the_lead_and_the_answer_comes_back(texts: Project, bo: Person) -> None:
    review = session_of(texts, bo)
    assert review.state.evidence.item is not None
    item = review.state.evidence.item.id
    press(review, "Ctrl+T")
    review.type_question("Is this a seven?")
    review.dismiss()
    assert review.state.judgement.draft.question == "Is this a seven?"
    again = session_of(texts, bo)  # after a crash
    press(again, "Ctrl+T")
    assert again.state.screen.ask is not None
    assert again.state.screen.ask.typed == "Is this a seven?"
    press(again, "Ctrl+Enter")
    assert again.state.judgement.draft.question == ""
    assert [thread.open for thread in threads(texts, bo)] == [True]

    lead = board_of(texts, lead_of(texts))
    assert lead.state.counts == ((Part.QUESTIONS, 1),)
    lead.go_to(Part.QUESTIONS)
    lead.begin_answer()
    lead.type_answer("Yes, see the")
    lead.dismiss()
    lead = board_of(texts, lead_of(texts))
    lead.go_to(Part.QUESTIONS)
    lead.begin_answer()
    assert lead.state.typed == "Yes, see the"
    lead.type_answer("Yes, see the second line")
    lead.send()
    assert not lead.state.serious
    assert lead.state.counts == ()

    own = board_of(texts, bo)
    own.go_to(Part.QUESTIONS)
    assert own.state.shown.rows[0].cells == (item, "Yes, see the second line", "answered")
    assert not own.state.can_answer
    press(again, "Ctrl+T")
    assert again.state.screen.ask.lines == ("You: Is this a seven?", "Lead: Yes, see the second line")
    again.dismiss()
    assert "answer" in again.state.judgement.draft.exposed
    other = texts.store.add_person("Cleo", at=NOON)
    assert threads(texts, other) == []


def test_a_question_that_was_not_sent_is_not_lost_by_saving(texts: Project, bo: Person) -> None:
    session = session_of(texts, bo)
    assert session.state.evidence.item is not None
    item = session.state.evidence.item.id
    press(session, "Ctrl+T")
    session.type_question("What now?")
    session.dismiss()
    press(session, "X")
    for _ in session.state.evidence.walk:
        press(session, "1")
    if not session.state.evidence.walk:
        press(session, "3")
    press(session, "H", "Enter")
    assert session.state.screen.message.serious
    assert session.state.evidence.item.id == item
    press(session, "Ctrl+Enter", "Enter")
    assert session.state.screen.message.text == f"Saved {item}"


def test_people_see_how_their_items_were_settled_if_the_project_says_so(texts: Project, bo: Person) -> None:
    item = judge(session_of(texts, bo))
    told = replace(texts, settings=replace(texts.settings, onboarding=Onboarding(feedback=True)))
    assert board(told, bo, NOON).settled == ()
    settle_items(texts, lead_of(texts), [item], Right.NEITHER)
    assert board(texts, bo, NOON).settled == ()
    (found,) = settled_for(told, bo)
    assert (found.item_id, found.settled, found.reason) == (item, Right.NEITHER, "as the text has it")
    write_settings(texts.folder, told.settings)
    session = board_of(told, bo)
    session.go_to(Part.SETTLED)
    assert session.state.shown.rows[0].cells[1] == "both wrong"
    assert "Why: as the text has it" in session.state.shown.rows[0].detail
    assert not [model for model in ("reader", "old", "new") if model in words(session)]


def test_an_answer_is_told_between_two_items_and_after_a_restart(texts: Project, bo: Person) -> None:
    session = session_of(texts, bo)
    assert session.state.evidence.item is not None
    item = session.state.evidence.item.id
    ask_lead(texts, bo, item, "Does the name count?", NOON)
    (thread,) = threads(texts, bo)
    judge(session)
    assert session.state.place.answered == ""
    answer_question(texts, lead_of(texts), thread.last_question, "It does.", NOON + timedelta(days=1))
    told = f"A lead answered your question, on {item}: Board, Questions"
    assert session_of(texts, bo).state.place.answered == told
    judge(session)
    assert session.state.place.answered == told
    judge(session)
    assert session.state.place.answered == ""


def test_a_round_shows_who_is_done_and_to_a_lead_who_said_what(texts: Project, bo: Person) -> None:
    cleo = texts.store.add_person("Cleo", at=NOON, person_id="p-cleo")
    start_round(texts, lead_of(texts), "one", [bo, cleo], 2, NOON + timedelta(days=9), NOON)
    judge(session_of(texts, bo))
    session = board_of(texts, bo)
    session.go_to(Part.ROUNDS)
    assert session.state.shown.summary == ("Round one: Bo 1 of 2, Cleo 0 of 2",)
    lead = board_of(texts, lead_of(texts))
    lead.go_to(Part.ROUNDS)
    assert any(line.startswith("Bo: ") for row in lead.state.shown.rows for line in row.detail)
    assert not any("Bo: " in line for row in session.state.shown.rows for line in row.detail)


def test_after_a_round_each_sees_what_there_is_to_talk_about_without_names(texts: Project, bo: Person) -> None:
    cleo = texts.store.add_person("Cleo", at=NOON, person_id="p-cleo")
    start_round(texts, lead_of(texts), "one", [bo, cleo], 2, NOON + timedelta(days=9), NOON)
    theirs = session_of(texts, cleo)
    judge(theirs, Choice.NONE)
    judge(theirs)
    mine = session_of(texts, bo)
    disputed = judge(mine)
    session = board_of(texts, bo)
    session.go_to(Part.ROUNDS)
    rows = {row.item_id: row for row in session.state.shown.rows}
    assert "differ in which is right" in rows[disputed].cells[2]
    detail = rows[disputed].detail
    assert any(line.startswith("You: ") for line in detail)
    assert any(line.startswith("Another: both wrong, ") for line in detail)
    assert not [word for word in ("Cleo", "old", "new") if any(word in line for line in detail)]
    (other,) = (row for row in rows.values() if row.item_id != disputed)
    assert other.cells[2] == "not judged by all yet"  # what Cleo said of it is not told before
    assert not any("Another" in line for line in other.detail)
    lead = board_of(texts, lead_of(texts))
    lead.go_to(Part.ROUNDS)
    (told,) = (row.detail for row in lead.state.shown.rows if row.item_id == disputed)
    assert "Cleo: both wrong, medium" in told


def test_erasing_ones_times_is_asked_first(texts: Project, bo: Person) -> None:
    judge(session_of(texts, bo))
    session = board_of(texts, bo)
    session.ask_erase()
    session.dismiss()
    assert len(texts.store.timed_events(bo.id)) == 1
    session.ask_erase()
    assert session.asking
    session.answer(1)
    assert session.state.message == "1 time or guess is erased"
    assert texts.store.timed_events(bo.id) == []
    assert erase_times(texts, bo, bo, NOON) == 0


def test_a_leads_figures_of_time_are_gone_from_the_board_with_the_times(texts: Project) -> None:
    lead = lead_of(texts)
    judge(session_of(texts, lead))
    board = board_of(texts, lead)
    board.go_to(Part.PEOPLE)
    seconds = [row.cells for row in board.state.shown.rows if row.cells[0] == lead.name]
    board.ask_erase()
    board.answer(1)
    now = [row.cells for row in board.state.shown.rows if row.cells[0] == lead.name]
    assert [cell for cell, before in zip(now[0], seconds[0], strict=True) if cell != before] == ["–"]


def test_skipped_items_come_back_from_the_board(texts: Project, bo: Person) -> None:
    review = session_of(texts, bo)
    assert review.state.evidence.item is not None
    item = review.state.evidence.item.id
    review.ask_skip()
    review.answer(3)
    for who in (bo, lead_of(texts)):
        session = board_of(texts, who)
        session.go_to(Part.SKIPPED)
        assert session.state.shown.rows[0].cells[:3] == (item, "Bo", "The prompt is not clear")
    session.requeue()
    assert session.state.message == f"Item {item} is back"
    assert session.state.shown.rows == ()
    assert session_of(texts, bo).state.evidence.item.id == item  # type: ignore[union-attr]


def test_one_more_verdict_is_asked_for_in_review_and_on_the_board(texts: Project, bo: Person) -> None:
    review = session_of(texts, bo)
    assert review.state.evidence.item is not None
    item = review.state.evidence.item.id
    press(review, "Ctrl+H")
    assert texts.store.needed(release_of(texts), item) == 2
    press(review, "Ctrl+T")
    review.type_question("Is this right?")
    press(review, "Ctrl+Enter")
    lead = board_of(texts, lead_of(texts))
    lead.go_to(Part.QUESTIONS)
    lead.ask_another()
    assert texts.store.needed(release_of(texts), item) == 3
    assert lead.state.message == f"3 people judge item {item} now"


def test_no_key_does_two_things() -> None:
    rebind(COMMANDS, {})


def test_simulated_annotators_stand_on_the_board_marked_as_such(demo: Project) -> None:
    demo.store.add_person("Robo", at=NOON, person_id="robo", simulated=True)
    session = board_of(demo, lead_of(demo))
    session.go_to(Part.PEOPLE)
    careless, counted, *_ = session.state.shown.summary
    assert careless == "▲ Less careful than the others, by checks, agreement and haste: Simulated annotator 3"
    assert counted == "One person and 4 simulated, those who stand out first"
    found = [sum(line.startswith("▲") for line in row.detail) for row in session.state.shown.rows]
    assert found == sorted(found, reverse=True)
    assert session.state.shown.rows[0].cells[0] == "Simulated annotator 3"
    rows = {row.cells[0]: row for row in session.state.shown.rows}
    assert set(rows) == {"Ada Lead", "Robo (simulated)", *(f"Simulated annotator {n}" for n in (1, 2, 3))}
    program = rows["Simulated annotator 1"]
    assert int(program.cells[1]) > 50
    assert program.cells[2:5] == ("–", "–", "–")
    assert "they count only where nobody else judged" in program.detail[1]


def test_for_an_auditor_nothing_is_left(texts: Project) -> None:
    texts.store.add_person("Eve", Role.AUDITOR, at=NOON)
    session = board_of(texts, lead_of(texts))
    session.go_to(Part.PEOPLE)
    eve = next(row for row in session.state.shown.rows if row.cells[0] == "Eve")
    assert eve.cells[1:3] == ("0", "–")
    assert eve.share is None
