"""The board's table: draws only the rows in view, so that five thousand cost what five do."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from labeler.gui.theme import SANS, Theme, colour, metrics, sans
from labeler.gui.widgets.label import as_tip, visible
from labeler.sessions.board.state import Row, Shown

_NOWHERE = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex
_BAR = 64
_MEANT = {
    "as settled": "Hidden checks: settled items that were judged as they were settled",
    "again": "Hidden checks: own items that were judged the same again",
    "kept": "Hidden checks: seeded mistakes that were left in the gold answer",
    "A : B": "How often A alone and B alone were found right",
    "seconds": "Median time of an item",
    "a day": "Verdicts a day, on the newest ten days with any",
}
"""What stands behind the short word of a column."""
_SAMPLE = 400
"""So many rows are measured for the width of a column."""


class _Model(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.shown = Shown()

    def show(self, shown: Shown) -> None:
        self.beginResetModel()
        self.shown = shown
        self.endResetModel()

    @property
    def has_bar(self) -> bool:
        return any(row.share is not None for row in self.shown.rows[:_SAMPLE])

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.shown.rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.shown.header) + self.has_bar

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        if role == Qt.ItemDataRole.ToolTipRole and section < len(self.shown.header):
            return _MEANT.get(self.shown.header[section])
        if role == Qt.ItemDataRole.DisplayRole:
            return _titled(self.shown.header[section]) if section < len(self.shown.header) else ""
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.shown.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        if column >= len(row.cells):
            share = f"{row.share:.0%} done" if row.share is not None else ""
            return share if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole) else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            said = ("▲ " if column == 0 and row.stands_out else "") + row.cells[column]
            return as_tip(said) if role == Qt.ItemDataRole.ToolTipRole else visible(said)
        if role == Qt.ItemDataRole.FontRole and row.stands_out and column == 0:
            return sans(13, QFont.Weight.Bold)
        return None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        words = column < self.shown.left or column >= len(self.shown.header)
        side = Qt.AlignmentFlag.AlignLeft if words else Qt.AlignmentFlag.AlignRight
        return side | Qt.AlignmentFlag.AlignVCenter


def _titled(words: str) -> str:
    return words[:1].upper() + words[1:]


class _Bars(QStyledItemDelegate):
    """Draws the share that is done, in the last column."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(painter, option, index)
        model = index.model()
        assert isinstance(model, _Model)
        row: Row = model.shown.rows[index.row()]
        if row.share is None or index.column() < len(row.cells):
            return
        place: QRect = option.rect
        bar = QRect(place.left() + 8, place.center().y() - 3, min(place.width() - 16, _BAR), 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(self._theme.palette.border))
        painter.drawRoundedRect(bar, 3, 3)
        bar.setWidth(round(bar.width() * row.share))
        painter.setBrush(colour(self._theme.palette.accent))
        painter.drawRoundedRect(bar, 3, 3)


class BoardTable(QTableView):
    """One part of the board."""

    picked = Signal(int)
    asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("itemTable")
        self._model = _Model()
        self.setModel(self._model)
        self.setItemDelegate(_Bars(theme))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # columns are made to fit
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(28)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setFixedHeight(34)
        self.horizontalHeader().setStretchLastSection(True)
        self.clicked.connect(lambda index: self.picked.emit(index.row()))
        self.doubleClicked.connect(lambda _index: self.asked.emit())

    def show_part(self, shown: Shown, chosen: int) -> None:
        if self._model.shown is not shown:
            self._model.show(shown)
            self._fit()
        if shown.rows and self.currentIndex().row() != chosen:
            self.selectRow(chosen)
        if shown.rows:
            self.setAccessibleName(", ".join(filter(None, shown.rows[min(chosen, len(shown.rows) - 1)].cells)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Every column as wide as what stands in it; what is too wide in all is taken from the widest one."""
        shown = self._model.shown
        measure = metrics(SANS, 13, QFont.Weight.Bold).horizontalAdvance
        widths = []
        for column, title in enumerate(shown.header):
            texts = [_titled(title), *(row.cells[column] for row in shown.rows[:_SAMPLE])]
            widths.append(max(measure(text) for text in texts) + (42 if column == 0 else 20))
        room = self.viewport().width() - (_BAR + 24 if self._model.has_bar else 0)
        if widths and sum(widths) > room:
            widest = widths.index(max(widths))
            widths[widest] = max(160, widths[widest] - (sum(widths) - room))
        for column, width in enumerate(widths):
            if self.columnWidth(column) != int(width):
                self.setColumnWidth(column, int(width))
