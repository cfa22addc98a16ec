"""Three simulated annotators and a careless one judge the demo, and a lead settles what they dispute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile

import pytest

from labeler.domain.simulation.adjudicating import by_votes, rehearse
from labeler.domain.simulation.annotators import ANNOTATORS, CARELESS
from labeler.domain.simulation.judging import Task
from labeler.domain.verdicts import Resolution, ResolvedBy
from labeler.shipped import DEMO_PROJECT
from labeler.steps.adjudicate import resolve
from labeler.steps.agreement import measure_agreement
from labeler.steps.bring.release import Files, bring
from labeler.steps.docket import docket_of
from labeler.steps.opening import create_project
from labeler.steps.project import Project, person_called
from labeler.steps.quality import measure_quality
from labeler.steps.simulate import simulate, tasks_of
from tests.whole_verdicts import judged_items

START = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, list[Task]]]:
    """A project of the demo's files that four simulated annotators have judged, and what is true of each item."""
    folder: Path = tmp_path_factory.mktemp("rehearsal")
    for name in ("project.toml", "rubric.toml"):
        copyfile(DEMO_PROJECT / name, folder / name)
    with create_project(folder, now=lambda: START) as project:
        project.store.connection.execute("PRAGMA synchronous = OFF")
        given = (DEMO_PROJECT / f"{name}.jsonl" for name in ("items", "outputs-old", "outputs-new"))
        bring(project, Files(*given), person_called(project, "Lea", now=lambda: START), now=lambda: START)
        release = project.store.latest_release()
        assert release is not None
        tasks = tasks_of(project, release, 1.0)
        simulate(project, start=START, share=1.0, annotators=(*ANNOTATORS, CARELESS))
        yield project, tasks


def test_the_careless_one_is_found_and_no_careful_one_blamed(judged: tuple[Project, list[Task]]) -> None:
    project, _ = judged
    found = {one.person: one.findings for one in measure_agreement(project, resamples=30).annotators}
    assert len(found[CARELESS.id]) >= 2
    assert found[ANNOTATORS[0].id] == found[ANNOTATORS[1].id] == ()


def test_agreement_and_haste_together_name_the_careless_one_alone(judged: tuple[Project, list[Task]]) -> None:
    project, _ = judged
    quality = measure_quality(project, resamples=10)
    assert [one.person.id for one in quality.people if one.care is not None and one.care.warning] == [CARELESS.id]
    assert quality.power is None  # nobody was checked


def test_truly_disputed_items_come_first_and_the_resolved_set_beats_the_majority(
    judged: tuple[Project, list[Task]],
) -> None:
    project, tasks = judged
    release, lead = project.store.latest_release(), project.store.person("Lea")
    assert release is not None
    assert lead is not None
    said = {one.item_id: one.verdicts for one in judged_items(project, release)}
    truth = {task.item.id: task.truth.right for task in tasks}
    rehearsed = rehearse(said, truth, turns=100)
    assert rehearsed.in_order is not None
    assert rehearsed.at_random is not None
    assert rehearsed.in_order < rehearsed.at_random
    votes = by_votes(said, 1)
    for n, line in enumerate(docket_of(project, release.id).open[:30]):
        stored = project.store.verdicts(release.id, line.item_id)
        first = stored[0].verdict
        decided = Resolution(
            item_id=line.item_id,
            release=release.id,
            right=truth[line.item_id],
            tier=first.tier,
            failures=(),
            verdicts=tuple(one.event.id for one in stored),
            by=ResolvedBy.LEAD,
            gold_from=None,
            checked=first.checked,
            outputs=first.outputs,
            rubric=first.rubric,
        )
        resolve(project.store, lead, decided, START + timedelta(days=2, seconds=n))
    resolved = {stored.resolution.item_id: stored.resolution.right for stored in project.store.resolutions(release.id)}
    wrong = sum(resolved.get(item, votes[item]) is not truth[item] for item in truth)
    assert wrong < sum(votes[item] is not truth[item] for item in truth)
