"""Which regions of two outputs are the same place on the picture, one to one or in groups.

Engines cut lines differently: one gives `2 Brownie 6.60`, another `2 Brownie` and `6.60`. So regions are first paired
by an optimal assignment over how far they cover each other and how alike they read; what is left joins the group of
the region that it lies on.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import permutations, product
from statistics import median
from typing import NamedTuple

from rapidfuzz.distance import Indel

from labeler.domain.items import Box

Pair = tuple[int, int]
Group = tuple[list[int], list[int]]
"""Indices of old and of new regions that are one place; neither list is empty."""

# Share of the smaller box that the larger one must cover for the two to be candidates, and for one to join a group.
_CANDIDATE = 0.35
_JOINS = 0.5
# Shorter texts stand in many lines by chance.
_LETTERS_OF_A_WORD = 3
# A score is at most 4; a pair that is so much worse than another one of the same region is out of the question.
_HOPELESS = 1.0
# Up to so many pairs every pair is looked at; beyond, only those in the same cells of a grid.
_ALL_PAIRS = 1_000
# Groups with more pairs are paired by place and text alone.
_MOST_SCORED = 40_000
# Assignments up to this size are tried out; larger ones go to scipy, whose import alone takes longer than most files.
_TRIED_OUT = 3


class Place(NamedTuple):
    """Where a region is and what it says, as keys without spaces."""

    box: Box
    said: str
    page: int = 0


def cover(a: Box, b: Box) -> float:
    """Share of the smaller box that lies in the other one, in [0, 1]. Boxes without area count as one pixel wide."""
    ax0, ay0, ax1, ay1 = a
    bx0, by0, bx1, by1 = b
    width = (ax1 if ax1 < bx1 else bx1) - (ax0 if ax0 > bx0 else bx0)
    height = (ay1 if ay1 < by1 else by1) - (ay0 if ay0 > by0 else by0)
    if width < 0 or height < 0:
        return 0.0
    both = (width if width > 1 else 1) * (height if height > 1 else 1)
    wide_a, high_a, wide_b, high_b = ax1 - ax0, ay1 - ay0, bx1 - bx0, by1 - by0
    area_a = (wide_a if wide_a > 1 else 1) * (high_a if high_a > 1 else 1)
    area_b = (wide_b if wide_b > 1 else 1) * (high_b if high_b > 1 else 1)
    smaller = area_a if area_a < area_b else area_b
    return both / smaller if both < smaller else 1.0


def iou(a: Box, b: Box) -> float:
    """Intersection over union, in [0, 1]."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def match_places(old: Sequence[Place], new: Sequence[Place]) -> list[Group]:
    """Groups of regions that are the same place. A region is in one group at most; the groups are in no order."""
    copies, rest_old, rest_new = pair_copies(old, new)
    groups: list[Group] = [([i], [j]) for i, j in copies]
    edges = _candidates([old[i] for i in rest_old], [new[j] for j in rest_new])
    edges = {(rest_old[i], rest_new[j]): covered for (i, j), covered in edges.items()}
    for olds, news in _components(edges):
        if len(olds) == 1 or len(news) == 1:
            groups.append((olds, news))
        else:
            groups += _assigned(olds, news, old, new, edges)
    return groups


