"""The list of differences in the verdict panel: one line each, what was found right, and where it stands."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from labeler.gui.theme import Theme, colour, sans
from labeler.sessions.review import words
from labeler.sessions.review.state import Choice, ReviewState

ROW = 26
Index = QModelIndex | QPersistentModelIndex


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.state: ReviewState | None = None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.state is None else len(self.state.walk)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if self.state is None or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        difference = self.state.walk[index.row()]
        choice = self.state.draft.choices.get(difference.id)
        line = words.in_short(difference, choice)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            answer = "not judged" if choice is None else f"judged {words.MARKS[choice]}"
            return f"Difference {index.row() + 1}: {line}, {words.where(difference)}, {answer}"
        return line

    def show(self, state: ReviewState) -> None:
        fresh = self.state is None or self.state.walk != state.walk
        if fresh:
            self.beginResetModel()
        self.state = state
        if fresh:
            self.endResetModel()
        elif state.walk:
            self.dataChanged.emit(self.index(0), self.index(len(state.walk) - 1))


class _Line(QStyledItemDelegate):
    def __init__(self, theme: Theme, rows: _Rows) -> None:
        super().__init__()
        self._theme = theme
        self._rows = rows

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(100, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        state = self._rows.state
        if state is None:
            return
        palette = self._theme.palette
        difference = state.walk[index.row()]
        choice = state.draft.choices.get(difference.id)
        current = index.row() == state.current
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(palette.difference_soft))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 4, 4)
        self._mark(painter, rect, choice, current=current, seen=difference.id in state.seen)
        place = words.where(difference)
        painter.setFont(sans(11))
        painter.setPen(QColor(palette.quiet))
        place_width = min(painter.fontMetrics().horizontalAdvance(place) + 4, rect.width() // 2)
        spot = QRect(rect.right() - place_width - 8, rect.top(), place_width, rect.height())
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.drawText(spot, right, painter.fontMetrics().elidedText(place, Qt.TextElideMode.ElideLeft, place_width))
        painter.setFont(sans(12, QFont.Weight.DemiBold if current else QFont.Weight.Normal))
        painter.setPen(QColor(palette.text))
        room = QRect(rect.left() + 26, rect.top(), spot.left() - rect.left() - 34, rect.height())
        text = painter.fontMetrics().elidedText(
            words.in_short(difference, choice), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), text)
        painter.restore()

    def _mark(self, painter: QPainter, rect: QRect, choice: Choice | None, *, current: bool, seen: bool) -> None:
        palette = self._theme.palette
        spot = QRect(rect.left() + 2, rect.top(), 24, rect.height())
        painter.setFont(sans(11, QFont.Weight.Bold))
        mark = words.MARKS[choice] if choice else "?" if current or seen else "–"
        painter.setPen(QPen(colour(palette.accent if choice else palette.quiet)))
        painter.drawText(spot, int(Qt.AlignmentFlag.AlignCenter), mark)


class DifferenceList(QListView):
    """A row a difference; the current one stands out. Shows as many rows as there is room for, at least two."""

    picked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = _Rows()
        self._line = _Line(theme, self._rows)
        self.setModel(self._rows)
        self.setItemDelegate(self._line)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName("Differences")
        self.clicked.connect(self._pick)
        theme.changed.connect(self.viewport().update)

    def show_state(self, old: ReviewState | None, new: ReviewState) -> None:
        if old is not None and (old.walk, old.draft, old.current, old.seen) == (
            new.walk,
            new.draft,
            new.current,
            new.seen,
        ):
            return
        self._rows.show(new)
        if new.current is not None:
            self.scrollTo(self._rows.index(new.current))
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        state = self._rows.state
        if state is not None and state.current is not None:
            self.scrollTo(self._rows.index(state.current))

    def sizeHint(self) -> QSize:
        return QSize(200, max(1, self._rows.rowCount()) * ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, min(max(1, self._rows.rowCount()), 2) * ROW)

    def _pick(self, index: QModelIndex) -> None:
        if self._rows.state is not None:
            self.picked.emit(self._rows.state.walk[index.row()].id)
