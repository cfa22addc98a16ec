"""From equal words to the places where two texts differ, each of a size that a person can judge in seconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from labeler.domain.differences.align import Block, equal_blocks
from labeler.domain.differences.judge import likeness
from labeler.domain.differences.words import is_number

Hunk = tuple[int, int, int, int]
"""Words first_old to last_old stand against first_new to last_new (last exclusive); one of the two may be empty."""


class Move(NamedTuple):
    """A block of equal words that stands elsewhere: first word on both sides, their number."""

    old: int
    new: int
    size: int


# Beyond so many words a place is cut even at a weak match.
_MOST_WORDS = 12
# From here on one misreading explains a hunk.
_ALIKE = 0.6
_STOPWORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "at",
        "for",
        "and",
        "or",
        "is",
        "it",
        "i",
        "be",
        "by",
        "as",
        "with",
        "that",
        "this",
        "was",
        "are",
        "you",
        "we",
        "he",
        "she",
        "they",
        "not",
        "my",
        "your",
    ]
)


def hunks_between(blocks: list[Block], size_old: int, size_new: int) -> list[Hunk]:
    """What lies between blocks of equal words."""
    hunks: list[Hunk] = []
    i = j = 0
    for at_old, at_new, size in [*blocks, (size_old, size_new, 0)]:
        if at_old > i or at_new > j:
            hunks.append((i, at_old, j, at_new))
        i, j = at_old + size, at_new + size
    return hunks


def blocks_between(hunks: list[Hunk], size_old: int, size_new: int) -> list[Block]:
    """What lies between hunks: blocks of equal words."""
    blocks: list[Block] = []
    i = j = 0
    for first_old, last_old, _, last_new in [*hunks, (size_old, 0, size_new, 0)]:
        if first_old > i:
            blocks.append((i, j, first_old - i))
        i, j = last_old, last_new
    return blocks


def find_hunks(old: list[str], new: list[str], believe: Callable[[Block], bool] | None = None) -> list[Hunk]:
    """Align two texts, drop accidental matches, and cut what is left into pieces that one misreading explains.

    `believe` may refuse a block of equal words, because it is heard at quite another time.
    """
    blocks = equal_blocks(old, new)
    if believe is not None:
        blocks = [block for block in blocks if believe(block)]
    hunks = hunks_between(blocks, len(old), len(new))
    if len(hunks) > 1:
        hunks = _without_accidents(hunks, old, new)
    return [piece for hunk in hunks for piece in _pieces(hunk, old, new)]


def _without_accidents(hunks: list[Hunk], old: list[str], new: list[str]) -> list[Hunk]:
    """Join hunks over matches that are no anchors: `the` between two unrelated stretches is an accident."""
    kept = [hunks[0]]
    for hunk in hunks[1:]:
        kept.append(hunk)
        while len(kept) > 1 and _is_accident(kept[-2], kept[-1], old, new):
            right, left = kept.pop(), kept.pop()
            kept.append((left[0], right[1], left[2], right[3]))
    return kept


def _is_accident(left: Hunk, right: Hunk, old: list[str], new: list[str]) -> bool:
    between = old[left[1] : right[0]]
    if len(between) > 3 or max(right[1] - left[0], right[3] - left[2]) > _MOST_WORDS:
        return False
    strength = sum(len(key) * (0.5 if key in _STOPWORDS else 1.5) for key in between)
    if strength > _extent(left, old, new) or strength > _extent(right, old, new):
        return False
    if _one_sided(left) and _one_sided(right):
        # A word left out on either side of a match says nothing against the match.
        return (left[0] == left[1]) != (right[0] == right[1])
    return not _explained(left, old, new) and not _explained(right, old, new)


def _one_sided(hunk: Hunk) -> bool:
    return hunk[0] == hunk[1] or hunk[2] == hunk[3]


def _extent(hunk: Hunk, old: list[str], new: list[str]) -> int:
    """Characters of the longer side."""
    return max(sum(map(len, old[hunk[0] : hunk[1]])), sum(map(len, new[hunk[2] : hunk[3]])))


def _explained(hunk: Hunk, old: list[str], new: list[str]) -> bool:
    return not _one_sided(hunk) and likeness(old[hunk[0] : hunk[1]], new[hunk[2] : hunk[3]]) >= _ALIKE


def _pieces(hunk: Hunk, old: list[str], new: list[str]) -> list[Hunk]:
    """Word against word where every pair is a misreading of its own; else the hunk as it is."""
    first_old, last_old, first_new, last_new = hunk
    size = last_old - first_old
    if size < 2 or size != last_new - first_new:
        return [hunk]
    pairs = zip(old[first_old:last_old], new[first_new:last_new], strict=True)
    if all(_separate(a, b) for a, b in pairs):
        return [(first_old + k, first_old + k + 1, first_new + k, first_new + k + 1) for k in range(size)]
    return [hunk]


def _separate(a: str, b: str) -> bool:
    return (is_number(a) and is_number(b)) or likeness([a], [b]) >= _ALIKE


def find_moves(hunks: list[Hunk], old: list[str], new: list[str]) -> tuple[list[Hunk], list[Move]]:
    """Blocks of words that one text has in another place, taken out of the hunks."""
    if len(hunks) < 2:
        return hunks, []
    in_old = _unmatched(old, [(h[0], h[1]) for h in hunks])
    in_new = _unmatched(new, [(h[2], h[3]) for h in hunks])
    grown = (_grow(in_old[key], in_new[key], old, new, hunks) for key in in_old.keys() & in_new.keys())
    candidates = {move for move in grown if move is not None}
    moves: list[Move] = []
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    # The longest first; the order depends on the words alone, so that it is the same from both sides.
    for move in sorted(candidates, key=lambda m: (-m.size, old[m.old : m.old + m.size])):
        here, there = range(move.old, move.old + move.size), range(move.new, move.new + move.size)
        if taken_old.isdisjoint(here) and taken_new.isdisjoint(there):
            moves.append(move)
            taken_old.update(here)
            taken_new.update(there)
    return (_carve(hunks, moves), moves) if moves else (hunks, [])


def _unmatched(words: list[str], ranges: list[tuple[int, int]]) -> dict[str, int]:
    """Words that occur once among those that match nothing, with their places."""
    places: dict[str, int] = {}
    again: set[str] = set()
    for first, last in ranges:
        for at in range(first, last):
            if places.setdefault(words[at], at) != at:
                again.add(words[at])
    return {key: at for key, at in places.items() if key not in again and key not in _STOPWORDS}


def _hunk_at(hunks: list[Hunk], at: int, side: int) -> int:
    low, high = 0, len(hunks)
    while low < high:
        middle = (low + high) // 2
        if hunks[middle][side + 1] <= at:
            low = middle + 1
        else:
            high = middle
    return low


def _grow(at_old: int, at_new: int, old: list[str], new: list[str], hunks: list[Hunk]) -> Move | None:
    """The longest block around two equal words inside their hunks; None when it is too short to be more than chance."""
    here, there = _hunk_at(hunks, at_old, 0), _hunk_at(hunks, at_new, 2)
    if here == there:
        return None
    first_old, last_old = hunks[here][:2]
    first_new, last_new = hunks[there][2:]
    i, j = at_old, at_new
    while i > first_old and j > first_new and old[i - 1] == new[j - 1]:
        i, j = i - 1, j - 1
    k, m = at_old + 1, at_new + 1
    while k < last_old and m < last_new and old[k] == new[m]:
        k, m = k + 1, m + 1
    size = k - i
    whole = (i, k) == (first_old, last_old) or (j, m) == (first_new, last_new)
    letters = sum(map(len, old[i:k]))
    enough = 8 if size >= 3 or (whole and size == 1) else 6 if whole else 0
    return Move(i, j, size) if enough and letters >= enough else None


def _carve(hunks: list[Hunk], moves: list[Move]) -> list[Hunk]:
    """Take moved blocks out. What stands against a block's hunk goes with what is left before it, if anything is."""
    for move in moves:
        end_old, end_new = move.old + move.size, move.new + move.size
        carved: list[Hunk] = []
        for first_old, last_old, first_new, last_new in hunks:
            if first_old <= move.old < last_old:
                middle = last_new if first_old < move.old else first_new
                carved += [(first_old, move.old, first_new, middle), (end_old, last_old, middle, last_new)]
            elif first_new <= move.new < last_new:
                middle = last_old if first_new < move.new else first_old
                carved += [(first_old, middle, first_new, move.new), (middle, last_old, end_new, last_new)]
            else:
                carved.append((first_old, last_old, first_new, last_new))
        hunks = [h for h in carved if h[0] < h[1] or h[2] < h[3]]
    return hunks
