"""A panel's table as CSV: fractions of 1, an interval as two columns, no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

from labeler.domain.statistics.intervals import Interval
from labeler.formats.insights.tables import Kind, Table, Value
from labeler.formats.spreadsheet import defused

_INTERVALS = (Kind.RATES, Kind.CHANGES)


def table_to_csv(table: Table) -> str:
    """With a header; lines end as RFC 4180 says."""
    out = io.StringIO()
    writer = csv.writer(out)
    header: list[str] = []
    for title, kind in table.columns:
        header += [f"{title} low", f"{title} high"] if kind in _INTERVALS else [title]
    writer.writerow(map(defused, header))
    for row in table.rows:
        cells: list[str] = []
        for value, (_, kind) in zip(row, table.columns, strict=True):
            cells += _cells(value, kind)
        writer.writerow(cells)
    return out.getvalue()


def _cells(value: Value, kind: Kind) -> list[str]:
    if kind in _INTERVALS:
        return [f"{value.low:.6g}", f"{value.high:.6g}"] if isinstance(value, Interval) else ["", ""]
    if isinstance(value, float):
        return [f"{value:.6g}"]
    return [defused(value) if isinstance(value, str) else "" if value is None else str(value)]
