"""A table that draws only the rows in view; the session, not the table, decides which row is in hand."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from labeler.gui.theme import Theme

_LOOKED_AT, _LONGEST = 60, 60
"""How many rows, and how many letters of each, say how wide a column is to be."""
_AROUND = 22
"""Beside a text in its cell, in pixels."""


class RowsTable(QTableView):
    """One line a row, no grid, chosen by whole rows; says which row was clicked."""

    picked = Signal(int)

    def __init__(self, theme: Theme, model: QAbstractItemModel, name: str, spoken: str, row_height: int) -> None:
        """`name` is its name in the style sheet, `spoken` what a screen reader says."""
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(row_height)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumHeight(30)  # at its own hint the style cuts what hangs below the line
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.clicked.connect(lambda index: self.picked.emit(index.row()))
        theme.changed.connect(self.viewport().update)

    def fit(self, spared: tuple[int, ...] = (), whole: int = -1) -> None:
        """Make the columns as wide as what stands in them, without the spared ones, which are hidden.

        Where that is too much, what is wider than its fair share gives way, the `whole` one only when it asks for more
        than a third; room that is left goes to all alike.
        """
        shown = [column for column in range(self.model().columnCount()) if column not in spared]
        room = self.viewport().width()
        needs = [self._need(column) for column in shown]
        kept = {at: min(need, room // 3) for at, need in enumerate(needs) if shown[at] == whole}
        others = _within([need for at, need in enumerate(needs) if at not in kept], room - sum(kept.values()))
        widths = [kept[at] if at in kept else others.pop(0) for at in range(len(needs))]
        spare = max(0, room - sum(widths)) // len(shown)
        for column in range(self.model().columnCount()):
            self.setColumnHidden(column, column in spared)
        for column, width in zip(shown, widths, strict=True):
            self.setColumnWidth(column, width + spare)

    def _need(self, column: int) -> int:
        """The width of the head and of the widest of some cells, with the room around them."""
        model = self.model()
        rows = range(0, model.rowCount(), max(1, model.rowCount() // _LOOKED_AT))
        texts = [str(model.index(row, column).data() or "") for row in rows]
        head = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        widest = max((self.fontMetrics().horizontalAdvance(text[:_LONGEST]) for text in texts), default=0)
        return max(widest, self.horizontalHeader().fontMetrics().horizontalAdvance(head)) + _AROUND


def _within(needs: list[int], room: int) -> list[int]:
    """The same limit for all who need more than it, so high that all together have room."""
    limit, left, open_needs = room, room, sorted(needs)
    for n, need in enumerate(open_needs):
        limit = left // (len(open_needs) - n)
        if need > limit:
            return [min(need, limit) for need in needs]
        left -= need
    return needs
