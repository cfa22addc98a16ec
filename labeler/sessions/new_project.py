"""Making a project from files that a person drops: what was understood of them, and what will come of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from labeler.domain.differences.model import ItemClass
from labeler.domain.items import Modality, ModelVersion
from labeler.steps.bring.release import Files, bring
from labeler.steps.opening import create_or_go_on
from labeler.steps.progress import Problem, StoppedError, Tell
from labeler.steps.project import person_called, user_name
from labeler.steps.survey import Foreseen, Holds, Surveyed, files_in, foresee, survey
from labeler.store import FILE_NAME as STORE_FILE

_OLD = re.compile(r"(^|[^a-z])(old|base|baseline|before|prev|previous|current|control)([^a-z]|$)")
_NEW = re.compile(r"(^|[^a-z])(new|after|next|candidate|treatment)([^a-z]|$)")
_NUMBERS = re.compile(r"\d+")
_ROLES = ("items", "old", "new", "decisions", "")
_MODALITIES = {Modality.IMAGE: "pictures", Modality.AUDIO: "recordings", Modality.TEXT: "texts"}


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file as the card shows it."""

    path: Path
    role: str
    """`items`, `old`, `new`, `decisions`, or empty for a file that has no part in the project."""
    said: str
    problems: tuple[Problem, ...] = ()
    refused: int = 0


@dataclass(frozen=True, slots=True)
class NewProject:
    """Files with their parts, and what they will give. Each change answers a new one; nothing here is shared."""

    surveyed: tuple[Surveyed, ...] = ()
    swapped: bool = False
    """The person says that the two outputs files are the other way round."""
    folder: Path | None = None
    foreseen: Foreseen | None = None

    @property
    def lines(self) -> tuple[FileLine, ...]:
        """In the order of their roles; what has none comes last."""
        lines = (_line(found, self._role(found)) for found in self.surveyed)
        return tuple(sorted(lines, key=lambda line: (_ROLES.index(line.role), line.path)))

    def with_files(self, surveyed: Iterable[Surveyed]) -> NewProject:
        """With more files; one that was there already is taken as it is now."""
        known = {found.path: found for found in self.surveyed} | {found.path: found for found in surveyed}
        return replace(self, surveyed=tuple(known.values()), foreseen=None)

    def without(self, path: Path) -> NewProject:
        return replace(self, surveyed=tuple(f for f in self.surveyed if f.path != path), foreseen=None)

    def turned(self) -> NewProject:
        """With old and new the other way round."""
        return replace(self, swapped=not self.swapped, foreseen=None)

    def in_folder(self, folder: Path | None) -> NewProject:
        return replace(self, folder=folder)

    def with_foreseen(self, foreseen: Foreseen) -> NewProject:
        return replace(self, foreseen=foreseen)

    def of(self, role: str) -> Path | None:
        """The file of a role."""
        return next((line.path for line in self.lines if line.role == role), None)

    @property
    def missing(self) -> str:
        """What the files lack to become a project; empty when nothing."""
        outputs = [found for found in self.surveyed if found.holds is Holds.OUTPUTS]
        items = [found for found in self.surveyed if found.holds is Holds.ITEMS]
        if not items:
            return "The items file is missing: what the models were asked."
        if len(items) > 1:
            return "Two items files: take one out."
        if len(outputs) < 2:
            which = "Both outputs files are" if not outputs else "One outputs file is"
            return f"{which} missing: what the old and the new model answered."
        if len(outputs) > 2:
            return f"{len(outputs)} outputs files: keep the old models' and the new models'."
        if outputs[0].models & outputs[1].models:
            same = sorted(outputs[0].models & outputs[1].models)
            return f"Both outputs files hold {same[0]}: each version of a model needs a version of its own."
        return ""

    @property
    def place(self) -> Path | None:
        """Where the project goes: as the person says, else a new folder in their documents, named after the files."""
        if self.folder is not None:
            return self.folder
        items = self.of("items")
        if items is None:
            return None
        from platformdirs import user_documents_path

        below = user_documents_path() / "Labeler"
        name = items.parent.name or "project"
        taken = (n for n in range(1, 1000) if not (below / _numbered(name, n) / STORE_FILE).exists())
        return below / _numbered(name, next(taken, 1000))

    def _role(self, found: Surveyed) -> str:
        if found.holds is not Holds.OUTPUTS:
            return str(found.holds or "")
        pair = _in_order([other for other in self.surveyed if other.holds is Holds.OUTPUTS])
        if found not in pair:
            return ""
        return ("old", "new")[(pair.index(found) == 1) != self.swapped]


