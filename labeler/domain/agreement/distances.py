"""How far two verdicts are apart, question by question: from 0, the same, to 1. Stated, so that anyone can check."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

from labeler.domain.items import Box, TimeSpan
from labeler.domain.verdicts import At, Failure

Codes = frozenset[tuple[str, str]]
"""The failures that a verdict names: (side, code)."""
Places = frozenset[tuple[str, At]]
"""The places that a verdict's failures are pinned to: (side, place)."""


def codes_of(failures: Iterable[Failure]) -> Codes:
    return frozenset((failure.side, failure.code) for failure in failures)


def places_of(failures: Iterable[Failure]) -> Places:
    return frozenset((failure.side, at) for failure in failures for at in failure.at)


def codes_apart(one: Codes, other: Codes) -> float:
    """Jaccard distance: the share of the codes named by either that only one of them names; 0 for none and none."""
    either = one | other
    return 1 - len(one & other) / len(either) if either else 0.0


def text_apart(one: str, other: str) -> float:
    """1 − similarity: edits by the longer text's length. Give texts without their form (see `domain.fold`)."""
    return float(Levenshtein.normalized_distance(one, other))


def pins_apart(one: Places, other: Places) -> float:
    """1 − mean overlap (`overlap`) of each pin with the best of the other verdict's on the same side.

    Both ways, so that a pin too many counts as much as one too few; 0 for none and none, 1 for none against some.
    """
    if not one and not other:
        return 0.0
    best = [_best(pin, other) for pin in one] + [_best(pin, one) for pin in other]
    return 1 - sum(best) / len(best)


def _best(pin: tuple[str, At], others: Places) -> float:
    return max((overlap(pin[1], at) for side, at in others if side == pin[0]), default=0.0)


def overlap(one: At, other: At) -> float:
    """Intersection over union of two places: of areas for boxes (a polygon enters with its box), of lengths for times
    and for spans of text; 0 between kinds
    and between pages.
    """
    boxes = box_of(one), box_of(other)
    if boxes[0] is not None and boxes[1] is not None:
        return _boxes(boxes[0], boxes[1]) if one.page == other.page else 0.0
    if one.time_s is not None and other.time_s is not None:
        return _lengths(one.time_s, other.time_s)
    if one.span is not None and other.span is not None:
        return _lengths(one.span, other.span)
    return 0.0


def box_of(at: At) -> Box | None:
    """The box that a box or polygon fills; None of a time and of a span."""
    if at.polygon is None:
        return at.box
    xs, ys = [x for x, _ in at.polygon], [y for _, y in at.polygon]
    return min(xs), min(ys), max(xs), max(ys)


def _boxes(one: Box, other: Box) -> float:
    if one == other:  # by the formula as well, but for a last digit that makes people differ who do not
        return 1.0
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (_area(one) + _area(other) - shared)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _lengths(one: TimeSpan, other: TimeSpan) -> float:
    if one == other:
        return 1.0
    shared = min(one[1], other[1]) - max(one[0], other[0])
    if shared <= 0:
        return 0.0
    return shared / (one[1] - one[0] + other[1] - other[0] - shared)
