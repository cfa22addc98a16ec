"""Outputs that are recordings themselves: heard by turns with one key, judged blind."""

from __future__ import annotations

from labeler.domain.items import Modality
from labeler.sessions.review import words
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


def test_how_much_of_each_output_was_heard_stays_with_the_draft_and_goes_into_the_verdict(
    spoken: Project, review: Open
) -> None:
    session = review(spoken)
    session.show_item("s1")
    press(session, "X")
    session.heard([(0.0, 1.0), (2.0, 2.5)], "A")
    session.heard([(0.5, 1.25)], "B")
    session.close()
    session = review(spoken)
    session.show_item("s1")
    assert words.heard(session.state.judgement.draft, {}, each=True) == "A 1.5 s · B 0.8 s heard"
    assert session.state.judgement.draft.heard_s == 1.75
    press(session, *"1" * len(session.state.evidence.walk), "Enter")
    session.close()
    release = spoken.store.latest_release()
    assert release is not None
    (stored,) = spoken.store.verdicts(release.id, "s1")
    verdict = stored.verdict
    letters = {side: letter for letter, side in verdict.shown.items()}
    assert {letters[side]: seconds for side, seconds in verdict.heard_of_s.items()} == {"A": 1.5, "B": 0.75}
    assert verdict.heard_s == 1.75


def test_lengths_are_known_of_the_item_on_the_desk_alone(spoken: Project, review: Open) -> None:
    session = review(spoken)
    session.show_item("s1")
    session.know_lengths("another", {"A": 1.0})
    assert not session.state.evidence.lengths_s
    session.know_lengths("s1", {"A": 3.0, "B": 2.0})
    press(session, "X")
    assert session.state.evidence.lengths_s == {"A": 3.0, "B": 2.0}
