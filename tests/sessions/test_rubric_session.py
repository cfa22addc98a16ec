"""The rubric editor and the people, as their keys do it."""

from __future__ import annotations

import pytest

from labeler.domain.items import Modality
from labeler.domain.people import Person, Role
from labeler.domain.rubric import Tier
from labeler.sessions.project.people import PeopleSession
from labeler.sessions.project.rubric import RubricSession
from labeler.sessions.review.draft import Draft, Pin
from labeler.sessions.review.drafts import DraftFolder
from labeler.sessions.review.session import ReviewSession
from labeler.steps.opening import open_project
from labeler.steps.project import Project
from tests.steps.judged_project import RELEASE, JudgedProject

IMAGE = Modality.IMAGE


@pytest.fixture
def session(judged: JudgedProject, lead: Person) -> RubricSession:
    made = RubricSession(judged.project, lead, judged.clock)
    made.choose_modality(IMAGE)
    return made


def choose(session: RubricSession, code: str) -> None:
    session.choose([line.code for line in session.state.lines].index(code))


def test_a_split_leads_from_the_list_to_the_items_it_leaves_in_doubt(
    judged: JudgedProject, session: RubricSession
) -> None:
    judged.judge("i-01")
    choose(session, "text_misread")
    session.ask_split()
    assert session.state.ask is not None
    session.answer(1)
    assert session.state.changes == ("image: “Text misread” was split into “Text misread” and “Text misread 2”",)
    session.choose(session.state.chosen + 1)
    session.edit("label", "Word misread")
    session.rename("word_misread")
    assert session.state.form is not None
    assert session.state.form.code == "word_misread"
    shown: list[str] = []
    session.show_item = shown.append
    session.publish()
    assert session.state.message.startswith("Version 2 is in force")
    assert [line.item_id for line in session.state.again] == ["i-01"]
    session.open_again()
    assert shown == ["i-01"]


def test_unfinished_changes_survive_the_end_of_the_program(
    judged: JudgedProject, lead: Person, session: RubricSession
) -> None:
    choose(session, "text_misread")
    session.edit("definition", "half a sen")
    session.ask_merge()
    session.answer(1)
    wanted = session.state.lines, session.state.changes
    again = RubricSession(judged.project, lead, judged.clock)
    again.choose_modality(IMAGE)
    assert (again.state.lines, again.state.changes) == wanted
    assert again.state.message == "Your unfinished changes of the rubric are back"
    again.discard()
    assert not again.state.touched
    assert not RubricSession(judged.project, lead, judged.clock).state.touched


def test_every_code_can_be_merged_into_with_a_digit(session: RubricSession) -> None:
    choose(session, "no_answer")
    reached = set()
    session.ask_merge()
    for _ in range(2):
        assert session.state.ask is not None
        *codes, other = session.state.ask.options
        assert other == "Other codes"
        reached |= set(codes)
        session.answer(len(codes) + 1)
    assert len(reached) == sum(bool(line.severity) for line in session.state.lines) - 1
    session.answer(1)
    assert session.state.changes == ("image: “No answer” and “Value misread” are one: “Value misread”",)


def test_typing_is_one_step_of_undo(session: RubricSession) -> None:
    before = session.state.lines
    for text in ("V", "Va", "Val"):
        session.edit("label", text)
    session.toggle_severity()
    session.undo()
    assert session.state.lines[0].label == "Val"
    session.undo()
    assert session.state.lines == before
    assert not session.state.touched


def test_what_cannot_be_worked_with_is_not_put_in_force(session: RubricSession) -> None:
    session.add()
    assert "the definition is missing" in session.state.lacking
    session.publish()
    assert session.state.serious
    assert session.state.version == "1"
    session.edit("key", "z")
    assert session.state.lacking == "image, new_code_1: Z is a key of the Review screen"
    session.rename("Text Misread")
    assert session.state.message == "Still called new_code_1: 'Text Misread' is no code: small letters, digits and '_'"


def test_what_a_draft_changes_is_listed_before_it_is_in_force_and_each_version_afterwards(
    session: RubricSession,
) -> None:
    choose(session, "text_misread")
    session.edit("key", "")
    session.edit("example", "another one")
    session.rename("misread")
    session.place(-1)
    session.add()
    session.choose_modality(Modality.AUDIO)
    listed = session.state.changes
    assert listed == (
        "image: text_misread is now called misread",
        "image: another example, key of “Text misread”",
        "image: “New code 1” is new",
        "image: codes stand in another order",
    )
    session.undo()
    session.publish()
    assert session.state.message.startswith("Version 2 is in force")
    session.choose_modality(IMAGE)
    choose(session, "misread")
    session.edit("label", "Misread")
    session.publish()
    said = [(line.version, line.changes) for line in session.state.versions]
    assert said == [("3", ()), ("2", listed[:1]), ("1", ())]


def test_a_flaw_of_another_modality_keeps_a_version_from_being_offered(session: RubricSession) -> None:
    choose(session, "text_misread")
    session.edit("key", "Z")
    session.choose_modality(Modality.AUDIO)
    assert session.state.lacking == "image, text_misread: Z is a key of the Review screen"


