"""What files hold, and what two models' outputs differ in, before a project is made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from statistics import median_low
from typing import Any

import orjson

from labeler.domain.differences.model import ItemClass
from labeler.domain.items import Modality, ModelVersion
from labeler.errors import LabelerError
from labeler.formats import decisions, items
from labeler.formats.outputs import check_output
from labeler.formats.row import Refusal, RefusedError, Row
from labeler.formats.rows import READERS, open_rows
from labeler.steps.bring.media import MediaSource
from labeler.steps.compare_files import compare_files
from labeler.steps.progress import Problem, Tell, silent

MOST_PROBLEMS = 200
"""Problems of a file that are kept; the others are counted."""
_TELL_EVERY = 500


class Holds(StrEnum):
    """What the records of a file are."""

    ITEMS = "items"
    OUTPUTS = "outputs"
    DECISIONS = "decisions"


@dataclass(slots=True)
class Surveyed:
    """What one file holds. `holds` is None where that cannot be said, and `reason` says why."""

    path: Path
    holds: Holds | None = None
    records: int = 0
    """Good ones."""
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)
    modalities: Counter[Modality] = field(default_factory=Counter)
    """Of items."""
    models: set[ModelVersion] = field(default_factory=set)
    """Of outputs."""
    media: int = 0
    """Files that items or outputs name and that are there."""
    reason: str = ""

    def refuse(self, line: int, reason: str) -> None:
        self.refused += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(self.path, line, "refused", reason))


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a release of two outputs files will give its annotators to do."""

    items: Mapping[ItemClass, int]
    only_old: int
    only_new: int
    differences: tuple[int, int] | None
    """Per flip: the median and the most; None without a flip."""


def files_in(paths: Sequence[Path]) -> list[Path]:
    """The files among paths and in the folders among them (not in folders below) that can be read, each once."""
    found: dict[Path, None] = {}
    for path in paths:
        listed = sorted(path.iterdir()) if path.is_dir() else [path]
        readable = [file for file in listed if file.is_file() and file.suffix.lower() in READERS]
        # A file that was named is looked at even if it cannot be read: the person is told why.
        found |= dict.fromkeys(file.resolve() for file in (readable if path.is_dir() else listed))
    return list(found)


def survey(path: Path, tell: Tell = silent) -> Surveyed:
    """Read a file to its end and say what it holds. Never raises for what is in the file."""
    found = Surveyed(path)
    try:
        rows = open_rows(path)
        for n, row in enumerate(rows):
            _look_at(row, found)
            if n % _TELL_EVERY == 0:
                tell(path.name, rows.done, rows.total)
    except LabelerError as problem:
        found.reason = problem.what.removeprefix(f"{path}: ")
        return found
    if found.holds is None and not found.reason:
        found.reason = "it is empty" if not found.refused else "no line of it can be read"
    return found


def _look_at(row: Row | Refusal, found: Surveyed) -> None:
    if isinstance(row, Refusal):
        found.refuse(row.line, row.reason)
        return
    if found.holds is None:
        found.holds = _kind_of(row.raw)
        if found.holds is None:
            found.refuse(row.line, "it is neither an item nor an output nor a decision")
            return
    try:
        _TAKE[found.holds](row.raw, found)
    except RefusedError as refused:
        found.refuse(row.line, str(refused))
    else:
        found.records += 1


def _kind_of(raw: Mapping[str, Any]) -> Holds | None:
    if "decision_id" in raw:
        return Holds.DECISIONS
    if "item_id" in raw:
        return Holds.OUTPUTS
    return Holds.ITEMS if "id" in raw else None


def _take_item(raw: dict[str, Any], found: Surveyed) -> None:
    raw = items.from_cells(raw) if found.path.suffix.lower() == ".csv" else raw
    items.check_item(raw)
    _find_medium(raw, found)
    found.modalities[Modality(raw["modality"])] += 1


def _take_output(raw: dict[str, Any], found: Surveyed) -> None:
    model = check_output(raw)
    _find_medium(raw, found)
    found.models.add(model)


def _take_decision(raw: dict[str, Any], found: Surveyed) -> None:
    decisions.check_decision(decisions.from_cells(raw) if found.path.suffix.lower() == ".csv" else raw)


def _find_medium(raw: Mapping[str, Any], found: Surveyed) -> None:
    """Whether a medium is there; whether it is the right one is seen when it is imported, which reads it anyway."""
    media = raw.get("media")
    if media is None or "://" in media:
        return
    MediaSource(found.path.parent, found.path.parent, frozenset()).find(media)
    found.media += 1


_TAKE: Mapping[Holds, Callable[[dict[str, Any], Surveyed], None]] = {
    Holds.ITEMS: _take_item,
    Holds.OUTPUTS: _take_output,
    Holds.DECISIONS: _take_decision,
}


def foresee(old: Path, new: Path, tell: Tell = silent) -> Foreseen:
    """Compare two outputs files as the import will. Raises LabelerError when one cannot be read at all."""
    sizes: list[int] = []

    def note(line: bytes) -> None:
        compared = orjson.loads(line)
        if compared["class"] == ItemClass.FLIP:
            sizes.append(len(compared["differences"]))

    compared = compare_files(old, new, write=note, tell=tell)
    classes = compared.classes.get("all")
    return Foreseen(
        dict(classes.items) if classes else {},
        compared.only_old,
        compared.only_new,
        (median_low(sizes), max(sizes)) if sizes else None,
    )
