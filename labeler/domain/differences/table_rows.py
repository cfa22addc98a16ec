"""Which rows and columns of two tables are the same ones, wherever they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from labeler.domain.differences.align import equal_blocks
from labeler.domain.differences.hunks import hunks_between
from labeler.domain.differences.matching import best_pairs
from labeler.domain.differences.words import is_number, words_of
from labeler.domain.items import Table

Pair = tuple[int, int]
Keys = list[list[str]]
"""Keys of every cell, row by row, all rows equally long."""

# Columns are the same when their heads are, or when so large a share of their cells is.
_SAME_COLUMN = 0.35
# Rows are the same when so large a share of their cells is.
_SAME_ROW = 0.4
_MOST_ROW_PAIRS = 250_000


@dataclass(frozen=True, slots=True)
class TablesAligned:
    """Rows and columns of an old and a new table that belong together; what is in no pair has no counterpart."""

    rows: list[Pair]
    moved_rows: list[Pair]
    columns: list[Pair]
    swapped: list[list[Pair]]
    """Each a set of columns that have changed places with each other."""
    heads: tuple[bool, bool]
    """Whether the first row is a head."""
    head_columns: list[Pair]
    """Columns as their heads pair them: other than `columns` where only what stands below has changed places."""


def cell_keys(table: Table) -> Keys:
    width = max((len(row) for row in table), default=0)
    return [[" ".join(words_of(cell).keys) for cell in row] + [""] * (width - len(row)) for row in table]


def align_tables(old: Table, new: Table) -> TablesAligned:
    """Pair columns by head and content, then rows by content. Swapping the tables swaps the pairs."""
    if new < old:
        # Equally good pairs must fall the same way from both sides, so the question is always asked in one order.
        return _turned(_aligned(new, old))
    return _aligned(old, new)


def _turned(aligned: TablesAligned) -> TablesAligned:
    def turned(pairs: list[Pair]) -> list[Pair]:
        return sorted((i, j) for j, i in pairs)

    return TablesAligned(
        turned(aligned.rows),
        turned(aligned.moved_rows),
        turned(aligned.columns),
        sorted(turned(cycle) for cycle in aligned.swapped),
        (aligned.heads[1], aligned.heads[0]),
        turned(aligned.head_columns),
    )


def _aligned(old: Table, new: Table) -> TablesAligned:
    a, b = cell_keys(old), cell_keys(new)
    heads = _has_head(a), _has_head(b)
    by_head = _head_pairs(a[0], b[0]) if all(heads) else {}
    columns = _columns(a, b, by_head)
    pairs, moved = _rows(a, b, columns)
    head_columns = columns
    if by_head and any(by_head.get(i, j) != j for i, j in columns):
        head_columns = sorted(by_head.items())
    return TablesAligned(pairs, moved, columns, _swapped(columns), heads, head_columns)


def _has_head(keys: Keys) -> bool:
    """Whether the first row names the columns: filled, all different, and without numbers that the others have."""
    if len(keys) < 2 or not keys[0] or not all(keys[0]) or len(set(keys[0])) < len(keys[0]):
        return False
    in_head = sum(is_number(key) for key in keys[0])
    if in_head == 0:
        return True
    below = max(sum(is_number(key) for key in row) for row in keys[1:])
    # Years are good names of columns: 2023 | 2024 | 2025.
    return in_head < below or all(len(k) == 4 and k.isdigit() for k in keys[0] if is_number(k))


def _head_pairs(a: list[str], b: list[str]) -> dict[int, int]:
    places = {key: j for j, key in enumerate(b)}
    return {i: places[key] for i, key in enumerate(a) if key in places}


def _columns(a: Keys, b: Keys, by_head: dict[int, int]) -> list[Pair]:
    """Columns paired by content and head together; where both are silent, by position."""
    wide_a, wide_b = len(a[0]) if a else 0, len(b[0]) if b else 0
    start = 1 if by_head else 0
    contents_a = [Counter(row[i] for row in a[start:] if row[i]) for i in range(wide_a)]
    contents_b = [Counter(row[j] for row in b[start:] if row[j]) for j in range(wide_b)]
    scores: dict[Pair, float] = {}
    for i, x in enumerate(contents_a):
        for j, y in enumerate(contents_b):
            # What stands below weighs more than the head: a model may put the right values under the wrong head.
            score = _shared(x, y) + (0.5 if by_head.get(i) == j else 0.0)
            if score >= _SAME_COLUMN:
                scores[i, j] = score + (0.05 if i == j else 0.0)
    pairs = best_pairs(list(range(wide_a)), list(range(wide_b)), scores) if scores else []
    left_a = [i for i in range(wide_a) if i not in {p[0] for p in pairs}]
    left_b = [j for j in range(wide_b) if j not in {p[1] for p in pairs}]
    if len(left_a) == len(left_b) or not pairs:
        pairs += list(zip(left_a, left_b, strict=False))
    return sorted(pairs)


def _shared(x: Counter[str], y: Counter[str]) -> float:
    """Share of the cells that two columns have in common; two empty columns are alike."""
    most = max(x.total(), y.total())
    return (x & y).total() / most if most else 1.0


def _swapped(columns: list[Pair]) -> list[list[Pair]]:
    """Cycles of the columns' permutation, among columns that both tables have."""
    rank = {j: n for n, j in enumerate(sorted(j for _, j in columns))}
    goes_to = {n: rank[j] for n, (_, j) in enumerate(columns)}
    seen: set[int] = set()
    cycles: list[list[Pair]] = []
    for start in range(len(columns)):
        cycle: list[Pair] = []
        at = start
        while at not in seen:
            seen.add(at)
            cycle.append(columns[at])
            at = goes_to[at]
        if len(cycle) > 1:
            cycles.append(sorted(cycle))
    return cycles


