"""The demo judged in Review by simulated annotators, with hidden checks: what is then found of each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfile

from labeler.domain.checks import CheckSettings
from labeler.domain.people import Role
from labeler.domain.simulation.annotators import SimulatedAnnotator
from labeler.domain.simulation.chance import digest
from labeler.domain.simulation.judging import Task
from labeler.domain.simulation.tiers import tier_by_slices
from labeler.domain.verdicts import Checked, Resolution, ResolvedBy
from labeler.sessions.simulated_annotator import RehearsingSession
from labeler.shipped import DEMO_PROJECT
from labeler.steps.adjudicate import resolve
from labeler.steps.bring.release import Files, bring
from labeler.steps.opening import create_project
from labeler.steps.quality import Quality, measure_quality
from labeler.steps.simulate import tasks_of

CHECKS = CheckSettings(rate=0.25, repeats=0.4, repeat_after=10, empty=0.1, wrong=0.3)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the annotators did: how many items each met, checks among them."""

    met: dict[str, int]


def judged_demo(
    folder: Path,
    seed: int,
    start: datetime,
    annotators: Sequence[SimulatedAnnotator],
    settled: int = 36,
    most: int = 100_000,
    checks: CheckSettings = CHECKS,
) -> tuple[Quality, Judged]:
    """A lead who never errs settles some items; then everyone judges at most so many others, checks among them."""
    folder.mkdir(parents=True)
    for name in ("project.toml", "rubric.toml"):
        copyfile(DEMO_PROJECT / name, folder / name)
    with create_project(folder, now=lambda: start) as made:
        made.store.connection.execute("PRAGMA synchronous = OFF")  # nobody's verdicts
        people = len(annotators)
        project = replace(made, settings=replace(made.settings, overlap=people, checks=checks))
        project.store.set_overlap(people)
        lead = project.store.add_person("Lea", Role.LEAD, at=start, person_id="p-lea")
        given = (DEMO_PROJECT / f"{name}.jsonl" for name in ("items", "outputs-old", "outputs-new"))
        bring(project, Files(*given), lead, now=lambda: start)
        release = project.store.latest_release()
        assert release is not None
        tasks = {task.item.id: task for task in tasks_of(project, release, 1.0)}
        for task in sorted(tasks.values(), key=lambda task: digest("settled", seed, task.item.id))[:settled]:
            resolve(project.store, lead, _truth(task), start)
        met = {}
        for annotator in annotators:
            person = project.store.add_person(annotator.name, at=start, person_id=annotator.id)
            session = RehearsingSession(project, person, annotator, tasks, seed, start + timedelta(hours=1))
            met[annotator.id] = session.work(most)
            session.close()
        return measure_quality(project, resamples=60), Judged(met)


def _truth(task: Task) -> Resolution:
    return Resolution(
        item_id=task.item.id,
        release=task.release,
        right=task.truth.right,
        tier=tier_by_slices(task.item),
        failures=(),
        verdicts=(),
        by=ResolvedBy.LEAD,
        gold_from=None,
        checked=Checked.WHOLE,
        outputs={},
        rubric=task.rubric.version,
    )
