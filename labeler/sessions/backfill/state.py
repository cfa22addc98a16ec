"""What the Backfill screen shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from labeler.domain.backfill.records import Status


class Look(StrEnum):
    """How a word stands out; never by its colour alone, since the word says it."""

    PLAIN = "plain"
    WRONG = "wrong"
    GOOD = "good"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records are listed; what is not set stands for all. `rule` -1 is taken by no rule."""

    status: Status | None = None
    rule: int | None = None
    stratum: str | None = None
    overdue: bool = False
    words: str = ""
    """What the filter is called, where it is shown."""


ALL = Filter()


@dataclass(frozen=True, slots=True)
class Card:
    """A figure on top of the screen; it leads to the records behind it."""

    title: str
    value: str
    detail: str
    leads_to: Filter
    serious: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A record in the list."""

    id: str
    item: str
    date: str
    action: str
    amount: str
    reversible: str
    status: str
    status_look: Look
    disposition: str
    next: str
    next_look: Look


@dataclass(frozen=True, slots=True)
class StoryLine:
    at: str
    what: str
    serious: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """One record: what it is about, what is known, and what happened."""

    title: str
    sentence: str
    lines: tuple[StoryLine, ...]
    owed: tuple[str, ...]
    awaits_second: bool


@dataclass(frozen=True, slots=True)
class RuleRow:
    name: str
    disposition: str
    count: int
    leads_to: Filter


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """A line of the plot. `value` is None while nothing of the stratum is decided."""

    name: str
    detail: str
    more: str
    """Share and amounts, with their intervals."""
    value: float | None
    low: float
    high: float
    bold: bool
    leads_to: Filter


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that digits answer."""

    text: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A step that was taken, as it is being typed: by which channel, to whom, which text."""

    step: str
    channel: str = ""
    to: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    text: str = ""
    serious: bool = False


@dataclass(frozen=True, slots=True)
class BackfillState:
    """`loading` until the records have been read for the first time."""

    project: str
    person: str
    release: str = ""
    summary: str = ""
    loading: bool = True
    busy: str = ""
    """What is being done beside the window."""
    cards: tuple[Card, ...] = ()
    rows: Sequence[Row] = ()
    """Another object when what it holds may have changed."""
    figure: int = -1
    """Which figure the list was asked of: the cards, then the rules, then the lines of the plot, from 0; -1 is none."""
    filter: Filter = ALL
    chosen: int = -1
    story: Story | None = None
    policy_title: str = ""
    policy_problem: str = ""
    """Why the policy's file cannot be read; there are no rules then."""
    rules: tuple[RuleRow, ...] = ()
    estimate_title: str = ""
    estimate_why: str = ""
    """Where the reviewers' error in it comes from."""
    estimate: tuple[EstimateRow, ...] = ()
    scale: float = 1.0
    """The right end of the plot."""
    plan: tuple[str, ...] = ()
    queue_label: str = ""
    """What putting the plan in force would do; empty when there is nothing to put."""
    simulated: int = 0
    ask: Ask | None = None
    step: StepDraft | None = None
    message: Message = field(default_factory=Message)

    @property
    def figures(self) -> tuple[Filter, ...]:
        """Where each figure leads, in the order in which the keyboard goes through them."""
        figures: tuple[Card | RuleRow | EstimateRow, ...] = (*self.cards, *self.rules, *self.estimate)
        return tuple(figure.leads_to for figure in figures)
