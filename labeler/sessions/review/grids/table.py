"""Two tables as a grid: rows and columns paired as the comparison pairs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labeler.domain.blind import LETTERS, BlindPair, Letter, ShownDifference, ShownOutput
from labeler.domain.differences.model import Of
from labeler.domain.differences.structured import TableText, markdown_table, placed_table
from labeler.domain.differences.table_rows import align_tables
from labeler.sessions.review.grids.cell_regions import CellText, regions_of_cells
from labeler.sessions.review.grids.grid import Cell, CellMark, Grid, Lane, lanes, mark_of


def table_grid(pair: BlindPair) -> Grid | None:
    """The outputs' tables, when they were compared as tables: both have one, or one has nothing else to show."""
    found = {letter: _table(pair.output(letter)) for letter in LETTERS}
    texts = {letter: table for letter, table in found.items() if table is not None}
    if not texts or (len(texts) == 1 and not any(d.of is Of.TABLE for d in pair.differences)):
        return None
    tables = {letter: texts.get(letter, TableText(())) for letter in LETTERS}
    aligned = align_tables(tables["A"].table, tables["B"].table)
    rows = lanes(len(tables["A"].table), len(tables["B"].table), [*aligned.rows, *aligned.moved_rows])
    columns = lanes(_width(tables["A"]), _width(tables["B"]), aligned.columns)
    marks = {letter: _Marks(pair.differences, letter) for letter in LETTERS}
    cells = {}
    for side, letter in enumerate(LETTERS):
        table, regions = tables[letter], _table_regions(pair.output(letter), tables[letter])
        cells[letter] = tuple(
            tuple(
                _table_cell(table, row[side], column[side], (row, column), marks, letter, regions) for column in columns
            )
            for row in rows
        )
    return Grid({"A": (), "B": ()}, cells)


def _table(output: ShownOutput) -> TableText | None:
    if output.table is not None:
        return placed_table(output.table, output.text)
    return markdown_table(output.text) if "|" in output.text else None


def _width(table: TableText) -> int:
    return max((len(row) for row in table.table), default=0)


class _Marks:
    """The differences of one side's cells."""

    def __init__(self, differences: Sequence[ShownDifference], letter: Letter) -> None:
        self._at: dict[tuple[int, int], ShownDifference] = {}
        for difference in differences:
            reading = difference.reading(letter)
            if difference.of is Of.TABLE and reading is not None and reading.cell is not None:
                self._at.setdefault(reading.cell, difference)

    def at(self, row: int | None, column: int | None) -> ShownDifference | None:
        """The difference of a cell itself, else of its row, else of its column (-1 stands for all)."""
        row, column = -1 if row is None else row, -1 if column is None else column
        return self._at.get((row, column)) or self._at.get((row, -1)) or self._at.get((-1, column))


def _table_cell(
    table: TableText,
    row: int | None,
    column: int | None,
    beside: tuple[Lane, Lane],
    marks: Mapping[Letter, _Marks],
    letter: Letter,
    regions: Mapping[tuple[int, int], str],
) -> Cell:
    other: Letter = "B" if letter == "A" else "A"
    there = LETTERS.index(other)
    theirs = marks[other].at(beside[0][there], beside[1][there])
    if row is None or column is None or column >= len(table.table[row]):
        return Cell("", CellMark.ABSENT, theirs.id if theirs else None)
    own = marks[letter].at(row, column) or (theirs if theirs and theirs.reading(letter) is None else None)
    mark = CellMark.SAME if own is None else mark_of(own, letter)
    text, span = table.table[row][column], table.span_of(row, column)
    return Cell(text, mark, own.id if own else None, regions.get((row, column)), span)


def _table_regions(output: ShownOutput, table: TableText) -> dict[tuple[int, int], str]:
    cells = [
        CellText((r, c), text, table.span_of(r, c)) for r, row in enumerate(table.table) for c, text in enumerate(row)
    ]
    return regions_of_cells(output, cells)
