"""How far people agree, walked by keys: question, cut, line, confusion, item."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from labeler.domain.agreement.answers import Question
from labeler.domain.agreement.groups import Grouping, monday
from labeler.domain.people import Person, Role
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Right
from labeler.sessions.project import agreement
from labeler.sessions.project.agreement import REFUSED, AgreementSession
from tests.steps.judged_project import JudgedProject


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[JudgedProject]:
    """Twelve items; bob differs from ann on two, on one of them in the tier as well; cy judged the charts alone."""
    made = JudgedProject(tmp_path / "p", items=12)
    made.project.store.set_overlap(3)
    for n in range(12):
        item, right = f"i-{n:02d}", Right.NEW if n % 2 else Right.OLD
        made.judge(item, right, who="ann")
        if n == 4:
            made.judge(item, Right.BOTH, who="bob", tier=Tier.HARD)
        elif n == 7:
            made.judge(item, Right.OLD, who="bob")
        else:
            made.judge(item, right, who="bob")
        if n % 3 == 0:
            made.judge(item, right, who="cy")
    with made.project:
        yield made


@pytest.fixture
def session(judged: JudgedProject) -> AgreementSession:
    lead = judged.project.store.add_person("Ada", Role.LEAD, at=judged.clock())
    made = AgreementSession(judged.project, lead)
    made.refresh()
    return made


def test_a_figure_leads_to_what_drives_it_and_on_to_the_item(session: AgreementSession) -> None:
    assert [line.name for line in session.state.lines] == [
        "Which output is right",
        "Tier",
        "Failures",
        "Gold answer",
        "Pins",
    ]
    line = session.state.lines[0]
    assert (line.name, line.items) == ("Which output is right", 12)
    assert line.alpha is not None
    assert line.low is not None
    assert line.low < line.alpha < 1
    assert list(session.state.items) == ["i-04", "i-07"]
    assert list(session.state.drivers) == [
        ("The old one right", "against both right", 1),
        ("The old one right", "against the new one right", 1),
    ]
    session.next_driver()
    session.next_driver()
    assert list(session.state.items) == ["i-07"]
    shown: list[str] = []
    session.show_item = shown.append
    session.open()
    assert shown == ["i-07"]
    session.dismiss()
    session.next_item(+1)
    session.open()
    assert shown == ["i-07", "i-07"]
    session.next_driver()
    session.next_driver()
    session.next_driver()
    assert session.state.driver == -1


def test_each_question_has_its_own_items(session: AgreementSession) -> None:
    found = {}
    for question in Question:
        session.ask(question)
        found[question] = session.state.items
    assert found[Question.TIER] == ("i-04",)
    assert found[Question.FAILURES] == ("i-07",)
    assert found[Question.GOLD] == found[Question.PINS] == ()
    assert session.state.lines[-1].words.startswith("nobody overlaps")  # nothing was pinned


def test_slices_pairs_and_weeks_cut_the_same_verdicts(session: AgreementSession) -> None:
    session.move(+1)
    assert session.state.question is Question.TIER
    session.ask(Question.RIGHT)
    session.cut(Grouping.SLICES)
    assert {line.name for line in session.state.lines} == {"modality = image", "kind = table"}
    alphas = [line.alpha for line in session.state.lines]
    assert alphas == sorted(alphas, key=lambda a: 1.0 if a is None else a)
    session.cut(Grouping.PAIRS)
    assert [line.name for line in session.state.lines] == ["ann – bob"]  # four items with cy are too few
    session.cut(Grouping.WEEKS)
    assert [(line.name, line.items) for line in session.state.lines] == [("week of 2026-08-31", 12)]
    assert monday("2026-09-06T23:00:00Z") == "2026-08-31"


def test_an_annotator_does_not_learn_how_others_judged(judged: JudgedProject) -> None:
    session = AgreementSession(judged.project, judged.person("ann"))
    session.refresh()
    assert (session.state.refused, session.state.lines, session.state.items) == (REFUSED, (), ())
    eve: Person = judged.project.store.add_person("Eve", Role.AUDITOR, at=judged.clock())
    auditor = AgreementSession(judged.project, eve)
    auditor.refresh()
    assert auditor.state.lines


def test_new_verdicts_are_counted_when_one_comes_back(judged: JudgedProject, session: AgreementSession) -> None:
    judged.judge("i-00", Right.BOTH, who="bob")
    session.refresh()
    assert session.state.items == ("i-00", "i-04", "i-07")


class OneByOne:
    """In place of the window's threads: work waits until it is let on, and a later one in its slot replaces it."""

    def __init__(self) -> None:
        self.waiting: dict[str, Callable[[], None]] = {}

    def __call__(
        self,
        slot: str,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None],  # noqa: ARG002
    ) -> None:
        self.waiting[slot] = lambda: done(work())

    def step(self, slot: str = "agreement") -> None:
        self.waiting.pop(slot)()


def test_a_figure_is_shown_as_soon_as_it_is_counted_and_the_rest_says_that_it_comes(judged: JudgedProject) -> None:
    lead = judged.project.store.add_person("Ada", Role.LEAD, at=judged.clock())
    session, beside = AgreementSession(judged.project, lead), OneByOne()
    session.beside = beside
    session.refresh()
    beside.step("agreement read")
    assert [line.words for line in session.state.lines] == ["counting…"] * 5
    session.move(+3)  # to one that is not counted yet: nothing is said of it
    assert (session.state.question, session.state.items) == (Question.GOLD, ())
    session.move(-3)
    beside.step()
    assert [line.words == "counting…" for line in session.state.lines] == [False, True, True, True, True]
    assert session.state.items == ("i-04", "i-07")
    session.choose_item(1)
    for _ in range(4):
        assert session.state.busy == "Counting"
        beside.step()
        assert (session.state.chosen, session.state.item) == (0, 1)
    assert session.state.lines[1].alpha is not None
    beside.step()
    assert session.state.busy == ""
    assert not beside.waiting


def test_groups_fill_in_worst_first_and_the_chosen_one_stays(
    judged: JudgedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreement, "SO_MANY_ITEMS", 1)
    lead = judged.project.store.add_person("Ada", Role.LEAD, at=judged.clock())
    session = AgreementSession(judged.project, lead)
    session.refresh()
    session.beside = beside = OneByOne()
    session.cut(Grouping.SLICES)
    beside.step()
    assert ([line.name for line in session.state.lines], session.state.left) == (["kind = table"], 1)
    session.choose(0)
    beside.step()
    assert [line.name for line in session.state.lines] == ["kind = table", "modality = image"]
    assert session.state.lines[session.state.chosen].name == "kind = table"
    session.cut(Grouping.PAIRS)  # what was asked before is not waited for
    beside.step()
    assert [line.name for line in session.state.lines] == ["ann – bob"]
    session.cut(Grouping.SLICES)
    beside.step()
    beside.step()
    beside.step()
    assert (session.state.left, session.state.busy, len(session.state.lines)) == (0, "", 2)