def look_into(paths: Iterable[Path], tell: Tell) -> list[Surveyed]:
    """What files, and those in folders, hold. Takes as long as reading them."""
    return [survey(path, tell) for path in files_in(list(paths))]


def look_ahead(project: NewProject, tell: Tell) -> Foreseen:
    """What annotators will have to do. Raises LabelerError when a file can no longer be read."""
    old, new = project.of("old"), project.of("new")
    assert old is not None
    assert new is not None
    return foresee(old, new, tell)


def create(project: NewProject, person: str | None, tell: Tell) -> Path:
    """Make the project and answer its folder; where it was stopped, the same call goes on. Raises LabelerError."""
    folder = project.place
    assert folder is not None
    files = Files(*(project.of(role) for role in ("items", "old", "new", "decisions")))
    with create_or_go_on(folder) as made:
        bring(made, files, person_called(made, user_name(person)), tell=tell)
    return folder


def in_words(foreseen: Foreseen) -> list[str]:
    """What was foreseen, a sentence a line."""
    flips, cosmetic, same = (foreseen.items.get(c, 0) for c in (ItemClass.FLIP, ItemClass.COSMETIC, ItemClass.SAME))
    said = [f"Compared: {flips:,} flips, {cosmetic:,} cosmetic, {same:,} the same"]
    if foreseen.differences is not None:
        middle, most = foreseen.differences
        said.append(f"Differences per flip: median {middle:,}, at most {most:,}")
    for count, which in ((foreseen.only_old, "old"), (foreseen.only_new, "new")):
        if count:
            said.append(f"{count:,} outputs of the {which} model stand alone and are not compared")
    return said


def _in_order(outputs: list[Surveyed]) -> list[Surveyed]:
    """The old and the new of two outputs files: as their names say, else by version; [] for another number."""
    if len(outputs) != 2:
        return []
    first, second = outputs
    if _named(first, second):
        return [first, second]
    if _named(second, first) or _version(second) < _version(first):
        return [second, first]
    return [first, second]


def _named(old: Surveyed, new: Surveyed) -> bool:
    a, b = old.path.stem.lower(), new.path.stem.lower()
    return bool(_OLD.search(a) or _NEW.search(b)) and not (_OLD.search(b) or _NEW.search(a))


def _version(found: Surveyed) -> list[tuple[str, list[int], str]]:
    return [(m.name, [int(n) for n in _NUMBERS.findall(m.version)], m.version) for m in sorted(found.models)]


def _line(found: Surveyed, role: str) -> FileLine:
    return FileLine(found.path, role, _said(found), tuple(found.problems), found.refused)


def _said(found: Surveyed) -> str:
    if found.holds is None:
        return found.reason
    read = f"{found.records:,} {found.holds}"
    if found.refused:
        read = f"{found.records:,} of {found.records + found.refused:,} lines read"
    if found.holds is Holds.OUTPUTS:
        return f"{read}: {_models(found.models)}"
    if found.holds is Holds.ITEMS:
        kinds = ", ".join(f"{count:,} {_MODALITIES[modality]}" for modality, count in sorted(found.modalities.items()))
        media = f"; {found.media:,} media files found" if found.media else ""
        return f"{read}: {kinds}{media}" if kinds else read
    return read


def _models(models: Iterable[ModelVersion]) -> str:
    named = [str(model) for model in sorted(models)]
    return ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")


def _numbered(name: str, n: int) -> str:
    return name if n == 1 else f"{name} {n}"


__all__ = [
    "FileLine",
    "Foreseen",
    "NewProject",
    "StoppedError",
    "Surveyed",
    "Tell",
    "create",
    "in_words",
    "look_ahead",
    "look_into",
]