def pair_copies(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[list[Pair], list[int], list[int]]:
    """Pairs of places that are equal in every respect, and what is left on both sides.

    A recogniser in a loop gives one region a thousand times; nothing tells the copies apart but their number.
    """
    waiting: dict[Hashable, list[int]] = {}
    for j in range(len(new) - 1, -1, -1):
        waiting.setdefault(new[j], []).append(j)
    pairs: list[Pair] = []
    rest: list[int] = []
    for i, place in enumerate(old):
        copies = waiting.get(place)
        if copies:
            pairs.append((i, copies.pop()))
        else:
            rest.append(i)
    return pairs, rest, sorted(j for copies in waiting.values() for j in copies)


def _candidates(old: Sequence[Place], new: Sequence[Place]) -> dict[tuple[int, int], float]:
    """Pairs that cover each other enough, with how much."""
    everything: Sequence[int] = range(len(new))
    few = len(old) * len(new) <= _ALL_PAIRS
    near = [(i, everything) for i in range(len(old))] if few else _near(old, new)
    edges = {}
    for i, others in near:
        box, page = old[i].box, old[i].page
        x0, y0, x1, y1 = box
        for j in others:
            other = new[j].box
            if y0 <= other[3] and other[1] <= y1 and x0 <= other[2] and other[0] <= x1 and page == new[j].page:
                covered = cover(box, other)
                if covered >= _CANDIDATE:
                    edges[i, j] = covered
    return edges


def _near(old: Sequence[Place], new: Sequence[Place]) -> list[tuple[int, Sequence[int]]]:
    """For each old region the new ones that share a cell with it; cells are as large as the median region."""
    boxes = [place.box for place in (*old, *new)]
    wide = max(median(box[2] - box[0] for box in boxes), 1.0)
    high = max(median(box[3] - box[1] for box in boxes), 1.0)
    cells: dict[tuple[int, int], list[int]] = {}
    for j, place in enumerate(new):
        for cell in _cells(place.box, wide, high):
            cells.setdefault(cell, []).append(j)
    nothing: list[int] = []
    return [
        (i, sorted({j for cell in _cells(a.box, wide, high) for j in cells.get(cell, nothing)}))
        for i, a in enumerate(old)
    ]


def _cells(box: Box, wide: float, high: float) -> Iterable[tuple[int, int]]:
    columns = range(int(box[0] // wide), int(box[2] // wide) + 1)
    rows = range(int(box[1] // high), int(box[3] // high) + 1)
    return product(columns, rows)


def _components(edges: Iterable[tuple[int, int]]) -> list[Group]:
    of_old: dict[int, Group] = {}
    of_new: dict[int, Group] = {}
    for i, j in edges:
        left, right = of_old.get(i), of_new.get(j)
        if left is None and right is None:
            of_old[i] = of_new[j] = ([i], [j])
        elif left is None and right is not None:
            right[0].append(i)
            of_old[i] = right
        elif right is None and left is not None:
            left[1].append(j)
            of_new[j] = left
        elif left is not None and right is not None and left is not right:
            left[0].extend(right[0])
            left[1].extend(right[1])
            of_old.update(dict.fromkeys(right[0], left))
            of_new.update(dict.fromkeys(right[1], left))
    return list({id(group): group for group in of_old.values()}.values())


def _assigned(
    olds: list[int],
    news: list[int],
    old: Sequence[Place],
    new: Sequence[Place],
    edges: dict[tuple[int, int], float],
) -> list[Group]:
    """Pairs by optimal assignment; regions left over join the group that they lie on."""
    olds = sorted(olds, key=lambda i: (old[i].box, old[i].said))
    news = sorted(news, key=lambda j: (new[j].box, new[j].said))
    if len(olds) * len(news) > _MOST_SCORED:
        # Hundreds of regions on one spot: no assignment means anything there.
        return [([i], [j]) for i, j in zip(olds, news, strict=False)]
    scores = {
        (i, j): edges[i, j] + iou(old[i].box, new[j].box) + 2 * _reads_alike(old[i].said, new[j].said)
        for i, j in product(olds, news)
        if (i, j) in edges
    }
    scores = _without_hopeless(scores, old, new)
    # The same question from both sides, or equally good answers would fall differently.
    if [(new[j].box, new[j].said) for j in news] < [(old[i].box, old[i].said) for i in olds]:
        turned = {(j, i): score for (i, j), score in scores.items()}
        pairs = [(i, j) for j, i in best_pairs(news, olds, turned)]
    else:
        pairs = best_pairs(olds, news, scores)
    group_of_old: dict[int, Group] = {}
    group_of_new: dict[int, Group] = {}
    for i, j in pairs:
        group_of_old[i] = group_of_new[j] = ([i], [j])
    groups = list(group_of_old.values())
    for i in olds:
        partner = None if i in group_of_old else _lies_on(i, 0, group_of_new, scores, edges)
        if partner is not None:
            group_of_new[partner][0].append(i)
    for j in news:
        partner = None if j in group_of_new else _lies_on(j, 1, group_of_old, scores, edges)
        if partner is not None:
            group_of_old[partner][1].append(j)
    return groups


def _without_hopeless(
    scores: dict[tuple[int, int], float], old: Sequence[Place], new: Sequence[Place]
) -> dict[tuple[int, int], float]:
    """Leave out pairs of which the smaller region has a much better partner.

    Else dirt that lies on one word of a line would take the word from its line, since that adds to the sum.
    """
    best_old: dict[int, float] = {}
    best_new: dict[int, float] = {}
    for (i, j), score in scores.items():
        best_old[i] = max(score, best_old.get(i, 0.0))
        best_new[j] = max(score, best_new.get(j, 0.0))
    hopeful = {}
    for (i, j), score in scores.items():
        in_old, in_new = _area(old[i].box), _area(new[j].box)
        best = max(best_old[i] if in_old <= in_new else 0.0, best_new[j] if in_new <= in_old else 0.0)
        if score > best - _HOPELESS:
            hopeful[i, j] = score
    return hopeful


def _area(box: Box) -> float:
    """At least one pixel each way."""
    return max(box[2] - box[0], 1.0) * max(box[3] - box[1], 1.0)


def _lies_on(
    region: int,
    side: int,
    groups: dict[int, Group],
    scores: dict[tuple[int, int], float],
    edges: dict[tuple[int, int], float],
) -> int | None:
    """The paired region of the other side that a region left over belongs to."""
    partners = [
        (score, pair[1 - side])
        for pair, score in scores.items()
        if pair[side] == region and pair[1 - side] in groups and edges[pair] >= _JOINS
    ]
    return max(partners, key=lambda p: p[0])[1] if partners else None


def _reads_alike(a: str, b: str) -> float:
    """How alike two regions read, in [0, 1]. A word that stands in a line reads as a part of it."""
    if not a or not b:
        return 0.0
    shorter = min(len(a), len(b))
    if shorter >= _LETTERS_OF_A_WORD and (a in b or b in a):
        return 1.0
    return float(Indel.normalized_similarity(a, b))


def best_pairs(olds: list[int], news: list[int], scores: dict[tuple[int, int], float]) -> list[tuple[int, int]]:
    """The one-to-one pairs whose scores add up to most."""
    if len(olds) > len(news):
        return [(i, j) for j, i in best_pairs(news, olds, {(j, i): s for (i, j), s in scores.items()})]
    if len(olds) <= _TRIED_OUT and len(news) <= 2 * _TRIED_OUT:
        best = max(
            permutations(news, len(olds)),
            key=lambda chosen: sum(scores.get(pair, 0.0) for pair in zip(olds, chosen, strict=True)),
        )
        pairs = list(zip(olds, best, strict=True))
    else:
        import numpy as np
        from scipy.optimize import linear_sum_assignment

        matrix = np.array([[scores.get((i, j), 0.0) for j in news] for i in olds])
        rows, columns = linear_sum_assignment(matrix, maximize=True)
        pairs = [(olds[r], news[c]) for r, c in zip(rows.tolist(), columns.tolist(), strict=True)]
    return [pair for pair in pairs if pair in scores]
