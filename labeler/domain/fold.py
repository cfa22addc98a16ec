"""Texts without the style that would give a model away: case and punctuation folded, places kept.

One recogniser writes "Please transfer £450.", another "please transfer 450 pounds": whoever has seen ten items knows
which is which. Folded texts are what an annotator reads until the verdict is saved; the raw form is a key away.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from labeler.domain.differences.model import Difference, Reading
from labeler.domain.items import Output, Span

_KEPT_SYMBOLS = frozenset("%£$€¥#&@+=°'’")
_RUNS = re.compile(r"[A-Za-z0-9]+|[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text, and for each character offset of the raw text (and its end) the offset in the folded one."""

    text: str
    offsets: Sequence[int]

    def span(self, raw: Span) -> Span:
        start, end = self.offsets[min(raw[0], len(self.offsets) - 1)], self.offsets[min(raw[1], len(self.offsets) - 1)]
        # A space in front of a word belongs to the gap before it, not to the word.
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return start, end

    def unfold(self, folded: Span) -> Span:
        """The characters of the raw text that a span of the folded text comes from."""
        start, end = folded
        first = bisect_right(self.offsets, start) - 1
        return first, max(first, bisect_right(self.offsets, end - 1)) if end > start else first


@lru_cache(maxsize=32)  # the texts of an item are folded anew with each key
def fold(text: str) -> Folded:
    """Lower case, punctuation dropped, runs of space made one (line breaks stay line breaks).

    What carries meaning stays: signs and separators inside and before numbers (`-4.50`, `9:30`), `%` and currency
    signs, apostrophes inside words.
    """
    out: list[str] = []
    offsets: list[int] = []
    length = 0
    for found in _RUNS.finditer(text):
        run = found.group()
        if run.isascii() and run.isalnum():
            # Such words, and single spaces, are most of every text: the rules are below.
            out.append(run.lower())
            offsets.extend(range(length, length := length + len(run)))
            continue
        if run == " ":
            offsets.append(length)
            if length and out[-1] not in (" ", "\n"):
                out.append(run)
                length += 1
            continue
        for at, character in enumerate(run, found.start()):
            offsets.append(length)
            piece = _fold_one(out[-1][-1] if out else " ", character, text[at + 1 : at + 2] or " ")
            if piece.isspace():
                if length == 0:
                    piece = ""
                elif out[-1].isspace():
                    if piece == "\n":
                        out[-1] = "\n"
                    piece = ""
            if piece:
                out.append(piece)
                length += len(piece)
    offsets.append(length)
    folded = "".join(out)
    kept = len(folded.rstrip())
    cut = bisect_right(offsets, kept)
    offsets[cut:] = [kept] * (len(offsets) - cut)
    return Folded(folded[:kept], offsets)


def _fold_one(before: str, character: str, after: str) -> str:
    """`before` is what was kept before it: what was dropped in between parts nothing."""
    if character.isspace():
        return "\n" if character == "\n" else " "
    if character.isalnum() or unicodedata.category(character)[0] in "ML" or character in _KEPT_SYMBOLS:
        return character.lower()
    if after.isdigit() and (before.isdigit() or (character in "-−." and not before.isalnum())):
        return character
    # A dash between two words is style as well, but the words stay apart.
    return " " if before.isalnum() and after.isalnum() else ""


def fold_output(output: Output) -> tuple[Output, Folded]:
    """The output with folded text, regions and segments; spans point into the folded text."""
    folded = fold(output.text or "")
    return (
        replace(
            output,
            text=None if output.text is None else folded.text,
            regions=tuple(
                replace(r, text=fold(r.text).text, span=r.span and folded.span(r.span)) for r in output.regions
            ),
            segments=tuple(
                replace(s, text=fold(s.text).text, span=s.span and folded.span(s.span)) for s in output.segments
            ),
        ),
        folded,
    )


def fold_difference(difference: Difference, old: Folded, new: Folded) -> Difference:
    """The difference with folded readings whose spans and gap point into the folded texts."""
    gap_side = old if difference.old is None else new
    return difference._replace(
        old=_fold_reading(difference.old, old),
        new=_fold_reading(difference.new, new),
        gap=None if difference.gap is None else gap_side.span((difference.gap, difference.gap))[0],
    )


def _fold_reading(reading: Reading | None, folded: Folded) -> Reading | None:
    if reading is None:
        return None
    return reading._replace(text=fold(reading.text).text, span=reading.span and folded.span(reading.span))