def _rows(a: Keys, b: Keys, columns: list[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Pairs of rows in order, and pairs that stand out of order."""
    ours = [[row[i] for i, _ in columns] for row in a]
    theirs = [[row[j] for _, j in columns] for row in b]
    blocks = equal_blocks(["\t".join(row) for row in ours], ["\t".join(row) for row in theirs])
    pairs = [(i + k, j + k) for i, j, size in blocks for k in range(size)]
    lone_a: list[int] = []
    lone_b: list[int] = []
    for first_a, last_a, first_b, last_b in hunks_between(blocks, len(a), len(b)):
        inside = _similar_rows(ours[first_a:last_a], theirs[first_b:last_b])
        pairs += [(first_a + i, first_b + j) for i, j in inside]
        lone_a += [i for i in range(first_a, last_a) if i - first_a not in {p[0] for p in inside}]
        lone_b += [j for j in range(first_b, last_b) if j - first_b not in {p[1] for p in inside}]
    return sorted(pairs), _moved_rows(ours, theirs, lone_a, lone_b)


def _alike(a: list[str], b: list[str]) -> float:
    """Share of equal cells; the first cell names the row and counts double."""
    if not a:
        return 1.0
    filled = [n for n in range(len(a)) if a[n] or b[n]]
    if not filled:
        return 1.0
    weights = {n: 2.0 if n == 0 else 1.0 for n in filled}
    return sum(weights[n] for n in filled if a[n] == b[n]) / sum(weights.values())


def _similar_rows(a: Sequence[list[str]], b: Sequence[list[str]]) -> list[Pair]:
    """Pairs in order whose likeness adds up to most; alone against each other, rows pair whatever they hold."""
    if not a or not b:
        return []
    if len(a) == len(b) == 1:
        return [(0, 0)]
    if len(a) * len(b) > _MOST_ROW_PAIRS:
        return [(n, n) for n in range(min(len(a), len(b)))] if len(a) == len(b) else []
    if (len(b), b) < (len(a), a):
        return [(i, j) for j, i in _similar_rows(b, a)]
    best = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) - 1, -1, -1):
        for j in range(len(b) - 1, -1, -1):
            alike = _alike(a[i], b[j])
            match = alike + best[i + 1][j + 1] if alike >= _SAME_ROW else 0.0
            best[i][j] = max(match, best[i + 1][j], best[i][j + 1])
    pairs: list[Pair] = []
    i = j = 0
    while i < len(a) and j < len(b):
        alike = _alike(a[i], b[j])
        if alike >= _SAME_ROW and best[i][j] == alike + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs or ([(n, n) for n in range(len(a))] if len(a) == len(b) else [])


def _moved_rows(ours: Keys, theirs: Keys, lone_a: list[int], lone_b: list[int]) -> list[Pair]:
    """Rows without a counterpart in order whose whole content stands once elsewhere."""
    places: dict[tuple[str, ...], list[int]] = {}
    for j in lone_b:
        places.setdefault(tuple(theirs[j]), []).append(j)
    counts = Counter(tuple(ours[i]) for i in lone_a)
    return [
        (i, places[row][0])
        for i in lone_a
        if counts[row := tuple(ours[i])] == 1 and len(places.get(row, ())) == 1 and any(row)
    ]
