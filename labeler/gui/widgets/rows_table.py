"""A table that draws only the rows in view; the session, not the table, decides which row is in hand."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from labeler.gui.theme import Theme


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

    def share_out(self, shares: tuple[int, ...], spared: tuple[int, ...] = ()) -> None:
        """Make the columns as wide as their shares of the whole width, without the spared ones, which are hidden."""
        width = self.viewport().width()
        whole = sum(share for column, share in enumerate(shares) if column not in spared)
        for column, share in enumerate(shares):
            self.setColumnHidden(column, column in spared)
            self.setColumnWidth(column, width * share // whole)
