"""Rubrics as TOML: the templates that ship, and a project's `rubric.toml`.

One format for both: `version`, then `[[MODALITY.failures]]` and `[[MODALITY.tiers]]` for each modality there is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Never, TypeVar

from labeler.domain.differences.model import Kind
from labeler.domain.items import Modality
from labeler.domain.rubric import About, Crop, FailureCode, Rubric, Rubrics, Severity, Tier, TierDefinition, flaws
from labeler.domain.rubric_changes import crop_from_json
from labeler.errors import LabelerError
from labeler.shipped import RESOURCES
from labeler.whole_file import read_plain, write_whole

_CROP = '{ item = "inv-00418", box = [26, 103, 216, 123] }'
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def shipped_rubrics(modalities: Iterable[Modality] = tuple(Modality)) -> Rubrics:
    """The rubrics that a new project starts with."""
    return {m: read_rubrics(RESOURCES / "rubrics" / f"{m}.toml")[m] for m in modalities}


def read_rubrics(path: Path) -> Rubrics:
    """The rubrics of a file by modality. Raises LabelerError with `path:line` for the first thing that is wrong."""
    try:
        text = read_plain(path).decode()
    except (OSError, UnicodeDecodeError) as problem:
        raise LabelerError(f"{path}: {problem}", remedy="put a rubric file there, in UTF-8") from problem
    return rubrics_from_toml(text, path)


def rubrics_from_toml(text: str, path: Path) -> Rubrics:
    """The rubrics of a file's text; `path` is what messages call it. Raises LabelerError as `read_rubrics` does."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        line = re.search(r"at line (\d+)", str(problem))
        place = f"{path}:{line[1]}" if line else f"{path}:{text.count(chr(10)) + 1}"
        raise LabelerError(f"{place}: {problem}", remedy="mend the line") from problem
    except RecursionError:
        raise LabelerError(f"{path}: is nested too deeply", remedy="mend the file") from None
    return _RubricFile(path, text.splitlines()).rubrics(raw)


def write_rubrics(rubrics: Rubrics, path: Path) -> None:
    """Write one file with all the rubrics, which must be of one version. The same rubrics give the same bytes."""
    write_whole(path, rubrics_to_toml(rubrics).encode())


def rubrics_to_toml(rubrics: Rubrics) -> str:
    """Raises ValueError when the versions differ."""
    (version,) = {rubric.version for rubric in rubrics.values()}
    parts = [
        "# The failure codes and tiers of this project. Raise the version when a change alters what people",
        "# would answer; `labeler` records each version that verdicts were given under.",
    ]
    parts = [*parts, f"version = {_string(version)}"]
    for modality in sorted(rubrics):
        for failure in rubrics[modality].failures:
            parts += ["", f"[[{modality}.failures]]", *_failure_lines(failure)]
        for tier in rubrics[modality].tiers:
            parts += ["", f"[[{modality}.tiers]]", *_lines(tier, ("tier", "label", "definition", "example"))]
    return "\n".join(parts) + "\n"


def _failure_lines(failure: FailureCode) -> Iterable[str]:
    yield from _lines(failure, ("code", "label", "definition", "example", "key", "severity"))
    if failure.proposed_by:
        yield f"proposed_by = [{', '.join(_string(str(kind)) for kind in failure.proposed_by)}]"
    if failure.about is not None:
        yield f"about = {_string(str(failure.about))}"
    if failure.crop is not None:
        # Whole numbers too, as they are read: else the file would not be the one that the log has.
        place = [float(value) for value in failure.crop.box or failure.crop.time_s or ()]
        name = "box" if failure.crop.box else "time_s"
        yield f"crop = {{ item = {_string(failure.crop.item)}, {name} = [{', '.join(map(repr, place))}] }}"


def _lines(value: FailureCode | TierDefinition, fields: Iterable[str]) -> list[str]:
    return [f"{name} = {_string(str(getattr(value, name)))}" for name in fields]


def _string(text: str) -> str:
    import tomlkit

    return tomlkit.string(text).as_string()


