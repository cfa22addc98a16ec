"""A model's text as it is shown: what cannot be seen is written out, and every character knows where it stands.

Spans count code points of the output's text; Qt counts UTF-16 units of what is on the screen. The two differ by
astral characters, by written-out controls, and by what is shown and not in the text (words at a gap, soft breaks).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labeler.domain.items import Span

LONGEST_LINE = 2000
"""Characters after which a line is broken on the screen. Qt lays out whole paragraphs: one of a megabyte takes it half
a minute, five hundred of 2,000 characters a few milliseconds, since only those in view are laid out."""

_NAMED = {
    0x7F: "␡",
    0x00AD: "⟨SHY⟩",
    0x061C: "⟨ALM⟩",
    0x200B: "⟨ZWSP⟩",
    0x200E: "⟨LRM⟩",
    0x200F: "⟨RLM⟩",
    0x2028: "⟨LS⟩",
    0x2029: "⟨PS⟩",
    0x202A: "⟨LRE⟩",
    0x202B: "⟨RLE⟩",
    0x202C: "⟨PDF⟩",
    0x202D: "⟨LRO⟩",
    0x202E: "⟨RLO⟩",
    0x2060: "⟨WJ⟩",
    0x2066: "⟨LRI⟩",
    0x2067: "⟨RLI⟩",
    0x2068: "⟨FSI⟩",
    0x2069: "⟨PDI⟩",
    0xFEFF: "⟨BOM⟩",
}
_UNNAMED = (
    *range(0x80, 0xA0),
    *range(0x2061, 0x2066),
    *range(0x206A, 0x2070),
    *range(0xD800, 0xE000),  # half of a surrogate pair: not a character
    *range(0xFDD0, 0xFDF0),  # Qt uses two of these to mark frames
    *range(0xFFF9, 0x10000),
    *range(0xE0000, 0xE0080),  # tags: a way to hide text in text
)
WRITTEN_OUT: dict[int, str] = {
    # Controls have pictures of their own; tab and line feed do what they should.
    **{code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)},
    **_NAMED,
    **{code: f"⟨U+{code:04X}⟩" for code in _UNNAMED if code != 0xFFFD},
}
_HIDDEN = np.array(sorted(WRITTEN_OUT), np.uint32)
_HIDDEN_UNITS = np.array([len(WRITTEN_OUT[int(code)]) for code in _HIDDEN], np.int64)

Units = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Insertion:
    """Words shown before the character at `offset` that are not part of the text."""

    offset: int
    words: str


@dataclass(frozen=True, slots=True)
class ShownText:
    """`source` as it is shown. Character i of it fills the UTF-16 units `starts[i]` up to `stops[i]` of `shown`."""

    source: str
    shown: str
    starts: Units
    """One more than there are characters: the last is where something after the text would start."""
    stops: Units
    inserted: tuple[tuple[int, int], ...]
    """UTF-16 ranges of the inserted words without white space around them, in the order in which they were given."""

    def units(self, span: Span) -> tuple[int, int]:
        """The UTF-16 range of a span of characters; what lies outside the text is cut off."""
        first, last = (min(max(offset, 0), len(self.source)) for offset in span)
        if last <= first:
            return int(self.starts[first]), int(self.starts[first])
        return int(self.starts[first]), int(self.stops[last - 1])

    def character(self, unit: int) -> int | None:
        """The character shown at a UTF-16 position; None where words stand that are not in the text."""
        found = int(np.searchsorted(self.starts, unit, side="right")) - 1
        if not 0 <= found < len(self.source) or unit >= self.stops[found]:
            return None
        return found

    def next_character(self, unit: int) -> int:
        """The first character that is shown at or after a UTF-16 position; one past the last where none is."""
        return int(np.searchsorted(self.stops, unit, side="right"))

    def characters(self, first: int, last: int) -> str:
        """The part of the source that stands between two UTF-16 positions: what a copy takes along."""
        begin = self.next_character(first)
        end = int(np.searchsorted(self.starts[:-1], last, side="left"))
        return self.source[begin:end]


def shown_text(source: str, insertions: Iterable[Insertion] = ()) -> ShownText:
    """Lay out where each character stands, with words inserted at gaps (same offset: in the order given)."""
    codes = np.frombuffer(source.encode("utf-32-le", "surrogatepass"), np.uint32)
    given = list(insertions)
    extras = sorted(
        [(min(max(i.offset, 0), len(source)), i.words, n) for n, i in enumerate(given)]
        + [(at, "\n", -1) for at in _soft_breaks(source, codes)],
        key=lambda extra: (extra[0], extra[2]),
    )
    before = np.zeros(len(source) + 1, np.int64)
    pieces: list[str] = []
    at = 0
    for offset, words, _ in extras:
        pieces += [source[at:offset].translate(WRITTEN_OUT), words]
        before[offset] += _length(words)
        at = offset
    pieces.append(source[at:].translate(WRITTEN_OUT))
    widths = _widths(codes)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(widths)]) + np.cumsum(before)
    return ShownText(source, "".join(pieces), starts, starts[:-1] + widths, _inserted(extras, starts, len(given)))


def _inserted(extras: list[tuple[int, str, int]], starts: Units, count: int) -> tuple[tuple[int, int], ...]:
    """Where the insertions stand: right before the character at their offset, the last one nearest to it."""
    found = [(0, 0)] * count
    edge: dict[int, int] = {}
    for offset, words, number in reversed(extras):
        end = edge.get(offset, int(starts[offset]))
        edge[offset] = end - _length(words)
        if number >= 0:
            leading = len(words) - len(words.lstrip())
            trailing = len(words) - len(words.rstrip())
            found[number] = (edge[offset] + leading, end - trailing)
    return tuple(found)


def _widths(codes: NDArray[np.uint32]) -> Units:
    widths = 1 + (codes > 0xFFFF).astype(np.int64)
    place = np.minimum(np.searchsorted(_HIDDEN, codes), len(_HIDDEN) - 1)
    hidden = _HIDDEN[place] == codes
    widths[hidden] = _HIDDEN_UNITS[place[hidden]]
    return widths


def _soft_breaks(source: str, codes: NDArray[np.uint32]) -> list[int]:
    ends = np.concatenate([np.flatnonzero(codes == 0x0A), [len(source)]])
    begins = np.concatenate([[0], ends[:-1] + 1])
    breaks: list[int] = []
    for line in np.flatnonzero(ends - begins > LONGEST_LINE):
        at, end = int(begins[line]), int(ends[line])
        while end - at > LONGEST_LINE:
            space = source.rfind(" ", at + LONGEST_LINE // 2, at + LONGEST_LINE)
            at = space + 1 if space >= 0 else at + LONGEST_LINE
            breaks.append(at)
    return breaks


def _length(words: str) -> int:
    return len(words) + sum(character > "\uffff" for character in words)
