"""One side of a grid: a table or a list of values, as many rows high as the other side, to be read across.

What differs is marked under and around the cells, never behind their text; the shape of a mark says what it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from labeler.domain.blind import Letter
from labeler.gui import theme as themes
from labeler.gui.theme import Palette, Theme
from labeler.gui.widgets.label import set_tip, visible
from labeler.gui.widgets.text_pins import paint_pin
from labeler.sessions.review.grids.grid import Cell, CellMark, Grid

_LEADING = 12
"""What a row is higher than its letters, in pixels."""
_PADDING = 8
_WIDEST = 260
"""Pixels; a longer cell is cut and whole in its tooltip."""
_NARROWEST = 48
_MEASURED_ROWS = 200
"""Rows that the width of the columns is taken from."""
_UNSEEN = {
    CellMark.CHANGED: "differs",
    CellMark.FORM: "differs in form",
    CellMark.MOVED: "stands elsewhere",
    CellMark.ONLY_HERE: "only here",
    CellMark.ABSENT: "nothing here",
}
Index = QModelIndex | QPersistentModelIndex
Place = tuple[int, int]


class _Cells(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[tuple[Cell, ...], ...] = ()
        self.titles: tuple[str, ...] = ()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or not self.rows else len(self.rows[0])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        cell = self.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (cell.text, _UNSEEN.get(cell.mark, ""))))
        return cell.text if role == Qt.ItemDataRole.DisplayRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return self.titles[section] if section < len(self.titles) else None

    def show(self, rows: tuple[tuple[Cell, ...], ...], titles: tuple[str, ...]) -> None:
        self.beginResetModel()
        self.rows, self.titles = rows, titles
        self.endResetModel()


class _Painter(QStyledItemDelegate):
    def __init__(self, theme: Theme, cells: _Cells) -> None:
        super().__init__()
        self._theme, self._cells = theme, cells
        self.current: str | None = None
        self.pinned: dict[str, bool] = {}
        """Differences that a failure of this side is pinned to, and whether that pin is in hand."""
        self.lit: frozenset[Place] = frozenset()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        metrics = themes.metrics(themes.MONO, self._theme.text_px - 1)
        text = self._cells.rows[index.row()][index.column()].text
        width = metrics.horizontalAdvance(text[:80]) + 2 * _PADDING + 4
        return QSize(round(min(max(width, _NARROWEST), _WIDEST)), self._theme.text_px - 1 + _LEADING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell, palette = self._cells.rows[index.row()][index.column()], self._theme.palette
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(themes.mono(self._theme.text_px - 1))
        painter.setPen(QColor(palette.text))
        room = rect.adjusted(_PADDING, 0, -_PADDING, 0)
        line = visible(" ".join(cell.text.split()))
        text = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), text)
        current = cell.difference is not None and cell.difference == self.current
        self._mark(painter, rect, cell.mark, palette, current=current)
        if (index.row(), index.column()) in self.lit:
            painter.setPen(QPen(QColor(palette.accent), 2))
            painter.drawRoundedRect(rect.adjusted(3, 3, -3, -3), 4, 4)
        if cell.difference in self.pinned and self._begins(index):
            first = room.adjusted(0, 4, 0, -6)
            paint_pin(painter, [first.toRectF()], palette, held=self.pinned[cell.difference])
        painter.restore()

    def _begins(self, index: Index) -> bool:
        """The first cell of a difference in its row: one pin stands for all of them."""
        row = self._cells.rows[index.row()]
        marked = [n for n, cell in enumerate(row) if cell.mark is not CellMark.SAME and cell.difference]
        return index.column() in marked and (
            index.column() == 0
            or row[index.column() - 1].difference != row[index.column()].difference
            or index.column() - 1 not in marked
        )

    def _mark(self, painter: QPainter, rect: QRect, mark: CellMark, palette: Palette, *, current: bool) -> None:
        amber = QColor(palette.difference)
        style = {
            CellMark.CHANGED: Qt.PenStyle.SolidLine,
            CellMark.ONLY_HERE: Qt.PenStyle.SolidLine,
            CellMark.MOVED: Qt.PenStyle.DashDotLine,
            CellMark.ABSENT: Qt.PenStyle.DashLine,
            CellMark.FORM: Qt.PenStyle.DotLine,
        }.get(mark)
        if style is None:
            return
        pen = QPen(QColor(palette.quiet) if mark is CellMark.FORM else amber, 2.0 if current else 1.5, style)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if current or mark in (CellMark.ONLY_HERE, CellMark.ABSENT):
            painter.drawRoundedRect(rect.adjusted(3, 2, -3, -2), 4, 4)
        else:
            painter.drawLine(rect.left() + _PADDING, rect.bottom() - 2, rect.right() - _PADDING, rect.bottom() - 2)


class GridView(QTableView):
    """Rows and columns line up with the other side's view; the current difference comes into view."""

    hovered = Signal(object)
    """Row and column of the cell under the pointer, or None."""
    picked = Signal(str)
    """Id of a difference whose cell was clicked."""
    region_picked = Signal(str)
    """Id of the region that a clicked cell without a difference (or with Ctrl) comes from."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells = _Cells()
        self._theme = theme
        self._painter = _Painter(theme, self._cells)
        self._grid: Grid | None = None
        self._letter: Letter = "A"
        self._under_pointer: Place | None = None
        self.setModel(self._cells)
        self.setItemDelegate(self._painter)
        self.setObjectName("grid")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click must not take the keys away from the screen
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setMouseTracking(True)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def cells(self) -> tuple[tuple[Cell, ...], ...]:
        return self._cells.rows

    def show_grid(self, grid: Grid, letter: Letter) -> None:
        """One side of a grid, with columns as wide as both sides need."""
        if (grid, letter) == (self._grid, self._letter):
            return
        self._grid, self._letter = grid, letter
        self._cells.show(grid.cells[letter], grid.titles[letter])
        self.setAccessibleName(f"{'Values' if grid.titles[letter] else 'Table'} of output {letter}")
        self.horizontalHeader().setVisible(bool(grid.titles[letter]))
        self._set_widths(grid)

    def show_marks(self, current: str | None, pinned: dict[str, bool]) -> None:
        """The current difference, and those that a failure of this side is pinned to."""
        moved = current != self._painter.current
        self._painter.current, self._painter.pinned = current, pinned
        at = self._grid.find(self._letter, current) if self._grid is not None and current is not None else None
        if moved and at is not None:
            self.scrollTo(self._cells.index(*at))
        self.viewport().update()

    def set_lit(self, cells: Iterable[Place]) -> None:
        lit = frozenset(cells)
        if lit != self._painter.lit:
            self._painter.lit = lit
            self.viewport().update()

    def cell_at(self, place: Place) -> Cell:
        return self._cells.rows[place[0]][place[1]]

    def _set_widths(self, grid: Grid) -> None:
        metrics, head = (
            themes.metrics(themes.MONO, self._theme.text_px - 1),
            themes.metrics(themes.SANS, 12, QFont.Weight.Medium),
        )
        for column in range(self._cells.columnCount()):
            widths = [
                metrics.horizontalAdvance(row[column].text[:80])
                for rows in grid.cells.values()
                for row in rows[:_MEASURED_ROWS]
                if column < len(row)
            ]
            titles = [head.horizontalAdvance(t[column]) for t in grid.titles.values() if column < len(t)]
            wanted = max([*widths, *titles], default=0) + 2 * _PADDING + 4
            self.setColumnWidth(column, round(min(max(wanted, _NARROWEST), _WIDEST)))

    def _dress(self) -> None:
        """Rows and columns for the size of letters in force."""
        self.verticalHeader().setDefaultSectionSize(self._theme.text_px - 1 + _LEADING)
        if self._grid is not None:
            self._set_widths(self._grid)
        self.viewport().update()

    # The pointer

    def _place_at(self, point: QPoint) -> Place | None:
        index = self.indexAt(point)
        return (index.row(), index.column()) if index.isValid() else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._place_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().toPoint())
        if place is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        cell = self.cell_at(place)
        if cell.difference is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.picked.emit(cell.difference)
        elif cell.region is not None:
            self.region_picked.emit(cell.region)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        return super().viewportEvent(event)

    def _hover(self, place: Place | None) -> None:
        if place != self._under_pointer:
            self._under_pointer = place
            set_tip(self, "" if place is None else _tip(self.cell_at(place)))
            self.hovered.emit(place)


def _tip(cell: Cell) -> str:
    """What a cell holds, whole."""
    return cell.text or _UNSEEN.get(cell.mark, "")
