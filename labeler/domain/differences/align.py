"""Which words of one text stand in the other: blocks of equal words, in order.

rapidfuzz gives a shortest edit script and is not symmetric, so the two sequences are put in an order that depends on
their contents alone, and the sides are swapped back.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

Block = tuple[int, int, int]
"""First word in a, first word in b, number of equal words."""

# Above this product of lengths the texts are cut at rare phrases first: 50,000 words take 0.6 s otherwise.
_CUT_ABOVE = 4_000_000
_PHRASE = 4


def equal_blocks(a: Sequence[str], b: Sequence[str]) -> list[Block]:
    """Blocks of equal words, in order on both sides and as long as possible. Swapping a and b swaps the answer."""
    if (len(b), b) < (len(a), a):
        return [(i, j, n) for j, i, n in _ordered_blocks(b, a)]
    return _ordered_blocks(a, b)


def _ordered_blocks(a: Sequence[str], b: Sequence[str]) -> list[Block]:
    shortest = min(len(a), len(b))
    head = 0
    while head < shortest and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < shortest - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    blocks = [(0, 0, head)] if head else []
    middle_a, middle_b = a[head : len(a) - tail], b[head : len(b) - tail]
    # A word against words that it is not among: no need to search.
    if middle_b and (len(middle_a) > 1 or (middle_a and middle_a[0] in middle_b)):
        cut = _cut if len(middle_a) * len(middle_b) > _CUT_ABOVE else _edit_script
        blocks += [(i + head, j + head, n) for i, j, n in cut(middle_a, middle_b)]
    if tail:
        blocks.append((len(a) - tail, len(b) - tail, tail))
    return _joined(blocks)


def _edit_script(a: Sequence[str], b: Sequence[str]) -> list[Block]:
    return [(m.a, m.b, m.size) for m in Levenshtein.opcodes(a, b).as_matching_blocks() if m.size]


def _cut(a: Sequence[str], b: Sequence[str]) -> list[Block]:
    """Align between phrases that occur once in each text (patience), which keeps long texts fast."""
    if set(a).isdisjoint(b):
        return []
    blocks: list[Block] = []
    i = j = 0
    for at_a, at_b in [*_rare_phrases(a, b), (len(a), len(b))]:
        if at_a >= i and at_b >= j:
            blocks += [(x + i, y + j, n) for x, y, n in _edit_script(a[i:at_a], b[j:at_b])]
            i, j = at_a, at_b
    return blocks


def _rare_phrases(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Places of the phrases that occur once in each text, in an order that both texts agree on."""
    in_a, in_b = _once(a), _once(b)
    pairs = [(i, in_b[phrase]) for phrase, i in in_a.items() if phrase in in_b]
    pairs.sort()
    return _longest_increasing(pairs)


def _once(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    seen: dict[tuple[str, ...], int] = {}
    again = set()
    for at, phrase in enumerate(zip(*(words[k:] for k in range(_PHRASE)), strict=False)):
        if seen.setdefault(phrase, at) != at:
            again.add(phrase)
    for phrase in again:
        del seen[phrase]
    return seen


def _longest_increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that increases on the right too; pairs are sorted on the left."""
    ends: list[int] = []
    at_end: list[int] = []
    before = [-1] * len(pairs)
    for index, (_, right) in enumerate(pairs):
        length = bisect_left(ends, right)
        before[index] = at_end[length - 1] if length else -1
        if length == len(ends):
            ends.append(right)
            at_end.append(index)
        else:
            ends[length] = right
            at_end[length] = index
    run: list[tuple[int, int]] = []
    index = at_end[-1] if at_end else -1
    while index >= 0:
        run.append(pairs[index])
        index = before[index]
    return run[::-1]


def _joined(blocks: list[Block]) -> list[Block]:
    joined: list[Block] = []
    for i, j, n in blocks:
        if joined and joined[-1][0] + joined[-1][2] == i and joined[-1][1] + joined[-1][2] == j:
            joined[-1] = (joined[-1][0], joined[-1][1], joined[-1][2] + n)
        else:
            joined.append((i, j, n))
    return joined
