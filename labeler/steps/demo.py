"""The demo project: a copy of what ships with the program, made into a real project."""

from __future__ import annotations

import shutil
from pathlib import Path

from labeler.domain.people import Role
from labeler.errors import LabelerError, unwritable
from labeler.shipped import DEMO_PROJECT
from labeler.steps.bring.release import Files, bring
from labeler.steps.exchange import import_verdicts
from labeler.steps.opening import create_project
from labeler.steps.progress import Tell, silent
from labeler.steps.project import Now, now_utc
from labeler.store import FILE_NAME as STORE_FILE

_FILES = Files(Path("items.jsonl"), Path("outputs-old.jsonl"), Path("outputs-new.jsonl"), Path("decisions.jsonl"))
_HALF_MADE = ".half-made"


def demo_folder() -> Path:
    """Where the demo goes when nobody says: into the person's documents."""
    from platformdirs import user_documents_path

    return user_documents_path() / "Labeler demo"


def make_demo(folder: Path, lead: str, *, now: Now = now_utc, tell: Tell = silent) -> bool:
    """Make the demo project in a folder, with the verdicts of its simulated annotators; False when it is there.

    A copy that a kill left half made is made again. Raises LabelerError when the folder holds something else.
    """
    marker = folder / _HALF_MADE
    if (folder / STORE_FILE).exists() and not marker.exists():
        return False
    if marker.exists():
        shutil.rmtree(folder)
    if folder.exists() and any(folder.iterdir()):
        raise LabelerError(
            f"{folder} is not empty, and holds no project", remedy="name another folder: labeler demo DIR"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        marker.touch()
        _fill(folder, lead, now, tell)
        marker.unlink()
    except OSError as problem:
        raise unwritable(folder, problem, "cannot hold the demo") from None
    return True


def _fill(folder: Path, lead: str, now: Now, tell: Tell) -> None:
    shutil.copytree(DEMO_PROJECT, folder, dirs_exist_ok=True)
    files = Files(*(folder / path for path in (_FILES.items, _FILES.old, _FILES.new, _FILES.decisions) if path))
    with create_project(folder, now=now) as project:
        person = project.store.add_person(lead, Role.LEAD, at=now())
        bring(project, files, person, now=now, tell=tell)
        verdicts = folder / "verdicts.jsonl"
        if verdicts.exists():
            import_verdicts(project.store, verdicts)
