"""A list of lines, painted: a title, what stands beside it at the right, and a second line below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem

from labeler.gui.theme import Theme, colour, sans
from labeler.gui.widgets.label import visible

ROW, SHORT_ROW = 46, 29
"""With and without a second line."""
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Shown:
    title: str
    right: str = ""
    below: str = ""
    amber: str = ""
    """Stands at the right of the second line, and is to be noticed."""
    head: bool = False
    """Stands above the lines that follow, and cannot be chosen."""


class _Rows(QStringListModel):
    """Holds the titles as Qt's own strings: a view asks the model how many rows it has once for each row."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[Shown] = ()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (line.title, line.right, line.below, line.amber)))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.NoItemFlags if self.lines[index.row()].head else super().flags(index)

    def show(self, lines: Sequence[Shown]) -> None:
        self.lines = lines
        self.setStringList([line.title for line in lines])


class _Painter(QStyledItemDelegate):
    def __init__(self, theme: Theme, rows: _Rows, height: int) -> None:
        super().__init__()
        self._theme, self._rows, self._height = theme, rows, height

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(100, self._height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        palette, line, place = self._theme.palette, self._rows.lines[index.row()], option.rect
        painter.save()
        if line.head:
            place = place.adjusted(12, 0, -10, -4)
            _written(painter, place, line.title, sans(11, QFont.Weight.DemiBold), palette.quiet)
            painter.restore()
            return
        if option.state & option.state.State_Selected:
            painter.fillRect(place, colour(palette.accent_soft))
            painter.fillRect(QRect(place.left(), place.top(), 3, place.height()), colour(palette.accent))
        painter.fillRect(QRect(place.left(), place.bottom(), place.width(), 1), colour(palette.border))
        inside = place.adjusted(12, 6, -10, -6)
        bold = sans(13, QFont.Weight.DemiBold if self._height != SHORT_ROW else QFont.Weight.Medium)
        _pair(painter, inside, 0, (line.title, bold, palette.text), (line.right, sans(11), palette.quiet))
        if self._height != SHORT_ROW:
            amber = (line.amber, sans(11), palette.difference_text)
            _pair(painter, inside, 18, (line.below, sans(11), palette.quiet), amber)
        painter.restore()


def _written(painter: QPainter, place: QRect, text: str, font: QFont, ink: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), visible(text))


Written = tuple[str, QFont, str]
"""Text, font, ink."""


def _pair(painter: QPainter, inside: QRect, down: int, left: Written, right: Written) -> None:
    """Two texts on one line; the left one is cut where there is no room."""
    text, font, ink = right
    room = QFontMetrics(font).horizontalAdvance(text) + 8 if text else 0
    line = QRect(inside.left(), inside.top() + down, inside.width(), 18)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), visible(text))
    text, font, ink = left
    elided = QFontMetrics(font).elidedText(visible(text), Qt.TextElideMode.ElideRight, inside.width() - room)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), elided)


class LineList(QListView):
    """Shows lines; a click picks one, a double click opens it. Thousands cost no more than those in view."""

    picked = Signal(int)
    opened = Signal(int)

    def __init__(self, theme: Theme, name: str, *, short: bool = False) -> None:
        """`short`: lines have no second line."""
        super().__init__()
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._rows = _Rows()
        self._painter = _Painter(theme, self._rows, SHORT_ROW if short else ROW)
        self.setModel(self._rows)
        self.setItemDelegate(self._painter)
        self.clicked.connect(lambda index: self.picked.emit(index.row()))
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        theme.changed.connect(self.viewport().update)

    def show_lines(self, lines: Sequence[Shown], chosen: int = -1) -> None:
        if lines != self._rows.lines:
            self._rows.show(lines)
        self.choose(chosen)

    def choose(self, line: int) -> None:
        """Make a line the current one; none for a number that has no line."""
        if 0 <= line < len(self._rows.lines):
            self.setCurrentIndex(self._rows.index(line))
        else:
            self.clearSelection()
