"""The Review screen without a window: what each key does to the draft, the log and the next item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from labeler.domain.events import EventKind
from labeler.domain.items import Modality
from labeler.domain.rubric import Severity, Tier
from labeler.domain.verdicts import Checked, Right
from labeler.sessions.commands import rebind, rebind_what_agrees, why_not
from labeler.sessions.review.commands import COMMANDS, on_medium
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.state import ReviewState
from labeler.steps.project import Project
from tests.sessions.conftest import Open
from tests.sessions.keys import press


def letter_of(session: ReviewSession, side: str, project: Project) -> str:
    """Under which letter a side is shown: only a test may know."""
    pair = session.state.evidence.pair
    assert pair is not None
    assert session.state.evidence.item is not None
    release = project.store.latest_release()
    assert release is not None
    models = release.pairs[session.state.evidence.item.modality]
    output = project.store.output(session.state.evidence.item.id, models.old if side == "old" else models.new)
    assert output is not None
    return "A" if pair.a.text == output.text else "B"


def test_outputs_are_not_there_before_the_tier_is_set(session: ReviewSession) -> None:
    state = session.state
    assert state.evidence.item is not None
    assert (state.evidence.pair, state.evidence.walk, state.judgement.gold, state.judgement.verdict) == (
        None,
        (),
        None,
        None,
    )
    press(session, "C")
    assert session.state.evidence.pair is not None
    assert session.state.judgement.draft.tier is Tier.HARD
    assert session.state.judgement.draft.tier_before_outputs
    press(session, "Z")
    assert not session.state.judgement.draft.tier_before_outputs


def test_five_keys_judge_an_item_and_what_was_pressed_is_in_the_log(session: ReviewSession, texts: Project) -> None:
    item = session.state.evidence.item
    assert item is not None
    press(session, "X")
    right = letter_of(session, "new", texts)
    press(session, "1" if right == "A" else "2", "H", "Enter")
    release = texts.store.latest_release()
    assert release is not None
    (stored,) = texts.store.verdicts(release.id, item.id)
    verdict = stored.verdict
    assert (verdict.right, verdict.tier, verdict.checked) == (Right.NEW, Tier.MEDIUM, Checked.WHOLE)
    assert [d.right for d in verdict.differences] == [Right.NEW]
    assert {f.side for f in verdict.failures} == {"old"}
    assert verdict.gold is not None
    number = item.id.removeprefix("t")
    assert verdict.gold.answer.text == f"the sum is {number} pounds"
    assert verdict.gold.sources == ("d1:new",)
    assert session.state.evidence.item is not None
    assert session.state.evidence.item.id != item.id


def test_one_whole_verdict_settles_an_item_where_the_project_asks_for_one(
    session: ReviewSession, texts: Project
) -> None:
    item, release = session.state.evidence.item, texts.store.latest_release()
    assert item is not None
    assert release is not None
    press(session, "X", "1", "H", "Enter")
    resolution = texts.store.resolution(release.id, item.id)
    assert resolution is not None
    press(session, "Ctrl+Z")
    assert texts.store.resolution(release.id, item.id) is None


def test_nothing_is_saved_before_all_is_judged_and_the_reason_is_said(session: ReviewSession) -> None:
    press(session, "Enter")
    assert session.state.screen.message.text == "Set the difficulty first"
    press(session, "X", "Enter")
    assert session.state.screen.message.text == "Judge difference 1 first"
    assert session.state.screen.message.serious
    assert session.state.place.progress.done == 0


def test_undo_steps_back_through_the_draft_and_then_through_the_log(session: ReviewSession) -> None:
    first = session.state.evidence.item
    press(session, "X", "1", "H")
    press(session, "Ctrl+Z")
    assert not session.state.judgement.draft.whole_checked
    press(session, "Ctrl+Z")
    assert session.state.judgement.draft.choices == {}
    press(session, "1", "H", "Enter", "Ctrl+Z")
    state = session.state
    assert state.evidence.item == first
    assert state.judgement.draft.choices == {"d1": Choice.A}
    assert state.judgement.draft.whole_checked
    assert "own_verdict" in state.judgement.draft.exposed


def test_undo_reaches_back_over_a_restart(texts: Project, review: Open) -> None:
    before = review(texts)
    item = before.state.evidence.item
    press(before, "X", "2", "Enter")
    before.close()
    after = review(texts)
    press(after, "Ctrl+Z")
    assert after.state.evidence.item == item
    assert after.state.judgement.draft.choices == {"d1": Choice.B}
    kinds = [event.kind for event in texts.store.events()]
    assert kinds.count(EventKind.WITHDRAWAL) == 1


def test_an_unsaved_draft_is_there_after_a_crash_and_dead_after_saving(texts: Project, review: Open) -> None:
    crashed = review(texts)
    item = crashed.state.evidence.item
    assert item is not None
    press(crashed, "V", "2")
    crashed.edit_note("look at the sum")
    # No close: the program is gone.
    again = review(texts)
    assert again.state.evidence.item == item
    assert again.state.judgement.draft.choices == {"d1": Choice.B}
    assert again.state.judgement.draft.note == "look at the sum"
    press(again, "Enter", "Ctrl+Z", "Ctrl+Z")
    third = review(texts)
    assert third.state.evidence.item is not None


def test_none_right_proposes_a_failure_on_both_sides_and_leaves_the_gold_answer_open(session: ReviewSession) -> None:
    press(session, "X", "4")
    state = session.state
    assert state.judgement.verdict is Choice.NONE
    assert {f.letter for f in state.judgement.failures if f.on} == {"A", "B"}
    assert state.judgement.gold is not None
    assert not state.judgement.gold.complete
    session.edit_gold("the sum is 7 pounds")
    press(session, "H", "Enter")


def test_a_proposed_failure_can_be_taken_away_and_the_verdict_follows(session: ReviewSession) -> None:
    press(session, "X", "1")
    (proposed,) = [f for f in session.state.judgement.failures if f.on]
    assert proposed.letter == "B"
    verdicts = [session.state.judgement.verdict]
    for _ in range(2):
        press(session, proposed.key)
        verdicts.append(session.state.judgement.verdict)
    assert verdicts == [Choice.A, Choice.BOTH, Choice.A]


def test_overruling_needs_a_failure_on_the_side_that_is_not_right(session: ReviewSession) -> None:
    press(session, "X", "3", "Ctrl+1")
    assert session.state.judgement.verdict is Choice.A
    assert session.state.judgement.missing == "Say what failed in B"
    assert session.state.judgement.rubric is not None
    press(session, f"Shift+{session.state.judgement.rubric.failures[0].key}")
    assert session.state.can_save


def test_undecidable_takes_a_reason_and_leaves_no_gold(session: ReviewSession, texts: Project) -> None:
    item, release = session.state.evidence.item, texts.store.latest_release()
    assert item is not None
    assert release is not None
    press(session, "X", "U", "2", "Enter")
    (stored,) = texts.store.verdicts(release.id, item.id)
    assert stored.verdict.right is Right.UNDECIDABLE
    assert stored.verdict.reason == "The prompt is ambiguous"
    assert stored.verdict.gold is None


def test_a_skip_takes_a_reason_leads_on_and_can_be_taken_back(session: ReviewSession) -> None:
    first = session.state.evidence.item
    press(session, "S", "3")
    assert session.state.evidence.item != first
    press(session, "Ctrl+Z")
    assert session.state.evidence.item == first


def test_escape_closes_a_question_without_an_answer(session: ReviewSession) -> None:
    press(session, "S")
    before = session.state.evidence.item
    asked = [session.state.screen.ask is not None]
    session.dismiss()
    asked.append(session.state.screen.ask is not None)
    assert asked == [True, False]
    assert session.state.evidence.item == before


def test_an_item_without_differences_takes_two_keys(session: ReviewSession, texts: Project) -> None:
    release = texts.store.latest_release()
    assert release is not None
    alike = None
    while session.state.evidence.item is not None:
        assert session.state.judgement.save_label == "Save verdict, next item", "nothing tells before the tier is set"
        press(session, "X")
        if session.state.evidence.walk:
            press(session, "1", "Enter")
            continue
        alike = session.state.evidence.item.id
        assert session.state.judgement.save_label == "Save: both right, all checked"
        press(session, "Enter")
    assert alike is not None
    (stored,) = texts.store.verdicts(release.id, alike)
    assert (stored.verdict.right, stored.verdict.checked) == (Right.BOTH, Checked.WHOLE)
    assert stored.verdict.gold is not None


def test_a_failure_of_outputs_that_are_alike_is_a_failure_of_both(session: ReviewSession) -> None:
    while session.state.evidence.item is not None:
        press(session, "X")
        if session.state.evidence.walk:
            press(session, "1", "Enter")
            continue
        assert session.state.judgement.rubric is not None
        press(session, session.state.judgement.rubric.failures[0].key)
        assert {f.letter for f in session.state.judgement.failures if f.on} == {"A", "B"}
        assert session.state.judgement.verdict is Choice.NONE
        return
    pytest.fail("no item without differences was drawn")


def test_a_filter_shows_only_its_items_and_the_draft_waits(session: ReviewSession) -> None:
    press(session, "C")
    item = session.state.evidence.item
    session.filter_slice("topic", "nothing has this")
    assert session.state.evidence.item is None
    session.filter_slice("topic", None)
    assert session.state.evidence.item == item
    assert session.state.judgement.draft.tier is Tier.HARD


def test_when_all_is_judged_nothing_is_left_and_undo_still_works(session: ReviewSession) -> None:
    while session.state.evidence.item is not None:
        press(session, "X")
        press(session, *(["1", "Enter"] if session.state.evidence.walk else ["Enter"]))
    assert session.state.place.progress.done == session.state.place.progress.total > 0
    press(session, "Ctrl+Z")
    assert session.state.evidence.item is not None


def test_the_same_answer_goes_to_all_of_the_same_kind(demo: Project, review: Open) -> None:
    session = review(demo)
    state = session.state
    for _ in range(60):
        press(session, "X")
        state = session.state
        kinds = [d.kind for d in state.evidence.walk]
        if len(kinds) > 2 and kinds.count(kinds[0]) > 1:
            break
        press(session, "U", "1", "Enter")
    first = state.evidence.walk[0]
    press(session, "1", "M")
    alike = {d.id for d in state.evidence.walk if d.kind == first.kind}
    assert {k for k, v in session.state.judgement.draft.choices.items() if v is Choice.A} >= alike


def test_no_state_before_saving_names_a_model_or_a_confidence(demo: Project, review: Open) -> None:
    release = demo.store.latest_release()
    assert release is not None
    names = {word for pair in release.pairs.values() for m in (pair.old, pair.new) for word in (m.name, m.version)}
    session = review(demo)
    for _ in range(12):
        press(session, "X")
        assert_blind(session.state, names)
        press(session, "U", "1", "Enter")


def assert_blind(state: ReviewState, names: set[str]) -> None:
    assert state.evidence.pair is not None
    shown = repr((replace(state.evidence, item=None), state.judgement.failures, state.judgement.gold, state.screen))
    assert not [name for name in names if name in shown]
    for output in (state.evidence.pair.a, state.evidence.pair.b):
        assert all(region.confidence is None for region in output.regions)
        assert all(segment.confidence is None for segment in output.segments)


def test_transcripts_are_folded_and_showing_them_raw_is_recorded(demo: Project, review: Open) -> None:
    session = review(demo)
    session.filter_modality(Modality.AUDIO)
    press(session, "X")
    assert session.state.evidence.pair is not None
    texts = session.state.evidence.pair.a.text + session.state.evidence.pair.b.text
    assert texts == texts.lower()
    press(session, "J")
    assert "raw_text" in session.state.judgement.draft.exposed


def test_keys_can_be_changed_but_not_doubled() -> None:
    mine = rebind(COMMANDS, {"skip": "F2"})
    assert {c.id: c.key for c in mine}["skip"] == "F2"
    with pytest.raises(ValueError, match="is the key of both"):
        rebind(COMMANDS, {"skip": "N"})
    with pytest.raises(ValueError, match="no such command"):
        rebind(COMMANDS, {"dance": "F3"})


def test_own_keys_that_a_later_version_needs_itself_give_way() -> None:
    own = {"skip": "N", "undo": "F8", "a.command.of.long.ago": "F9"}
    keys = {c.id: c.key for c in rebind_what_agrees(COMMANDS, own)}
    assert keys["skip"] == next(c.key for c in COMMANDS if c.id == "skip")
    assert keys["undo"] == "F8"


def test_why_a_key_cannot_be_had_is_said_in_words() -> None:
    by_id = {c.id: c for c in COMMANDS}
    assert why_not(COMMANDS, by_id["skip"], "N", {}) == "N is taken: Next"
    assert why_not(COMMANDS, by_id["skip"], "F1", {"F1": "All keys"}) == "F1 is taken: All keys"
    assert why_not(COMMANDS, by_id["skip"], "F7", {}) == ""
    typing = next(c for c in COMMANDS if c.in_text and c.key.startswith("Ctrl+"))
    assert "needs Ctrl or Alt" in why_not(COMMANDS, typing, "F7", {})


def test_a_save_is_said_to_be_one_only_when_the_disk_has_it(session: ReviewSession, texts: Project) -> None:
    waiting: list[tuple[Callable[[], None], Callable[[], None]]] = []
    session.outbox.commit_with = lambda commit, answered: waiting.append((commit, answered))
    first = session.state.evidence.item
    assert first is not None
    press(session, "X", "1", "Enter")
    assert session.state.screen.message.text == "Saving…"
    assert session.state.evidence.item is not None
    assert session.state.evidence.item.id != first.id
    ((commit, answered),) = waiting
    commit()
    answered()
    assert session.state.screen.message.text == f"Saved {first.id}"
    release = texts.store.latest_release()
    assert release is not None
    assert len(texts.store.verdicts(release.id, first.id)) == 1


def test_what_a_full_disk_refuses_comes_back_with_its_draft_and_can_be_saved_later(
    texts: Project, review: Open
) -> None:
    session = review(texts)
    first = session.state.evidence.item
    assert first is not None
    texts.store.connection.execute("PRAGMA max_page_count = 1")
    press(session, "X", "1")
    session.edit_note("x" * 500_000)
    press(session, "Enter")
    assert session.state.screen.message.serious
    assert "the disk refused" in session.state.screen.message.text
    assert session.state.evidence.item == first
    assert session.state.judgement.draft.choices == {"d1": Choice.A}
    texts.store.connection.execute("PRAGMA max_page_count = 1000000")
    press(session, "Enter")
    assert session.state.screen.message.text == f"Saved {first.id}"


def test_a_selected_span_is_in_view_until_it_is_let_go_or_another_item_comes(session: ReviewSession) -> None:
    session.select((1.0, 2.5))
    assert not session.state.judgement.draft.touched
    session.ask_skip()
    session.dismiss()  # closes the question and nothing else
    assert selected(session) == (1.0, 2.5)
    session.dismiss()
    assert selected(session) is None
    session.select((1.0, 2.5))
    press(session, "S", "1")
    assert selected(session) is None


def selected(session: ReviewSession) -> tuple[float, float] | None:
    return session.state.evidence.selected


def test_a_failure_of_the_other_severity_changes_the_verdict_and_is_saved_and_taken_back_as_such(
    session: ReviewSession, texts: Project
) -> None:
    item, release = session.state.evidence.item, texts.store.latest_release()
    assert item is not None
    assert release is not None
    press(session, "X", "1")
    (failed,) = [f for f in session.state.judgement.failures if f.on]
    session.pins.regrade(failed.letter, failed.code)
    verdicts = [session.state.judgement.verdict]
    press(session, "Enter")
    (stored,) = texts.store.verdicts(release.id, item.id)
    assert [f.severity for f in stored.verdict.failures] == [Severity.MINOR]
    assert stored.verdict.right is Right.BOTH
    press(session, "Ctrl+Z")
    (again,) = [f for f in session.state.judgement.failures if f.on]
    assert (again.severity, again.regraded) == (Severity.MINOR, True)
    press(session, failed.key, failed.key, "Ctrl+M")
    assert [*verdicts, session.state.judgement.verdict] == [Choice.BOTH, Choice.A]


def test_a_failure_that_turns_the_verdict_is_not_passed_over_in_silence(session: ReviewSession) -> None:
    press(session, "X", "1")
    assert session.state.judgement.verdict is Choice.A
    press(session, "P", "Q")
    assert session.state.screen.message.text == (
        "The verdict follows the failures: none is right now (it was: A is right)"
    )
    press(session, "Q")
    assert (
        session.state.screen.message.text == "The verdict follows the failures: A is right now (it was: none is right)"
    )
    press(session, "Shift+W")
    assert session.state.screen.message.text == "", "B failed already: nothing turned"


def test_two_people_on_one_store_do_not_get_the_same_item_at_once(texts: Project) -> None:
    ids = []
    for name in ("Bo", "Cleo", "Dan"):
        person = texts.store.add_person(name, at=datetime.now(UTC))
        session = ReviewSession(texts, person, lambda: datetime.now(UTC), lambda: 0.0)
        assert session.state.evidence.item is not None
        ids.append(session.state.evidence.item.id)
    assert len(set(ids)) == 3
    later = datetime.now(UTC) + timedelta(minutes=texts.settings.assignment.hold_minutes + 1)
    other = texts.store.add_person("Eve", at=later)
    taken_over = ReviewSession(texts, other, lambda: later, lambda: 0.0)
    assert taken_over.state.evidence.item is not None
    assert taken_over.state.evidence.item.id == ids[0]


@pytest.mark.parametrize("medium", Modality)
def test_the_list_of_keys_of_a_medium_has_each_key_once(medium: Modality) -> None:
    listed = [c for c in on_medium(COMMANDS, medium) if c.key and not c.hidden]
    assert len({c.key for c in listed}) == len(listed)
    assert ("Play or pause" in {c.label for c in listed}) == (medium is Modality.AUDIO)
    assert ("Next layer" in {c.label for c in listed}) == (medium is Modality.IMAGE)
