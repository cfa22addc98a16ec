"""A project whose people see the outputs before they say how difficult the item is."""

from __future__ import annotations

from dataclasses import replace

from labeler.domain.rubric import Tier
from labeler.sessions.review.draft import Choice
from labeler.steps.project import Project
from tests.sessions.conftest import Open


def test_outputs_show_at_once_and_the_verdict_says_that_the_tier_came_later(texts: Project, review: Open) -> None:
    later = replace(texts, settings=replace(texts.settings, tier_first=False))
    session = review(later)
    assert session.state.evidence.revealed
    assert session.state.evidence.item is not None
    item = session.state.evidence.item.id
    while session.state.evidence.current is not None and session.state.judgement.verdict is None:
        session.judge(Choice.A)
    session.save()
    assert session.state.screen.message.text == "Set the difficulty first"
    session.set_tier(Tier.HARD)
    session.save()
    release, person = later.store.latest_release(), later.store.person("Ada Lead")
    assert release is not None
    assert person is not None
    stored = later.store.verdict_of(release.id, item, person.id)
    assert stored is not None
    assert not stored.verdict.tier_before_outputs
    session.close()
