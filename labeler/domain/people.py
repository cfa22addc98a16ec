"""Who judges. Names are personal data: events hold an id and a commitment, the name stands beside the log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    ANNOTATOR = "annotator"
    LEAD = "lead"
    AUDITOR = "auditor"
    """Looks at everything and changes nothing."""


@dataclass(frozen=True, slots=True)
class Person:
    """`simulated` people are programs that stand in for annotators; they are marked wherever they show."""

    id: str
    name: str
    role: Role
    simulated: bool = False
