"""Outputs that are recordings themselves: heard by turns with one key, judged blind."""

from __future__ import annotations

from labeler.domain.items import Modality
from labeler.steps.project import Project
from tests.sessions.conftest import Open
from tests.sessions.keys import press


def test_a_text_that_is_spoken_is_read_until_the_tier_is_set_and_heard_then(spoken: Project, review: Open) -> None:
    session = review(spoken)
    session.show_item("s1")
    assert (session.state.evidence.shows, dict(session.state.evidence.takes)) == (Modality.TEXT, {})
    press(session, "X")
    evidence = session.state.evidence
    assert (evidence.shows, set(evidence.takes)) == (Modality.AUDIO, {"A", "B"})
    session.close()


def test_one_key_goes_from_one_output_to_the_other_and_back(spoken: Project, review: Open) -> None:
    session = review(spoken)
    session.show_item("s1")
    press(session, "X")
    heard: list[str] = []
    for _ in range(3):
        heard.append(session.state.evidence.view.blink_letter)
        press(session, "B")
    assert heard == ["A", "B", "A"]
    session.close()
