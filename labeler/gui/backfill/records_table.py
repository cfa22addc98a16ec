"""The list of records: a table that draws only the rows in view, so that ten thousand cost what ten do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from labeler.gui.theme import Palette, Theme
from labeler.gui.widgets.label import as_tip, visible
from labeler.gui.widgets.rows_table import RowsTable
from labeler.sessions.backfill.state import Look, Row

COLUMNS = ("Decision", "Item", "Date", "Action", "Amount", "Reversible", "Status", "Disposition", "Next")
_AMOUNT = 4
_STATUS, _NEXT = 6, 8
_ROOMY, _SPARED = 860, (1, 5)
"""On a narrower table the item and whether it can be undone are left to the record's story."""
_NOWHERE = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


def ink(palette: Palette, look: Look) -> str:
    """The colour that a word stands out in."""
    return {
        Look.PLAIN: palette.text,
        Look.WRONG: palette.failure,
        Look.GOOD: palette.good,
        Look.OPEN: palette.difference_text,
    }[look]


class _Model(QAbstractTableModel):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: Sequence[Row] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(_cells(row)[column])
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_tip(_cells(row)[column])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ForegroundRole:
            look = {_STATUS: row.status_look, _NEXT: row.next_look}.get(column, Look.PLAIN)
            return QColor(ink(self._theme.palette, look))
        return None


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == _AMOUNT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.id,
        row.item,
        row.date,
        row.action,
        row.amount,
        row.reversible,
        row.status,
        row.disposition,
        row.next,
    )


class RecordsTable(RowsTable):
    """Shows rows and says which one was picked. The session, not the table, decides which one is chosen."""

    opened = Signal()
    """The record in hand was double clicked."""

    def __init__(self, theme: Theme) -> None:
        self._model = _Model(theme)
        super().__init__(theme, self._model, "records", "Contested records", row_height=27)
        self.doubleClicked.connect(lambda _index: self.opened.emit())

    def show_rows(self, rows: Sequence[Row], chosen: int) -> None:
        self._model.show_rows(rows)
        self._fit()
        self.choose(chosen)

    def choose(self, place: int) -> None:
        if place < 0:
            self.clearSelection()
            return
        self.selectRow(place)
        self.scrollTo(self._model.index(place, 0))

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.fit(() if self.viewport().width() >= _ROOMY else _SPARED, whole=_NEXT)
