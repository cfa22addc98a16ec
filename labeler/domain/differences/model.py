"""What a comparison says: the places where two outputs disagree, on both sides and on the medium."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from labeler.domain.items import Box, Output, Side, Span, TimeSpan


class Of(StrEnum):
    """What was compared. An output with a table is compared as a table and not as text again."""

    TEXT = "text"
    TABLE = "table"
    VALUES = "values"
    REGIONS = "regions"
    SEGMENTS = "segments"
    LABEL = "label"
    MEDIA = "media"
    """The output is a picture or a recording itself."""


class Kind(StrEnum):
    SUBSTITUTED = "substituted"
    MISSING = "missing"
    ADDED = "added"
    NUMBER = "number"
    FORM = "form"
    MOVED = "moved"
    ROW_MISSING = "row_missing"
    ROW_ADDED = "row_added"
    ROW_MOVED = "row_moved"
    COLUMN_MISSING = "column_missing"
    COLUMN_ADDED = "column_added"
    COLUMNS_SWAPPED = "columns_swapped"
    CELL = "cell"
    KEY_MISSING = "key_missing"
    KEY_ADDED = "key_added"
    REGION_MISSING = "region_missing"
    REGION_ADDED = "region_added"
    REGION_MOVED = "region_moved"
    TIMING = "timing"
    SPEAKER = "speaker"
    LABEL = "label"
    MEDIA = "media"  # the output is a picture or a recording itself, and its bytes differ
    ERROR = "error"  # one of the outputs never came (timeout, refusal, …)


_MIRROR = {
    Kind.MISSING: Kind.ADDED,
    Kind.ROW_MISSING: Kind.ROW_ADDED,
    Kind.COLUMN_MISSING: Kind.COLUMN_ADDED,
    Kind.KEY_MISSING: Kind.KEY_ADDED,
    Kind.REGION_MISSING: Kind.REGION_ADDED,
}
_MIRROR |= {added: missing for missing, added in _MIRROR.items()}


def mirrored(kind: Kind) -> Kind:
    """The kind that the same difference has when the outputs change places."""
    return _MIRROR.get(kind, kind)


def seen_from(kind: Kind, side: Side) -> Kind:
    """The kind as it is for one side's output: `missing` where that side lacks the reading, `added` where it has more.

    Kinds are named from the new output's view (`missing`: old has it, new has not).
    """
    return kind if side == "new" else mirrored(kind)


class ItemClass(StrEnum):
    """SAME: no difference; COSMETIC: only form differs; FLIP: the outputs differ materially."""

    SAME = "same"
    COSMETIC = "cosmetic"
    FLIP = "flip"


# Named tuples and not dataclasses: a page of text has hundreds, and frozen dataclasses take four times as long to make.
class Reading(NamedTuple):
    """One side of a difference: what this output has there, and where.

    `span` is None where the output has no text, or the reading (a table cell, a value) does not stand in it.
    """

    text: str
    span: Span | None = None
    box: Box | None = None
    time_s: TimeSpan | None = None
    estimated: bool = False
    """The place on the medium was inferred (from the other output's times, or a part of a region's box)."""
    regions: tuple[str, ...] = ()
    """Ids of the regions that the reading comes from."""
    cell: tuple[int, int] | None = None
    """Row and column in this side's table; -1 stands for all (a whole row or column)."""
    key: str | None = None
    """Path of the value, as in `series.2025[2]`."""
    elsewhere: int | None = None
    """Of a moved reading: the offset in the other output's text where it would stand if it had not moved."""
    page: int = 0
    """On which page of the picture the box is, from 0."""
    speaker: str | None = None
    """Who speaks here, where that is what differs."""


class Difference(NamedTuple):
    """One place where two outputs of an item disagree.

    `old` or `new` is None where nothing stands against the other; `gap` is then the place (character offset) in that
    side's text where the other's reading would stand, or None when that cannot be said.
    """

    id: str
    """d1, d2, … in the order in which a person walks them."""
    of: Of
    kind: Kind
    cosmetic: bool
    old: Reading | None
    new: Reading | None
    place: str = ""
    """In words: `row 2, column Total`."""
    gap: int | None = None
    weight: float = 1.0
    """How much it matters, from 0 (form) to 1 per word, row or value; numbers and negations count double."""

    def reading(self, side: Side) -> Reading | None:
        return self.old if side == "old" else self.new


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two outputs of one item, compared."""

    item_class: ItemClass
    differences: tuple[Difference, ...]

    @property
    def weight(self) -> float:
        return sum(d.weight for d in self.differences)


Comparator = Callable[[Output, Output], list[Difference]]
"""(old, new) -> differences. Symmetric: swapping the outputs swaps the sides (missing/added too) and nothing else."""
