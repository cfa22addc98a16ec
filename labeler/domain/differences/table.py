"""Two tables, cell by cell, after their rows and columns have been paired."""

from __future__ import annotations

from labeler.domain.differences.judge import judge_texts
from labeler.domain.differences.model import Difference, Kind, Of, Reading
from labeler.domain.differences.structured import TableText, tables_of
from labeler.domain.differences.table_rows import Pair, TablesAligned, align_tables
from labeler.domain.differences.words import is_number, keys_of
from labeler.domain.items import Output, Span

ALL = -1
"""In `Reading.cell`: a whole row or column."""


def compare_table(old: Output, new: Output) -> list[Difference]:
    """Differences between two tables, given as `table` or as Markdown in the text."""
    tables = tables_of(old, new)
    return [] if tables is None else differences_of_tables(*tables)


def differences_of_tables(old: TableText, new: TableText) -> list[Difference]:
    """Columns first, then row by row."""
    if old.table == new.table:
        return []
    return _Comparison(old, new).differences()


class _Comparison:
    def __init__(self, old: TableText, new: TableText) -> None:
        self.old, self.new = old, new
        self.aligned: TablesAligned = align_tables(old.table, new.table)

    def differences(self) -> list[Difference]:
        found = [*self._columns(), *self._swaps()]
        rows = [((i + j, 0), d) for i, j in self.aligned.rows for d in self._cells(i, j)]
        rows += [((i + j, 1), self._moved(i, j)) for i, j in self.aligned.moved_rows]
        rows += [((i + j, 1), d) for i, j in self.aligned.moved_rows for d in self._cells(i, j)]
        rows += self._lone_rows()
        rows.sort(key=lambda entry: (entry[0], self._tie(entry[1])))
        return found + [difference for _, difference in rows]

    def _columns(self) -> list[Difference]:
        if not self.old.table or not self.new.table:
            return []  # all rows are missing, and nothing is missing twice
        with_old, with_new = {i for i, _ in self.aligned.columns}, {j for _, j in self.aligned.columns}
        found = [
            self._lone_column(self.old, 0, i, Kind.COLUMN_MISSING) for i in range(_width(self.old)) if i not in with_old
        ]
        found += [
            self._lone_column(self.new, 1, j, Kind.COLUMN_ADDED) for j in range(_width(self.new)) if j not in with_new
        ]
        return sorted(found, key=self._tie)

    def _tie(self, difference: Difference) -> tuple[list[tuple[tuple[int, int], str]], tuple[int, int]]:
        """What decides between differences in one place, whichever side is called old."""
        readings = [reading for reading in (difference.old, difference.new) if reading is not None]
        first = difference.new if self.new.table < self.old.table else difference.old
        return sorted((r.cell or (0, 0), r.text) for r in readings), (first and first.cell) or (0, 0)

    def _lone_column(self, table: TableText, side: int, column: int, kind: Kind) -> Difference:
        cells = [row[column] if column < len(row) else "" for row in table.table]
        reading = Reading("\n".join(cells), cell=(ALL, column))
        place = f"column {self._name(side, column)}"
        weight = _weight(" ".join(cells))
        return _one_sided(kind, reading, side, place, None, weight)

    def _swaps(self) -> list[Difference]:
        found = []
        for cycle in self.aligned.swapped:
            names = sorted({self._name(0, i) for i, _ in cycle} | {self._name(1, j) for _, j in cycle})
            old, new = (self._order(side, [pair[side] for pair in cycle]) for side in (0, 1))
            found.append(
                Difference(
                    "",
                    Of.TABLE,
                    Kind.COLUMNS_SWAPPED,
                    False,
                    old,
                    new,
                    f"columns {_listed(names)}",
                    weight=float(len(cycle)),
                )
            )
        return found

    def _order(self, side: int, columns: list[int]) -> Reading:
        """The columns that changed places, as this side has them, with their first cell below the head."""
        table = (self.old, self.new)[side].table
        row = 1 if self.aligned.heads[side] and len(table) > 1 else 0
        told = [f"{self._name(side, c)}: {table[row][c] if c < len(table[row]) else ''}" for c in sorted(columns)]
        return Reading(", ".join(told), cell=(ALL, min(columns)))

    def _cells(self, i: int, j: int) -> list[Difference]:
        columns = self.aligned.columns
        if i == 0 and j == 0 and all(self.aligned.heads):
            columns = self.aligned.head_columns
        found = []
        for c, d in columns:
            a, b = _cell(self.old, i, c), _cell(self.new, j, d)
            judged = judge_texts(a.text, b.text)
            if judged is not None:
                kind = Kind.CELL if judged.kind is Kind.SUBSTITUTED else judged.kind
                place = f"{self._row_name((i, j))}, column {self._column_name((c, d))}"
                found.append(Difference("", Of.TABLE, kind, judged.cosmetic, a, b, place, weight=judged.weight))
        return found

    def _moved(self, i: int, j: int) -> Difference:
        place = f"{self._row_name((i, j))}, moved"
        return Difference("", Of.TABLE, Kind.ROW_MOVED, False, _row(self.old, i), _row(self.new, j), place)

    def _lone_rows(self) -> list[tuple[tuple[int, int], Difference]]:
        pairs = [*self.aligned.rows, *self.aligned.moved_rows]
        found = []
        for side, kind in ((0, Kind.ROW_MISSING), (1, Kind.ROW_ADDED)):
            table, other = (self.old, self.new) if side == 0 else (self.new, self.old)
            with_counterpart = {pair[side] for pair in pairs}
            for row in range(len(table.table)):
                if row not in with_counterpart:
                    before = max((p for p in self.aligned.rows if p[side] < row), default=None)
                    behind = before[1 - side] if before else -1
                    gap = _row_end(other, behind)
                    reading = _row(table, row)
                    weight = _weight(reading.text)
                    place = self._row_name((row, None) if side == 0 else (None, row))
                    found.append(((row + behind + 1, 0), _one_sided(kind, reading, side, place, gap, weight)))
        return found

    def _row_name(self, rows: tuple[int | None, int | None]) -> str:
        """Rows are counted from 1, without the head. Where the sides differ, both numbers, the smaller one first."""
        numbers = set()
        for row, head in zip(rows, self.aligned.heads, strict=True):
            if row is not None:
                if head and row == 0:
                    return "head"
                numbers.add(row if head else row + 1)
        return "row " + "/".join(map(str, sorted(numbers)))

    def _name(self, side: int, column: int) -> str:
        table = (self.old, self.new)[side].table
        if self.aligned.heads[side] and column < len(table[0]):
            return table[0][column]
        return str(column + 1)

    def _column_name(self, columns: Pair) -> str:
        return "/".join(sorted({self._name(0, columns[0]), self._name(1, columns[1])}))


