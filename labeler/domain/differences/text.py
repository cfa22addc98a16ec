"""Two texts, word by word."""

from __future__ import annotations

from collections.abc import Iterator

from labeler.domain.differences.hunks import Hunk, Move, find_hunks, find_moves
from labeler.domain.differences.judge import FORM, Judged, judge
from labeler.domain.differences.model import Difference, Kind, Of, Reading
from labeler.domain.differences.sides import SideText, plain_side, text_of
from labeler.domain.differences.spoken import with_numbers_read
from labeler.domain.differences.words import Words, weight_of, words_of
from labeler.domain.items import Output

# Differences of form that are so few words apart are one: nobody wants to judge each comma.
_FORM_APART = 4


def compare_text(old: Output, new: Output) -> list[Difference]:
    """Differences between the outputs' texts in reading order, with spans in both."""
    old_text, new_text = text_of(old), text_of(new)
    if old_text == new_text:
        return []
    old_words, new_words = with_numbers_read(words_of(old_text)), with_numbers_read(words_of(new_text))
    return differences_of_words(plain_side(old_words), plain_side(new_words), Of.TEXT)


def differences_of_words(old: SideText, new: SideText, of: Of) -> list[Difference]:
    """Everything that differs between two sides' words, in the order in which a person reads."""
    old_keys, new_keys = old.words.keys, new.words.keys
    if not old_keys and not new_keys:
        return _only_marks(old, new, of)
    hunks = [] if old_keys == new_keys else find_hunks(old_keys, new_keys)
    found = [(i + j, _form(old, new, i, k, j, m, of)) for i, k, j, m in _form_sites(old.words, new.words, hunks)]
    if hunks:
        hunks, moves = find_moves(hunks, old_keys, new_keys)
        found += [(move.old + move.new, _moved(old, new, move, of)) for move in moves]
        found += [(hunk[0] + hunk[2], _of_hunk(old, new, hunk, of)) for hunk in hunks]
    found.sort(key=_walk)
    return [difference for _, difference in found]


def _walk(found: tuple[int, Difference]) -> tuple[int, list[str]]:
    """Order of walking; the same when the sides change places."""
    at, difference = found
    return at, sorted(reading.text for reading in (difference.old, difference.new) if reading)


def _only_marks(old: SideText, new: SideText, of: Of) -> list[Difference]:
    a, b = old.words.text.strip(), new.words.text.strip()
    if a == b:
        return []
    readings = [side.read(*_stripped(side.words.text)) if said else None for side, said in ((old, a), (new, b))]
    gap = None if a and b else (old if not a else new).locate(0)
    return [_difference(of, FORM, readings[0], readings[1], gap)]


def _stripped(text: str) -> tuple[int, int]:
    start = len(text) - len(text.lstrip())
    return start, max(start, len(text.rstrip()))


def _difference(of: Of, judged: Judged, old: Reading | None, new: Reading | None, gap: int | None = None) -> Difference:
    return Difference("", of, judged.kind, judged.cosmetic, old, new, "", gap, judged.weight)


def _read(side: SideText, first: int, last: int) -> Reading:
    return side.read(side.words.starts[first], side.words.ends[last - 1])


def gap_at(side: SideText, word: int) -> int | None:
    """Where words that this side lacks would stand: behind the word before."""
    words = side.words
    if word > 0:
        return side.locate(words.ends[word - 1])
    return side.locate(words.starts[0] if words.starts else 0)


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


def _moved(old: SideText, new: SideText, move: Move, of: Of) -> Difference:
    a, b = _read(old, move.old, move.old + move.size), _read(new, move.new, move.new + move.size)
    # One judgement whether the place is right, however long the block is.
    return _difference(of, Judged(Kind.MOVED, cosmetic=False, weight=1.0), a, b)


def _form(old: SideText, new: SideText, i: int, k: int, j: int, m: int, of: Of) -> Difference:
    a, b = _with_edges(old, i, k), _with_edges(new, j, m)
    return _difference(of, FORM, a, b)


def _with_edges(side: SideText, first: int, last: int) -> Reading:
    """The reading with the marks before the first and behind the last word of the whole text."""
    words = side.words
    left, right = _stripped(words.text)
    start = left if first == 0 else words.starts[first]
    end = right if last == len(words.keys) else words.ends[last - 1]
    return side.read(start, end)


def _form_sites(old: Words, new: Words, hunks: list[Hunk]) -> Iterator[Hunk]:
    """Stretches of words that say the same on both sides and are written otherwise."""
    i = j = 0
    for next_old, end_old, next_new, end_new in [*hunks, (len(old.keys), 0, len(new.keys), 0)]:
        size = next_old - i
        sites = _sites_in_run(old, new, i, j, size)
        for first, last in sites:
            yield first, last, first - i + j, last - i + j
        i, j = end_old, end_new
        del next_new


def _sites_in_run(old: Words, new: Words, i: int, j: int, size: int) -> list[tuple[int, int]]:
    """Stretches in old of a run of `size` equal words from old word i and new word j."""
    if not size:
        return []
    starts_old, ends_old, starts_new, ends_new = old.starts, old.ends, new.starts, new.ends
    a, b = old.text, new.text
    sites: list[tuple[int, int]] = []

    def mark(first: int, last: int) -> None:
        if sites and first - sites[-1][1] < _FORM_APART:
            sites[-1] = (sites[-1][0], max(last, sites[-1][1]))
        else:
            sites.append((first, last))

    if i == 0 and j == 0 and a[: starts_old[0]].strip() != b[: starts_new[0]].strip():
        mark(0, 1)
    if a[starts_old[i] : ends_old[i + size - 1]] != b[starts_new[j] : ends_new[j + size - 1]]:
        shift = j - i
        for at in range(i, i + size):
            if a[starts_old[at] : ends_old[at]] != b[starts_new[at + shift] : ends_new[at + shift]]:
                mark(at, at + 1)
            if at + 1 < i + size and (
                a[ends_old[at] : starts_old[at + 1]] != b[ends_new[at + shift] : starts_new[at + shift + 1]]
            ):
                mark(at, at + 2)
    last_old, last_new = i + size == len(old.keys), j + size == len(new.keys)
    if last_old and last_new and a[ends_old[-1] :].strip() != b[ends_new[-1] :].strip():
        mark(i + size - 1, i + size)
    return sites
