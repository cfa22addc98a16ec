"""What the Review screen shows, as values. Everything here is in terms of A and B; no view can tell old from new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from labeler.domain.blind import BlindPair, Letter, ShownDifference
from labeler.domain.items import Answer, Modality, Scalar, Span
from labeler.domain.rubric import Rubric, Tier


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
    """A failure on one side, pinned to a difference; to the item as a whole where `difference` is None."""

    letter: Letter
    code: str
    difference: str | None


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
    gold_text: str | None = None
    """What was typed over the built answer; None while it is as built."""
    whole_checked: bool = False
    note: str = ""
    exposed: frozenset[str] = frozenset()
    heard: tuple[tuple[float, float], ...] = ()
    """Parts of the recording that were played, in seconds, disjoint and in order."""
    spent_ms: int = 0

    @property
    def heard_s(self) -> float:
        return sum(end - start for start, end in self.heard)

    @property
    def touched(self) -> bool:
        return self != Draft(exposed=self.exposed, heard=self.heard, spent_ms=self.spent_ms)


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
    pins: tuple[Pin, ...]
    proposed: bool
    """At least one pin follows from the differences and was not set by hand."""

    @property
    def on(self) -> bool:
        return bool(self.pins)


@dataclass(frozen=True, slots=True)
class ShownItem:
    """What may be seen of the item before the verdict is saved; the reference is not among it."""

    id: str
    modality: Modality
    prompt: str
    slices: Mapping[str, Scalar]
    media: Path | None
    """The medium's file, or None: the item is a text, or the file cannot be had (`media_problem` says why)."""
    media_sha256: str | None
    media_problem: str = ""
    content: str | None = None
    """The text of a text item."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question in the panel that keys answer (no dialog): why skip, why undecidable."""

    what: str
    title: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which items the person wants to see."""

    modality: Modality | None = None
    slices: Mapping[str, str] = field(default_factory=dict)


class Layout(StrEnum):
    """How the two outputs share the canvas."""

    SIDE_BY_SIDE = "side_by_side"
    BLINK = "blink"


@dataclass(frozen=True, slots=True)
class ViewSettings:
    """How the medium is shown and played; stays from item to item."""

    overlay: bool = True
    linked: bool = True
    layout: Layout = Layout.SIDE_BY_SIDE
    blink_letter: Letter = "A"
    raw_text: bool = False
    spectrogram: bool = False
    loop: bool = True
    speed: float = 1.0
    context_s: float = 0.3
    """How much is played before and after a difference, in seconds."""
    more_codes: bool = False
    """All failure codes are shown, not only the first ones."""


class Request(StrEnum):
    """Something that only the view can do (it knows the pixels and the player)."""

    FIT = "fit"
    ACTUAL_SIZE = "actual_size"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    ZOOM_TO_DIFFERENCE = "zoom_to_difference"
    PLAY_PAUSE = "play_pause"
    PLAY_ALL = "play_all"
    BACK = "back"
    FORWARD = "forward"
    EDIT_GOLD = "edit_gold"
    EDIT_NOTE = "edit_note"


@dataclass(frozen=True, slots=True)
class ViewRequest:
    """The newest request; a view acts when `serial` has changed."""

    serial: int = 0
    what: Request | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One line for the status bar."""

    text: str
    serious: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The medium of an item that comes next, for decoding ahead."""

    item_id: str
    modality: Modality
    media: Path
    sha256: str | None


@dataclass(frozen=True, slots=True)
class ReviewState:
    """All that the Review screen shows. Two states are compared to find what to redraw."""

    project: str
    release: str
    """Its number in this project: its models are not named here."""
    person: str
    progress: Progress
    filter: Filter
    modalities: tuple[Modality, ...]
    """Those that the project has."""
    item: ShownItem | None
    """None: nothing is left to judge with this filter."""
    why: str
    """Why the item is here, in words that tell nothing of the sides."""
    pair: BlindPair | None
    """None until the tier is set: the outputs stay hidden."""
    rubric: Rubric | None
    alike: bool
    """Both outputs say the same: they are right or wrong together."""
    walk: tuple[ShownDifference, ...]
    """The differences to be judged, in order; cosmetic ones are in `pair` alone."""
    current: int | None
    """Index into `walk`."""
    seen: frozenset[str]
    draft: Draft
    verdict: Choice | None
    """What follows from the failures, or what it was overruled to; None while it is open or undecidable."""
    follows: bool
    """The verdict follows from the differences."""
    failures: tuple[ShownFailure, ...]
    """A's in the rubric's order, then B's."""
    gold: GoldDraft | None
    missing: str
    """What is still to do before it can be saved, in words; empty when it can."""
    save_label: str
    """What saving will record."""
    can_undo: bool
    ask: Ask | None
    message: Message
    view: ViewSettings
    request: ViewRequest
    upcoming: tuple[Upcoming, ...]
    simulated: int
    """How many verdicts of simulated annotators this project holds; named in the status bar."""

    @property
    def difference(self) -> ShownDifference | None:
        return self.walk[self.current] if self.current is not None else None

    @property
    def revealed(self) -> bool:
        return self.pair is not None

    @property
    def can_save(self) -> bool:
        return self.item is not None and not self.missing
