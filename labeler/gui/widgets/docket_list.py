"""A lead's list: an item a row, how unsure its decision is, what it is, and why it is here."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from labeler.gui.theme import Theme, colour, sans
from labeler.gui.widgets.label import as_tip, visible
from labeler.sessions.adjudicate.state import QueueLine

ROW = 64
Index = QModelIndex | QPersistentModelIndex


class _Rows(QStringListModel):
    """Holds the ids as Qt's own strings: a view asks the model how many rows it has once for each row."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[QueueLine, ...] = ()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.item_id
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            said = ", ".join(filter(None, (line.item_id, line.what, line.reason, line.how_unsure)))
            return as_tip(said) if role == Qt.ItemDataRole.ToolTipRole else visible(said)
        return None

    def show(self, lines: tuple[QueueLine, ...]) -> None:
        self.lines = lines
        self.setStringList([line.item_id for line in lines])


class _Painter(QStyledItemDelegate):
    def __init__(self, theme: Theme, rows: _Rows) -> None:
        super().__init__()
        self._theme, self._rows = theme, rows

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(100, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        palette, line = self._theme.palette, self._rows.lines[index.row()]
        place: QRect = option.rect
        chosen = bool(option.state & option.state.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(place, colour(palette.accent_soft))
            painter.fillRect(QRect(place.left(), place.top(), 3, place.height()), colour(palette.accent))
        painter.fillRect(QRect(place.left(), place.bottom(), place.width(), 1), colour(palette.border))
        inside = place.adjusted(12, 8, -10, -8)
        small = QFontMetrics(sans(11))
        unsure = small.horizontalAdvance(line.how_unsure)
        _write(painter, inside, 0, line.item_id, sans(13, QFont.Weight.Bold), palette.text, inside.width() - unsure - 8)
        painter.setFont(sans(11))
        painter.setPen(QColor(palette.quiet))
        top_right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        painter.drawText(inside, top_right, line.how_unsure)
        _write(painter, inside, 17, line.what, sans(11), palette.quiet, inside.width())
        reasons = _as_many_as_fit(line.reason, small, inside.width())
        _write(painter, inside, 32, reasons, sans(11), palette.difference_text, inside.width())
        painter.restore()


def _as_many_as_fit(reason: str, metrics: QFontMetrics, width: int) -> str:
    """Whole reasons, and how many more there are; the tooltip has them all."""
    every = reason.split(", ")
    for many in range(len(every), 1, -1):
        more = f" +{len(every) - many}" if many < len(every) else ""
        text = f"{', '.join(every[:many])}{more}"
        if metrics.horizontalAdvance(text) <= width:
            return text
    return f"{every[0]} +{len(every) - 1}" if len(every) > 1 else reason


def _write(painter: QPainter, inside: QRect, down: int, text: str, font: QFont, ink: str, width: int) -> None:
    painter.setFont(font)
    painter.setPen(QColor(ink))
    elided = QFontMetrics(font).elidedText(visible(text), Qt.TextElideMode.ElideRight, width)
    line = QRect(inside.left(), inside.top() + down, width, 18)
    painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), elided)


class DocketList(QListView):
    """Shows lines; a click picks one. Thousands cost no more than those in view."""

    picked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Items that need a decision")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._rows = _Rows()
        self._painter = _Painter(theme, self._rows)
        self.setModel(self._rows)
        self.setItemDelegate(self._painter)
        self.clicked.connect(lambda index: self.picked.emit(self._rows.lines[index.row()].item_id))
        theme.changed.connect(self.viewport().update)

    def show_lines(self, lines: tuple[QueueLine, ...], chosen: str | None) -> None:
        if lines is not self._rows.lines:
            self._rows.show(lines)
        row = next((n for n, line in enumerate(lines) if line.item_id == chosen), None)
        if row is None:
            self.clearSelection()
        elif self.currentIndex().row() != row:
            self.setCurrentIndex(self._rows.index(row))
