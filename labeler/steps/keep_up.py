"""What leads put in force while a project is open here, in another window or with another program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass

from labeler.domain.events import EventKind
from labeler.domain.people import Person, Role
from labeler.domain.project import ProjectSettings
from labeler.domain.rubric import Rubrics
from labeler.errors import LabelerError
from labeler.formats.project import FILE_NAME, read_settings
from labeler.steps.project import Project
from labeler.steps.rules import take_rules


@dataclass(frozen=True, slots=True)
class News:
    """What holds now and did not before."""

    rules: frozenset[str] = frozenset()
    """Rules of the project with another value, as `overlap` or `TABLE.KEY`."""
    rubric: str = ""
    """The version of the rubric that came; empty where none did."""
    role: Role | None = None
    """The role that the person has from now on; None where it is the same."""
    people: bool = False
    """Somebody joined, or has another role."""
    problem: str = ""
    """Why the rules as they stand in `project.toml` cannot be read; those from before hold."""


class KeepingUp:
    """Follows a project for one person. Asked once a second it costs the store one short question."""

    def __init__(self, project: Project, person: Person) -> None:
        self._project, self._person = project, person
        self._settings: ProjectSettings = project.settings
        self._rubrics: Rubrics = project.rubrics
        self._role, self._problem = person.role, ""
        self._file = self._stamp()
        self._given, self._joined = self._newest(EventKind.RULE), self._newest_of_people()
        self._mark: object = None

    def look(self) -> News | None:
        """Take in what others did since the last time; None where nothing that matters here is new."""
        store = self._project.store
        if store.committing:  # it would wait for the disk
            return None
        file, mark = self._stamp(), (store.mark, id(self._project.settings))
        if (file, mark) == (self._file, self._mark):
            return None
        if not store.read_only:
            self._take_rules(file)
        self._file, self._mark = file, (store.mark, id(self._project.settings))
        return self._news()

    def _news(self) -> News | None:
        project, before = self._project, self._settings
        rubrics, role = project.rubrics, project.store.person_of(self._person.id).role
        joined = self._newest_of_people()
        found = News(
            frozenset(_differing(before, project.settings)),
            "" if rubrics == self._rubrics else next(iter(rubrics.values())).version,
            None if role is self._role else role,
            joined != self._joined,
            self._problem,
        )
        self._joined = joined
        self._settings, self._rubrics, self._role, self._problem = project.settings, rubrics, role, ""
        return None if found == News() else found

    def _take_rules(self, file: object) -> None:
        """As at the opening of a project: what stands in the file, then what leads gave elsewhere since."""
        project = self._project
        if file != self._file:
            try:
                settings = read_settings(project.folder)
            except LabelerError as problem:
                self._problem = problem.what
            else:
                if settings != project.settings:
                    project.settings = settings
                    project.store.set_overlap(settings.overlap, settings.assignment)
        newest = self._newest(EventKind.RULE)
        if newest != self._given:
            self._given = newest
            with suppress(OSError, LabelerError):  # a file that cannot be written keeps nobody from working
                take_rules(project)

    def _newest(self, kind: EventKind) -> str:
        return self._project.store.newest_of_kind(kind)

    def _newest_of_people(self) -> tuple[str, str]:
        return self._newest(EventKind.JOINED), self._newest(EventKind.ROLE)

    def _stamp(self) -> object:
        try:
            found = (self._project.folder / FILE_NAME).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size


def _differing(before: ProjectSettings, after: ProjectSettings) -> Iterator[str]:
    for field in fields(ProjectSettings):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old == new:
            continue
        if is_dataclass(old):
            yield from (f"{field.name}.{f.name}" for f in fields(old) if getattr(old, f.name) != getattr(new, f.name))
        else:
            yield field.name
