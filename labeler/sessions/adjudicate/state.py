"""What the Adjudicate screen shows besides the evidence and the resolution's draft, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from labeler.domain.blind import Letter
from labeler.domain.items import Span


class Listed(StrEnum):
    """Which of the lead's lists is shown."""

    OPEN = "open"
    RESOLVED = "resolved"
    CHECKS = "checks"


@dataclass(frozen=True, slots=True)
class QueueLine:
    """An item on the lead's list. Nothing here says what anyone found: the lead looks first."""

    item_id: str
    how_unsure: str
    what: str
    """Its kind and modality."""
    reason: str
    """Why it is here, or how it was resolved."""


@dataclass(frozen=True, slots=True)
class CardFailure:
    letter: Letter
    label: str
    everyones: bool
    """All who gave a verdict name it."""


@dataclass(frozen=True, slots=True)
class Card:
    """One person's verdict, in terms of A and B."""

    key: str
    name: str
    """`Annotator 1`, or the person's name once names are shown."""
    took: str
    verdict: str
    tier: str
    failures: tuple[CardFailure, ...]
    gold: str
    gold_marks: tuple[Span, ...]
    """Where the gold answer differs from those of the others."""
    note: str
    sure: bool
    whole: bool
    differs: frozenset[str]
    """Which of `verdict`, `tier`, `failures`, `gold` are not everyone's."""


@dataclass(frozen=True, slots=True)
class AdjudicationState:
    """The lead's list, and what is known of the item on the screen."""

    lines: tuple[QueueLine, ...] = ()
    """Of the list that is shown."""
    chosen: str | None = None
    open: int = 0
    resolved: int = 0
    checks: int | None = None
    """Items on which a hidden check failed; None for who is no lead."""
    listed: Listed = Listed.OPEN
    looking: bool = False
    """The list is being made."""
    verdicts: int = 0
    """How many there are on the item, said before they are shown."""
    cards: tuple[Card, ...] = ()
    """Empty until the lead has looked and asks for them."""
    accord: str = ""
    """How far people agree among items of this kind, as `α 0.41 here`; empty before the verdicts are shown."""
    accord_means: str = ""
    """Which items these are, and what the figure means."""
    pinned: str = ""
    """How many pinned a failure at the current difference, in words; empty before the verdicts are shown."""
    pinned_short: str = ""
    """The same where there is little room."""
    revealed: bool = False
    names: bool = False
    taken: str = ""
    """Whose card the resolution was built from, and whether it was changed since."""
    in_hand: int = 0
    """Number of that card, from 1; 0 where none was taken."""
    vouched: str = ""
    """Who left the answer as it stands and checked the whole item for it, as `by annotator 1`; else empty."""
    gap: str = ""
    """What of the rubric is to blame, in words."""
    standing: str = ""
    """How the item is resolved already, in words; empty when it is open."""
    carried: str = ""
    """How it was resolved in an earlier release, of the very same outputs, while nothing is decided here."""
    unblinded: str = ""
    """That people can tell which side is the new one, in words."""
    policy: str = ""
    """By which policy a lead can settle what is not unanimous; empty where the project wants unanimity."""
    blocked: str = ""
    """Why it cannot be resolved now, in words; empty when it can."""
    checked: str = ""
    """What hidden checks said of it, in words; empty where nothing was, and before the verdicts are shown."""
    another: str = ""
    """Which person would be asked next, as `a fourth`; empty for who is no lead."""
