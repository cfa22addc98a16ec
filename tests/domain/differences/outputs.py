"""Outputs to compare: the demo's pairs, and small ones made in a test."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson

from labeler.domain.differences import Comparison, Difference, compare, text_of
from labeler.domain.differences.model import Reading, mirrored
from labeler.domain.item_json import output_from_json
from labeler.domain.items import ModelVersion, Output, Region, Segment
from labeler.shipped import DEMO_PROJECT

MODEL = ModelVersion("reader", "1")


@cache
def demo_pairs() -> dict[str, tuple[Output, Output]]:
    """Old and new output of each of the demo's 120 items."""
    sides = []
    for name in ("outputs-old.jsonl", "outputs-new.jsonl"):
        lines = (DEMO_PROJECT / name).read_bytes().splitlines()
        sides.append({output.item_id: output for output in map(output_from_json, map(orjson.loads, lines))})
    return {item_id: (old, sides[1][item_id]) for item_id, old in sides[0].items()}


def output(text: str | None = None, **more: Any) -> Output:
    return Output("item", MODEL, text=text, **more)


def spoken(*words: tuple[float, float, str], speakers: tuple[str | None, ...] = ()) -> Output:
    names = speakers or (None,) * len(words)
    segments = tuple(Segment(s, e, text, speaker=name) for (s, e, text), name in zip(words, names, strict=True))
    return output(" ".join(segment.text for segment in segments), segments=segments)


def seen(*regions: tuple[tuple[float, float, float, float], str]) -> Output:
    placed = tuple(Region(f"r{n}", box, text=text) for n, (box, text) in enumerate(regions, 1))
    return output("\n".join(region.text for region in placed), regions=placed)


def told(comparison: Comparison) -> list[str]:
    """Each difference in one line: `number 292.80 | 262.80`, in brackets if cosmetic."""
    return [_told(difference) for difference in comparison.differences]


def _told(d: Difference) -> str:
    a, b = ("∅" if reading is None else reading.text for reading in (d.old, d.new))
    return f"({d.kind} {a} | {b})" if d.cosmetic else f"{d.kind} {a} | {b}"


def told_of(old: str, new: str) -> list[str]:
    return told(compare(output(old), output(new)))


def swapped(difference: Difference) -> Difference:
    d = difference
    return Difference(d.id, d.of, mirrored(d.kind), d.cosmetic, d.new, d.old, d.place, d.gap, d.weight)


def misplaced(old: Output, new: Output, comparison: Comparison) -> list[Reading]:
    """Readings whose span does not hold their text."""
    return [
        reading
        for difference in comparison.differences
        for side, reading in ((old, difference.old), (new, difference.new))
        if reading is not None and reading.span is not None
        if text_of(side)[slice(*reading.span)] != reading.text
    ]
