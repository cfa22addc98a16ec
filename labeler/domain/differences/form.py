"""Where two texts say the same and are written otherwise: case, marks, spaces, formats of numbers."""

from __future__ import annotations

from labeler.domain.differences.align import Block
from labeler.domain.differences.hunks import Hunk
from labeler.domain.differences.words import Words

# Differences of form that are so few words apart are one: nobody wants to judge each comma.
_APART = 4


def form_sites(old: Words, new: Words, run: Block) -> list[Hunk]:
    """Stretches of a run of equal words that are written otherwise; marks count with the words around them.

    At a hunk the marks between are not looked at: they belong to neither side's words.
    """
    i, j, size = run
    sites: list[tuple[int, int]] = []
    if i == 0 and j == 0 and _head(old) != _head(new):
        _mark(sites, 0, 1)
    written_old = old.text[old.starts[i] : old.ends[i + size - 1]]
    if written_old != new.text[new.starts[j] : new.ends[j + size - 1]]:
        _mark_inner(sites, old, new, run)
    at_ends = i + size == len(old.keys) and j + size == len(new.keys)
    if at_ends and _tail(old) != _tail(new):
        _mark(sites, i + size - 1, i + size)
    return [(first, last, first - i + j, last - i + j) for first, last in sites]


def _head(words: Words) -> str:
    return words.text[words.bounds[0] : words.starts[0]].strip()


def _tail(words: Words) -> str:
    return words.text[words.ends[-1] : words.bounds[1]].strip()


def _mark_inner(sites: list[tuple[int, int]], old: Words, new: Words, run: Block) -> None:
    i, j, size = run
    a, b = old.text, new.text
    last = i + size - 1
    spans_old = zip(old.starts[i : last + 1], old.ends[i : last + 1], strict=True)
    spans_new = zip(new.starts[j : j + size], new.ends[j : j + size], strict=True)
    before_old = before_new = -1
    for at, ((s, e), (t, f)) in enumerate(zip(spans_old, spans_new, strict=True), i):
        if before_old >= 0 and a[before_old:s] != b[before_new:t]:
            _mark(sites, at - 1, at + 1)
        if a[s:e] != b[t:f]:
            _mark(sites, at, at + 1)
        before_old, before_new = e, f


def _mark(sites: list[tuple[int, int]], first: int, last: int) -> None:
    if sites and first - sites[-1][1] < _APART:
        sites[-1] = (sites[-1][0], max(last, sites[-1][1]))
    else:
        sites.append((first, last))
