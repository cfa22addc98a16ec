"""What a view may know before the verdict is saved: two outputs named A and B, and not which model made which.

A view that never receives a model's name cannot show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Literal

from labeler.domain.differences.model import Difference, Kind, Of, Reading
from labeler.domain.differences.sides import text_of
from labeler.domain.items import Json, Output, Region, Segment, Side, Table

Letter = Literal["A", "B"]
LETTERS: tuple[Letter, Letter] = ("A", "B")


@dataclass(frozen=True, slots=True)
class Sides:
    """Which output stands behind which letter."""

    a: Side
    b: Side

    def side(self, letter: Letter) -> Side:
        return self.a if letter == "A" else self.b

    def letter(self, side: Side) -> Letter:
        return "A" if self.a == side else "B"


@dataclass(frozen=True, slots=True)
class ShownOutput:
    """What a view gets of an output: no model, confidence, latency, seed or path. Region ids are `A1`, `A2`, …."""

    text: str
    table: Table | None
    values: Mapping[str, Json] | None
    regions: tuple[Region, ...]
    segments: tuple[Segment, ...]
    label: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """A difference with its sides named A and B. `kind` is dropped where it would say which is old (see `neutral`)."""

    id: str
    of: Of
    kind: Neutral
    cosmetic: bool
    a: Reading | None
    b: Reading | None
    place: str
    gap: int | None

    def reading(self, letter: Letter) -> Reading | None:
        return self.a if letter == "A" else self.b


class Neutral(StrEnum):
    """Kinds of difference without a direction: `missing` and `added` would tell old from new."""

    SUBSTITUTED = "substituted"
    ONE_SIDED = "one_sided"
    NUMBER = "number"
    FORM = "form"
    MOVED = "moved"
    TIMING = "timing"
    SPEAKER = "speaker"
    COLUMNS_SWAPPED = "columns_swapped"
    ROW_ONE_SIDED = "row_one_sided"
    COLUMN_ONE_SIDED = "column_one_sided"
    KEY_ONE_SIDED = "key_one_sided"
    REGION_ONE_SIDED = "region_one_sided"
    LABEL = "label"
    MEDIA = "media"
    ERROR = "error"


_NEUTRAL: Mapping[Kind, Neutral] = {
    Kind.SUBSTITUTED: Neutral.SUBSTITUTED,
    Kind.CELL: Neutral.SUBSTITUTED,
    Kind.MISSING: Neutral.ONE_SIDED,
    Kind.ADDED: Neutral.ONE_SIDED,
    Kind.NUMBER: Neutral.NUMBER,
    Kind.FORM: Neutral.FORM,
    Kind.MOVED: Neutral.MOVED,
    Kind.ROW_MOVED: Neutral.MOVED,
    Kind.REGION_MOVED: Neutral.MOVED,
    Kind.ROW_MISSING: Neutral.ROW_ONE_SIDED,
    Kind.ROW_ADDED: Neutral.ROW_ONE_SIDED,
    Kind.COLUMN_MISSING: Neutral.COLUMN_ONE_SIDED,
    Kind.COLUMN_ADDED: Neutral.COLUMN_ONE_SIDED,
    Kind.COLUMNS_SWAPPED: Neutral.COLUMNS_SWAPPED,
    Kind.KEY_MISSING: Neutral.KEY_ONE_SIDED,
    Kind.KEY_ADDED: Neutral.KEY_ONE_SIDED,
    Kind.REGION_MISSING: Neutral.REGION_ONE_SIDED,
    Kind.REGION_ADDED: Neutral.REGION_ONE_SIDED,
    Kind.TIMING: Neutral.TIMING,
    Kind.SPEAKER: Neutral.SPEAKER,
    Kind.LABEL: Neutral.LABEL,
    Kind.MEDIA: Neutral.MEDIA,
    Kind.ERROR: Neutral.ERROR,
}


def neutral(kind: Kind) -> Neutral:
    """The kind without its direction. Raises KeyError for a kind that has no neutral name yet."""
    return _NEUTRAL[kind]


@dataclass(frozen=True, slots=True)
class BlindPair:
    """Both outputs of an item and their differences, as a view may see them."""

    item_id: str
    a: ShownOutput
    b: ShownOutput
    differences: tuple[ShownDifference, ...]

    def output(self, letter: Letter) -> ShownOutput:
        return self.a if letter == "A" else self.b


def sides(item_id: str, annotator: str, seed: int) -> Sides:
    """Which output is shown as A: the same answer for the same item, annotator and seed."""
    swap = sha256(f"{seed}/{annotator}/{item_id}".encode()).digest()[0] & 1
    return Sides(a="new", b="old") if swap else Sides(a="old", b="new")


def blind_pair(old: Output, new: Output, differences: tuple[Difference, ...], shown: Sides) -> BlindPair:
    """Take everything off the outputs that names a model, and call the sides A and B."""
    outputs = {"old": old, "new": new}
    ids = {
        side: {r.id: f"{shown.letter(side)}{n}" for n, r in enumerate(outputs[side].regions, 1)}
        for side in ("old", "new")
    }

    def reading(difference: Difference, letter: Letter) -> Reading | None:
        side = shown.side(letter)
        found = difference.reading(side)
        if found is None:
            return None
        return _replace_regions(found, tuple(ids[side].get(r, r) for r in found.regions))

    return BlindPair(
        item_id=old.item_id,
        a=_shown(outputs[shown.a], ids[shown.a]),
        b=_shown(outputs[shown.b], ids[shown.b]),
        differences=tuple(
            ShownDifference(d.id, d.of, neutral(d.kind), d.cosmetic, reading(d, "A"), reading(d, "B"), d.place, d.gap)
            for d in differences
        ),
    )


def _replace_regions(reading: Reading, regions: tuple[str, ...]) -> Reading:
    r = reading  # `_replace` takes three times as long
    return Reading(r.text, r.span, r.box, r.time_s, r.estimated, regions, r.cell, r.key, page=r.page, speaker=r.speaker)


def _shown(output: Output, ids: Mapping[str, str]) -> ShownOutput:
    return ShownOutput(
        text=text_of(output),
        table=output.table,
        values=output.values,
        regions=tuple(
            Region(ids[r.id], r.box, r.polygon, r.text, None, r.span, r.label, r.page) for r in output.regions
        ),
        segments=tuple(Segment(s.start_s, s.end_s, s.text, None, s.span, s.speaker) for s in output.segments),
        label=output.label,
        error=output.error,
    )
