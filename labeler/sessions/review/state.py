"""What the Review screen shows, as values: where one is, the evidence, the judgement so far, and the screen itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from labeler.domain.blind import Letter
from labeler.domain.items import Answer, Modality, Span
from labeler.domain.rubric import Rubric, Severity
from labeler.sessions.review.draft import Choice, Draft, Pin
from labeler.sessions.review.evidence import ShownEvidence, Upcoming


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A difference that the gold answer has not settled, and where it stands in the answer's text."""

    difference: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class GoldDraft:
    """The gold answer as it stands: built from the readings chosen, or typed."""

    text: str
    answer: Answer
    sources: tuple[str, ...] = ()
    """In terms of letters: `d1:A`."""
    open: tuple[OpenPlace, ...] = ()
    edited: bool = False

    @property
    def complete(self) -> bool:
        return not self.open


@dataclass(frozen=True, slots=True)
class ShownFailure:
    """One chip of the verdict panel."""

    letter: Letter
    code: str
    label: str
    definition: str
    example: str
    key: str
    severity: Severity
    regraded: bool
    """The person gave it the other severity than the rubric does."""
    pins: tuple[Pin, ...]
    proposed: bool
    """At least one pin follows from the differences and was not set by hand."""

    @property
    def on(self) -> bool:
        return bool(self.pins)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The draft of a verdict, and what follows from it."""

    rubric: Rubric | None = None
    draft: Draft = field(default_factory=Draft)
    verdict: Choice | None = None
    """What follows from the failures, or what it was overruled to; None while it is open or undecidable."""
    follows: bool = True
    """The verdict follows from the differences."""
    failures: tuple[ShownFailure, ...] = ()
    """A's in the rubric's order, then B's."""
    gold: GoldDraft | None = None
    missing: str = ""
    """What is still to do before it can be saved, in words; empty when it can."""
    save_label: str = ""
    """What saving will record."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which items the person wants to see."""

    modality: Modality | None = None
    slices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where the person stands: in which project and release, with which filter, how far, and what comes next."""

    project: str
    release: str
    """Its number in this project: its models are not named here."""
    person: str
    modalities: tuple[Modality, ...]
    """Those that the project has."""
    simulated: int
    """How many verdicts of simulated annotators this project holds; named in the status bar."""
    filter: Filter
    progress: Progress
    upcoming: tuple[Upcoming, ...] = ()
    training: str | None = None
    """What someone in training is told of it; None: these items count."""
    answered: str = ""
    """That a lead answered a question of the person's, until the next item."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question in the panel that keys answer (no dialog): why skip, why undecidable."""

    what: str
    title: str
    options: tuple[str, ...]
    lines: tuple[str, ...] = ()
    """What is said above the options."""
    typed: str | None = None
    """What is being typed to it, where it takes a text."""


@dataclass(frozen=True, slots=True)
class Message:
    """One line for the status bar."""

    text: str
    serious: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """What belongs to the screen and not to the item: questions asked, the last message, whether undo reaches."""

    ask: Ask | None = None
    message: Message = field(default_factory=lambda: Message(""))
    can_undo: bool = False
    newer_rubric: str = ""
    """The version that is in force since work on this item began, which still goes by the one before."""
    guessing: bool = False
    """Which side of the item saved last was the new one is asked, beside the item that is shown now."""


@dataclass(frozen=True, slots=True)
class ReviewState:
    """All that the Review screen shows. Two states are compared to find what to redraw."""

    place: Place
    evidence: ShownEvidence
    judgement: Judgement
    screen: Screen

    @property
    def can_save(self) -> bool:
        return self.evidence.item is not None and not self.judgement.missing and self.screen.ask is None
