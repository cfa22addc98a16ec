"""The Assignment tab without a window: a lead changes rules and gives items to people, by what is typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from labeler.domain.assignment import Order, Route, Term
from labeler.domain.people import Person, Role
from labeler.formats.project import read_settings
from labeler.sessions.project.assignment import AssignmentSession
from labeler.sessions.project.assignment_commands import COMMANDS
from labeler.sessions.project.assignment_state import Pane
from labeler.sessions.project.rules import RULES
from labeler.steps.opening import open_project
from labeler.steps.people import give_role
from labeler.steps.project import Project
from labeler.steps.rounds import rounds, terms
from tests.sessions.test_hidden_checks import judge, lead_of, release_of, session_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def bo(texts: Project) -> Person:
    return texts.store.add_person("Bo", at=NOON, person_id="p-bo")


@pytest.fixture
def lead(texts: Project, bo: Person) -> AssignmentSession:
    assert bo.id
    return opened(texts, lead_of(texts))


def opened(project: Project, person: Person) -> AssignmentSession:
    made = AssignmentSession(project, person, lambda: NOON + timedelta(days=1))
    made.refresh()
    return made


def press(session: AssignmentSession, *keys: str) -> None:
    for key in keys:
        for command in COMMANDS:
            if command.key == key and command.when(session):
                command.do(session)
                break


def go_to_rule(session: AssignmentSession, where: str) -> None:
    session.choose_rule([line.where for line in session.state.rules].index(where))


def put(session: AssignmentSession, where: str, text: str) -> None:
    go_to_rule(session, where)
    press(session, "Enter")
    session.type(0, text)
    session.save()


def test_a_rule_that_is_typed_holds_at_once_in_the_file_and_in_the_queue(texts: Project, bo: Person) -> None:
    judge(session_of(texts, bo))
    release = release_of(texts)
    session = opened(texts, lead_of(texts))
    before = texts.store.verdicts_left(release)
    put(session, "overlap", "2")
    assert (session.state.form, read_settings(texts.folder).overlap, texts.settings.overlap) == (None, 2, 2)
    assert texts.store.verdicts_left(release) > before


def test_what_a_rule_cannot_be_is_said_and_what_was_typed_stays(lead: AssignmentSession, texts: Project) -> None:
    for where, text, said in (
        ("overlap", "0", "from 1"),
        ("assignment.shared", "120", "0 to 100"),
        ("consensus.sure", "40", "above 50"),
        ("assignment.routes", "kind=table: Nobody", "Nobody is not"),
        ("assignment.routes", "colour=red: Bo", "colour=red is none"),
        ("assignment.routes", "Bo", "a colon"),
    ):
        put(lead, where, text)
        form = lead.state.form
        assert form is not None, (where, text)
        assert said in form.problem
        assert form.texts == (text,)
        lead.dismiss()
        press(lead, "Enter")
        assert lead.state.form is not None
        assert lead.state.form.texts == (text,)
        lead.dismiss()
    again = opened(texts, lead_of(texts))
    go_to_rule(again, "overlap")
    again.change()
    assert again.state.form is not None
    assert again.state.form.texts == ("0",)
    assert texts.settings.overlap == 1


def test_every_rule_reads_what_it_types_and_chooses_by_digits(lead: AssignmentSession, texts: Project) -> None:
    for rules in RULES.values():
        for rule in rules:
            value = rule.value(texts.settings)
            if rule.kind.options:
                go_to_rule(lead, rule.where)
                lead.change()
                assert lead.asking
                lead.answer(1)
                assert rule.value(texts.settings) == rule.kind.options[0][0]
            else:
                assert rule.kind.read(rule.kind.typed(value)) == value
    assert texts.settings.assignment.order is Order.SAME


def test_routes_are_typed_as_they_are_said(lead: AssignmentSession, texts: Project) -> None:
    release = release_of(texts)
    left = texts.store.left_by_slice(release, 12)[0]
    key, value = left.key, left.value
    put(lead, "assignment.routes", f"{key}={value}: Bo, Ada Lead")
    assert texts.settings.assignment.routes == (Route((key, value), ("Bo", "Ada Lead")),), lead.state.form


def test_items_terms_and_rounds_are_given_to_people(lead: AssignmentSession, texts: Project, bo: Person) -> None:
    press(lead, "Right")
    assert lead.line is not None
    assert lead.line.person == bo.id
    press(lead, "V")
    lead.type(0, "2")
    press(lead, "Ctrl+Enter")
    assert lead.line.reserved == 2
    press(lead, "D")
    lead.type(0, "2026-03-09")
    lead.type(1, "30")
    lead.save()
    assert terms(texts)[bo.id] == Term("2026-03-09", 30)
    press(lead, "B")
    assert lead.line.reserved == 0
    press(lead, "C")
    for field, text in enumerate(("first", "2", "3", "Bo, Ada Lead")):
        lead.type(field, text)
    lead.save()
    assert lead.state.form is None or lead.state.form.problem == ""
    assert [one.name for one in rounds(texts)] == ["first"]
    assert lead.state.work[-1].title == "Round first"


def test_who_is_no_lead_sees_the_rules_and_changes_nothing(texts: Project, bo: Person) -> None:
    auditor = give_role(texts, lead_of(texts), texts.store.add_person("Olga", at=NOON), Role.AUDITOR)
    assert "check" not in repr(opened(texts, bo).state.rules).lower()
    assert [line.title for line in opened(texts, bo).state.work] == ["Bo"]
    for person in (bo, auditor):
        session = opened(texts, person)
        session.change()
        session.go_to(Pane.PEOPLE)
        for key in ("V", "D", "C", "B"):
            press(session, key)
        assert session.state.form is None
        assert texts.settings == replace(read_settings(texts.folder))
    with open_project(texts.folder, read_only=True) as project:
        assert project.settings.overlap == 1


def test_home_and_end_go_to_the_ends_of_the_list_in_hand(lead: AssignmentSession) -> None:
    press(lead, "End")
    assert lead.state.rule == len(lead.state.rules) - 1
    press(lead, "Home")
    assert lead.state.rule == 0
    press(lead, "Right", "End")
    assert lead.state.chosen == len(lead.state.work) - 1
