"""Now and then a person is asked which side was the new model; it stands in nobody's way."""

from __future__ import annotations

from dataclasses import replace

from labeler.domain.blind import Letter, sides
from labeler.domain.events import EventKind
from labeler.domain.people import Person
from labeler.sessions.adjudicate.session import AdjudicateSession
from labeler.sessions.board.session import BoardSession
from labeler.sessions.board.state import Part
from labeler.sessions.review.session import ReviewSession
from labeler.steps.exchange import export_verdicts, import_verdicts
from labeler.steps.guesses import guesses_in, save_guess
from labeler.steps.opening import create_project
from labeler.steps.project import Project
from labeler.steps.quality import erase_times
from tests.sessions.keys import press
from tests.sessions.test_hidden_checks import NOON, bo, judge, lead_of, release_of, session_of, with_checks

__all__ = ["bo"]


def asking(project: Project, person: Person) -> ReviewSession:
    """Asked after every second item."""
    return session_of(with_checks(project, guesses=0.5), person)


def judge_until_asked(session: ReviewSession) -> str:
    item = judge(session)
    while not session.state.screen.guessing:
        item = judge(session)
    return item


def test_the_next_item_is_there_while_it_is_asked_and_enter_takes_the_question_away(texts: Project, bo: Person) -> None:
    session = asking(texts, bo)
    asked = judge_until_asked(session)
    assert session.state.evidence.item is not None
    assert session.state.evidence.item.id != asked
    assert session.state.screen.ask is None
    press(session, "X")
    assert session.state.screen.guessing
    for _ in session.state.evidence.walk:
        press(session, "1")
    press(session, "H", "Enter")
    assert session.state.screen.message.text.startswith("Saved")
    assert list(texts.store.events(kinds=[EventKind.GUESS])) == []


def test_a_key_answers_and_the_log_holds_the_answer_beside_the_chain(texts: Project, bo: Person) -> None:
    session = asking(texts, bo)
    item = judge_until_asked(session)
    before = session.state
    press(session, "Ctrl+7")
    assert not session.state.screen.guessing
    assert session.state.evidence.item == before.evidence.item
    assert session.state.judgement == before.judgement
    assert session.state.screen.message.text == "Thank you"  # and not whether it was right
    (event,) = texts.store.events(kinds=[EventKind.GUESS])
    new = sides(item, bo.id, texts.settings.seed).letter("new")
    assert (event.body["item_id"], event.body["new"], event.author) == (item, new, bo.id)
    assert texts.store.private_of(event.id) == {"guess": "A"}
    assert b'"A"' not in event.data.replace(b'"new":"A"', b"")
    found = guesses_in(texts.store, release_of(texts)).everyone
    assert (found.hits, found.n) == (int(new == "A"), 1)
    judge_until_asked(session)
    press(session, "Ctrl+9")
    found = guesses_in(texts.store, release_of(texts)).everyone
    assert (found.n, found.open) == (1, 1)


def test_what_comes_next_stays_foreseen_when_a_guess_is_saved(demo: Project) -> None:
    session = asking(demo, lead_of(demo))
    while not session.state.screen.guessing:
        press(session, "X", "U", "1", "Enter")
    desk = session._desk
    assert desk is not None
    assert session._inbox.foreseen(desk) is not None
    press(session, "Ctrl+8")
    assert len(list(demo.store.events(kinds=[EventKind.GUESS]))) == 1
    assert session._inbox.foreseen(desk) is not None


def test_nobody_is_asked_where_models_are_named_or_the_project_wants_no_guesses(texts: Project, bo: Person) -> None:
    named = replace(texts, settings=replace(texts.settings, reveal_after=True))
    for project, share in ((named, 0.5), (texts, 0.0)):
        session = session_of(with_checks(project, guesses=share), bo)
        for _ in range(3):
            judge(session)
            assert not session.state.screen.guessing


def test_taking_the_verdict_back_takes_the_question_back(texts: Project, bo: Person) -> None:
    session = asking(texts, bo)
    judge_until_asked(session)
    session.undo()
    assert not session.state.screen.guessing


def guess_often(project: Project, person: Person, right: int, wrong: int) -> None:
    store = project.store
    for n in range(right + wrong):
        said: Letter = "A" if n < right else "B"
        save_guess(store, store.stream(person.id), release_of(project), f"t{n % 6 + 1}", "A", said, NOON)


def test_the_lead_hears_of_it_on_the_board_and_where_items_are_decided(texts: Project, bo: Person) -> None:
    lead = lead_of(texts)
    for right, wrong, told in ((8, 6, False), (12, 0, True)):
        guess_often(texts, bo, right, wrong)
        board = BoardSession(texts, lead, lambda: NOON)
        board.refresh()
        board.go_to(Part.PEOPLE)
        summary = " ".join(board.state.shown.summary)
        assert ("Sides are not blind" in summary) is told
        (row,) = [row for row in board.state.shown.rows if row.cells[0] == "Bo"]
        assert row.stands_out is told
        assert any("named it in" in line for line in row.detail)
        decide = AdjudicateSession(texts, lead, lambda: NOON, lambda: 1.0)
        decide.refresh()
        assert ("Sides are not blind" in decide.adjudication.unblinded) is told


def test_guesses_are_erased_with_times_and_on_every_laptop(texts: Project, bo: Person) -> None:
    guess_often(texts, bo, 3, 1)
    path = texts.folder.parent
    export_verdicts(texts.store, path / "before.jsonl")
    assert erase_times(texts, bo, bo, NOON) == 4
    assert guesses_in(texts.store, release_of(texts)).everyone.n == 0
    assert texts.store.chain_damage() == []
    export_verdicts(texts.store, path / "after.jsonl")
    with create_project(path / "other", settings=texts.settings) as other:
        for name in ("after", "before"):
            assert import_verdicts(other.store, path / f"{name}.jsonl").damage == ()
        assert guesses_in(other.store, release_of(texts)).everyone.n == 0
