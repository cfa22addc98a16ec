"""The disk refuses, or answers late, while the next item is judged: nothing is lost, and nothing else is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from labeler.domain.events import EventKind
from labeler.domain.rubric import Tier
from labeler.errors import LabelerError
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.session import ReviewSession
from labeler.steps.project import Project
from tests.sessions.conftest import Open
from tests.sessions.keys import press


@dataclass
class Late:
    """A window that has not painted yet, and a disk that answered, but has not been heard yet."""

    session: ReviewSession
    put_off: list[Callable[[], None]] = field(default_factory=list)
    sent: list[Callable[[], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session.outbox.soon = self.put_off.append
        self.session.outbox.commit_with = self.commit

    def commit(self, commit: Callable[[], None], answered: Callable[[], None]) -> None:
        commit()
        self.sent.append(answered)

    def painted(self) -> None:
        self.session.outbox.flush()
        self.session.prepare()

    def heard(self) -> None:
        waiting, self.sent[:] = self.sent[:], []
        for answered in waiting:
            answered()


@contextmanager
def refusing(project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The disk refuses what is committed in here."""
    store = project.store

    def full() -> None:
        store._roll_back()
        store._committing.release()
        raise LabelerError("the disk refused to save (full)")

    with monkeypatch.context() as patch:
        patch.setattr(store, "_commit_handed_over", full)
        yield


def shown(session: ReviewSession) -> str:
    item = session.state.evidence.item
    assert item is not None
    return item.id


def judge(session: ReviewSession, tier: str = "X") -> str:
    item = shown(session)
    decide(session, tier)
    press(session, "Enter")
    return item


def decide(session: ReviewSession, tier: str = "X") -> None:
    press(session, tier)
    press(session, *(["1"] if session.state.evidence.walk else ["H", "3"]))
    assert session.state.judgement.missing == ""


def judged(project: Project) -> list[str]:
    kinds = (EventKind.VERDICT, EventKind.SKIP, EventKind.WITHDRAWAL)
    return [str(event.body.get("item_id", event.kind)) for event in project.store.events(kinds=kinds)]


