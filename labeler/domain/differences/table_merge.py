"""One table out of two, with the readings that were chosen."""

from __future__ import annotations

from collections.abc import Sequence

from labeler.domain.differences.model import Difference, Kind
from labeler.domain.differences.structured import TableText
from labeler.domain.differences.table_rows import align_tables
from labeler.domain.items import Side, Span, Table

Cell = tuple[int, int]


def merge_tables(ours: TableText, theirs: TableText, taken: Sequence[Difference], base: Side) -> Table:
    """Our table with the other side's reading at every difference in `taken`."""
    return _Merge(ours, theirs, taken, base).table()


class _Merge:
    def __init__(self, ours: TableText, theirs: TableText, taken: Sequence[Difference], base: Side) -> None:
        self._ours, self._theirs = ours.table, theirs.table
        self._aligned = align_tables(ours.table, theirs.table)
        other: Side = "new" if base == "old" else "old"
        self._cells: dict[Cell, str] = {}
        self._rows_out: set[int] = set()
        self._rows_in: set[int] = set()
        self._columns_out: set[int] = set()
        self._columns_in: set[int] = set()
        self._rows_moved: dict[int, int] = {}
        self._swapped = False
        for difference in taken:
            a, b = difference.reading(base), difference.reading(other)
            here, there = a.cell if a else None, b.cell if b else None
            match difference.kind:
                case Kind.ROW_MISSING | Kind.ROW_ADDED:
                    self._note(here, there, 0, self._rows_out, self._rows_in)
                case Kind.COLUMN_MISSING | Kind.COLUMN_ADDED:
                    self._note(here, there, 1, self._columns_out, self._columns_in)
                case Kind.ROW_MOVED if here and there:
                    self._rows_moved[here[0]] = there[0]
                case Kind.COLUMNS_SWAPPED:
                    self._swapped = True
                case _ if here and b:
                    self._cells[here] = b.text
                case _:
                    pass

    @staticmethod
    def _note(here: Cell | None, there: Cell | None, axis: int, out: set[int], into: set[int]) -> None:
        if here is not None:
            out.add(here[axis])
        elif there is not None:
            into.add(there[axis])

    def table(self) -> Table:
        return tuple(self._row(i, j) for i, j in self._row_order())

    def _row_order(self) -> list[tuple[int | None, int | None]]:
        partner = dict([*self._aligned.rows, *self._aligned.moved_rows])
        order: list[tuple[int | None, int | None]] = [
            (i, partner.get(i)) for i in range(len(self._ours)) if i not in self._rows_out and i not in self._rows_moved
        ]
        back = {j: i for i, j in self._aligned.rows}
        moved = {j: i for i, j in self._rows_moved.items()}
        for j in sorted([*self._rows_in, *moved]):
            # Behind the nearest row before it that both tables have in order, or that has just been put in.
            before = [n for n, (i, k) in enumerate(order) if k is not None and k < j and (k in back or i is None)]
            order.insert(before[-1] + 1 if before else 0, (moved.get(j), j))
        return order

    def _row(self, i: int | None, j: int | None) -> tuple[str, ...]:
        columns = self._column_order(head=i == 0 and all(self._aligned.heads))
        return tuple(cell for c, d in columns if (cell := self._cell(i, j, c, d)) is not None)

    def _column_order(self, *, head: bool) -> list[tuple[int | None, int | None]]:
        wide = max((len(row) for row in self._ours), default=0)
        partner = dict(self._aligned.columns)
        columns = [c for c in range(wide) if c not in self._columns_out]
        if self._swapped and not (head and self._aligned.head_columns != self._aligned.columns):
            cycles = {c for cycle in self._aligned.swapped for c, _ in cycle}
            places = [n for n, c in enumerate(columns) if c in cycles]
            in_their_order = sorted((columns[n] for n in places), key=lambda c: partner.get(c, c))
            for n, c in zip(places, in_their_order, strict=True):
                columns[n] = c
        order: list[tuple[int | None, int | None]] = [(c, partner.get(c)) for c in columns]
        for d in sorted(self._columns_in if wide else range(max(map(len, self._theirs), default=0))):
            before = [n for n, (_, e) in enumerate(order) if e is not None and e < d]
            order.insert(before[-1] + 1 if before else 0, (None, d))
        return order

    def _cell(self, i: int | None, j: int | None, c: int | None, d: int | None) -> str | None:
        """None where a ragged row has no cell."""
        if i is not None and c is not None:
            if (i, c) in self._cells:
                return self._cells[i, c]
            return self._ours[i][c] if c < len(self._ours[i]) else None
        if j is not None and d is not None:
            return self._theirs[j][d] if d < len(self._theirs[j]) else None
        return ""


def write_table(placed: TableText, table: Table) -> tuple[Span, str] | None:
    """The table in the way in which the text writes it: the span to replace, and by what.

    None when the text does not hold enough of the old table to see how it is written.
    """
    text = placed.text
    rows = [[span for span in row if span is not None] for row in placed.spans]
    if not rows or any(len(found) != len(row) or not row for found, row in zip(rows, placed.table, strict=True)):
        return None
    between = next((text[row[0][1] : row[1][0]] for row in rows if len(row) > 1), " | ")
    below_head = text[rows[0][-1][1] : rows[1][0][0]] if len(rows) > 1 else "\n"
    below = text[rows[1][-1][1] : rows[2][0][0]] if len(rows) > 2 else below_head
    lines = [between.join(row) for row in table]
    written = (
        lines[0] + "".join((below_head if n == 1 else below) + line for n, line in enumerate(lines[1:], 1))
        if lines
        else ""
    )
    return (rows[0][0][0], rows[-1][-1][1]), written
