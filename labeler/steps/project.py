"""A project: its folder, settings, rubrics and store, opened together."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from os.path import realpath
from pathlib import Path
from types import TracebackType
from typing import Self

from labeler.domain.items import Item
from labeler.domain.people import Person, Role
from labeler.domain.project import ProjectSettings
from labeler.domain.rubric import Rubrics
from labeler.errors import LabelerError
from labeler.steps.rubric_in_force import RubricInForce
from labeler.store import FILE_NAME, Store

Now = Callable[[], datetime]

RUBRIC_FILE = "rubric.toml"
MEDIA_FOLDER = "media"
_OWN = frozenset({"project.toml", RUBRIC_FILE, "drafts", "backups", "cache", "gold", "ledgers"})
"""Files and folders that this program writes beside the media; no item may have one of them for its medium."""


def now_utc() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True, eq=False)
class Project:
    """An open project. Close it, or use it in a `with`."""

    folder: Path
    settings: ProjectSettings
    """As they hold now: `steps.rules` changes them while the project is open."""
    rubric_in_force: RubricInForce
    store: Store

    @property
    def rubrics(self) -> Rubrics:
        """As they are in force now, with what older verdicts name and nobody can give any more."""
        return self.rubric_in_force.now

    def medium(self, item: Item) -> tuple[Path | None, str]:
        """The file of an item's medium, or None and the reason why there is none; None and "" for a text item."""
        if item.media is None:
            return None, ""
        path, problem = self.file_of(item.media)
        return path, f"{item.media} {problem}" if problem else ""

    def file_of(self, media: str) -> tuple[Path | None, str]:
        """The file of a medium of an item or an output, or None and the reason, in words that follow its name."""
        if "://" in media:
            return None, "is not on this machine"
        inside = realpath(self.folder)
        path = Path(realpath(self.folder / media))  # in half the time of Path.resolve, for every item that comes
        if not path.is_relative_to(inside):
            return None, "lies outside the project"
        if is_own(path.parts[len(Path(inside).parts) :]):
            return None, "is a file of the project itself"
        return (path, "") if path.is_file() else (None, "is missing from the project's folder")

    def close(self) -> None:
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        self.store.blame(value)


def is_own(parts: tuple[str, ...]) -> bool:
    """Whether this path below a project's folder is one of the project's own files.

    As a medium it would be sent to models, published in gold sets, and deleted when the item is erased.
    """
    first = parts[0].casefold() if parts else ""  # some disks take capital letters for small ones
    return first in _OWN or first.startswith(FILE_NAME)


def user_name(given: str | None = None) -> str:
    """The name of who works: as given, else that of the account. Raises LabelerError when it has none."""
    if given:
        return given
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        raise LabelerError("this account has no user name", remedy="say who you are: --as NAME") from None


def person_called(project: Project, name: str, *, now: Now = now_utc) -> Person:
    """The person of this name, who joins if new. The first person of a project is its lead."""
    found = project.store.person(name)
    if found is not None:
        return found
    alone = all(person.simulated for person in project.store.people())
    return project.store.add_person(name, Role.LEAD if alone else Role.ANNOTATOR, at=now())
