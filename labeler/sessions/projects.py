"""Projects as the window sees them: what a card on the start screen says, and how one is opened for review."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from labeler import faults
from labeler.domain.items import Modality
from labeler.domain.people import Person
from labeler.errors import LabelerError
from labeler.sessions.review.session import ReviewSession
from labeler.steps.keep_up import KeepingUp, News
from labeler.steps.opening import open_project
from labeler.steps.project import Project, person_called, user_name
from labeler.store import Store

_MODALITIES = {Modality.IMAGE: "pictures", Modality.AUDIO: "recordings", Modality.TEXT: "texts"}


@dataclass(frozen=True, slots=True)
class ProjectCard:
    """A project on the start screen; `problem` says why it cannot be opened."""

    folder: Path
    name: str
    what: str = ""
    done: int = 0
    total: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class OpenProject:
    """A project opened for one person. Every screen's session stands on the same connection to its store."""

    project: Project
    person: Person
    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    session: ReviewSession
    """Of the screen that a project opens with."""
    cache: Path
    tidy: Callable[[], None]
    """Housekeeping of the store that a person must not wait for; runs on any thread, every few verdicts."""
    close: Callable[[], None]
    """Ends the connection to the store."""
    look: Callable[[], News | None] = lambda: None
    """Takes in what leads put in force since the last time, here or elsewhere."""

    def explain(self, fault: BaseException) -> LabelerError:
        """What to tell a person of a failure in the middle of the work: damage of the store is said to be that."""
        try:
            self.project.store.blame(fault)
        except LabelerError as problem:
            return problem
        return faults.explain(fault)


def card(folder: Path, person: str | None) -> ProjectCard:
    """What the start screen says of a project; it is opened for reading only."""
    try:
        with open_project(folder, read_only=True) as project:
            release = project.store.latest_release()
            if release is None:
                return ProjectCard(folder, project.settings.name, problem="It has no release yet.")
            known = project.store.person(user_name(person))
            progress = project.store.progress(release.id, known.id if known else "")
            what = " and ".join(words for modality, words in _MODALITIES.items() if modality in release.pairs)
            return ProjectCard(folder, project.settings.name, what, progress.done, progress.total)
    except LabelerError as problem:
        return ProjectCard(folder, folder.name, problem=problem.what)


def open_review(
    folder: Path, person: str | None, now: Callable[[], datetime], monotonic: Callable[[], float]
) -> OpenProject:
    """Open a project for one person, who joins if new. Raises LabelerError when that cannot be."""
    project = open_project(folder)
    try:
        who = person_called(project, user_name(person), now=now)
        session = ReviewSession(project, who, now, monotonic)
    except BaseException as problem:
        project.close()
        project.store.blame(problem)
        raise
    project.store.leave_checkpoints()
    tidy, look = partial(_tidy, folder, now), KeepingUp(project, who).look
    return OpenProject(project, who, now, monotonic, session, folder / "cache", tidy, project.close, look)


def _tidy(folder: Path, now: Callable[[], datetime]) -> None:
    Store.checkpoint(folder)
    Store.back_up_daily(folder, now())


def make_demo(person: str | None) -> Path:
    """The demo project in the person's documents, made if it is not there."""
    # Only who asks for the demo needs everything that imports a project.
    from labeler.steps import demo

    folder = demo.demo_folder()
    demo.make_demo(folder, user_name(person))
    return folder
