"""The demo's verdicts: made by the program, marked as simulated, and the same bytes each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from labeler.domain.simulation.annotators import ANNOTATORS
from labeler.domain.verdicts import ResolvedBy
from labeler.errors import LabelerError
from labeler.shipped import DEMO_PROJECT
from labeler.steps.demo import make_demo
from labeler.steps.opening import open_project
from labeler.steps.review import save_verdict
from labeler.steps.simulate import Simulated, make_verdicts, simulate

START = datetime(2026, 11, 17, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Simulated]:
    folder = tmp_path_factory.mktemp("simulated")
    return folder, make_verdicts(DEMO_PROJECT, folder / "project", folder / "verdicts.jsonl", start=START)


def test_the_verdicts_that_ship_are_what_the_program_makes(made: tuple[Path, Simulated]) -> None:
    """Where this fails after a change of the comparison or of the simulation: `make demodata`."""
    assert (made[0] / "verdicts.jsonl").read_bytes() == (DEMO_PROJECT / "verdicts.jsonl").read_bytes()


def test_three_annotators_judge_two_thirds_of_the_items(made: tuple[Path, Simulated]) -> None:
    assert made[1].items == 80
    assert made[1].verdicts == 240
    assert 0 < made[1].settled < 80


def test_the_demo_holds_them_marked_as_simulated(tmp_path: Path) -> None:
    make_demo(tmp_path / "demo", "Ana")
    with open_project(tmp_path / "demo") as project:
        store = project.store
        assert {p.name: p.simulated for p in store.people()} == {"Ana": False} | {a.name: True for a in ANNOTATORS}
        release = store.latest_release()
        assert release is not None
        assert store.simulated_verdicts(release.id) == 240
        assert store.chain_damage() == []
        resolutions = list(store.resolutions(release.id))
        assert resolutions
        assert all(stored.resolution.by is ResolvedBy.CONSENSUS for stored in resolutions)
        assert all(len(stored.resolution.verdicts) == len(ANNOTATORS) for stored in resolutions)


def test_their_verdicts_take_no_item_from_people(tmp_path: Path) -> None:
    make_demo(tmp_path / "demo", "Ana")
    with open_project(tmp_path / "demo") as project:
        release, ana = project.store.latest_release(), project.store.person("Ana")
        assert release is not None
        assert ana is not None
        waiting = project.store.queue(release.id, ana.id, limit=1000)
        judged = [e for e in waiting if project.store.verdicts(release.id, e.item_id)]
        assert len(judged) == 80


def test_a_second_simulation_in_the_same_project_is_refused(made: tuple[Path, Simulated]) -> None:
    with open_project(made[0] / "project") as project, pytest.raises(LabelerError, match="other verdicts"):
        simulate(project, start=START)


def test_one_person_s_verdict_settles_what_the_simulated_ones_differ_on(tmp_path: Path) -> None:
    make_demo(tmp_path / "demo", "Ana")
    with open_project(tmp_path / "demo") as project:
        store = project.store
        release, ana = store.latest_release(), store.person("Ana")
        assert release is not None
        assert ana is not None
        unsettled = set(store.unresolved(release.id))
        waiting = (entry.item_id for entry in store.queue(release.id, ana.id, limit=1000))
        open_item = next(i for i in waiting if i in unsettled and store.verdicts(release.id, i))
        hers = replace(store.verdicts(release.id, open_item)[0].verdict, sure=True)
        event = save_verdict(store, store.stream(ana.id), hers, START)
        settled = store.resolution(release.id, open_item)
        assert settled is not None
        assert settled.resolution.verdicts == (event.id,)
