"""What a new version of a rubric does to its codes, as values and as JSON, and whether that explains the new rubric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from labeler.domain.differences.model import Kind
from labeler.domain.items import Modality
from labeler.domain.rubric import About, Crop, FailureCode, Rubrics, Severity


class ChangeKind(StrEnum):
    ADD = "add"
    """A code that was not there before."""
    RENAME = "rename"
    """One code is called otherwise."""
    MERGE = "merge"
    """Several codes are one."""
    SPLIT = "split"
    """One code is several; it may stay one of them."""
    REMOVE = "remove"
    """A code is not given any more."""
    RECONSIDER = "reconsider"
    """A code (or tier) means something else: another definition or severity."""


CERTAIN = frozenset({ChangeKind.RENAME, ChangeKind.MERGE})
"""An old code is the new one, whoever gave it."""
RETIRING = frozenset({ChangeKind.SPLIT, ChangeKind.REMOVE})
"""An old code is not given any more, unless it is among those it was split into."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a version changed."""

    modality: Modality
    kind: ChangeKind
    codes: tuple[str, ...]
    to: tuple[str, ...] = ()
    defined: tuple[FailureCode, ...] = ()
    """Every code named here as it was defined then, so that it can be read when it is gone."""
    tiers: bool = False
    """`codes` are tiers."""

    @property
    def retires(self) -> frozenset[str]:
        """Codes that nobody can give from then on, and that no other code is the same as."""
        return frozenset(self.codes) - frozenset(self.to) if self.kind in RETIRING else frozenset()

    def in_words(self) -> str:
        names = " and ".join(self._label(code) for code in self.codes)
        to = " and ".join(self._label(code) for code in self.to)
        match self.kind:
            case ChangeKind.ADD:
                return f"{to} is new"
            case ChangeKind.RENAME:
                return f"{self.codes[0]} is now called {self.to[0]}"
            case ChangeKind.MERGE:
                return f"{names} are one: {to}"
            case ChangeKind.SPLIT:
                return f"{names} was split into {to}"
            case ChangeKind.REMOVE:
                return f"{names} was taken out"
            case ChangeKind.RECONSIDER:
                return f"{f'the tier {names}' if self.tiers else names} means something else"

    def _label(self, code: str) -> str:
        return next((f"“{one.label}”" for one in self.defined if one.code == code), code)


def codes_of(failures: Iterable[FailureCode]) -> frozenset[str]:
    return frozenset(failure.code for failure in failures)


def added(before: Rubrics, now: Rubrics, changes: Sequence[Change]) -> tuple[Change, ...]:
    """The codes that are new and that no change leads to."""
    led_to = {(change.modality, code) for change in changes for code in change.to}
    return tuple(
        Change(modality, ChangeKind.ADD, (), (code.code,), (code,))
        for modality, rubric in sorted(now.items())
        for code in rubric.failures
        if (modality, code.code) not in led_to
        and (modality not in before or before[modality].failure(code.code) is None)
    )


def implied(before: Rubrics, now: Rubrics) -> tuple[Change, ...]:
    """What a rubric file that was edited by hand changed, as far as it can be seen: codes gone, severities changed."""
    found = []
    for modality in before.keys() & now.keys():
        after = {failure.code: failure for failure in now[modality].failures}
        for code in before[modality].failures:
            kind = ChangeKind.REMOVE if code.code not in after else None
            if kind is None and after[code.code].severity is not code.severity:
                kind = ChangeKind.RECONSIDER
            if kind is not None:
                found.append(Change(modality, kind, (code.code,), defined=(code,)))
    return tuple(sorted(found, key=lambda change: (change.modality, change.codes)))


def unexplained(
    before: Rubrics, now: Rubrics, changes: Sequence[Change], retired: Mapping[Modality, frozenset[str]]
) -> str:
    """Why these changes do not lead from one rubric to the other, in words; empty when they do.

    Each code that is gone must be named by a change, each change must lead to codes that are there, and a code that
    was retired once may not come back with another meaning: old verdicts would be taken for new ones.
    """
    for modality, rubric in before.items():
        if modality not in now:
            return f"the rubric of {modality} is gone"
        have, had = codes_of(now[modality].failures), codes_of(rubric.failures)
        lost = _through(had, [change for change in changes if change.modality is modality and not change.tiers]) - have
        if lost:
            return f"nothing says what became of {', '.join(sorted(lost))}"
        here = [change for change in changes if change.modality is modality]
        gone = retired.get(modality, frozenset()).union(*(change.retires for change in here))
        if back := sorted((have - had) & gone):
            return f"{back[0]} was in use before and means something else there; choose another code"
    return ""


def _through(codes: frozenset[str], changes: Sequence[Change]) -> frozenset[str]:
    """Which of these codes are there after the changes."""
    for change in changes:
        if change.kind is not ChangeKind.RECONSIDER and set(change.codes) & codes:
            codes = codes - set(change.codes) | set(change.to)
    return codes


def change_to_json(change: Change) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "modality": str(change.modality),
        "kind": str(change.kind),
        "codes": list(change.codes),
        "to": list(change.to),
        "defined": [code_to_json(code) for code in change.defined],
    }
    return {**raw, "tiers": True} if change.tiers else raw


def change_from_json(raw: Mapping[str, Any]) -> Change:
    """Raises KeyError, TypeError or ValueError for what is not a change."""
    kind, to = ChangeKind(raw["kind"]), tuple(map(_text, raw["to"]))
    if kind in CERTAIN and len(to) != 1:
        raise ValueError(f"a {kind} leads to one code, not to {len(to)}")
    return Change(
        Modality(raw["modality"]),
        kind,
        tuple(map(_text, raw["codes"])),
        to,
        tuple(code_from_json(code) for code in raw.get("defined", ())),
        bool(raw.get("tiers", False)),
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(f"{value!r} is no code")
    return value


def code_to_json(code: FailureCode) -> dict[str, Any]:
    texts = {name: str(getattr(code, name)) for name in ("code", "label", "definition", "example", "key", "severity")}
    crop = code.crop and {
        "item": code.crop.item,
        "box": code.crop.box and list(code.crop.box),
        "time_s": code.crop.time_s and list(code.crop.time_s),
    }
    about = code.about and str(code.about)
    return {**texts, "proposed_by": list(map(str, code.proposed_by)), "about": about, "crop": crop}


def code_from_json(raw: Mapping[str, Any]) -> FailureCode:
    """Raises KeyError, TypeError or ValueError for what is not a failure code."""
    return FailureCode(
        code=str(raw["code"]),
        label=str(raw["label"]),
        definition=str(raw["definition"]),
        example=str(raw["example"]),
        key=str(raw["key"]),
        severity=Severity(raw["severity"]),
        proposed_by=tuple(Kind(kind) for kind in raw["proposed_by"]),
        about=About(raw["about"]) if raw["about"] else None,
        crop=crop_from_json(raw["crop"]) if raw.get("crop") else None,
    )


def crop_from_json(raw: Mapping[str, Any]) -> Crop:
    """Raises KeyError, TypeError or ValueError for what is not a place on an item: a box or a time span, not both."""
    box, time_s = raw.get("box"), raw.get("time_s")
    if (box is None) is (time_s is None):
        raise ValueError("a crop has a box or a time span")
    if box is not None:
        x0, y0, x1, y1 = map(float, box)
        return Crop(str(raw["item"]), box=(x0, y0, x1, y1))
    start, end = map(float, raw["time_s"])
    return Crop(str(raw["item"]), time_s=(start, end))
