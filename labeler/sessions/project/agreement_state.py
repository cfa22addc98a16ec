"""What the agreement tab shows, as values, and what questions and cuts are called."""

from __future__ import annotations

from dataclasses import dataclass

from labeler.domain.agreement.answers import Question
from labeler.domain.agreement.groups import Grouping

QUESTIONS = {
    Question.RIGHT: "Which output is right",
    Question.TIER: "Tier",
    Question.FAILURES: "Failures",
    Question.GOLD: "Gold answer",
    Question.PINS: "Pins",
}
GROUPINGS = {
    Grouping.ALL: "All items",
    Grouping.SLICES: "By slice",
    Grouping.PAIRS: "By pair",
    Grouping.WEEKS: "Over time",
}
ANSWERS = {
    "old": "the old one right",
    "new": "the new one right",
    "both": "both right",
    "neither": "both wrong",
    "undecidable": "undecidable",
}


@dataclass(frozen=True, slots=True)
class GroupLine:
    name: str
    alpha: float | None
    low: float | None
    high: float | None
    items: int | None
    """None while it is counted."""
    words: str


@dataclass(frozen=True, slots=True)
class AgreementState:
    project: str
    person: str
    question: Question = Question.RIGHT
    grouping: Grouping = Grouping.ALL
    lines: tuple[GroupLine, ...] = ()
    left: int = 0
    """Groups that are counted next; of all items the lines themselves say so."""
    chosen: int = 0
    drivers: tuple[tuple[str, str, int], ...] = ()
    """What stands against each other in the chosen line, and on how many items."""
    driver: int = -1
    """Which of them the items are of; -1: all that differ."""
    items: tuple[str, ...] = ()
    item: int = 0
    judged: int = 0
    """Items with verdicts of at least two people."""
    simulated: bool = False
    left_out: int = 0
    """Verdicts of simulated annotators, which do not count since somebody judged."""
    busy: str = ""
    refused: str = ""
    message: str = ""
    serious: bool = False
