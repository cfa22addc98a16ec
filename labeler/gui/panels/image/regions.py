"""Which regions, characters and differences of an output belong together: what lights up when one is pointed at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labeler.domain.blind import BlindPair, Letter, ShownDifference, ShownOutput
from labeler.domain.differences.sides import spans_of
from labeler.domain.items import Box, Polygon, Region, Span


@dataclass(frozen=True, slots=True)
class DifferenceBox:
    """Where a difference stands in one pane.

    `absent`: this side has nothing there, and the other side has. `estimated`: somewhere about there.
    """

    difference: str
    box: Box
    absent: bool = False
    estimated: bool = False


class Regions:
    """An output's regions that have a place on a page of the picture, found by point, by rectangle and by character.

    All of them are looked through at once: 10,000 take a twentieth of a millisecond, less than an index would save.
    """

    def __init__(self, text: str, regions: Iterable[Region], page: int = 0) -> None:
        everything = tuple(regions)
        spans = spans_of(text, everything)
        placed = [
            (region, span)
            for region, span in zip(everything, spans, strict=True)
            if region.page == page and (region.box is not None or region.polygon)
        ]
        self.regions: tuple[Region, ...] = tuple(region for region, _ in placed)
        self.spans: tuple[Span | None, ...] = tuple(span for _, span in placed)
        self.boxes: NDArray[np.float64] = np.array([r.bounds() for r in self.regions], np.float64).reshape(-1, 4)
        self._spans = np.array([span or (0, 0) for span in self.spans], np.int64).reshape(-1, 2)
        self._areas = (self.boxes[:, 2] - self.boxes[:, 0]) * (self.boxes[:, 3] - self.boxes[:, 1])
        self._elsewhere = frozenset(region.id for region in everything if region.page != page)
        self._by_id = {region.id: number for number, region in enumerate(self.regions)}

    def __len__(self) -> int:
        return len(self.regions)

    def within(self, box: Box) -> NDArray[np.intp]:
        """Numbers of the regions that touch a rectangle of the picture."""
        x0, y0, x1, y1 = box
        b = self.boxes
        return np.flatnonzero((b[:, 0] <= x1) & (b[:, 2] >= x0) & (b[:, 1] <= y1) & (b[:, 3] >= y0))

    def at(self, x: float, y: float) -> int | None:
        """Number of the smallest region around a point; of a polygon its inside counts, not the box around it."""
        found = self.within((x, y, x, y))
        for number in found[np.argsort(self._areas[found], kind="stable")].tolist():
            polygon = self.regions[number].polygon
            if polygon is None or _inside(polygon, x, y):
                return int(number)
        return None

    def saying(self, character: int) -> list[int]:
        """Numbers of the regions whose text holds a character of the output's text."""
        s = self._spans
        return [int(n) for n in np.flatnonzero((s[:, 0] <= character) & (character < s[:, 1]))]

    def number(self, region_id: str) -> int | None:
        return self._by_id.get(region_id)

    def on_other_pages(self, ids: Iterable[str]) -> bool:
        """Whether there are such regions, and none of them on this page."""
        names = set(ids)
        return bool(names) and names <= self._elsewhere

    def area(self, number: int) -> float:
        """Of the region's box, in square pixels."""
        return float(self._areas[number])

    def box(self, number: int) -> Box:
        x0, y0, x1, y1 = self.boxes[number].tolist()
        return x0, y0, x1, y1


def _inside(polygon: Polygon, x: float, y: float) -> bool:
    """Even-odd rule; a point on the edge may count as either."""
    inside = False
    for (x0, y0), (x1, y1) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
    return inside


def text_of(output: ShownOutput) -> str:
    """What stands under the picture: the text, or lines of regions, table or values where an output has none."""
    if output.text:
        return output.text
    if output.regions and any(region.text for region in output.regions):
        return "\n".join(region.text for region in output.regions)
    if output.table is not None:
        return "\n".join(" | ".join(row) for row in output.table)
    return "\n".join(f"{key}: {value}" for key, value in (output.values or {}).items())


def place(difference: ShownDifference, letter: Letter, regions: Regions) -> Box | None:
    """Where this side's reading stands on the page; None where it has none, or no known place there."""
    reading = difference.reading(letter)
    if reading is None or regions.on_other_pages(reading.regions):
        return None
    if reading.box is not None:
        return reading.box
    numbers = [number for region in reading.regions if (number := regions.number(region)) is not None]
    if not numbers:
        return None
    boxes = regions.boxes[numbers]
    x0, y0 = boxes[:, :2].min(axis=0).tolist()
    x1, y1 = boxes[:, 2:].max(axis=0).tolist()
    return x0, y0, x1, y1


def difference_boxes(
    differences: Iterable[ShownDifference], letter: Letter, regions: Mapping[Letter, Regions]
) -> list[DifferenceBox]:
    """The differences' boxes in one pane, those of the other side's readings where this side has nothing."""
    other: Letter = "B" if letter == "A" else "A"
    boxes = []
    for difference in differences:
        reading, box = difference.reading(letter), place(difference, letter, regions[letter])
        if reading is not None and box is not None:
            boxes.append(DifferenceBox(difference.id, box, estimated=reading.estimated))
        elif (elsewhere := place(difference, other, regions[other])) is not None:
            boxes.append(DifferenceBox(difference.id, elsewhere, absent=reading is None, estimated=reading is not None))
    return boxes


def around(boxes: Iterable[Box]) -> Box | None:
    """The smallest box around all; None around nothing."""
    found = np.array(list(boxes), np.float64).reshape(-1, 4)
    if not found.size:
        return None
    x0, y0 = found[:, :2].min(axis=0).tolist()
    x1, y1 = found[:, 2:].max(axis=0).tolist()
    return x0, y0, x1, y1


def differences_with(pair: BlindPair, letter: Letter, region: Region) -> list[ShownDifference]:
    """The differences whose reading on this side comes from a region."""
    return [d for d in pair.differences if (reading := d.reading(letter)) is not None and region.id in reading.regions]
