"""Places on the medium and in the texts that a failure can be pinned to, besides those of the differences.

Everything is in the coordinates of what is stored: pixels of the upright picture, seconds, characters of the raw text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from labeler.domain.blind import LETTERS, Letter
from labeler.domain.differences.sides import spans_of, text_of
from labeler.domain.items import Box, Output, Region, Segment, Span, TimeSpan
from labeler.domain.shapes import Shape, bounds
from labeler.domain.verdicts import At
from labeler.sessions.review.case import Case

Part = TypeVar("Part", Region, Segment)

_WORD = re.compile(r"\S+")
_SAME_PLACE = 0.5
"""Two places that share this much of what they cover together are one to whoever steps from place to place."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that was picked. `letter` is None on the medium, which both sides share; a text belongs to one side."""

    at: At
    letter: Letter | None = None


def spot_of_text(case: Case, letter: Letter, span: Span) -> Spot:
    """Where characters of one side's text stand on the medium; in the text itself where they have no such place."""
    output = case.output(letter)
    regions = [r for r in _saying(output, output.regions, span) if r.box is not None or r.polygon]
    if len(regions) == 1:
        return Spot(region_place(regions[0]))
    if regions:
        page = regions[0].page
        return Spot(At(box=_around([r.bounds() for r in regions if r.page == page]), page=page))
    segments = _saying(output, output.segments, span)
    if segments:
        return Spot(At(time_s=(min(s.start_s for s in segments), max(s.end_s for s in segments))))
    return Spot(At(span=span), letter)


def region_place(region: Region) -> At:
    polygon = region.polygon if region.box is None else None
    return At(box=region.box, polygon=polygon, page=region.page)


def places(case: Case) -> tuple[Spot, ...]:
    """Every region, word or segment, in the order of A's output and then what only B's has.

    Words of the texts where neither output has a place on the medium.
    """
    found: list[Spot] = []
    for letter in LETTERS:
        for spot in _on_medium(case.output(letter)):
            if not any(overlap(spot.at, other.at) >= _SAME_PLACE for other in found):
                found.append(spot)
    if found and found[0].at.time_s is not None:
        found.sort(key=lambda spot: spot.at.time_s or (0.0, 0.0))
    return tuple(found) or tuple(word for letter in LETTERS for word in _words(case.output(letter), letter))


def step_from(found: Sequence[Spot], here: At | None, by: int) -> Spot | None:
    """The next place from here: the place that is here if one is, when nothing was picked yet (`by` 0)."""
    if not found:
        return None
    if here is None:
        return found[0]
    shares = [overlap(spot.at, here) for spot in found]
    nearest = max(range(len(found)), key=lambda n: shares[n])
    return found[(nearest + by) % len(found)] if shares[nearest] else found[0 if by >= 0 else -1]


def grown(found: Sequence[Spot], spot: Spot, by: int) -> Spot:
    """The place with the next word or segment as well, or (`by` -1) without its last one; one at least stays."""
    inside = [n for n, other in enumerate(found) if other.letter == spot.letter and _within(other.at, spot.at)]
    last = inside[-1] + by if inside else -1
    if not inside or not inside[0] <= last < len(found) or found[last].letter != spot.letter:
        return spot
    first, until = found[inside[0]].at, found[last].at
    if first.span is not None and until.span is not None:
        return Spot(At(span=(first.span[0], until.span[1])), spot.letter)
    if first.time_s is not None and until.time_s is not None:
        return Spot(At(time_s=(first.time_s[0], max(first.time_s[1], until.time_s[1]))), spot.letter)
    return spot


def _within(inner: At, outer: At) -> bool:
    for a, b in ((inner.span, outer.span), (inner.time_s, outer.time_s)):
        if a is not None and b is not None:
            return b[0] <= a[0] and a[1] <= b[1]
    return False


def shape_of(at: At) -> Shape | None:
    """The box or outline; None for a place that is not on a picture."""
    return Shape(at.box, at.polygon) if at.box is not None or at.polygon else None


def at_shape(shape: Shape, page: int) -> At:
    return At(box=shape.box, polygon=shape.polygon, page=page)


def overlap(a: At, b: At) -> float:
    """What two places share, as a part of what they cover together: 0 apart, 1 the same."""
    if a.time_s is not None and b.time_s is not None:
        return _share(a.time_s, b.time_s)
    if a.span is not None and b.span is not None:
        return _share(a.span, b.span)
    here, there = _box(a), _box(b)
    if here is None or there is None or a.page != b.page:
        return 0.0
    (ax0, ay0, ax1, ay1), (bx0, by0, bx1, by1) = here, there
    shared = max(0.0, min(ax1, bx1) - max(ax0, bx0)) * max(0.0, min(ay1, by1) - max(ay0, by0))
    together = (ax1 - ax0) * (ay1 - ay0) + (bx1 - bx0) * (by1 - by0) - shared
    return shared / together if together else float(here == there)


def _share(a: Span | TimeSpan, b: Span | TimeSpan) -> float:
    together = max(a[1], b[1]) - min(a[0], b[0])
    return max(0.0, min(a[1], b[1]) - max(a[0], b[0])) / together if together else 1.0


def _box(at: At) -> Box | None:
    return bounds(at.polygon) if at.polygon else at.box


def _around(boxes: Iterable[Box]) -> Box:
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _on_medium(output: Output) -> Iterator[Spot]:
    for region in output.regions:
        if region.box is not None or region.polygon:
            yield Spot(region_place(region))
    for segment in output.segments:
        yield Spot(At(time_s=(segment.start_s, segment.end_s)))


def _words(output: Output, letter: Letter) -> Iterator[Spot]:
    for word in _WORD.finditer(text_of(output)):
        yield Spot(At(span=word.span()), letter)


def _saying(output: Output, parts: tuple[Part, ...], span: Span) -> list[Part]:
    spans = spans_of(text_of(output), parts)
    return [p for p, at in zip(parts, spans, strict=True) if at is not None and at[0] < span[1] and span[0] < at[1]]
