from __future__ import annotations

from pathlib import Path

import pytest

from labeler.domain.items import Modality
from labeler.errors import LabelerError
from labeler.steps.demo import make_demo
from labeler.steps.opening import create_project, open_project
from labeler.steps.project import Project
from labeler.steps.status import project_status


def test_status_counts_what_is_there_and_what_is_left(demo: Project) -> None:
    found = project_status(demo)
    assert (found.items, found.decisions) == (120, 71)
    assert {m.modality: m.same + m.cosmetic + m.flips for m in found.modalities} == {
        Modality.AUDIO: 60,
        Modality.IMAGE: 60,
    }
    queued = sum(m.queued for m in found.modalities)
    assert sum(tier.queued for tier in found.tiers) == queued
    assert sum(part.queued for part in found.slices if part.key == "kind") in (0, queued)
    assert {person.simulated: count > 0 for person, count in found.people} == {False: False, True: True}


def test_a_project_without_a_release_has_a_status(tmp_path: Path) -> None:
    with create_project(tmp_path / "empty") as project:
        found = project_status(project)
    assert (found.release, found.items, found.modalities) == (None, 0, ())


def test_the_demo_is_made_once_and_found_afterwards(demo_template: Path) -> None:
    assert not make_demo(demo_template, "Bob")


def test_a_demo_left_half_made_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "demo"

    def cut(what: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_demo(folder, "Ada", tell=cut)
    assert make_demo(folder, "Ada")
    with open_project(folder) as project:
        assert project.store.item_count() == 120


def test_the_demo_is_not_made_over_other_files(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(LabelerError, match="not empty"):
        make_demo(tmp_path, "Ada")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