def _one_sided(kind: Kind, reading: Reading, side: int, place: str, gap: int | None, weight: float) -> Difference:
    old, new = (reading, None) if side == 0 else (None, reading)
    # A row or column without a word in it says nothing.
    empty = not keys_of(reading.text)
    return Difference("", Of.TABLE, kind, empty, old, new, place, gap, 0.0 if empty else weight)


def _width(table: TableText) -> int:
    return max((len(row) for row in table.table), default=0)


def _cell(table: TableText, row: int, column: int) -> Reading:
    cells = table.table[row]
    return Reading(cells[column] if column < len(cells) else "", table.span_of(row, column), cell=(row, column))


def _row(table: TableText, row: int) -> Reading:
    spans = table.spans[row] if row < len(table.spans) else ()
    placed = [span for span in spans if span is not None]
    if placed and len(placed) == len(spans):
        span = placed[0][0], placed[-1][1]
        return Reading(table.text[slice(*span)], span, cell=(row, ALL))
    return Reading(" | ".join(table.table[row]), cell=(row, ALL))


def _weight(said: str) -> float:
    """A row or column counts as one value does."""
    return 2.0 if any(map(is_number, keys_of(said))) else 1.0


def _row_end(table: TableText, row: int) -> int | None:
    """The offset behind the last cell of a row that stands in the text."""
    spans: list[Span] = [span for span in (table.spans[row] if 0 <= row < len(table.spans) else ()) if span]
    return spans[-1][1] if spans else None


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
