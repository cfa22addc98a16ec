"""Failure codes and tiers of one modality, as a rubric version defines them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from labeler.domain.differences.model import Kind
from labeler.domain.items import Modality


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


@dataclass(frozen=True, slots=True)
class FailureCode:
    """One way in which an output can be wrong.

    `proposed_by` are the kinds of difference that propose the code on the side found wrong there. A kind with a
    direction is meant from the failing side's view: `missing` proposes on the side that lacks the reading.
    """

    code: str
    label: str
    definition: str
    example: str
    key: str
    severity: Severity
    proposed_by: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True)
class Rubric:
    modality: Modality
    version: str
    failures: tuple[FailureCode, ...]
    tiers: tuple[TierDefinition, ...]

    def failure(self, code: str) -> FailureCode | None:
        return next((f for f in self.failures if f.code == code), None)


Rubrics = Mapping[Modality, Rubric]
