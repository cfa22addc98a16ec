"""A window shows the next item before the last verdict is written down: nothing may get lost or mixed up between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from labeler.domain.assignment import Assignment, Order
from labeler.domain.project import ProjectSettings
from labeler.domain.rubric import Tier
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.session import ReviewSession
from labeler.steps.project import Project
from labeler.store import Store
from tests.sessions.conftest import Open
from tests.sessions.keys import press


@dataclass
class Painting:
    """Stands for a window that is about to paint."""

    session: ReviewSession
    put_off: list[Callable[[], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session.outbox.soon = self.put_off.append

    def over(self) -> None:
        waiting, self.put_off[:] = self.put_off[:], []
        for act in waiting:
            act()
        self.session.prepare()


def shown(session: ReviewSession) -> str:
    item = session.state.evidence.item
    assert item is not None
    return item.id


def judged(project: Project) -> list[str]:
    release = project.store.latest_release()
    assert release is not None
    return project.store.judged_items(release.id)


def test_the_next_item_is_shown_first_and_the_verdict_written_after_it_is_painted(
    session: ReviewSession, texts: Project
) -> None:
    painting, first = Painting(session), shown(session)
    press(session, "X", "1", "Enter")
    assert (shown(session) != first, judged(texts), session.state.screen.message.text) == (True, [], "Saving…")
    painting.over()
    assert judged(texts) == [first]
    assert session.state.screen.message.text == f"Saved {first}"
    assert session.state.place.progress.done == 1


def test_items_come_in_the_same_order_as_without_it(texts: Project, review: Open) -> None:
    session = review(texts)
    release = texts.store.latest_release()
    assert release is not None
    (lead,) = texts.store.people()
    in_line = [entry.item_id for entry in texts.store.queue(release.id, lead.id)]
    painting, order = Painting(session), list[str]()
    while session.state.evidence.item is not None:
        order.append(shown(session))
        press(session, "X", *(["1"] if session.state.evidence.walk else ["H", "3"]), "Enter")
        painting.over()
    assert order == in_line
    assert session.state.place.progress.done == len(in_line) > 5


@pytest.mark.parametrize("act", ["undo", "skip", "filter", "show_item", "close", "save"])
def test_whatever_is_done_before_the_painting_comes_after_the_verdict(
    session: ReviewSession, texts: Project, act: str
) -> None:
    painting, first = Painting(session), shown(session)
    press(session, "X", "1", "Enter")
    second = shown(session)
    match act:
        case "undo":
            press(session, "Ctrl+Z")
            assert shown(session) == first
            assert session.state.judgement.draft.choices == {"d1": Choice.A}
        case "skip":
            press(session, "S", "1")
        case "filter":
            session.filter_slice("topic", "time")
        case "show_item":
            session.show_item(first)
        case "close":
            session.close()
        case "save":
            press(session, "X", "H", "3", "Enter")
    assert judged(texts) == ([] if act == "undo" else [first])
    painting.over()
    assert judged(texts) == {"undo": [], "save": sorted((first, second))}.get(act, [first])


def test_a_program_that_ends_before_the_painting_has_the_draft(session: ReviewSession, texts: Project) -> None:
    Painting(session)
    first = shown(session)
    press(session, "X", "1", "Enter")
    (lead,) = texts.store.people()
    again = ReviewSession(texts, lead, lambda: datetime.now(UTC), lambda: 0.0)
    assert shown(again) == first
    assert again.state.judgement.draft.choices == {"d1": Choice.A}
    assert again.state.screen.message.text == "Your unsaved work on this item is back"


def test_what_a_full_disk_refuses_after_the_painting_comes_back(session: ReviewSession, texts: Project) -> None:
    painting, first = Painting(session), shown(session)
    press(session, "X", "1")
    session.edit_note("x" * 500_000)
    press(session, "Enter")
    second = shown(session)
    press(session, "C")
    texts.store.connection.execute("PRAGMA max_page_count = 1")
    painting.over()
    texts.store.connection.execute("PRAGMA max_page_count = 1000000")
    assert "the disk refused" in session.state.screen.message.text
    assert (shown(session), session.state.judgement.draft.choices, judged(texts)) == (first, {"d1": Choice.A}, [])
    press(session, "Enter")
    painting.over()
    assert judged(texts) == [first]
    assert shown(session) == second
    assert session.state.judgement.draft.tier is Tier.HARD, "what was begun on the next one is kept"


def test_where_another_program_wrote_meanwhile_the_queue_is_asked_first(session: ReviewSession, texts: Project) -> None:
    """What was foreseen may be somebody else's now."""
    Painting(session)
    first = shown(session)
    with Store.open(texts.folder) as other:
        other.add_person("Bo", at=datetime.now(UTC))
    press(session, "X", "1", "Enter")
    assert judged(texts) == [first]


def test_where_the_order_follows_the_verdicts_the_queue_is_asked_first(texts: Project, review: Open) -> None:
    settings: ProjectSettings = replace(texts.settings, assignment=Assignment(order=Order.INFORMATION))
    session = review(replace(texts, settings=settings))
    Painting(session)
    first = shown(session)
    press(session, "X", "1", "Enter")
    assert judged(texts) == [first]


def test_an_item_that_is_shown_early_is_kept_from_others(texts: Project) -> None:
    people = [texts.store.add_person(name, at=datetime.now(UTC)) for name in ("Bo", "Cleo")]
    now = datetime.now(UTC)
    sessions = [ReviewSession(texts, person, lambda: now, lambda: 0.0) for person in people]
    paintings = [Painting(session) for session in sessions]
    seen = [shown(session) for session in sessions]
    for _ in range(2):
        for session, painting in zip(sessions, paintings, strict=True):
            press(session, "X", *(["1"] if session.state.evidence.walk else ["H", "3"]), "Enter")
            painting.over()
            seen.append(shown(session))
    assert len(set(seen)) == len(seen)
