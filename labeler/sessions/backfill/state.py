"""What the Backfill screen shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from labeler.domain.backfill.records import Status
from labeler.domain.backfill.words import STATUS_WORDS


class Look(StrEnum):
    """How a word stands out; never by its colour alone, since the word says it."""

    PLAIN = "plain"
    WRONG = "wrong"
    GOOD = "good"
    OPEN = "open"


class ToDo(StrEnum):
    """What is left to do about records, and is listed."""

    DISPOSE = "without a disposition"
    SECOND = "waiting for a second person"
    DUE_SOON = "due within 7 days"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records are listed; what is not set stands for all. `rule` -1 is taken by no rule."""

    status: Status | None = None
    rule: int | None = None
    stratum: str | None = None
    to_do: ToDo | None = None
    words: str = ""
    """What the filter is called, where it is shown."""


def only(status: Status) -> Filter:
    """The records of a status."""
    return Filter(status=status, words=STATUS_WORDS[status])


def still(to_do: ToDo) -> Filter:
    """The records of which this is left to do."""
    return Filter(to_do=to_do, words=to_do)


ALL = Filter(words="all contested")


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter that the menu offers, and how many records it leaves."""

    leads_to: Filter
    count: int


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
    """A question that digits answer: which step was taken, or what is to be done."""

    text: str
    options: tuple[str, ...]
    of_disposition: bool = False


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A step that was taken, as it is being typed: by which channel, to whom, which text."""

    step: str
    channel: str = ""
    to: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class DisposalDraft:
    """A lead's disposition, as it is being typed: what is done, why, the steps owed (with commas) and by when."""

    disposition: str = ""
    reason: str = ""
    steps: str = ""
    due: str = ""
    """A day, or in how many days."""
    four_eyes: bool = False


@dataclass(frozen=True, slots=True)
class FileReport:
    """What came of a file that was read or written, and what to know of it: a line each."""

    said: str
    lines: tuple[str, ...]


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
    typed: str = ""
    """Words that a record has to have besides."""
    choices: tuple[Choice, ...] = ()
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
    disposal: DisposalDraft | None = None
    asks_second: bool = False
    """Whether the policy asks for a second person on the disposition that is typed."""
    report: FileReport | None = None
    message: Message = field(default_factory=Message)

    @property
    def figures(self) -> tuple[Filter, ...]:
        """Where each figure leads, in the order in which the keyboard goes through them."""
        figures: tuple[Card | RuleRow | EstimateRow, ...] = (*self.cards, *self.rules, *self.estimate)
        return tuple(figure.leads_to for figure in figures)
