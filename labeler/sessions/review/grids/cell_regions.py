"""Which region of the picture each cell of a table or each value comes from, as far as the output lets one tell."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from labeler.domain.blind import ShownOutput
from labeler.domain.differences.sides import spans_of
from labeler.domain.differences.values import printed_number
from labeler.domain.differences.words import keys_of
from labeler.domain.items import Span

Place = tuple[int, int]
_Said = tuple[str, ...] | Decimal


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell that is looked for: its row and column, and its place in the output's text if it has one."""

    place: Place
    text: str
    span: Span | None


def regions_of_cells(output: ShownOutput, cells: Sequence[CellText]) -> dict[Place, str]:
    """Cells that share characters with a region come from it. Of the others, each comes from the next region in order
    that says the same, or the same number in another form (154.0 is printed as `154.00`); failing that, a whole row
    from the region that says the row.
    """
    if not output.regions:
        return {}
    found = _by_span(output, cells)
    found |= _in_order(output, [cell for cell in cells if cell.place not in found])
    return found | _by_row(output, [cell for cell in cells if cell.place not in found])


def _by_span(output: ShownOutput, cells: Sequence[CellText]) -> dict[Place, str]:
    spans = spans_of(output.text, output.regions)
    placed = sorted((span, region.id) for region, span in zip(output.regions, spans, strict=True) if span is not None)
    found: dict[Place, str] = {}
    for cell in cells:
        if cell.span is not None:
            # The last region that begins before the cell ends; regions of one output do not lie in each other.
            nearest = bisect_left(placed, cell.span[1], key=lambda entry: entry[0][0]) - 1
            if nearest >= 0 and placed[nearest][0][1] > cell.span[0]:
                found[cell.place] = placed[nearest][1]
    return found


def _in_order(output: ShownOutput, cells: Sequence[CellText]) -> dict[Place, str]:
    said: dict[_Said, list[int]] = {}
    for number, region in enumerate(output.regions):
        for key in _said(region.text):
            said.setdefault(key, []).append(number)
    found: dict[Place, str] = {}
    for cell in cells:
        here = next((said[key] for key in _said(cell.text) if key in said), None)
        if here and cell.text.strip():
            # A text that stands in several places is taken from the first that is still free.
            found[cell.place] = output.regions[here.pop(0) if len(here) > 1 else here[0]].id
    return found


def _said(text: str) -> Iterator[_Said]:
    """What two texts have in common that say the same: their words, else their number."""
    yield tuple(keys_of(text))
    if (number := printed_number(text)) is not None:
        yield number


def _by_row(output: ShownOutput, cells: Sequence[CellText]) -> dict[Place, str]:
    rows: dict[int, list[CellText]] = {}
    for cell in cells:
        rows.setdefault(cell.place[0], []).append(cell)
    lines = {tuple(keys_of(region.text)): region.id for region in output.regions}
    found: dict[Place, str] = {}
    for row in rows.values():
        name = lines.get(tuple(keys_of(" ".join(cell.text for cell in row))))
        if name is not None:
            found |= {cell.place: name for cell in row}
    return found
