"""What is under review: items, what the models produced for them, and the release that pairs two models.

Coordinates are pixels of the upright picture (after EXIF orientation), origin top left. Times are seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Literal

import orjson

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 with x0 <= x1 and y0 <= y1."""
Polygon = tuple[tuple[float, float], ...]
Span = tuple[int, int]
"""Start and end (exclusive), counted in characters (code points) of the output's text."""
TimeSpan = tuple[float, float]
"""Start and end in seconds."""
Scalar = str | int | float | bool | None
Json = Scalar | list["Json"] | dict[str, "Json"]
Table = tuple[tuple[str, ...], ...]
Side = Literal["old", "new"]

SIDES: tuple[Side, Side] = ("old", "new")


class Modality(StrEnum):
    IMAGE = "image"
    AUDIO = "audio"
    TEXT = "text"


@dataclass(frozen=True, slots=True, order=True)
class ModelVersion:
    """Name and version of the system that produced outputs. Its configuration is kept by the store beside it."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Region:
    """A place on a picture that an output (or a reference) speaks of; `box` or `polygon` or both."""

    id: str
    box: Box | None = None
    polygon: Polygon | None = None
    text: str = ""
    confidence: float | None = None
    span: Span | None = None
    label: str | None = None
    page: int = 0

    def bounds(self) -> Box:
        """The box, or the smallest box around the polygon. Raises ValueError when the region has neither."""
        if self.box is not None:
            return self.box
        if not self.polygon:
            raise ValueError(f"region {self.id} has neither box nor polygon")
        xs, ys = [x for x, _ in self.polygon], [y for _, y in self.polygon]
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a recording that an output speaks of, usually one word."""

    start_s: float
    end_s: float
    text: str = ""
    confidence: float | None = None
    span: Span | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known or decided to be right: a reference, or the gold answer of a verdict."""

    text: str | None = None
    table: Table | None = None
    values: Mapping[str, Json] | None = None
    regions: tuple[Region, ...] = ()
    segments: tuple[Segment, ...] = ()
    label: str | None = None
    media_sha256: str | None = None
    """Of the picture or the recording that is right, where the answer is one."""


@dataclass(frozen=True, slots=True)
class Item:
    """One input. `media` is a path relative to the project, or a URI; a text item has `content` instead."""

    id: str
    modality: Modality
    media: str | None = None
    sha256: str | None = None
    content: str | None = None
    prompt: str = ""
    reference: Answer | None = None
    slices: Mapping[str, Scalar] = field(default_factory=dict)
    critical: bool = False
    residency: str | None = None
    pii: bool = False
    extra: Mapping[str, Json] = field(default_factory=dict)
    """Keys of the file that mean nothing here; kept and given back."""


@dataclass(frozen=True, slots=True)
class Output:
    """What one model version produced for one item."""

    item_id: str
    model: ModelVersion
    text: str | None = None
    table: Table | None = None
    values: Mapping[str, Json] | None = None
    regions: tuple[Region, ...] = ()
    segments: tuple[Segment, ...] = ()
    label: str | None = None
    media: str | None = None
    media_sha256: str | None = None
    error: str | None = None
    sample: int = 0
    seed: int | None = None
    latency_ms: float | None = None
    cost: float | None = None
    config: Mapping[str, Json] = field(default_factory=dict)
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pair:
    """The two model versions of one modality in a release."""

    old: ModelVersion
    new: ModelVersion


@dataclass(frozen=True, slots=True)
class Release:
    """Old version -> new version, one pair a modality."""

    id: str
    pairs: Mapping[Modality, Pair]


def output_sha256(output: Output) -> str:
    """The hash of what a person judges: text, table, values, regions, segments, label, media digest and error.

    A medium of which no digest is known counts by its URI.

    Confidence, latency, cost, region ids and the model's name are left out, so that an output that a later version
    repeats keeps its verdicts. Numbers are hashed as floats, so that 26 and 26.0 are the same place.
    """
    judged: dict[str, object] = {
        "text": output.text,
        "table": output.table,
        "values": output.values,
        "regions": [_judged_region(region) for region in output.regions],
        "segments": [[float(s.start_s), float(s.end_s), s.text, s.span, s.speaker] for s in output.segments],
        "label": output.label,
        "media": output.media_sha256 or output.media,
        "error": output.error,
    }
    return "sha256:" + sha256(orjson.dumps(judged, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _judged_region(region: Region) -> list[object]:
    box = region.box and [float(v) for v in region.box]
    polygon = region.polygon and [[float(x), float(y)] for x, y in region.polygon]
    return [box, polygon, region.text, region.span, region.label, region.page]
