"""What the Assignment tab shows, as values: rules, people and rounds, and what is typed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Pane(StrEnum):
    """Which list the keys walk."""

    RULES = "rules"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class RuleLine:
    heading: str
    """Under which it stands."""
    where: str
    title: str
    value: str
    tells: str


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A person, or a round (`person` is empty)."""

    person: str
    """Id."""
    title: str
    right: str
    below: str
    facts: tuple[str, ...]
    training: bool = False
    reserved: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """A question with fields to type in, or with options that digits choose."""

    id: str
    title: str
    tells: str
    labels: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    options: tuple[tuple[Any, str], ...] = ()
    person: str = ""
    """Whom it is about: an id."""
    act: str = "Save"
    """What the button says that does it."""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class AssignmentState:
    project: str
    person: str
    lead: bool
    loading: bool = True
    pane: Pane = Pane.RULES
    rules: tuple[RuleLine, ...] = ()
    rule: int = 0
    work: tuple[WorkLine, ...] = ()
    chosen: int = 0
    form: Form | None = None
    message: str = ""
    serious: bool = False

    @property
    def line(self) -> WorkLine | None:
        """The person or round that is chosen."""
        return self.work[self.chosen] if self.chosen < len(self.work) else None
