"""Which model each side is: told once a verdict is saved, or to leads, where the project says so; else never."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Resolution
from labeler.sessions.adjudicate.session import AdjudicateSession
from labeler.sessions.review.session import ReviewSession
from labeler.steps.project import Project, person_called
from tests.sessions.conftest import Open
from tests.sessions.keys import press

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def with_settings(project: Project, **changes: bool) -> Project:
    return replace(project, settings=replace(project.settings, **changes))  # type: ignore[arg-type]  # switches alone


def judge(session: ReviewSession) -> str:
    item = session.state.evidence.item
    assert item is not None
    press(session, "X", "U", "1", "Enter")
    return item.id


def names_of(project: Project) -> tuple[str, str]:
    release = project.store.latest_release()
    assert release is not None
    (pair,) = release.pairs.values()
    return f"{pair.old.name} {pair.old.version}", f"{pair.new.name} {pair.new.version}"


def test_models_are_named_once_the_verdict_is_saved_where_the_project_says_so(texts: Project, review: Open) -> None:
    session, (old, new) = review(with_settings(texts, reveal_after=True)), names_of(texts)
    assert session.state.evidence.item is not None
    item_id = session.state.evidence.item.id
    press(session, "X")
    for name in (old, new):
        assert name not in repr(session.state)
    press(session, "U", "1", "Enter")
    release, person = texts.store.latest_release(), person_called(texts, "Ada Lead")
    assert release is not None
    saved = texts.store.verdict_of(release.id, item_id, person.id)
    assert saved is not None
    assert "models" not in saved.verdict.exposed
    by_side = {"old": old, "new": new}
    a, b = by_side[saved.verdict.shown["A"]], by_side[saved.verdict.shown["B"]]
    assert session.state.screen.message.text == f"Saved {item_id} · A was {a}, B {b}"
    assert session.state.evidence.models == {}  # the next one is as blind as the first was
    session.undo()
    press(session, "Enter")
    again = texts.store.verdict_of(release.id, item_id, person.id)
    assert again is not None
    assert set(again.verdict.exposed) == {"models", "own_verdict"}
    session.show_item(item_id)
    press(session, "X")
    assert session.state.evidence.models == {"A": a, "B": b}
    assert "models" in session.state.judgement.draft.exposed


def test_models_are_not_named_where_the_project_says_nothing(texts: Project, review: Open) -> None:
    session = review(texts)
    item_id = judge(session)
    said = session.state.screen.message.text
    session.show_item(item_id)
    press(session, "X")
    for name in names_of(texts):
        assert name not in said
        assert name not in repr(session.state)


def test_leads_are_blind_unless_the_project_says_otherwise(demo: Project) -> None:
    lead, release = person_called(demo, "Ada Lead"), demo.store.latest_release()
    assert release is not None

    def decide(project: Project, item_id: str, check: Callable[[AdjudicateSession], None]) -> Resolution:
        session = AdjudicateSession(project, lead, lambda: NOON, lambda: 0.0)
        session.refresh()
        session.show_item(item_id)
        assert session.state.evidence.models == {}
        session.set_tier(Tier.HARD)
        check(session)
        session.reveal()
        session.take(1)
        session.save()
        session.close()
        found = demo.store.resolution(release.id, item_id)
        assert found is not None
        return found.resolution

    def blind(session: AdjudicateSession) -> None:
        assert session.state.evidence.models == {}

    def named(session: AdjudicateSession) -> None:
        assert len(session.state.evidence.models) == 2

    session = AdjudicateSession(demo, lead, lambda: NOON, lambda: 0.0)
    session.refresh()
    first, second, *_ = [line.item_id for line in session.adjudication.lines]
    session.close()
    assert decide(with_settings(demo, reveal_after=True), first, blind).exposed == ()
    assert decide(with_settings(demo, blind_leads=False), second, named).exposed == ("models",)
