"""What became of each region between the two outputs: only in one, moved, read otherwise, or the same in both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from labeler.domain.blind import LETTERS, Letter, Neutral, ShownDifference
from labeler.domain.items import Region, Span
from labeler.gui.panels.image.regions import Regions


class Fate(Enum):
    """In the order in which one hides the other, where a region has several differences."""

    ONLY = "only here"
    MOVED = "stands elsewhere"
    CHANGED = "read otherwise"
    SAME = "the same"


MARKS: Mapping[Fate, str] = {Fate.ONLY: "", Fate.MOVED: "↔", Fate.CHANGED: "≠", Fate.SAME: ""}
"""The sign beside a region that says the same as its colour; a region that only one output has carries its letter."""


def fates(walk: Iterable[ShownDifference], regions: Mapping[Letter, Regions]) -> dict[Letter, list[Fate]]:
    """The fate of each region, in the order of `regions`. Differences of form alone, which are not walked, are none."""
    found = {letter: [Fate.SAME] * len(regions[letter]) for letter in LETTERS}
    for difference in walk:
        for letter in LETTERS:
            for number in _numbers(difference, letter, regions[letter]):
                fate = _fate(difference, letter, regions[letter].regions[number], regions[letter].spans[number])
                if _order(fate) < _order(found[letter][number]):
                    found[letter][number] = fate
    return found


def _numbers(difference: ShownDifference, letter: Letter, regions: Regions) -> list[int]:
    reading = difference.reading(letter)
    names = () if reading is None else reading.regions
    return [number for name in names if (number := regions.number(name)) is not None]


def _fate(difference: ShownDifference, letter: Letter, region: Region, span: Span | None) -> Fate:
    reading = difference.reading(letter)
    other = difference.reading("B" if letter == "A" else "A")
    if difference.kind is Neutral.MOVED:
        return Fate.MOVED
    if other is not None or reading is None:
        return Fate.CHANGED
    if reading.span is None or span is None:
        return Fate.ONLY if reading.text.strip() == region.text.strip() else Fate.CHANGED
    # A word too many in a line does not make the whole line one that only this output has.
    return Fate.ONLY if reading.span[0] <= span[0] and span[1] <= reading.span[1] else Fate.CHANGED


def _order(fate: Fate) -> int:
    return list(Fate).index(fate)


def moves(walk: Iterable[ShownDifference], regions: Mapping[Letter, Regions]) -> list[tuple[int, int]]:
    """Numbers of A's and B's region for each region that stands elsewhere in the other output."""
    found = []
    for difference in walk:
        if difference.kind is Neutral.MOVED:
            a, b = (_numbers(difference, letter, regions[letter]) for letter in LETTERS)
            if a and b:
                found.append((a[0], b[0]))
    return found


def counted(found: Mapping[Letter, list[Fate]]) -> str:
    """`only in A 2 · only in B 3 · moved 1 · changed 4`; what there is none of is left out."""
    parts = [(f"only in {letter}", sum(fate is Fate.ONLY for fate in found[letter])) for letter in LETTERS]
    for fate, words in ((Fate.MOVED, "moved"), (Fate.CHANGED, "changed")):
        parts.append((words, max(sum(one is fate for one in found[letter]) for letter in LETTERS)))
    return " · ".join(f"{words} {number:,}" for words, number in parts if number) or "all regions say the same"
