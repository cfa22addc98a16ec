"""The gold answer's segments: taken from a side, retyped, split, joined, bounded by the selection, kept and saved."""

from __future__ import annotations

import pytest

from labeler.domain.items import Modality, Segment
from labeler.sessions.review.segment_bench import SNAP_S
from labeler.sessions.review.session import ReviewSession
from labeler.steps.project import Project, person_called
from tests.sessions.conftest import Open
from tests.sessions.keys import press


@pytest.fixture
def session(demo: Project, review: Open) -> ReviewSession:
    made = review(demo)
    made.filter_modality(Modality.AUDIO)
    press(made, "X", "Ctrl+Shift+G", "Alt+A")
    return made


def segments(session: ReviewSession) -> tuple[Segment, ...]:
    found = session.state.evidence.gold_segments
    assert found is not None
    return found


def held(session: ReviewSession) -> Segment:
    number = session.state.evidence.gold_segment
    assert number is not None
    return segments(session)[number]


def test_a_sides_segments_are_taken_over_folded_as_they_are_shown(session: ReviewSession) -> None:
    pair = session.state.evidence.pair
    assert pair is not None
    assert [s.text for s in segments(session)] == [s.text for s in pair.a.segments]
    assert {s.confidence for s in segments(session)} == {None}


def test_the_segment_in_hand_is_selected_and_its_words_are_typed(session: ReviewSession) -> None:
    press(session, ";", ";")
    assert session.state.evidence.gold_segment == 1
    assert session.state.evidence.selected == (held(session).start_s, held(session).end_s)
    for typed in ("h", "ha", "hard"):
        session.gold.relabel(typed)
    assert held(session).text == "hard"
    gold = session.state.judgement.gold
    assert gold is not None
    assert "hard" in gold.text.split()
    press(session, "Ctrl+Z")
    assert held(session).text != "hard"


def test_a_segment_is_split_and_joined_again(session: ReviewSession) -> None:
    before = segments(session)
    press(session, ";", "Ctrl+J")
    joined = held(session)
    assert joined.text == f"{before[0].text} {before[1].text}"
    assert (joined.start_s, joined.end_s) == (before[0].start_s, before[1].end_s)
    session.gold.split((joined.start_s + joined.end_s) / 2)
    assert [s.text for s in segments(session)[:2]] == [before[0].text, before[1].text]
    assert len(segments(session)) == len(before)
    session.gold.split(joined.end_s + 5)
    assert session.state.screen.message.serious
    assert len(segments(session)) == len(before)


def test_boundaries_move_by_keys_and_by_the_selection_and_snap_to_words(session: ReviewSession) -> None:
    pair = session.state.evidence.pair
    assert pair is not None
    press(session, ";")
    start, end = held(session).start_s, held(session).end_s
    press(session, "Alt+Right", "Alt+Right", "Alt+Shift+Right")
    assert (held(session).start_s, held(session).end_s) == pytest.approx((start + 0.02, end + 0.01))
    edge = pair.b.segments[-1].end_s
    session.select((held(session).start_s, edge - SNAP_S / 2))
    assert held(session).end_s == edge
    assert session.state.evidence.selected == (held(session).start_s, edge)
    press(session, "Ctrl+Z")
    assert held(session).end_s != edge
    assert session.state.evidence.selected == (held(session).start_s, held(session).end_s)


def test_what_is_selected_elsewhere_can_become_a_segment_and_a_segment_can_go(session: ReviewSession) -> None:
    count = len(segments(session))
    press(session, ";")
    session.select((500.0, 501.0))
    assert session.state.evidence.gold_segment is None
    press(session, "Ctrl+N")
    assert (held(session).start_s, held(session).end_s) == (500.0, 501.0)
    assert len(segments(session)) == count + 1
    press(session, "Delete")
    assert len(segments(session)) == count


def test_segments_survive_a_crash_and_go_into_the_verdicts_gold_answer(
    session: ReviewSession, demo: Project, review: Open
) -> None:
    press(session, ";")
    session.gold.relabel("hard")
    again = review(demo)  # no close: the program is gone
    again.filter_modality(Modality.AUDIO)
    wanted = session.state.judgement.draft.gold_segments
    assert again.state.judgement.draft.gold_segments == wanted
    item, release = again.state.evidence.item, demo.store.latest_release()
    assert item is not None
    assert release is not None
    while again.state.judgement.missing:
        press(again, "3")
    press(again, "Enter")
    stored = demo.store.verdict_of(release.id, item.id, person_called(demo, "Ada Lead").id)
    assert stored is not None
    assert stored.verdict.gold is not None
    answer = stored.verdict.gold.answer
    assert answer.segments == wanted
    assert answer.text == " ".join(segment.text for segment in answer.segments)
    press(again, "Ctrl+Z")
    assert list(again.state.judgement.draft.gold_segments or ()) == list(wanted or ())


def test_a_pin_in_hand_is_moved_along_the_recording_by_the_arrows(demo: Project, review: Open) -> None:
    session = review(demo)
    session.filter_modality(Modality.AUDIO)
    session.show_item("aud-044")
    press(session, "X", "Q", ";")
    (before,) = session.state.evidence.pins
    assert before.at.time_s is not None
    press(session, "Right", "Right", "Left", "Ctrl+Right")
    (after,) = session.state.evidence.pins
    assert after.held
    assert after.at.time_s == pytest.approx([time + 0.11 for time in before.at.time_s])
    session.pins.drop()
    asked = session.state.evidence.request.serial
    press(session, "Right")
    assert session.state.evidence.request.serial == asked + 1, "without a pin in hand the sound goes forward"
    assert session.state.evidence.pins[0].at == after.at
    session.close()


def test_how_sure_the_models_were_is_known_once_the_verdict_is_saved_and_that_is_recorded(
    demo: Project, review: Open
) -> None:
    session = review(demo)
    session.filter_modality(Modality.AUDIO)
    session.show_item("aud-044")
    press(session, "X")
    assert session.state.evidence.confidence == {}
    press(session, "1", "1", "H", "Enter")
    session.show_item("aud-044")
    assert session.state.evidence.confidence == {}, "the outputs are hidden until the tier is set"
    press(session, "X")
    evidence = session.state.evidence
    assert evidence.pair is not None
    for letter in ("A", "B"):
        assert len(evidence.confidence[letter]) == len(evidence.pair.output(letter).segments)
    assert any(sure is not None and 0 <= sure <= 1 for sure in evidence.confidence["A"])
    assert "confidence" in session.state.judgement.draft.exposed
    session.close()
