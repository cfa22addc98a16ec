"""The list of items behind a mark: one line each; a click or Enter shows the item in Review."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QHeaderView, QVBoxLayout

from labeler.formats.gate.words import in_items
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.label import as_tip, plain, visible
from labeler.gui.widgets.rows_table import RowsTable
from labeler.sessions.insights.state import Behind

Index = QModelIndex | QPersistentModelIndex
_HEADER = ("Item", "Modality", "Tier", "Became", "Failures", "Decided", "By")


class _Rows(QAbstractTableModel):
    """Lines are made when they come into view: there may be 100,000."""

    def __init__(self) -> None:
        super().__init__()
        self.behind: Behind | None = None

    def show(self, behind: Behind | None) -> None:
        self.beginResetModel()
        self.behind = behind
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.behind is None else len(self.behind)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: ARG002, B008
        return len(_HEADER)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        shown = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return _HEADER[section] if shown else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if self.behind is None or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        line = self.behind.line(index.row())
        cells = (line.item_id, line.modality, line.tier, line.became, line.failures, line.decided, line.by)
        said = str(cells[index.column()])
        return as_tip(said) if role == Qt.ItemDataRole.ToolTipRole else visible(said)


class ItemList(QFrame):
    """Stands over the panels while it is open."""

    picked = Signal(int)
    asked = Signal()
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        head = QHBoxLayout()
        self._title, self._note = plain("sectionTitle"), plain("quiet")
        close = KeyButton(theme, Look.FLAT, "Back to the figures", "Esc")
        close.clicked.connect(self.closed)
        head.addWidget(self._title)
        head.addWidget(self._note, 1)
        head.addWidget(close)
        column.addLayout(head)
        self._rows = _Rows()
        self._table = RowsTable(theme, self._rows, "itemTable", "Items behind a mark", 26)
        self._table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self._table.horizontalHeader().setDefaultAlignment(left)
        self._table.horizontalHeader().setSectionResizeMode(4, QHeaderView.ResizeMode.Stretch)
        for section, width in ((0, 150), (1, 90), (2, 90), (3, 110), (5, 110), (6, 110)):
            self._table.setColumnWidth(section, width)
        self._table.picked.connect(self._click)
        column.addWidget(self._table, 1)

    def show_behind(self, behind: Behind | None) -> None:
        if behind is None:
            self._rows.show(None)
            return
        shown = self._rows.behind
        if shown is None or shown.rows is not behind.rows:
            self._rows.show(behind)
        self._title.setText(behind.title[:1].upper() + behind.title[1:])
        where = "click or Enter shows an item in Review" if behind.here else "of an earlier release"
        self._note.setText(f"{in_items(len(behind))} · {where}")
        if len(behind):
            self._table.selectRow(behind.current)
            self.setAccessibleName(f"Items behind {behind.title}: {behind.line(behind.current).item_id}")

    def _click(self, row: int) -> None:
        self.picked.emit(row)
        self.asked.emit()