def test_two_leads_change_the_rubric_at_once_and_nothing_of_either_is_lost(
    judged: JudgedProject, lead: Person, session: RubricSession
) -> None:
    judged.judge("i-01")
    with open_project(judged.project.folder) as other:
        eve = other.store.add_person("Eve", Role.LEAD, at=judged.clock())
        hers = RubricSession(other, eve, judged.clock)
        hers.choose_modality(IMAGE)
        choose(hers, "text_misread")
        hers.rename("misread")
        choose(session, "text_misread")
        session.edit("definition", "half a sen")
        hers.publish()
        session.publish()
        assert session.state.message == "Version 2 came from another lead: your changes now stand on it"
        assert session.state.version == "2"
        assert session.state.form is not None
        assert (session.state.form.code, dict(session.state.form.texts)["definition"]) == ("misread", "half a sen")
        session.publish()
        assert session.state.message.startswith("Version 3 is in force")
        assert other.rubrics[IMAGE].failure("misread") == judged.project.rubrics[IMAGE].failure("misread")


def test_the_example_steps_through_places_where_people_pinned_the_code(
    judged: JudgedProject, session: RubricSession
) -> None:
    choose(session, "text_misread")
    session.next_crop()
    assert session.state.message == "Nobody has pinned this failure to a place yet"
    assert session.state.form is not None
    assert session.state.form.crop is None


def test_others_than_leads_may_look_and_nothing_else(judged: JudgedProject, lead: Person) -> None:
    for name, role in (("Bob", Role.ANNOTATOR), ("Eve", Role.AUDITOR)):
        person = judged.project.store.add_person(name, role, at=judged.clock())
        session = RubricSession(judged.project, person, judged.clock)
        session.edit("label", "mine")
        assert session.state.message == session.state.read_only == "Only a lead changes the rubric; you may look at it"
        assert not session.state.touched
        people = PeopleSession(judged.project, person, judged.clock)
        people.ask_role()
        people.answer(2)
        assert "no lead" in people.state.message
        people.let_in(f"Friend of {name}")
        assert ("changes nothing" in people.state.message) is (role is Role.AUDITOR)


def test_a_lead_gives_roles_but_is_never_the_last_one_to_go(judged: JudgedProject, lead: Person) -> None:
    people = PeopleSession(judged.project, lead, judged.clock)
    wanted: list[str] = []
    people.work_as = wanted.append
    people.let_in("Bob")
    people.ask_role()
    people.answer(3)
    assert people.line is not None
    assert (people.line.name, people.line.role, people.line.by) == ("Bob", "auditor", "given by Ada")
    people.switch()
    assert wanted == [people.line.id]
    people.choose([line.name for line in people.state.lines].index("Ada"))
    people.ask_role()
    people.answer(1)
    assert people.state.message == "Ada is the only lead"
    people.let_in("Bob")
    assert people.state.serious


def test_a_second_window_works_by_the_version_that_the_first_put_in_force(
    judged: JudgedProject, session: RubricSession
) -> None:
    with open_project(judged.project.folder) as other:
        choose(session, "text_misread")
        session.rename("misread")
        session.publish()
        assert other.rubrics[IMAGE].version == "2"
        judged.judge("i-00")
        (stored,) = other.store.verdicts(RELEASE.id, "i-00")
        assert [failure.code for failure in stored.verdict.failures] == ["misread"]


def test_an_unsaved_verdict_is_in_the_codes_of_today_when_it_is_back(
    judged: JudgedProject, lead: Person, session: RubricSession
) -> None:
    history = judged.project.store
    folder = DraftFolder(judged.project.folder / "drafts" / "x", RELEASE.id)
    folder.keep("i-00", None, Draft(added=frozenset({Pin("A", "text_misread")}), note="as typed"), "1")
    choose(session, "text_misread")
    session.rename("misread")
    session.publish()
    found = folder.load("i-00", None, lambda v, code: history.rubric_history.follow(IMAGE, v, code).code)
    assert found == Draft(added=frozenset({Pin("A", "misread")}), note="as typed")


def test_an_auditor_looks_at_an_item_and_saves_nothing(judged: JudgedProject, texts: Project) -> None:
    eve = texts.store.add_person("Eve", Role.AUDITOR, at=judged.clock())
    review = ReviewSession(texts, eve, judged.clock, lambda: 0.0)
    assert review.state.place.person == "Eve · auditor, changes nothing"
    before = texts.store.event_count()
    review.set_tier(Tier.EASY)
    refused = "Not saved: an auditor looks at everything and changes nothing"
    review.save()
    assert review.state.screen.message.text == refused
    review.ask_skip()
    review.answer(1)
    assert review.state.screen.message.text == refused
    assert texts.store.event_count() == before


def test_an_annotator_does_not_learn_from_the_rubric_or_the_people_what_others_found(
    judged: JudgedProject, session: RubricSession
) -> None:
    judged.judge("i-01")
    choose(session, "text_misread")
    session.ask_split()
    session.answer(1)
    session.publish()
    assert session.state.again
    bob = judged.person("bob")
    blind = RubricSession(judged.project, bob, judged.clock)
    blind.refresh()
    assert (blind.state.again, blind.state.version) == ((), "2")
    people = PeopleSession(judged.project, bob, judged.clock)
    assert {line.name: line.verdicts for line in people.state.lines} == {"Ada": None, "lea": None, "bob": 0}