def test_undo_right_after_a_save_that_is_refused_takes_nothing_else_back(
    session: ReviewSession, texts: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Late(session)
    first = judge(session)
    late.painted()
    late.heard()
    second = judge(session)
    with refusing(texts, monkeypatch):
        late.painted()
    press(session, "Ctrl+Z")
    assert judged(texts) == [first], "the verdict before was not meant"
    assert shown(session) == second
    assert session.state.judgement.missing == "", "nor the last step on this one"
    assert "Not saved" in session.state.screen.message.text
    late.heard()
    assert session.state.screen.message.serious


def test_an_item_that_undo_brought_back_keeps_its_draft_when_the_disk_is_heard_of(
    session: ReviewSession, texts: Project, review: Open
) -> None:
    late = Late(session)
    first = judge(session)
    late.painted()
    press(session, "Ctrl+Z")
    late.heard()
    assert shown(session) == first
    assert session.state.screen.message.text == f"Taken back: {first}"
    again = review(texts)
    assert shown(again) == first
    assert again.state.judgement.draft.choices == {"d1": Choice.A}, "killed now, it would have been lost"


def test_an_item_that_is_shown_again_keeps_what_is_changed_when_the_disk_is_heard_of(
    session: ReviewSession, texts: Project, review: Open
) -> None:
    late = Late(session)
    first = judge(session)
    late.painted()
    session.show_item(first)
    press(session, "C")
    late.heard()
    again = review(texts)
    again.show_item(first)
    assert again.state.judgement.draft.tier is Tier.HARD


def test_nobody_reads_that_all_is_saved_while_something_is_on_its_way(session: ReviewSession) -> None:
    late = Late(session)
    judge(session)
    session.next_difference()
    assert session.state.screen.message.text == "Saving…", "it is put off"
    late.painted()
    session.next_difference()
    assert session.state.screen.message.text == "Saving…", "it is with the disk"
    late.heard()
    session.next_difference()
    assert session.state.screen.message.text == ""


def test_a_refusal_is_not_covered_by_the_next_save(
    session: ReviewSession, texts: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Late(session)
    first = judge(session)
    with refusing(texts, monkeypatch):
        late.painted()
    second = judge(session)
    third = shown(session)
    late.painted()
    press(session, "C")
    late.heard()
    assert (shown(session), judged(texts)) == (first, [second])
    assert "Not saved" in session.state.screen.message.text
    assert session.state.judgement.draft.choices == {"d1": Choice.A}
    press(session, "Enter")
    late.painted()
    late.heard()
    assert judged(texts) == [second, first]
    assert (shown(session), session.state.judgement.draft.tier) == (third, Tier.HARD)


def test_what_was_refused_is_not_counted_as_done_and_its_time_goes_on(
    session: ReviewSession, texts: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Late(session)
    first = judge(session)
    with refusing(texts, monkeypatch):
        late.painted()
    assert session.state.place.progress.done == 0 or late.sent, "nobody knows yet"
    late.heard()
    assert session.state.place.progress.done == 0
    press(session, "Enter")
    late.painted()
    late.heard()
    release, (lead,) = texts.store.releases()[0].id, texts.store.people()
    stored = texts.store.verdict_of(release, first, lead.id)
    assert stored is not None
    assert stored.verdict.duration_ms > 2000, "of this clock each look is a second: of both tries, not of the last"


@pytest.mark.parametrize("act", ["save", "skip", "filter", "show_item", "undo", "question"])
def test_what_is_asked_for_when_a_save_turns_out_refused_is_not_done(
    session: ReviewSession, texts: Project, act: str
) -> None:
    Late(session)
    first = judge(session)
    second = shown(session)
    if act == "save":
        decide(session)
    texts.store.connection.execute("PRAGMA query_only = ON")  # the append itself is refused
    match act:
        case "save":
            press(session, "Enter")
        case "skip":
            press(session, "S", "1")
        case "filter":
            session.filter_slice("topic", "time")
        case "show_item":
            session.show_item(second)
        case "undo":
            press(session, "Ctrl+Z")
        case "question":
            session.ask_lead()
            session.type_question("why?")
            session.answer(1)
    texts.store.connection.execute("PRAGMA query_only = OFF")
    assert "Not saved" in session.state.screen.message.text
    assert (shown(session), session.state.judgement.draft.choices) == (first, {"d1": Choice.A})
    assert session.state.place.filter.slices == {}
    press(session, "Enter")
    session.settle()
    assert (judged(texts), shown(session)) == ([first], second)
    if act == "save":
        assert session.state.judgement.missing == ""
    if act == "question":
        assert session.state.judgement.draft.question == "why?"


def test_what_only_memory_holds_is_not_put_off(session: ReviewSession, texts: Project) -> None:
    late = Late(session)
    (texts.folder / "drafts").write_bytes(b"a file where the folder should be")
    first = judge(session)
    assert judged(texts) == [first]
    assert not late.put_off


def test_a_draft_that_another_window_took_away_is_written_again_before_anything_is_put_off(
    session: ReviewSession, texts: Project
) -> None:
    Late(session)
    first = shown(session)
    press(session, "X", "1")
    (kept,) = (texts.folder / "drafts").rglob("*.json")
    draft = orjson.loads(kept.read_bytes())["draft"]
    kept.unlink()
    press(session, "Enter")
    assert shown(session) != first
    again = orjson.loads(kept.read_bytes())["draft"]
    assert {**again, "spent_ms": 0} == {**draft, "spent_ms": 0}


def test_a_next_item_that_cannot_be_opened_is_said_and_takes_nothing_along(
    session: ReviewSession, texts: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    Late(session)
    whole = session._inbox.put_on_desk

    def broken(item_id: str, *other: Any) -> Any:
        if item_id != first:
            raise LabelerError(f"{item_id} cannot be read")
        return whole(item_id, *other)

    first = shown(session)
    monkeypatch.setattr(session._inbox, "put_on_desk", broken)
    judge(session)
    assert (shown(session), session.state.judgement.draft.choices) == (first, {"d1": Choice.A})
    assert "Not saved" in session.state.screen.message.text
    monkeypatch.undo()
    press(session, "Enter")
    session.settle()
    assert judged(texts) == [first]
