"""Rules that a lead changes while people work, here and on other laptops."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from labeler.domain.assignment import rule_body
from labeler.domain.events import EventKind
from labeler.domain.people import Person, Role
from labeler.errors import LabelerError
from labeler.formats.project import read_settings, write_settings
from labeler.steps.exchange import export_verdicts, import_verdicts
from labeler.steps.opening import open_project
from labeler.steps.project import Project
from labeler.steps.rules import change_rule, settle_again, take_rules, to_settle_again
from tests.steps.judged_project import RELEASE, JudgedProject

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def judged(tmp_path: Path) -> JudgedProject:
    return JudgedProject(tmp_path / "p", 3)


def lead_of(project: Project) -> Person:
    return project.store.person("Ada") or project.store.add_person("Ada", Role.LEAD, at=AT, person_id="p-ada")


def put(project: Project, overlap: int, at: datetime = AT) -> None:
    change_rule(project, lead_of(project), "overlap", replace(project.settings, overlap=overlap), at)


def test_another_number_of_people_settles_what_has_enough_verdicts_and_opens_what_has_too_few(
    judged: JudgedProject,
) -> None:
    project, item = judged.project, judged.items[0].id
    put(project, 2)
    judged.judge(item, who="bo")
    assert project.store.resolution(RELEASE.id, item) is None
    put(project, 1, AT + timedelta(minutes=1))
    assert list(to_settle_again(project)) == [item]
    assert settle_again(project, lead_of(project), to_settle_again(project), AT) == 1
    assert project.store.resolution(RELEASE.id, item) is not None
    put(project, 2, AT + timedelta(minutes=2))
    assert settle_again(project, lead_of(project), to_settle_again(project), AT) == 1
    assert project.store.resolution(RELEASE.id, item) is None
    assert not to_settle_again(project)


def test_a_rule_travels_with_the_verdicts_and_a_later_hand_keeps_its_word(
    judged: JudgedProject, tmp_path: Path
) -> None:
    project, file = judged.project, tmp_path / "v.jsonl"
    lead_of(project)
    project.close()
    copytree(project.folder, tmp_path / "other")
    with open_project(project.folder) as here:
        put(here, 3)
        export_verdicts(here.store, file)
    with open_project(tmp_path / "other") as other:
        import_verdicts(other.store, file)
        assert (take_rules(other), other.settings.overlap, read_settings(other.folder).overlap) == (1, 3, 3)
        write_settings(other.folder, replace(other.settings, overlap=2))
    with open_project(tmp_path / "other") as other:
        import_verdicts(other.store, file)
        assert (take_rules(other), other.settings.overlap) == (0, 2)
        body = rule_body("seed", 7)
        other.store.append(other.store.stream("p-ada"), EventKind.RULE, body, AT + timedelta(days=1))
        take_rules(other)
        assert other.settings.seed == read_settings(project.folder).seed


def test_only_a_lead_changes_a_rule_and_an_annotators_word_on_it_counts_for_nothing(judged: JudgedProject) -> None:
    project, bo = judged.project, judged.person("bo")
    with pytest.raises(LabelerError, match="no lead"):
        change_rule(project, bo, "overlap", replace(project.settings, overlap=4), AT)
    with pytest.raises(LabelerError, match="only a lead"):
        project.store.append(project.store.stream(bo.id), EventKind.RULE, rule_body("overlap", 4), AT)
