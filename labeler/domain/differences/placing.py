"""Where differences of a table or of values stand: in the text among its other differences, and on the picture."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from labeler.domain.differences.model import Difference, Reading
from labeler.domain.differences.sides import spans_of, text_of
from labeler.domain.differences.values import printed_number
from labeler.domain.differences.words import keys_of
from labeler.domain.items import Box, Output, Region, Span


def in_text_order(*lists: Sequence[Difference]) -> list[Difference]:
    """Several lists of differences as one, by their places in both texts; what has none stays behind its neighbour."""
    placed = [
        (place, difference)
        for differences in lists
        for place, difference in zip(_places(differences), differences, strict=True)
    ]
    return [difference for _, difference in sorted(placed, key=lambda entry: entry[0])]


def _places(differences: Sequence[Difference]) -> list[float]:
    known = [_place(difference) for difference in differences]
    last = next((place for place in known if place is not None), 0.0)
    filled = []
    for place in known:
        last = last if place is None else place
        filled.append(last)
    return filled


def _place(difference: Difference) -> float | None:
    starts = [
        difference.gap if reading is None else reading.span[0] if reading.span else None
        for reading in (difference.old, difference.new)
    ]
    found = [start for start in starts if start is not None]
    return sum(found) / len(found) if found else None


def on_the_picture(differences: Sequence[Difference], old: Output, new: Output) -> list[Difference]:
    """The same differences with the boxes of the regions that hold their readings, where the outputs have regions."""
    if not old.regions and not new.regions:
        return list(differences)
    a, b = _Picture(old), _Picture(new)
    return [d._replace(old=a.found(d.old), new=b.found(d.new)) for d in differences]


class _Picture:
    def __init__(self, output: Output) -> None:
        self._regions = [
            (region, span)
            for region, span in zip(output.regions, spans_of(text_of(output), output.regions), strict=True)
            if region.box is not None or region.polygon
        ]
        self._numbers: dict[Decimal, list[Region]] | None = None

    def found(self, reading: Reading | None) -> Reading | None:
        """The reading with its box: that of the regions it covers in the text, else of the one that reads the same."""
        if reading is None or reading.box is not None or not self._regions:
            return reading
        under = [region for region, span in self._regions if _overlap(span, reading.span)]
        if not under and reading.text:
            keys = keys_of(reading.text)
            same = [region for region, _ in self._regions if keys_of(region.text) == keys]
            same = same or self._counting(reading.text)
            under = same if len(same) == 1 and keys else []
        if not under:
            return reading
        page = under[0].page
        here = [region for region in under if region.page == page]  # what goes on overleaf has no box there
        ids = tuple(region.id for region in here)
        return reading._replace(box=_around(here), regions=ids, estimated=True, page=page)

    def _counting(self, text: str) -> list[Region]:
        """The regions that say the same number in another form: the value 154.0 is printed as `154.00`."""
        number = printed_number(text)
        if number is None:
            return []
        if self._numbers is None:
            self._numbers = {}
            for region, _ in self._regions:
                if (said := printed_number(region.text)) is not None:
                    self._numbers.setdefault(said, []).append(region)
        return self._numbers.get(number, [])


def _overlap(span: Span | None, other: Span | None) -> bool:
    return span is not None and other is not None and span[0] < other[1] and other[0] < span[1]


def _around(regions: list[Region]) -> Box:
    left, top, right, bottom = zip(*(region.bounds() for region in regions), strict=True)
    return min(left), min(top), max(right), max(bottom)
