"""Parts of the Gold screen: a card of lines, and the table of nodes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from labeler.formats.gate.words import COLUMNS
from labeler.gui.theme import Palette, Theme
from labeler.gui.widgets.flow import clear
from labeler.gui.widgets.label import as_tip, plain, set_tip, visible
from labeler.gui.widgets.rows_table import RowsTable
from labeler.sessions.gold.state import Line, NodeRow, Tone

NAMES = {Tone.PLAIN: "storyLine", Tone.GOOD: "lineGood", Tone.BAD: "lineBad", Tone.OPEN: "lineOpen"}
"""Names in the style sheet."""
_NOWHERE = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class LinesCard(QFrame):
    """A title, what stands at its right end, and a small table of lines; `empty` stands where there are none."""

    def __init__(self, title: str, empty: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self._empty = empty
        self._shown: tuple[tuple[Line, ...], str] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 11, 14, 11)
        column.setSpacing(6)
        head = QHBoxLayout()
        self._title, self._right = plain("cardTitle", title), plain("note")
        self._title.setWordWrap(True)
        head.addWidget(self._title, 1)
        head.addWidget(self._right)
        column.addLayout(head)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(5)
        column.addLayout(self._grid)
        self._column = column

    def add_below(self, widget: QWidget) -> None:
        """Put something below the lines."""
        self._column.addWidget(widget)

    def show_lines(self, lines: tuple[Line, ...], title: str, right: str, empty: str) -> None:
        """Made anew only where something else is to be shown. An empty `title` or `empty` leaves what was given."""
        if title:
            self._title.setText(title)
        self._right.setText(right)
        if (lines, empty) == self._shown:
            return
        self._shown = lines, empty
        clear(self._grid)
        worded = any(line.words for line in lines)
        for row, line in enumerate(lines or (Line(empty or self._empty, ""),)):
            self._add(row, line, quiet=not lines, span=1 if worded else 2)
        self._grid.setColumnStretch(0, not worded)
        self._grid.setColumnStretch(2, worded)

    def _add(self, row: int, line: Line, *, quiet: bool, span: int) -> None:
        alone = not line.count and not line.words
        name = plain("quiet" if quiet else NAMES[line.tone] if alone else "storyLine", line.name)
        name.setWordWrap(True)
        if alone:
            self._grid.addWidget(name, row, 0, 1, 3)
            return
        count = plain("storyLine", line.count)
        count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        name.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(count, row, 1, 1, span)
        if line.words:
            words = plain(NAMES[line.tone], line.words)
            words.setWordWrap(True)
            set_tip(words, line.words)
            self._grid.addWidget(words, row, 2)


class _Nodes(QAbstractTableModel):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: tuple[NodeRow, ...] = ()

    def show_rows(self, rows: tuple[NodeRow, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(section)
        return COLUMNS[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return visible(row.cells[column])
            case Qt.ItemDataRole.ToolTipRole:
                return as_tip(row.cells[column])
            case Qt.ItemDataRole.TextAlignmentRole:
                return _side(column)
            case Qt.ItemDataRole.ForegroundRole if column == len(COLUMNS) - 1:
                return QColor(ink(self._theme.palette, row.tone))
        return None


def ink(palette: Palette, tone: Tone) -> str:
    """The colour that a word stands out in."""
    inks = {Tone.PLAIN: palette.quiet, Tone.GOOD: palette.good, Tone.BAD: palette.failure}
    return inks.get(tone, palette.difference_text)


def _side(column: int) -> Qt.AlignmentFlag:
    words = column in (0, len(COLUMNS) - 1)
    return (Qt.AlignmentFlag.AlignLeft if words else Qt.AlignmentFlag.AlignRight) | Qt.AlignmentFlag.AlignVCenter


class NodeTable(RowsTable):
    """The gate's nodes."""

    def __init__(self, theme: Theme) -> None:
        self._model = _Nodes(theme)
        super().__init__(theme, self._model, "nodeTable", "Nodes of the gate", row_height=30)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.horizontalHeader().setFixedHeight(30)

    def show_rows(self, rows: tuple[NodeRow, ...], chosen: int) -> None:
        if self._model.rows is not rows:
            self._model.show_rows(rows)
            self.fit()
        if rows and self.currentIndex().row() != chosen:
            self.selectRow(chosen)
            self.scrollTo(self._model.index(chosen, 0))
        if rows:
            self.setAccessibleName(", ".join(rows[chosen].cells))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
