"""An open project takes in what leads change elsewhere: each time here by another connection to the same folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from labeler.domain.items import Modality
from labeler.domain.people import Person, Role
from labeler.domain.rubric_draft import RubricDraft
from labeler.formats.project import FILE_NAME, read_settings
from labeler.steps.keep_up import KeepingUp, News
from labeler.steps.opening import open_project
from labeler.steps.people import give_role
from labeler.steps.project import Project
from labeler.steps.rubric import publish_rubric
from labeler.steps.rules import change_rule

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def elsewhere(texts: Project) -> Iterator[Project]:
    with open_project(texts.folder) as project:
        yield project


@pytest.fixture
def bo(texts: Project) -> Person:
    return texts.store.add_person("Bo", at=NOON, person_id="p-bo")


@pytest.fixture
def here(texts: Project, bo: Person) -> KeepingUp:
    made = KeepingUp(texts, bo)
    assert made.look() is None
    return made


def lead(project: Project) -> Person:
    found = project.store.person("Ada Lead")
    assert found is not None
    return found


def test_a_rule_that_a_lead_gives_elsewhere_holds_here_and_is_told_once(
    texts: Project, elsewhere: Project, here: KeepingUp
) -> None:
    wanted = replace(elsewhere.settings, tier_first=False, overlap=2)
    for rule in ("tier_first", "overlap"):
        change_rule(elsewhere, lead(elsewhere), rule, wanted, NOON)
    assert here.look() == News(rules=frozenset({"tier_first", "overlap"}))
    assert (texts.settings.tier_first, texts.settings.overlap) == (False, 2)
    assert here.look() is None


def test_a_rule_written_into_the_file_by_hand_holds_here_and_in_the_queue(texts: Project, here: KeepingUp) -> None:
    path = texts.folder / FILE_NAME
    path.write_text(path.read_text().replace("overlap = 1", "overlap = 3"))
    assert here.look() == News(rules=frozenset({"overlap"}))
    assert texts.store.overlap == 3


def test_while_the_file_cannot_be_read_the_rules_from_before_hold(texts: Project, here: KeepingUp) -> None:
    path = texts.folder / FILE_NAME
    whole = path.read_text()
    path.write_text(whole.replace("overlap = 1", "overlap = "))
    news = here.look()
    assert news is not None
    assert FILE_NAME in news.problem
    assert texts.settings.overlap == 1
    path.write_text(whole.replace("overlap = 1", "overlap = 2"))
    assert here.look() == News(rules=frozenset({"overlap"}))


def test_a_rule_that_comes_with_a_verdicts_file_holds_here(texts: Project, elsewhere: Project, here: KeepingUp) -> None:
    """As another program brings it that ends before it wrote `project.toml`."""
    with elsewhere.store.atomic():
        change_rule(
            elsewhere, lead(elsewhere), "assignment.hold_minutes",
            replace(elsewhere.settings, assignment=replace(elsewhere.settings.assignment, hold_minutes=7)), NOON,
        )  # fmt: skip
        elsewhere.store.take_rules(())
    path = texts.folder / FILE_NAME
    path.write_text(path.read_text().replace("hold_minutes = 7", "hold_minutes = 30"))
    news = here.look()
    assert news == News(rules=frozenset({"assignment.hold_minutes"}))
    assert read_settings(texts.folder).assignment.hold_minutes == 7


def test_rubric_role_and_people_are_told(texts: Project, elsewhere: Project, here: KeepingUp, bo: Person) -> None:
    draft = RubricDraft.of(elsewhere.rubrics)
    code = draft.rubrics[Modality.TEXT].failures[0].code
    draft = draft.edited(Modality.TEXT, code, label="Called otherwise")
    publish_rubric(elsewhere, lead(elsewhere), draft.rubrics, draft.changes, now=lambda: NOON)
    assert here.look() == News(rubric="2")
    elsewhere.store.add_person("Cy", at=NOON)
    assert here.look() == News(people=True)
    give_role(elsewhere, lead(elsewhere), bo, Role.AUDITOR, now=lambda: NOON + timedelta(days=1))
    assert here.look() == News(role=Role.AUDITOR, people=True)
    assert here.look() is None
