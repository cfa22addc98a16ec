"""What a person has done on an item and not saved: choices, failures and their places, the answer, the note."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from labeler.domain.blind import Letter
from labeler.domain.items import Region, Segment, TimeSpan
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import At


class Choice(StrEnum):
    """Which reading (or which output) is right."""

    A = "A"
    B = "B"
    BOTH = "both"
    NONE = "none"

    def holds_for(self, letter: Letter) -> bool:
        return self is Choice.BOTH or self.value == letter


@dataclass(frozen=True, slots=True)
class Pin:
    """A failure on one side, pinned to a difference or to a place of its own; to the item as a whole without either."""

    letter: Letter
    code: str
    difference: str | None = None
    at: At | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a person did on an item and has not saved. It is what undo steps through and what survives a crash."""

    tier: Tier | None = None
    tier_before_outputs: bool = False
    choices: Mapping[str, Choice] = field(default_factory=dict)
    overruled: Choice | None = None
    """The verdict, where it does not follow from the differences."""
    undecidable: str | None = None
    """Why nobody can tell."""
    closer: Letter | None = None
    sure: bool = True
    added: frozenset[Pin] = frozenset()
    removed: frozenset[Pin] = frozenset()
    """Proposed pins that the person took away."""
    regraded: frozenset[tuple[Letter, str]] = frozenset()
    """Failures (side and code) of the other severity than the rubric gives them."""
    gold_text: str | None = None
    """What was typed over the built answer; None while it is as built."""
    gold_regions: tuple[Region, ...] | None = None
    """The answer's regions, where they were edited; None while they are as built."""
    gold_segments: tuple[Segment, ...] | None = None
    """The answer's segments, where they were edited; None while they are as built."""
    whole_checked: bool = False
    note: str = ""
    question: str = ""
    """To a lead, and not sent yet."""
    exposed: frozenset[str] = frozenset()
    heard: tuple[tuple[float, float], ...] = ()
    """Parts of the recording that were played, in seconds, disjoint and in order; of several on one clock, of any."""
    heard_of: Mapping[Letter, tuple[TimeSpan, ...]] = field(default_factory=dict)
    """The same of each output that is a recording itself."""
    spent_ms: int = 0
    taken: str = ""
    """Of a resolution: the event of the verdict whose card it was built from."""
    gap: str = ""
    """Of a resolution: what of the rubric is to blame (see `verdicts.Resolution`)."""

    @property
    def heard_s(self) -> float:
        return length_of(self.heard)

    @property
    def touched(self) -> bool:
        untouched = Draft(exposed=self.exposed, heard=self.heard, heard_of=self.heard_of, spent_ms=self.spent_ms)
        return self != untouched


def length_of(spans: Iterable[TimeSpan]) -> float:
    """Seconds of disjoint spans in all."""
    return sum(end - start for start, end in spans)


def in_todays_codes(draft: Draft, today: Callable[[str], str]) -> Draft:
    """The draft with the codes that failures have now."""
    return replace(
        draft,
        added=frozenset(replace(pin, code=today(pin.code)) for pin in draft.added),
        removed=frozenset(replace(pin, code=today(pin.code)) for pin in draft.removed),
        regraded=frozenset((letter, today(code)) for letter, code in draft.regraded),
        gap=today(draft.gap) if draft.gap else "",
    )
