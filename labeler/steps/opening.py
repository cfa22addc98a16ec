"""Making a project and opening one, with what was left to do when it was closed."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import UTC
from pathlib import Path

from labeler.domain.project import ProjectSettings
from labeler.errors import LabelerError, unwritable
from labeler.formats.project import read_settings, write_settings
from labeler.formats.rubric import read_rubrics, shipped_rubrics, write_rubrics
from labeler.steps.project import MEDIA_FOLDER, RUBRIC_FILE, Now, Project, now_utc
from labeler.steps.rubric_in_force import RubricInForce
from labeler.store import Store


def create_project(folder: Path, *, now: Now = now_utc, settings: ProjectSettings | None = None) -> Project:
    """A new, empty project. A `project.toml` or `rubric.toml` that lies in the folder already is taken as it is.

    Raises LabelerError when the folder holds a project, or cannot hold one.
    """
    at = now()
    if settings is None:
        written = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        settings = ProjectSettings(folder.resolve().name, written, seed=secrets.randbelow(2**31))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "project.toml").exists():
            settings = read_settings(folder)
        Store.refuse_a_second(folder)
        write_settings(folder, settings)
        (folder / MEDIA_FOLDER).mkdir(exist_ok=True)
        rubric_file = folder / RUBRIC_FILE
        if not rubric_file.exists():
            write_rubrics(shipped_rubrics(), rubric_file)
        # Last, since a folder with a store is a project: what ends before this can be done again.
        store = Store.create(folder, overlap=settings.overlap)
        store.set_overlap(settings.overlap, settings.assignment)
    except OSError as problem:
        raise unwritable(folder, problem, "cannot hold a project") from None
    return Project(folder, settings, RubricInForce(read_rubrics(rubric_file), store, rubric_file), store)


def create_or_go_on(folder: Path, *, now: Now = now_utc) -> Project:
    """A new project, or one whose first release was never finished. Raises LabelerError when it has a release."""
    if not Store.lies_in(folder):
        return create_project(folder, now=now)
    project = open_project(folder)
    if project.store.latest_release() is not None:
        project.close()
        raise LabelerError(
            f"{folder} holds a project already",
            kept="it was not touched",
            remedy="labeler import brings the next release",
        )
    return project


def open_project(folder: Path, *, read_only: bool = False) -> Project:
    """The project in a folder. Raises LabelerError when there is none, or one of its files cannot be read."""
    settings = read_settings(folder)
    rubric_file = folder / RUBRIC_FILE
    rubrics = read_rubrics(rubric_file) if rubric_file.exists() else shipped_rubrics()
    store = Store.open(folder, read_only=read_only)
    try:
        project = Project(folder, settings, RubricInForce(rubrics, store, rubric_file), store)
        if not store.read_only:
            store.set_overlap(settings.overlap, settings.assignment)
            _take_rules(project)
            if store.unfinished_erasures():
                _go_on_erasing(project)
    except BaseException as problem:
        store.close()
        store.blame(problem)
        raise
    return project


def _take_rules(project: Project) -> None:
    """Another program may have brought a lead's rules."""
    from labeler.steps.rules import take_rules

    with suppress(OSError, LabelerError):  # a file that cannot be written keeps nobody from working by the old rules
        take_rules(project)


def _go_on_erasing(project: Project) -> None:
    """Somebody was stopped between an erasure and the removal of its files."""
    from labeler.steps.erased import finish_erasures

    with suppress(OSError, LabelerError):  # `labeler check` says that it is not finished
        finish_erasures(project)
