"""Failure codes and tiers of one modality, as a rubric version defines them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from labeler.domain.differences.model import Kind
from labeler.domain.items import Box, Modality, TimeSpan

_KEY = re.compile("[A-Z0-9]")


class Tier(StrEnum):
    """How difficult an item is, easiest first."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"
    FRONTIER = "frontier"


class Severity(StrEnum):
    """An output with a failure of major severity is not right."""

    MINOR = "minor"
    MAJOR = "major"


@dataclass(frozen=True, slots=True)
class TierDefinition:
    tier: Tier
    label: str
    definition: str
    example: str


class About(StrEnum):
    """What a difference must be about, besides its kind, to propose a code (see `proposals`)."""

    NEGATION = "negation"
    """One reading has a `not`, `no`, `never` … more than the other."""
    NAME = "name"
    """A reading has a word that stands capitalised within a sentence."""
    SCALE = "scale"
    """Both readings have the same digits; the point, sign, unit or power of ten differs."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A place on a real item that shows a failure: pixels of the upright picture, or seconds of the recording."""

    item: str
    box: Box | None = None
    time_s: TimeSpan | None = None


@dataclass(frozen=True, slots=True)
class FailureCode:
    """One way in which an output can be wrong.

    `proposed_by` are the kinds of difference that propose the code on the side found wrong there. A kind with a
    direction is meant from the failing side's view: `missing` proposes on the side that lacks the reading.
    With `about`, only differences that are about this as well. A code without a `key` is found in the palette: there
    are 13 or 14 keys for codes, and no more.
    """

    code: str
    label: str
    definition: str
    example: str
    key: str
    severity: Severity
    proposed_by: tuple[Kind, ...] = ()
    about: About | None = None
    crop: Crop | None = None


@dataclass(frozen=True, slots=True)
class Rubric:
    modality: Modality
    version: str
    failures: tuple[FailureCode, ...]
    tiers: tuple[TierDefinition, ...]
    retired: tuple[FailureCode, ...] = ()
    """Codes that older verdicts name and nobody can give any more: split or taken out. They have no key."""

    @property
    def every(self) -> tuple[FailureCode, ...]:
        """All codes that a verdict can name, the retired ones last."""
        return (*self.failures, *self.retired)

    def failure(self, code: str) -> FailureCode | None:
        """What a code means, also one that is not given any more."""
        return next((f for f in self.every if f.code == code), None)


Rubrics = Mapping[Modality, Rubric]

RESERVED_KEYS = frozenset("ZXCV1234NPUIGHKSOBFMJ0")
"""Letters and digits that the Review screen keeps for itself; no failure code may take them."""
RESERVED_FOR: Mapping[Modality, frozenset[str]] = {Modality.AUDIO: frozenset("L")}
"""Those that it keeps for items of one modality alone."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a rubric, and in which failure code or tier (its position in the rubric, from 0)."""

    part: str
    """`failures` or `tiers`."""
    index: int
    field: str
    reason: str


def flaws(rubric: Rubric) -> list[Flaw]:
    """Everything for which people could not work with the rubric: doubled or reserved keys, tiers not there, …"""
    found: list[Flaw] = []
    codes: set[str] = set()
    keys: dict[str, str] = {}
    for index, failure in enumerate(rubric.failures):
        if failure.code in codes:
            found.append(Flaw("failures", index, "code", f"the code {failure.code} is there twice"))
        if failure.key in RESERVED_KEYS or failure.key in RESERVED_FOR.get(rubric.modality, ()):
            found.append(Flaw("failures", index, "key", f"{failure.key} is a key of the Review screen"))
        elif failure.key and not _KEY.fullmatch(failure.key):
            found.append(Flaw("failures", index, "key", f"{failure.key!r} is not one capital letter or digit"))
        elif failure.key and failure.key in keys:
            found.append(Flaw("failures", index, "key", f"{failure.key} is the key of {keys[failure.key]} as well"))
        codes.add(failure.code)
        keys.setdefault(failure.key, failure.code)
    return found + _tier_flaws(rubric)


def _tier_flaws(rubric: Rubric) -> list[Flaw]:
    """Tiers are fixed, since gold sets and gates of all projects speak of them; only their definitions may change."""
    given = [definition.tier for definition in rubric.tiers]
    if given == list(Tier):
        return []
    return [Flaw("tiers", 0, "tier", f"the tiers must be {', '.join(Tier)}, in this order")]
