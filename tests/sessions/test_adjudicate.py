"""A lead looks, sees the verdicts, builds a resolution and can take it back; the Adjudicate screen without Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from labeler.domain.blind import Letter
from labeler.domain.checks import Check, CheckKind
from labeler.domain.consensus_policy import ConsensusPolicy, Rule
from labeler.domain.differences.model import Difference, Kind, Of, Reading
from labeler.domain.events import Event, EventKind
from labeler.domain.items import Answer, Modality, Side
from labeler.domain.people import Person, Role
from labeler.domain.rubric import Severity, Tier
from labeler.domain.rubric_draft import RubricDraft
from labeler.domain.verdicts import At, Checked, Failure, Gold, ResolvedBy, Right, Verdict
from labeler.formats.project import write_settings
from labeler.sessions.adjudicate.accord import pinned_here
from labeler.sessions.adjudicate.commands import COMMANDS
from labeler.sessions.adjudicate.hearing import Hearing
from labeler.sessions.adjudicate.session import SETTLED_TOGETHER, AdjudicateSession
from labeler.sessions.adjudicate.state import Listed
from labeler.sessions.commands import rebind
from labeler.sessions.review.draft import Choice, Draft
from labeler.steps.gold.build import build_gold
from labeler.steps.project import Project
from labeler.steps.review import save_check, save_verdict
from labeler.steps.rubric import publish_rubric
from labeler.steps.settle_posterior import propose
from labeler.store.verdict_state import StoredResolution, StoredVerdict

Start = Callable[..., AdjudicateSession]


@pytest.fixture
def clock() -> Callable[[], datetime]:
    seconds = count()
    return lambda: datetime(2026, 12, 1, tzinfo=UTC) + timedelta(seconds=next(seconds))


@pytest.fixture
def start(demo: Project, clock: Callable[[], datetime]) -> Start:
    """A session of a person on the demo, whose simulated annotators disagree on a good part of it."""

    def begin(name: str = "Ada Lead", project: Project = demo) -> AdjudicateSession:
        person = project.store.person(name)
        assert person is not None
        session = AdjudicateSession(project, person, clock, lambda: 0.0)
        session.refresh()
        return session

    return begin


def given_verdict() -> Verdict:
    sides: dict[Letter, Side] = {"A": "old", "B": "new"}
    return Verdict("i", "r", Right.NEW, Tier.EASY, True, Checked.WHOLE, sides, "1", {"old": "", "new": ""})


def item_of(session: AdjudicateSession) -> str:
    assert session.state.evidence.item is not None
    return session.state.evidence.item.id


def standing(session: AdjudicateSession, project: Project, item_id: str) -> StoredResolution | None:
    release = project.store.latest_release()
    assert release is not None
    return project.store.resolution(release.id, item_id)


def look(session: AdjudicateSession) -> None:
    session.set_tier(Tier.HARD)
    session.reveal()


def test_what_is_most_in_doubt_comes_first_and_says_why(start: Start) -> None:
    session = start()
    first, *_ = session.adjudication.lines
    assert first.item_id == item_of(session) == session.adjudication.chosen
    assert (first.how_unsure, first.reason) == (
        "very unsure",
        "Verdicts differ, gold answers differ, tiers differ, failures differ",
    )
    assert session.adjudication.open == len(session.adjudication.lines)


def test_nothing_says_what_anyone_found_before_the_lead_has_looked(start: Start) -> None:
    session = start()
    session.reveal()
    assert not session.adjudication.cards
    assert session.state.screen.message.text.startswith("Look at the item first")
    session.set_tier(Tier.EASY)
    assert not session.adjudication.cards
    session.reveal()
    assert [card.name for card in session.adjudication.cards] == ["Annotator 1", "Annotator 2", "Annotator 3"]
    assert session.state.judgement.draft.exposed == {"verdicts"}


def test_names_are_shown_when_they_are_asked_for(start: Start) -> None:
    session = start()
    look(session)
    session.toggle_names()
    assert {card.name for card in session.adjudication.cards} == {f"Simulated annotator {n}" for n in (1, 2, 3)}
    session.go_by(+1)
    look(session)
    session.toggle_names()
    assert session.adjudication.cards[0].name == "Annotator 1"


def test_cards_mark_field_by_field_what_is_not_everyones(start: Start) -> None:
    session = start()
    look(session)
    cards = session.adjudication.cards
    assert cards[0].differs == {"verdict", "tier", "failures", "gold"}
    assert all(card.gold_marks for card in cards if card.gold)
    assert {"Both wrong", "A right", "B right"} >= {card.verdict for card in cards}
    assert not all(failure.everyones for card in cards for failure in card.failures)


def test_with_the_verdicts_stands_how_far_people_agree_here_and_how_many_pinned_a_failure(start: Start) -> None:
    session = start()
    session.set_tier(Tier.HARD)
    assert (session.adjudication.accord, session.adjudication.pinned) == ("", "")
    session.reveal()
    shown = session.adjudication
    assert shown.accord.startswith("α 0.")
    assert "Agreement on which output is right, " in shown.accord_means
    walk, told = session.state.evidence.walk, []
    for _ in walk:
        told.append(session.adjudication.pinned)
        session.next_difference()
    assert len(walk) > 1
    assert set(told) == {"two of three pinned a failure here"}


def test_a_pin_at_a_difference_lies_on_its_side_and_touches_its_place() -> None:
    box = (0.0, 0.0, 10.0, 10.0)
    difference = Difference("d1", Of.TEXT, Kind.NUMBER, False, Reading("4", box=box), None)
    at = {"here": At(box=(5.0, 5.0, 20.0, 20.0)), "elsewhere": At(box=(11.0, 0.0, 20.0, 10.0))}

    def pinned(side: Side, *places: str) -> Verdict:
        failures = (Failure(side, "value_misread", Severity.MAJOR, tuple(at[place] for place in places)),)
        return replace(given_verdict(), failures=failures)

    here = pinned("old", "elsewhere", "here")
    assert pinned_here(difference, []) == ("", "")
    assert pinned_here(difference, [here]) == ("the annotator pinned a failure here", "1 of 1 pinned here")
    assert pinned_here(difference, [here, here])[0] == "both annotators pinned a failure here"
    # The other side's reading is missing: a failure of that side is pinned to where this one's stands.
    assert (
        pinned_here(difference, [here, here, pinned("new", "here")])[0] == "all three annotators pinned a failure here"
    )
    assert pinned_here(difference, [pinned("old", "elsewhere"), pinned("old")])[0] == "nobody pinned a failure here"
    assert pinned_here(difference, [here, pinned("old")]) == ("one of two pinned a failure here", "1 of 2 pinned here")


def test_gold_answers_on_cards_hide_the_style_that_gives_a_model_away(start: Start) -> None:
    session = start()
    session.show_item(next(line.item_id for line in session.adjudication.lines if "audio" in line.what))
    look(session)
    folded = [card.gold for card in session.adjudication.cards if card.gold]
    assert folded == [text.lower() for text in folded]
    session.change_view(raw_text=True)
    assert len(session.adjudication.cards) == 3
    assert "raw_text" in session.state.judgement.draft.exposed


def test_a_resolution_is_built_from_a_card_edited_and_saved(start: Start, demo: Project) -> None:
    session = start()
    item = item_of(session)
    look(session)
    session.take(1)
    assert session.adjudication.taken == "from annotator 1"
    session.set_tier(Tier.FRONTIER)
    session.edit_note("the unit is missing in one output")
    assert session.adjudication.taken == "from annotator 1, tier changed"
    session.ask_gap()
    assert session.state.screen.ask is not None
    session.answer(len(session.state.screen.ask.options) - 2)
    assert session.adjudication.gap == "How the tiers are told apart"
    session.save()
    found = standing(session, demo, item)
    assert found is not None
    assert (found.resolution.by, found.resolution.tier, found.resolution.gap) == (
        ResolvedBy.LEAD,
        Tier.FRONTIER,
        "tier",
    )
    assert found.resolution.reason == "the unit is missing in one output"
    assert len(found.resolution.verdicts) == 3
    assert found.resolution.gold_from in found.resolution.verdicts
    assert item_of(session) != item
    assert session.adjudication.revealed is False
    assert item not in {line.item_id for line in session.adjudication.lines}


def test_the_verdicts_are_looked_at_before_anything_is_decided(start: Start, demo: Project) -> None:
    session = start()
    item = item_of(session)
    session.set_tier(Tier.HARD)
    for _ in session.state.evidence.walk:
        session.judge(Choice.A)
    session.save()
    assert session.state.screen.message.text == "Look at the verdicts before you decide"
    assert standing(session, demo, item) is None


def test_a_lead_does_not_settle_an_item_on_their_own_verdict(
    start: Start, demo: Project, clock: Callable[[], datetime]
) -> None:
    release, lead = demo.store.latest_release(), demo.store.person("Ada Lead")
    assert release is not None
    assert lead is not None
    item = start().adjudication.lines[0].item_id
    other = demo.store.verdicts(release.id, item)[0].verdict
    save_verdict(demo.store, demo.store.stream(lead.id), replace(other, right=Right.NEITHER, sure=False), clock())
    session = start()
    session.show_item(item)
    look(session)
    session.take(1)
    session.save()
    assert session.state.screen.message.text.startswith("You judged this item yourself")
    assert standing(session, demo, item) is None
    allowed = start(project=replace(demo, settings=replace(demo.settings, settle_own=True)))
    allowed.show_item(item)
    look(allowed)
    allowed.take(1)
    allowed.save()
    assert standing(session, demo, item) is not None


def test_an_annotator_may_look_and_not_decide(start: Start, demo: Project, clock: Callable[[], datetime]) -> None:
    ann = demo.store.add_person("Ann", Role.ANNOTATOR, at=clock())
    session = start("Ann")
    assert not session.adjudication.lines  # that verdicts differ would lead who may still have to judge
    session.show_item(item_of(start()))
    look(session)
    assert not session.adjudication.cards
    assert session.state.screen.message.text == "Judge this item yourself before you see what others said of it"
    release = demo.store.latest_release()
    assert release is not None
    (other, *_) = demo.store.verdicts(release.id, item_of(session))
    save_verdict(demo.store, demo.store.stream(ann.id), other.verdict, clock())
    session.show_item(item_of(session))
    look(session)
    session.take(1)
    assert session.adjudication.blocked == "Only a lead decides; you may look"
    session.save()
    found = standing(session, demo, item_of(session))
    assert found is not None
    assert found.resolution.by is ResolvedBy.CONSENSUS  # of the one verdict; nothing was decided here


def test_an_annotator_sees_what_they_judged_and_how_it_was_settled_only_where_the_project_says_so(
    start: Start, demo: Project, clock: Callable[[], datetime]
) -> None:
    ann = demo.store.add_person("Ann", Role.ANNOTATOR, at=clock())
    release = demo.store.latest_release()
    assert release is not None
    lead = start()
    first, second, third = (line.item_id for line in lead.adjudication.lines[:3])
    for item in (first, second):
        (other, *_) = demo.store.verdicts(release.id, item)
        save_verdict(demo.store, demo.store.stream(ann.id), other.verdict, clock())
    bob = demo.store.add_person("Bob", at=clock())
    otherwise = Right.OLD if other.verdict.right is not Right.OLD else Right.NEW
    save_verdict(demo.store, demo.store.stream(bob.id), replace(other.verdict, right=otherwise), clock())
    for item in (first, third):  # the third is one that a hidden check may bring
        lead.show_item(item)
        look(lead)
        lead.take(1)
        lead.save()
    session = start("Ann")
    assert [line.item_id for line in session.adjudication.lines] == [second]
    session.show_list(Listed.RESOLVED)
    assert not session.adjudication.lines
    for item in (first, third):
        session.show_item(item)
        assert session.adjudication.standing == ""
    settings = replace(demo.settings, onboarding=replace(demo.settings.onboarding, feedback=True))
    write_settings(demo.folder, settings)
    told = start("Ann", replace(demo, settings=settings))
    told.show_list(Listed.RESOLVED)
    assert [line.item_id for line in told.adjudication.lines] == [first]
    told.show_item(third)
    assert told.adjudication.standing == ""


def test_undo_takes_back_a_resolution_also_after_a_restart(start: Start, demo: Project) -> None:
    session = start()
    item = item_of(session)
    look(session)
    session.take(2)
    session.save()
    again = start()
    assert item not in {line.item_id for line in again.adjudication.lines}
    again.undo()
    assert standing(again, demo, item) is None
    assert item_of(again) == item
    assert item in {line.item_id for line in again.adjudication.lines}


def test_what_consensus_settled_is_marked_and_can_be_opened_again(start: Start, demo: Project) -> None:
    session = start()
    session.show_list(Listed.RESOLVED)
    settled = session.adjudication.lines[0]
    assert settled.reason == "Resolved by consensus"
    session.show_item(settled.item_id)
    assert session.adjudication.standing == "Resolved by consensus: shown with the verdicts"  # a lead looks first
    session.set_tier(Tier.EASY)
    session.reveal()
    decided = standing(session, demo, settled.item_id)
    assert decided is not None
    assert session.adjudication.standing.endswith(f", {decided.resolution.tier}")
    session.reopen()
    assert standing(session, demo, settled.item_id) is None
    assert session.adjudication.standing == ""


def test_an_answer_that_nobody_gave_is_the_leads_own_and_goes_into_the_gold_set(
    start: Start, demo: Project, tmp_path: Path
) -> None:
    session = start()
    item = item_of(session)
    look(session)
    session.take(1)
    session.edit_gold("Hb | 13.9")
    session.toggle_whole_checked()
    session.save()
    found = standing(session, demo, item)
    assert found is not None
    assert (found.resolution.gold_from, found.resolution.checked) == (None, Checked.WHOLE)
    published = build_gold(demo, tmp_path, "demo")
    assert (
        '"Hb"' in (published.folder / "records.jsonl").read_text()
        or "Hb | 13.9" in (published.folder / "records.jsonl").read_text()
    )


def test_that_the_whole_item_was_checked_is_the_word_of_who_did_and_holds_for_their_answer(
    start: Start, demo: Project
) -> None:
    session = start()
    look(session)
    whole = [card.whole for card in session.adjudication.cards].index(True) + 1
    session.take(whole)
    assert session.state.judgement.draft.whole_checked is False  # the lead checked nothing
    assert session.adjudication.vouched == f"by annotator {whole}"
    session.toggle_names()
    assert session.adjudication.vouched == f"by {session.adjudication.cards[whole - 1].name}"
    session.edit_gold("Hb | 13.9")
    assert session.adjudication.vouched == ""
    item = item_of(session)
    session.save()
    assert session.state.screen.message.text == (
        f"Resolved {item}; it is no gold record, since nobody checked the whole item for this answer"
    )
    found = standing(session, demo, item)
    assert found is not None
    assert found.resolution.checked is Checked.DIFFERENCES
    session.undo()
    session.take(whole)
    session.save()
    assert session.state.screen.message.text == f"Resolved {item}"
    found = standing(session, demo, item)
    assert found is not None
    assert found.resolution.checked is Checked.WHOLE
    assert demo.store.stored_verdict(found.resolution.gold_from or "").verdict.checked is Checked.WHOLE


def test_an_answer_that_several_left_is_taken_from_who_checked_the_whole_item() -> None:
    verdict = replace(given_verdict(), gold=Gold(Answer(text="same")))
    person = Person("p", "Mia", Role.ANNOTATOR)
    parts, whole = (
        StoredVerdict(
            Event("s", 1, name, EventKind.VERDICT, "", "", {}, "", b""), replace(verdict, checked=checked), person
        )
        for name, checked in (("a", Checked.DIFFERENCES), ("b", Checked.WHOLE))
    )
    found = Hearing("i", [parts, whole]).resolution(replace(verdict, checked=Checked.DIFFERENCES), Draft())
    assert (found.gold_from, found.checked) == ("b", Checked.WHOLE)


def test_work_on_a_resolution_is_kept_while_one_looks_at_another_item(start: Start) -> None:
    session = start()
    item = item_of(session)
    look(session)
    session.take(1)
    session.go_by(+1)
    assert item_of(session) != item
    session.go_by(-1)
    assert item_of(session) == item
    assert session.adjudication.revealed
    assert session.state.judgement.verdict is not None


def test_an_item_whose_outputs_were_erased_keeps_no_lead_from_the_others(
    start: Start, demo: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third, *_ = [line.item_id for line in start().adjudication.lines]
    demo.store.connection.execute("DELETE FROM comparisons WHERE item_id IN (?, ?)", (first, second))
    session = start()
    assert item_of(session) == third == session.adjudication.lines[0].item_id
    assert session.state.screen.message.text == f"item {second} has no pair of outputs in this release"
    demo.store.connection.execute("DELETE FROM comparisons")
    monkeypatch.setattr("labeler.sessions.adjudicate.session.LEFT_OUT_AT_ONCE", 7)  # as many as a window bears at once
    many = start()
    assert many.state.evidence.item is None
    assert len(many.adjudication.lines) == len(session.adjudication.lines) + 2 - 7


def test_what_is_sure_is_settled_part_by_part_while_the_lead_works_on(start: Start, demo: Project) -> None:
    release = demo.store.latest_release()
    assert release is not None
    policy = ConsensusPolicy(Rule.POSTERIOR, 0.51)
    sure = replace(demo, settings=replace(demo.settings, consensus=policy))
    (demo.folder / "project.toml").write_text(
        (demo.folder / "project.toml").read_text() + '\n[consensus]\nrule = "posterior"\nsure = 0.51\n'
    )
    wanted = propose(sure, release.id).decided
    session, later = start(project=sure), list[Callable[[], None]]()
    session.outbox.soon = later.append
    session.settle_sure()
    before = len(demo.store.standing_resolutions(release.id))
    parts = 1
    while later:
        session.go_by(+1)
        later.pop(0)()
        parts += 1
    assert parts == -(-len(wanted) // SETTLED_TOGETHER) > 1
    settled = demo.store.standing_resolutions(release.id)
    assert len(settled) == before + len(wanted) - SETTLED_TOGETHER
    assert wanted.keys() <= settled.keys()
    assert session.state.screen.message.text.startswith(f"{len(wanted):,} items settled by ")
    assert not wanted.keys() & {line.item_id for line in session.adjudication.lines}


def test_no_two_commands_of_the_screen_have_one_key() -> None:
    rebind(COMMANDS, {})


def test_an_unfinished_resolution_is_back_after_the_end_of_the_program(start: Start) -> None:
    session = start()
    item = item_of(session)
    look(session)
    session.take(2)
    session.edit_note("because of the stamp \u202b\u05d0\u202c")
    session.ask_gap()
    session.answer(1)
    wanted = session.state.judgement.draft, session.adjudication.gap, session.adjudication.taken
    assert session.adjudication.gap
    assert session.adjudication.taken.startswith("from annotator 2")
    again = start()  # without a word to the first: the program was killed
    again.show_item(item)
    assert (again.state.judgement.draft, again.adjudication.gap, again.adjudication.taken) == wanted
    assert again.adjudication.revealed
    assert again.state.screen.message.text == "Your unsaved work on this item is back"


def test_undo_of_an_earlier_day_brings_back_the_resolution_as_it_was_made(start: Start, demo: Project) -> None:
    session = start()
    item = item_of(session)
    look(session)
    session.take(1)
    session.edit_note("the third row is missing")
    session.save()
    assert standing(session, demo, item) is not None
    session.close()
    later = start()
    assert item_of(later) != item
    later.undo()
    assert item_of(later) == item
    assert standing(later, demo, item) is None
    assert later.state.judgement.draft.note == "the third row is missing"
    assert later.adjudication.taken == "from annotator 1"
    later.save()
    assert standing(later, demo, item) is not None


def test_a_change_of_the_rubric_puts_what_it_leaves_in_doubt_before_the_lead(start: Start, demo: Project) -> None:
    session = start()
    item = next(line.item_id for line in session.adjudication.lines if "image" in line.what)
    session.show_item(item)
    look(session)
    session.take(1)
    session.save()
    decided = standing(session, demo, item)
    assert decided is not None
    session.refresh()
    assert item not in [line.item_id for line in session.adjudication.lines]
    code = next(failure.code for failure in decided.resolution.failures)
    lead = demo.store.person("Ada Lead")
    assert lead is not None
    draft = RubricDraft.of(demo.rubrics).split(Modality.IMAGE, code, [code, "another_one"])
    publish_rubric(demo, lead, draft.rubrics, draft.changes)
    session.refresh()
    (line,) = [line for line in session.adjudication.lines if line.item_id == item]
    assert "he rubric changed since" in line.reason
    session.show_item(item)
    assert session.adjudication.standing.startswith("Resolved by a lead")
    session.save()
    session.refresh()
    assert item not in [line.item_id for line in session.adjudication.lines]


@pytest.mark.parametrize("verdicts", [0, 3, 12])
def test_items_with_no_verdict_and_with_twelve_are_looked_at_alike(
    start: Start, demo: Project, clock: Callable[[], datetime], verdicts: int
) -> None:
    session = start()
    release = demo.store.latest_release()
    assert release is not None
    judged = demo.store.judged_items(release.id)
    if verdicts:
        item = item_of(session)
        (first, *_) = demo.store.verdicts(release.id, item)
        for n in range(verdicts if verdicts > 3 else 0):
            person = demo.store.add_person(f"Person {n}", at=clock())
            said = replace(first.verdict, note="long note " * 200 if n else "")
            save_verdict(demo.store, demo.store.stream(person.id), said, clock())
    else:
        item = next(one for (one,) in demo.store.connection.execute("SELECT item_id FROM queue") if one not in judged)
    session.show_item(item)
    look(session)
    assert len(session.adjudication.cards) == verdicts
    if not verdicts:
        assert session.state.screen.message.text == "Nobody's verdict on this item stands"
        return
    session.take(verdicts)
    session.save()
    assert standing(session, demo, item) is not None


def test_a_fourth_is_asked_and_the_item_waits_at_the_end_of_the_list(start: Start, demo: Project) -> None:
    session = start()
    first, second, *_ = session.adjudication.lines
    assert session.adjudication.another == "a fourth"
    press = next(command for command in COMMANDS if command.id == "ask_another")
    assert press.when(session)
    press.do(session)
    assert item_of(session) == second.item_id
    assert session.state.screen.message.text.startswith(f"A fourth person will judge {first.item_id}")
    last = session.adjudication.lines[-1]
    assert (last.item_id, last.how_unsure) == (first.item_id, "waits")
    again = start()
    assert again.adjudication.lines[-1].item_id == first.item_id
    release = demo.store.latest_release()
    assert release is not None
    assert first.item_id in demo.store.asked_for_more(release.id)


def test_where_hidden_checks_failed_is_a_list_of_its_own_and_no_annotators(
    start: Start, demo: Project, clock: Callable[[], datetime]
) -> None:
    session = start()
    look(session)
    session.take(1)
    item = item_of(session)
    session.save()
    decided, release = standing(session, demo, item), demo.store.latest_release()
    assert decided is not None
    assert release is not None
    other = Right.BOTH if decided.resolution.right is Right.NEITHER else Right.NEITHER
    for name in ("Bo", "Cleo"):
        person = demo.store.add_person(name, at=clock())
        said = replace(demo.store.verdicts(release.id, item)[0].verdict, right=other)
        save_check(demo.store, demo.store.stream(person.id), said, Check(CheckKind.KNOWN, decided.event.id), clock())
    session.refresh()
    assert session.adjudication.checks == 1
    (line,) = [line for line in session.adjudication.lines if line.item_id == item]
    assert line.reason.startswith("A hidden check failed") or "a hidden check failed" in line.reason
    session.show_list(Listed.CHECKS)
    (line,) = session.adjudication.lines
    assert (line.item_id, line.reason) == (item, "2 of 2 said otherwise")
    session.show_item(item)
    look(session)
    words = "both right" if other is Right.BOTH else "both wrong"
    assert session.adjudication.checked == f"In hidden checks: {words} × 2"
    bo = start("Bo")
    assert bo.adjudication.checks is None
    assert not any("check" in line.reason for line in bo.adjudication.lines)
    bo.show_item(item)
    assert bo.adjudication.checked == ""
