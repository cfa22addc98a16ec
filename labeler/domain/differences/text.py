"""Two texts, word by word."""

from __future__ import annotations

from collections.abc import Callable

from labeler.domain.differences.align import Block
from labeler.domain.differences.form import form_sites
from labeler.domain.differences.hunks import Hunk, Move, blocks_between, find_hunks, find_moves
from labeler.domain.differences.judge import FORM, Judged, judge
from labeler.domain.differences.model import Difference, Kind, Of, Reading
from labeler.domain.differences.sides import SideText, plain_side, text_of
from labeler.domain.differences.spoken import with_numbers_read
from labeler.domain.differences.structured import taken_spans
from labeler.domain.differences.words import Words, weight_of, words_of
from labeler.domain.items import Output, Span


def compare_text(old: Output, new: Output) -> list[Difference]:
    """Differences between the outputs' texts in reading order, with spans in both.

    What is compared as a table or as values is left out.
    """
    old_text, new_text = text_of(old), text_of(new)
    if old_text == new_text:
        return []
    taken_old, taken_new = taken_spans(old, new)
    parts_old, parts_new = _parts(old_text, taken_old), _parts(new_text, taken_new)
    # A table that stands beside a text, and not in it, cuts that text nowhere: all of it is before the table.
    more = max(len(parts_old), len(parts_new))
    parts_old += [(len(old_text),) * 2] * (more - len(parts_old))
    parts_new += [(len(new_text),) * 2] * (more - len(parts_new))
    found = []
    for old_part, new_part in zip(parts_old, parts_new, strict=True):
        old_words, new_words = (
            with_numbers_read(words_of(text, *part)) for text, part in ((old_text, old_part), (new_text, new_part))
        )
        found += differences_of_words(plain_side(old_words), plain_side(new_words), Of.TEXT)
    return found


def _parts(text: str, taken: list[Span]) -> list[Span]:
    """The parts of a text before, between and behind the spans that are taken."""
    borders = [0, *(offset for span in sorted(taken) for offset in span), len(text)]
    return list(zip(borders[::2], borders[1::2], strict=True))


def differences_of_words(
    old: SideText,
    new: SideText,
    of: Of,
    believe: Callable[[Block], bool] | None = None,
    beside: Callable[[list[Block]], list[tuple[int, Difference]]] | None = None,
) -> list[Difference]:
    """Everything that differs between two sides' words, in the order in which a person reads.

    `believe` may refuse equal words (see `find_hunks`). `beside` finds what differs although the words are equal, and
    says it with the sum of both sides' word numbers.
    """
    old_keys, new_keys = old.words.keys, new.words.keys
    if not old_keys and not new_keys:
        return _only_marks(old, new, of)
    hunks = find_hunks(old_keys, new_keys, believe) if old_keys != new_keys or believe else []
    runs = blocks_between(hunks, len(old_keys), len(new_keys))
    found = [
        (i + j, _form(old, new, (i, k, j, m), of))
        for run in runs
        for i, k, j, m in form_sites(old.words, new.words, run)
    ]
    if beside is not None:
        found += beside(runs)
    if hunks:
        hunks, moves = find_moves(hunks, old_keys, new_keys)
        found += [(move.old + move.new, _moved(old, new, move, runs, of)) for move in moves]
        found += [(hunk[0] + hunk[2], _of_hunk(old, new, hunk, of)) for hunk in hunks]
    if len(found) > 1:
        found.sort(key=_walk)
    return [difference for _, difference in found]


def _walk(found: tuple[int, Difference]) -> tuple[int, list[str]]:
    """Order of walking; the same when the sides change places."""
    at, difference = found
    return at, sorted(reading.text for reading in (difference.old, difference.new) if reading)


def _only_marks(old: SideText, new: SideText, of: Of) -> list[Difference]:
    bounds = [_stripped(side.words) for side in (old, new)]
    a, b = (side.words.text[start:end] for side, (start, end) in zip((old, new), bounds, strict=True))
    if a == b:
        return []
    readings = [side.read(*at) if at[0] < at[1] else None for side, at in zip((old, new), bounds, strict=True)]
    gap = None if a and b else (new if a else old).locate(bounds[1 if a else 0][0])
    return [_difference(of, FORM, readings[0], readings[1], gap)]


def _stripped(words: Words) -> Span:
    """The bounds without the space at their ends."""
    start, end = words.bounds
    said = words.text[start:end]
    start += len(said) - len(said.lstrip())
    return start, max(start, start + len(said.strip()))


def _difference(of: Of, judged: Judged, old: Reading | None, new: Reading | None, gap: int | None = None) -> Difference:
    return Difference("", of, judged.kind, judged.cosmetic, old, new, "", gap, judged.weight)


def _read(side: SideText, first: int, last: int) -> Reading:
    return side.read(side.words.starts[first], side.words.ends[last - 1])


def gap_at(side: SideText, word: int) -> int | None:
    """Where words that this side lacks would stand: behind the word before."""
    words = side.words
    if word > 0:
        return side.locate(words.ends[word - 1])
    return side.locate(words.starts[0] if words.starts else words.bounds[0])


def _of_hunk(old: SideText, new: SideText, hunk: Hunk, of: Of) -> Difference:
    i, k, j, m = hunk
    if i == k:
        added = Judged(Kind.ADDED, cosmetic=False, weight=weight_of(new.words.keys[j:m]))
        return _difference(of, added, None, _read(new, j, m), gap_at(old, i))
    if j == m:
        missing = Judged(Kind.MISSING, cosmetic=False, weight=weight_of(old.words.keys[i:k]))
        return _difference(of, missing, _read(old, i, k), None, gap_at(new, j))
    a, b = _read(old, i, k), _read(new, j, m)
    return _difference(of, judge(old.words.keys[i:k], new.words.keys[j:m], a.text, b.text), a, b)


def _moved(old: SideText, new: SideText, move: Move, runs: list[Block], of: Of) -> Difference:
    a, b = _read(old, move.old, move.old + move.size), _read(new, move.new, move.new + move.size)
    # Where the block would stand: behind the equal words that are next before it.
    in_new = max((j + size for i, j, size in runs if i + size <= move.old), default=0)
    in_old = max((i + size for i, j, size in runs if j + size <= move.new), default=0)
    a, b = a._replace(elsewhere=gap_at(new, in_new)), b._replace(elsewhere=gap_at(old, in_old))
    # One judgement whether the place is right, however long the block is.
    return _difference(of, Judged(Kind.MOVED, cosmetic=False, weight=1.0), a, b)


def _form(old: SideText, new: SideText, site: Hunk, of: Of) -> Difference:
    return _difference(of, FORM, _with_edges(old, site[0], site[1]), _with_edges(new, site[2], site[3]))


def _with_edges(side: SideText, first: int, last: int) -> Reading:
    """The reading with the marks before the first and behind the last word of the whole text."""
    words = side.words
    left, right = _stripped(words)
    start = left if first == 0 else words.starts[first]
    end = right if last == len(words.keys) else words.ends[last - 1]
    return side.read(start, end)
