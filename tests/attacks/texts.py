"""Projects of short texts to attack: quick to make, and every item flips."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from labeler.domain.people import Role
from labeler.domain.project import ProjectSettings
from labeler.domain.verdicts import Right, Verdict
from labeler.steps.bring.release import bring
from labeler.steps.opening import create_project
from tests.given_texts import Line, given_files, text_item, text_output, verdict_on_text

START = datetime(2026, 1, 1, tzinfo=UTC)


def make_texts(folder: Path, count: int, *, overlap: int = 1, padding: str = "") -> None:
    """A project of `count` items, `t0001` and on, with a lead whose id is `ada`. `padding` ends every output."""
    ids = [f"t{n:04}" for n in range(1, count + 1)]
    old, new = ([_answer(item, version, padding) for item in ids] for version in ("1", "2"))
    files = given_files(folder.parent / f"{folder.name}-given", map(text_item, ids), old, new)
    settings = ProjectSettings("Texts", "2026-01-01T00:00:00Z", seed=7, overlap=overlap)
    with create_project(folder, settings=settings) as project:
        ada = project.store.add_person("Ada", Role.LEAD, at=START, person_id="ada")
        bring(project, files, ada)


def _answer(item: str, version: str, padding: str) -> Line:
    return text_output(item, version, f"the sum is {version}{item[1:]}{padding}")


def verdict_on(item: str, release: str, right: Right = Right.NEW) -> Verdict:
    return verdict_on_text(item, release, right, {"old": "sha256:a", "new": "sha256:b"}, f"the sum is 2{item[1:]}")
