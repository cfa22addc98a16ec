"""Two sets of values as a grid: a line a value, with what B has more than A."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from labeler.domain.blind import LETTERS, BlindPair, Letter, ShownDifference, ShownOutput
from labeler.domain.differences.model import Of
from labeler.domain.differences.structured import ValuesText, json_in
from labeler.domain.differences.values import number_of, path_text, same_keys, value_text
from labeler.domain.items import Json
from labeler.sessions.review.grids.cell_regions import CellText, regions_of_cells
from labeler.sessions.review.grids.grid import Cell, CellMark, Grid, lanes, mark_of

TITLES: Mapping[Letter, tuple[str, ...]] = {"A": ("Value", "A"), "B": ("Value", "B", "B − A")}


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One value of one side."""

    key: str
    """Its path: `series.2025[2]`."""
    value: Json
    region: str | None


def value_grid(pair: BlindPair) -> Grid | None:
    """The outputs' values, when they were compared as values: both have some, or one has nothing else to show."""
    found = [_values(pair.output(letter)) for letter in LETTERS]
    compared = any(d.of is Of.VALUES for d in pair.differences)
    if not any(values is not None for values in found) or (None in found and not compared):
        return None
    a, b = (_leaves(values, pair.output(letter)) for letter, values in zip(LETTERS, found, strict=True))
    places = {leaf.key: n for n, leaf in enumerate(b)}
    partner = same_keys({leaf.key: leaf.value for leaf in a}, {leaf.key: leaf.value for leaf in b})
    pairs = [(n, places[partner[leaf.key]]) for n, leaf in enumerate(a) if leaf.key in partner]
    differences = [d for d in pair.differences if d.of is Of.VALUES]
    rows: dict[Letter, list[tuple[Cell, ...]]] = {"A": [], "B": []}
    for i, j in lanes(len(a), len(b), pairs):
        one, other = None if i is None else a[i], None if j is None else b[j]
        difference = _difference_of(differences, one, other)
        rows["A"].append(_row("A", one, other, difference))
        rows["B"].append((*_row("B", other, one, difference), Cell(_delta(one, other), difference=_id(difference))))
    return Grid(TITLES, {letter: tuple(rows[letter]) for letter in LETTERS})


def _values(output: ShownOutput) -> ValuesText | None:
    return ValuesText(output.values) if output.values is not None else json_in(output.text)


def _leaves(values: ValuesText | None, output: ShownOutput) -> list[_Leaf]:
    """Every value that is no list or object, in order."""
    found = list(_walk(dict(values.values), ())) if values is not None else []
    cells = [CellText((n, 1), value_text(value), None) for n, (_, value) in enumerate(found)]
    regions = regions_of_cells(output, cells)
    return [_Leaf(path_text(path), value, regions.get((n, 1))) for n, (path, value) in enumerate(found)]


def _walk(value: Json, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _walk(inner, (*path, key))
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from _walk(inner, (*path, number))
    elif path:
        yield path, value


def _difference_of(differences: Sequence[ShownDifference], a: _Leaf | None, b: _Leaf | None) -> ShownDifference | None:
    """The difference at these values, or at something that holds them."""
    for difference in differences:
        for reading, leaf in ((difference.a, a), (difference.b, b)):
            if reading is not None and reading.key and leaf is not None and _holds(reading.key, leaf.key):
                return difference
    return None


def _holds(outer: str, key: str) -> bool:
    return key == outer or key.startswith((f"{outer}.", f"{outer}["))


def _row(
    letter: Letter, own: _Leaf | None, other: _Leaf | None, difference: ShownDifference | None
) -> tuple[Cell, ...]:
    name = _id(difference)
    if own is None:
        return Cell(other.key if other else "", CellMark.ABSENT, name), Cell("", CellMark.ABSENT, name)
    mark = CellMark.SAME if difference is None else mark_of(difference, letter)
    return Cell(own.key, difference=name), Cell(value_text(own.value), mark, name, own.region)


def _id(difference: ShownDifference | None) -> str | None:
    return None if difference is None else difference.id


def _delta(a: _Leaf | None, b: _Leaf | None) -> str:
    """What B has more than A, with its sign; empty where one of both is no number, or they are equal."""
    less, more = (None if leaf is None else number_of(leaf.value) for leaf in (a, b))
    return "" if less is None or more is None or less == more else f"{more - less:+,f}".replace("-", "−")
