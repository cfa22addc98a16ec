"""Prints the figures of docs/adjudication.md: simulated annotators judge the demo's items, a lead settles some."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile
from statistics import mean

from labeler.domain.quality_report import quality_report
from labeler.domain.simulation.adjudicating import Rehearsal, rehearse
from labeler.domain.simulation.annotators import ANNOTATORS, CARELESS
from labeler.domain.simulation.judging import Task
from labeler.shipped import DEMO_PROJECT
from labeler.steps.bring.release import Files, bring
from labeler.steps.opening import create_project
from labeler.steps.project import person_called
from labeler.steps.simulate import judge_all, tasks_of
from tests.whole_verdicts import Judged, slices_of

START = datetime(2026, 12, 1, tzinfo=UTC)


def main() -> None:
    """With a number as argument so many runs are made; each draws everybody's mistakes anew."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    tasks = demo_tasks()
    truth = {task.item.id: task.truth.right for task in tasks}
    for name, annotators in (("three", ANNOTATORS), ("three and a careless one", (*ANNOTATORS, CARELESS))):
        found, caught, blamed = [], 0, 0
        for seed in range(runs):
            said = judge_all(annotators, tasks, seed, START)
            found.append(rehearse(said, truth, seed=seed))
            judged = [Judged(t.item.id, slices_of(t.item), said[t.item.id]) for t in tasks]
            standing_out = {one.person for one in quality_report(judged, {}, resamples=60) if one.findings}
            caught += CARELESS.id in standing_out
            blamed += bool(standing_out & {a.id for a in ANNOTATORS[:2]})
        say(name, found, caught, blamed)


def demo_tasks() -> list[Task]:
    """The queue of a fresh project of the demo's files."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "demo"
        folder.mkdir()
        for name in ("project.toml", "rubric.toml"):
            copyfile(DEMO_PROJECT / name, folder / name)
        with create_project(folder, now=lambda: START) as project:
            given = (DEMO_PROJECT / f"{name}.jsonl" for name in ("items", "outputs-old", "outputs-new"))
            bring(project, Files(*given), person_called(project, "Lea", now=lambda: START), now=lambda: START)
            release = project.store.latest_release()
            assert release is not None
            return tasks_of(project, release, 1.0)


def say(name: str, found: list[Rehearsal], caught: int, blamed: int) -> None:
    reached = [r for r in found if r.in_order is not None and r.at_random is not None]
    print(f"{name}: {len(found)} runs of {found[0].items} items")  # noqa: T201 - what the command is for
    for label, value in (
        ("wrong by votes", mean(r.wrong_by_votes for r in found)),
        ("wrong by the model", mean(r.wrong_by_model for r in found)),
        ("disputed", mean(r.disputed for r in found)),
        ("settled in order", mean(r.in_order or 0 for r in reached)),
        ("settled at random", mean(r.at_random or 0 for r in reached)),
        ("left wrong after the docket", mean(r.left_wrong for r in found)),
        ("runs that reach 95 %", len(reached)),
        ("the careless one found, runs", caught),
        ("a careful or usual one named, runs", blamed),
    ):
        print(f"  {label}: {value:.1f}")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
