"""How far many answers are apart, each from each: what `agreement_distances` says of two, for hundreds at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from labeler.domain.agreement.distances import Codes, Places, box_of
from labeler.domain.verdicts import At

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

TOGETHER = 512
"""Pins that are held against all others at once."""


def codes_apart_each(every: Sequence[Codes]) -> Floats:
    """(k, k): `codes_apart` of each two."""
    import numpy as np

    place = {code: n for n, code in enumerate(dict.fromkeys(code for codes in every for code in codes))}
    named = np.zeros((len(every), len(place)))
    for row, codes in enumerate(every):
        named[row, [place[code] for code in codes]] = 1
    both, size = named @ named.T, named.sum(axis=1)
    either = size[:, None] + size[None, :] - both
    apart: Floats = np.where(either > 0, 1 - both / np.maximum(either, 1), 0.0)
    return apart


def texts_apart_each(every: Sequence[str]) -> Floats:
    """(k, k): `text_apart` of each two."""
    import numpy as np
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    if not every:
        return np.zeros((0, 0))
    apart: Floats = cdist(every, every, scorer=Levenshtein.normalized_distance, dtype=np.float64)
    return apart


def pins_apart_each(every: Sequence[Places]) -> Floats:
    """(k, k): `pins_apart` of each two."""
    import numpy as np

    pins, sizes = [pin for places in every for pin in places], np.array([len(places) for places in every])
    where, boxes = _in_numbers(pins)
    pinned, found = np.flatnonzero(sizes), np.zeros((len(every), len(every)))
    starts = np.concatenate(([0], np.cumsum(sizes)))[:-1][pinned]
    # How well each pin is met by the best of each other verdict's, then the sum of that over a verdict's pins.
    best = np.zeros((len(pins), len(every)))
    for first in range(0, len(pins), TOGETHER):
        some = slice(first, first + TOGETHER)
        best[some, pinned] = np.maximum.reduceat(_overlaps(where, boxes, some), starts, axis=1)
    if len(pinned):
        found[pinned] = np.add.reduceat(best, starts, axis=0)
    count = sizes[:, None] + sizes[None, :]
    apart: Floats = np.where(count > 0, 1 - (found + found.T) / np.maximum(count, 1), 0.0)
    return apart


def _in_numbers(pins: Sequence[tuple[str, At]]) -> tuple[Integers, Floats]:
    """For each pin where it can meet others (side, kind of place, page), and its place as a box: a time and a span of
    text are boxes of height 1.
    """
    import numpy as np

    known: dict[tuple[str, str, int], int] = {}
    where, boxes = [], []
    for side, at in pins:
        box, line = box_of(at), at.time_s or at.span or (0, 0)
        kind = "box" if box is not None else "time" if at.time_s is not None else "span"
        key = (side, kind, at.page if box is not None else 0)
        where.append(known.setdefault(key, len(known)))
        boxes.append((line[0], 0.0, line[1], 1.0) if box is None else box)
    return np.array(where, dtype=np.int64), np.array(boxes, dtype=np.float64).reshape(-1, 4)


def _overlaps(where: Integers, boxes: Floats, some: slice) -> Floats:
    """(some pins, all pins): `overlap` of each two on the same side."""
    import numpy as np

    one, other = boxes[some, None, :], boxes[None, :, :]
    width = np.minimum(one[..., 2], other[..., 2]) - np.maximum(one[..., 0], other[..., 0])
    height = np.minimum(one[..., 3], other[..., 3]) - np.maximum(one[..., 1], other[..., 1])
    meets, shared = (width > 0) & (height > 0), width * height
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    either = np.where(meets, area[some, None] + area[None, :] - shared, 1.0)
    share = np.where((one == other).all(axis=-1), 1.0, np.where(meets, shared / either, 0.0))
    share[where[some, None] != where[None, :]] = 0.0
    return share
