"""What the Board screen shows, as values: one part at a time, as a table, and words on the line that is chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Part(StrEnum):
    """The parts of the board, in the order of their keys."""

    LEFT = "left"
    PEOPLE = "people"
    QUESTIONS = "questions"
    ROUNDS = "rounds"
    SETTLED = "settled"
    SKIPPED = "skipped"


TITLES = {
    Part.LEFT: "What is left",
    Part.PEOPLE: "People",
    Part.QUESTIONS: "Questions",
    Part.ROUNDS: "Rounds",
    Part.SETTLED: "Settled",
    Part.SKIPPED: "Skipped",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. `share` (0 to 1) is drawn as a bar, where there is one."""

    cells: tuple[str, ...]
    detail: tuple[str, ...] = ()
    """What is said of it when it is chosen."""
    item_id: str = ""
    """The item that it leads to."""
    question: str = ""
    """The question that an answer to it names."""
    skipped_by: str = ""
    """Who skipped the item, by id."""
    share: float | None = None
    stands_out: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """One part of the board. The first `left` columns are words, the others numbers."""

    summary: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    left: int = 1
    rows: tuple[Row, ...] = ()
    empty: str = ""
    """What is said in place of lines."""


@dataclass(frozen=True, slots=True)
class BoardState:
    """All that the screen shows."""

    project: str
    person: str
    lead: bool
    loading: bool = True
    parts: tuple[Part, ...] = (Part.LEFT,)
    part: Part = Part.LEFT
    shown: Shown = field(default_factory=Shown)
    counts: tuple[tuple[Part, int], ...] = ()
    """What waits in a part, for its chip."""
    chosen: int = 0
    typing: bool = False
    """An answer is being typed."""
    typed: str = ""
    erasing: bool = False
    """It is asked whether the person's times and guesses are to be erased."""
    message: str = ""
    serious: bool = False

    @property
    def row(self) -> Row | None:
        rows = self.shown.rows
        return rows[self.chosen] if self.chosen < len(rows) else None

    @property
    def can_answer(self) -> bool:
        return self.row is not None and bool(self.row.question)
