"""Two laptops hand each other their verdicts in the window."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from labeler.domain.people import Role
from labeler.sessions.project.people import PeopleSession
from labeler.steps.opening import open_project
from labeler.steps.project import Project
from tests.sessions.test_hidden_checks import judge, release_of, session_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def laptop(texts: Project, tmp_path: Path) -> Iterator[Project]:
    """Bo's copy, in which Bo has judged two items."""
    bo = texts.store.add_person("Bo", at=NOON, person_id="p-bo")
    shutil.copytree(texts.folder, tmp_path / "laptop")
    with open_project(tmp_path / "laptop") as project:
        review = session_of(project, bo)
        judge(review)
        judge(review)
        review.close()
        yield project


def people(project: Project, name: str) -> PeopleSession:
    person = project.store.person(name)
    assert person is not None
    return PeopleSession(project, person, lambda: NOON)


def test_verdicts_go_from_one_window_to_another_once(texts: Project, laptop: Project, tmp_path: Path) -> None:
    bos = people(laptop, "Bo")
    file = tmp_path / "bo.jsonl"
    bos.hand_over(file)
    events = laptop.store.event_count()
    assert bos.state.message == (
        f"bo.jsonl holds all {events:,} events of this copy, not signed: this machine has no keyring that a key could "
        "be kept in (labeler doctor says more)"
    )
    leads = people(texts, "Ada Lead")
    before = texts.store.event_count()
    leads.take_in(file)
    new = events - before
    assert leads.state.message.startswith(f"bo.jsonl: {new:,} events are new here, {before:,} were here already")
    assert len(list(texts.store.judged_items(release_of(texts)))) == 2
    assert next(line.verdicts for line in leads.state.lines if line.name == "Bo") == 2
    leads.take_in(file)
    assert leads.state.message == f"bo.jsonl: 0 events are new here, {events:,} were here already"


def test_what_is_no_file_of_verdicts_is_said_and_nothing_changes(texts: Project, tmp_path: Path) -> None:
    leads = people(texts, "Ada Lead")
    before = texts.store.event_count()
    (tmp_path / "notes.jsonl").write_text("these are no verdicts\n")
    leads.take_in(tmp_path / "notes.jsonl")
    assert (leads.state.serious, texts.store.event_count()) == (True, before)
    assert "1 left out" in leads.state.message
    leads.take_in(tmp_path / "gone.jsonl")
    assert leads.state.serious
    assert "gone.jsonl" in leads.state.message
    leads.hand_over(tmp_path / "no such folder" / "v.jsonl")
    assert leads.state.serious


def test_an_auditor_takes_in_what_others_said_and_settles_nothing(
    texts: Project, laptop: Project, tmp_path: Path
) -> None:
    people(laptop, "Bo").hand_over(tmp_path / "bo.jsonl")
    eve = texts.store.add_person("Eve", Role.AUDITOR, at=NOON)
    stream = texts.store.stream(eve.id)
    before = len(list(texts.store.events(stream)))
    session = people(texts, "Eve")
    session.take_in(tmp_path / "bo.jsonl")
    assert not session.state.serious
    assert len(list(texts.store.judged_items(release_of(texts)))) == 2
    assert len(list(texts.store.events(stream))) == before
