"""Failures are pinned where they are: at differences, regions, words and drawn places; and stay there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from labeler.domain.items import Modality
from labeler.domain.verdicts import At, Failure
from labeler.sessions.review.draft import Pin
from labeler.sessions.review.evidence import ShownSpot
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.state import ShownFailure
from labeler.steps.exchange import export_verdicts, import_verdicts
from labeler.steps.opening import open_project
from labeler.steps.project import Project, person_called
from tests.sessions.conftest import Open
from tests.sessions.keys import press

DRAWN = At(box=(10.0, 20.0, 60.0, 40.0))


@pytest.fixture
def picture(demo: Project, review: Open) -> ReviewSession:
    """A picture with differences, its tier set and nothing judged."""
    session = review(demo)
    session.filter_modality(Modality.IMAGE)
    for _ in range(60):
        press(session, "X")
        walk = session.state.evidence.walk
        if len(walk) > 1 and all(r is None or r.box is not None for d in walk[:2] for r in (d.a, d.b)):
            return session
        press(session, "U", "1", "Enter")
    pytest.fail("no picture with two differences on it")


def failure(session: ReviewSession, letter: str = "A") -> ShownFailure:
    """The first failure code of one side."""
    return next(f for f in session.state.judgement.failures if f.letter == letter)


def saved(session: ReviewSession, project: Project) -> list[Failure]:
    """What is in the log after the item on the desk is saved."""
    item, release = session.state.evidence.item, project.store.latest_release()
    assert item is not None
    assert release is not None
    session.save()
    assert session.state.screen.message.text == f"Saved {item.id}"
    stored = project.store.verdict_of(release.id, item.id, person_called(project, "Ada Lead").id)
    assert stored is not None
    return list(stored.verdict.failures)


def places(session: ReviewSession, letter: str = "A") -> list[At]:
    return [pin.at for pin in session.state.evidence.pins if pin.pin.letter == letter]


def test_a_failure_is_pinned_to_each_difference_at_which_its_key_is_pressed(picture: ReviewSession) -> None:
    key = failure(picture).key
    press(picture, key, "N", key)
    assert [pin.difference for pin in failure(picture).pins] == ["d1", "d2"]
    first, second = picture.state.evidence.walk[:2]
    readings = [d.a or d.b for d in (first, second)]
    assert places(picture) == [At(box=r.box) for r in readings if r is not None]
    press(picture, key)
    assert [pin.difference for pin in failure(picture).pins] == ["d1"]


def test_what_no_difference_shows_is_pinned_to_the_place_that_was_picked(picture: ReviewSession) -> None:
    picture.pins.pick(DRAWN)
    press(picture, failure(picture).key, failure(picture, "B").key)
    assert places(picture) == places(picture, "B") == [DRAWN]
    press(picture, "N")
    assert picture.state.evidence.spot is None
    assert places(picture) == [DRAWN]


def test_a_place_is_found_by_keys_alone_from_the_current_difference_on(picture: ReviewSession) -> None:
    press(picture, "Ctrl+.")
    at_difference = picture.state.evidence.spot
    press(picture, "Ctrl+.")
    following = picture.state.evidence.spot
    press(picture, "Ctrl+,")
    assert at_difference is not None
    assert following is not None
    assert at_difference.at != following.at
    assert picture.state.evidence.spot == at_difference
    pair = picture.state.evidence.pair
    assert pair is not None
    boxes = {region.box for output in (pair.a, pair.b) for region in output.regions}
    assert {spot.at.box for spot in (at_difference, following) if spot.at} <= boxes


def test_a_pin_is_moved_to_the_pixel_and_that_is_one_step_of_undo(picture: ReviewSession) -> None:
    picture.pins.pick(DRAWN)
    press(picture, failure(picture).key)
    picture.dismiss()
    press(picture, ";")
    press(picture, "Right", "Right", "Shift+Down", "Ctrl+Left", "Ctrl+Shift+Up")
    assert places(picture) == [At(box=(12.0, 30.0, 61.0, 40.0))]
    press(picture, "Ctrl+Z")
    assert places(picture) == [DRAWN]
    press(picture, "Ctrl+Y")
    assert places(picture) == [At(box=(12.0, 30.0, 61.0, 40.0))]


def test_a_pin_of_a_difference_moves_to_a_place_of_its_own(picture: ReviewSession) -> None:
    press(picture, failure(picture).key, ";")
    picture.pins.pick(DRAWN)
    assert failure(picture).pins == (Pin("A", failure(picture).code, at=DRAWN),)


def test_a_pin_is_taken_up_and_taken_away(picture: ReviewSession) -> None:
    key = failure(picture).key
    press(picture, key, "N", key, ";", ";", "Delete")
    assert [pin.difference for pin in failure(picture).pins] == ["d1"]
    assert picture.state.evidence.spot is None
    press(picture, "Ctrl+Z")
    assert len(failure(picture).pins) == 2


def test_a_place_never_leaves_the_picture_at_the_top_and_left(picture: ReviewSession) -> None:
    picture.pins.pick(DRAWN)
    press(picture, "Shift+Left", "Shift+Left", "Shift+Up", "Shift+Up", "Shift+Up")
    spot = picture.state.evidence.spot
    assert spot is not None
    assert spot.at == At(box=(0.0, 0.0, 50.0, 20.0))


def test_an_outline_is_drawn_corner_by_corner_and_reshaped_by_keys(picture: ReviewSession) -> None:
    for x, y in ((10.4, 10), (50, 10.2)):
        picture.pins.draw_to(x, y)
    press(picture, failure(picture).key)
    assert picture.state.screen.message.text == "An outline has three corners at least"
    picture.pins.draw_to(50, 60)
    press(picture, failure(picture).key)
    assert places(picture) == [At(polygon=((10.0, 10.0), (50.0, 10.0), (50.0, 60.0)))]
    picture.dismiss()
    press(picture, ";", "Ctrl+N", "Ctrl+Left", "Ctrl+I", "Shift+Right")
    assert places(picture) == [At(polygon=((19.0, 10.0), (40.0, 10.0), (60.0, 10.0), (60.0, 60.0)))]
    press(picture, "Ctrl+Delete", "Ctrl+Delete")
    assert len(places(picture)[0].polygon or ()) == 3


def test_pins_survive_a_crash_saving_and_taking_back(picture: ReviewSession, demo: Project, review: Open) -> None:
    outline = At(polygon=((1.0, 2.0), (30.0, 4.0), (9.0, 50.0)))
    for at in (DRAWN, outline):
        picture.pins.pick(at)
        press(picture, failure(picture).key)
    press(picture, "N", failure(picture, "B").key)
    before = {pin.pin for pin in picture.state.evidence.pins}
    again = review(demo)  # no close: the program is gone
    again.filter_modality(Modality.IMAGE)
    assert {pin.pin for pin in again.state.evidence.pins} == before
    while again.state.judgement.missing:
        press(again, "3")
    failures = saved(again, demo)
    assert {at for f in failures for at in f.at} >= {DRAWN, outline}
    press(again, "Ctrl+Z")
    assert {pin.pin for pin in again.state.evidence.pins} == before


def test_a_word_is_pinned_in_the_text_that_has_no_medium(session: ReviewSession, texts: Project) -> None:
    press(session, "X")
    session.pins.pick_text("A", (4, 7))
    press(session, failure(session, "B").key)
    assert failure(session, "B").pins == ()
    assert session.state.screen.message.text == "That place is in A's text: pick one in B's, or on the medium"
    press(session, failure(session).key)
    assert places(session) == [At(span=(4, 7))]
    session.dismiss()
    press(session, "3")
    assert any(f.at == (At(span=(4, 7)),) for f in saved(session, texts))


def test_words_are_picked_and_more_of_them_taken_by_keys(session: ReviewSession) -> None:
    press(session, "X")
    session.pins.pick_text("A", (0, 3))
    press(session, "Shift+Right", "Shift+Right", "Shift+Left", "Ctrl+.")
    spot = session.state.evidence.spot
    assert spot is not None
    assert spot.at == At(span=(4, 7))
    session.pins.pick_text("A", (0, 3))
    press(session, "Shift+Right")
    spot = session.state.evidence.spot
    assert spot is not None
    assert spot.at == At(span=(0, 7))


def test_a_word_of_a_folded_transcript_is_pinned_to_the_time_at_which_it_is_heard(demo: Project, review: Open) -> None:
    session = review(demo)
    session.filter_modality(Modality.AUDIO)
    press(session, "X")
    pair = session.state.evidence.pair
    assert pair is not None
    word = pair.a.segments[2]
    before = " ".join(segment.text for segment in pair.a.segments[:2])
    at = pair.a.text.index(word.text, len(before))
    session.pins.pick_text("A", (at, at + len(word.text)))
    press(session, failure(session, "B").key)
    assert places(session, "B") == [At(time_s=(word.start_s, word.end_s))]


def test_what_is_selected_of_a_recording_takes_failures_and_moves_the_pin_in_hand(demo: Project, review: Open) -> None:
    session = review(demo)
    session.filter_modality(Modality.AUDIO)
    press(session, "X")
    session.select((0.5, 1.25))
    assert session.state.evidence.spot == ShownSpot(At(time_s=(0.5, 1.25)))
    press(session, failure(session).key)
    assert places(session) == [At(time_s=(0.5, 1.25))]
    press(session, ";")
    session.select((0.5, 1.5))
    assert places(session) == [At(time_s=(0.5, 1.5))]
    session.dismiss()
    evidence = session.state.evidence
    assert (evidence.spot, evidence.selected) == (None, None)


def test_pins_go_out_with_the_verdicts_and_come_back(
    picture: ReviewSession, demo: Project, demo_template: Path, tmp_path: Path
) -> None:
    item, release = picture.state.evidence.item, demo.store.latest_release()
    assert item is not None
    assert release is not None
    picture.pins.pick(DRAWN)
    press(picture, failure(picture).key)
    while picture.state.judgement.missing:
        press(picture, "3")
    given = saved(picture, demo)
    export_verdicts(demo.store, tmp_path / "verdicts.jsonl")
    shutil.copytree(demo_template, tmp_path / "other")
    with open_project(tmp_path / "other") as other:
        import_verdicts(other.store, tmp_path / "verdicts.jsonl")
        brought = other.store.verdict_of(release.id, item.id, person_called(demo, "Ada Lead").id)
    assert brought is not None
    assert list(brought.verdict.failures) == given
    assert DRAWN in [at for f in given for at in f.at]