@dataclass(frozen=True, slots=True)
class _RubricFile:
    """Reads a parsed file and says of what is wrong in it on which line it stands."""

    path: Path
    lines: list[str]

    def rubrics(self, raw: Mapping[str, Any]) -> Rubrics:
        version = raw.get("version")
        if not isinstance(version, str) or not version:
            self.refuse(self.line_of("version"), 'there must be a version, as in `version = "1"`')
        modalities = [key for key in raw if key != "version"]
        for key in modalities:
            if key not in {*Modality} or not isinstance(raw[key], dict):
                known = ", ".join(Modality)
                self.refuse(self.first(rf"\[*{re.escape(key)}\b"), f"{key!r} is not a modality ({known})")
        if not modalities:
            self.refuse(1, "no rubric in it: `[[image.failures]]` and `[[image.tiers]]` are missing")
        return {Modality(key): self.rubric(Modality(key), version, raw[key]) for key in sorted(modalities)}

    def rubric(self, modality: Modality, version: str, raw: Mapping[str, Any]) -> Rubric:
        failures = self.entries(modality, "failures", raw, self.failure)
        tiers = self.entries(modality, "tiers", raw, self.tier)
        rubric = Rubric(modality, version, failures, tiers)
        for flaw in flaws(rubric):
            self.refuse(self.entry_line(modality, flaw.part, flaw.index, flaw.field), flaw.reason)
        return rubric

    def entries(
        self, modality: Modality, part: str, raw: Mapping[str, Any], read: Callable[[Mapping[str, Any], _Entry], T]
    ) -> tuple[T, ...]:
        found = raw.get(part)
        if not isinstance(found, list) or not found:
            self.refuse(self.first(rf"\[\[{modality}\."), f"there is no [[{modality}.{part}]]")
        return tuple(read(entry, _Entry(self, modality, part, index)) for index, entry in enumerate(found))

    def failure(self, raw: Mapping[str, Any], entry: _Entry) -> FailureCode:
        entry.only(raw, ("code", "label", "definition", "example", "key", "severity", "proposed_by", "about", "crop"))
        kinds = raw.get("proposed_by", [])
        return FailureCode(
            code=entry.text(raw, "code"),
            label=entry.text(raw, "label"),
            definition=entry.text(raw, "definition"),
            example=entry.text(raw, "example"),
            key=entry.text(raw, "key") if raw.get("key") != "" else "",
            severity=entry.one_of(Severity, raw.get("severity"), "severity"),
            proposed_by=tuple(entry.one_of(Kind, kind, "proposed_by") for kind in kinds),
            about=entry.one_of(About, raw["about"], "about") if "about" in raw else None,
            crop=entry.crop(raw["crop"]) if "crop" in raw else None,
        )

    def tier(self, raw: Mapping[str, Any], entry: _Entry) -> TierDefinition:
        entry.only(raw, ("tier", "label", "definition", "example"))
        return TierDefinition(
            tier=entry.one_of(Tier, raw.get("tier"), "tier"),
            label=entry.text(raw, "label"),
            definition=entry.text(raw, "definition"),
            example=entry.text(raw, "example"),
        )

    def refuse(self, line: int, reason: str) -> Never:
        raise LabelerError(f"{self.path}:{line}: {reason}", remedy="mend the line")

    def first(self, pattern: str, start: int = 1) -> int:
        """Number of the first line from `start` on that begins with the pattern; `start` when none does."""
        found = (n for n, line in enumerate(self.lines[start - 1 :], start) if re.match(rf"\s*{pattern}", line))
        return next(found, start)

    def line_of(self, field: str, start: int = 1) -> int:
        return self.first(rf"{field}\s*=", start)

    def entry_line(self, modality: Modality, part: str, index: int, field: str) -> int:
        """The line of a field in the entry, or of the entry's head where the field is not there."""
        head = [n for n, line in enumerate(self.lines, 1) if re.match(rf"\s*\[\[\s*{modality}\.{part}\s*\]\]", line)]
        if index >= len(head):
            return 1
        after = self.first(r"\[", head[index] + 1)
        line = self.line_of(field, head[index] + 1)
        return line if line < after or after == head[index] + 1 else head[index]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One failure code or tier of the file."""

    file: _RubricFile
    modality: Modality
    part: str
    index: int

    def only(self, raw: object, known: tuple[str, ...]) -> None:
        if not isinstance(raw, dict):
            self.refuse("", "must be a table")
        for key in raw:
            if key not in known:
                self.refuse(key, f"{key!r} means nothing here; known are {', '.join(known)}")

    def text(self, raw: Mapping[str, Any], field: str) -> str:
        value = raw.get(field)
        if not isinstance(value, str) or not value.strip():
            self.refuse(field, f"{field} must be a text that is not empty")
        return value

    def one_of(self, choices: type[E], value: object, field: str) -> E:
        if not isinstance(value, str) or value not in {*choices}:
            self.refuse(field, f"{field} {value!r} is none of {', '.join(choices)}")
        return choices(value)

    def crop(self, raw: object) -> Crop:
        try:
            if not isinstance(raw, dict) or not isinstance(raw.get("item"), str):
                raise TypeError("it names no item")
            return crop_from_json(raw)
        except (TypeError, ValueError) as problem:
            self.refuse("crop", f"crop is no place on an item ({problem}), as in {_CROP}")

    def refuse(self, field: str, reason: str) -> Never:
        self.file.refuse(self.file.entry_line(self.modality, self.part, self.index, field), reason)
