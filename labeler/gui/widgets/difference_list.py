"""The list of differences in the verdict panel: one line each, what was found right, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from labeler.gui.theme import Theme, colour, reading, sans
from labeler.gui.widgets.label import visible
from labeler.sessions.review import words
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.evidence import ShownEvidence

ROW = 26
Index = QModelIndex | QPersistentModelIndex


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.evidence = ShownEvidence()
        self.choices: Mapping[str, Choice] = {}

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.evidence.walk)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        difference = self.evidence.walk[index.row()]
        choice = self.choices.get(difference.id)
        line = words.in_short(difference, choice)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            answer = "not judged" if choice is None else f"judged {words.MARKS[choice]}"
            return f"Difference {index.row() + 1}: {line}, {words.where(difference)}, {answer}"
        return line

    def show(self, evidence: ShownEvidence, choices: Mapping[str, Choice]) -> None:
        fresh = self.evidence.walk != evidence.walk
        if fresh:
            self.beginResetModel()
        self.evidence, self.choices = evidence, choices
        if fresh:
            self.endResetModel()
        elif evidence.walk:
            self.dataChanged.emit(self.index(0), self.index(len(evidence.walk) - 1))


class _Line(QStyledItemDelegate):
    def __init__(self, theme: Theme, rows: _Rows) -> None:
        super().__init__()
        self._theme = theme
        self._rows = rows

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(100, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        evidence = self._rows.evidence
        palette = self._theme.palette
        difference = evidence.walk[index.row()]
        choice = self._rows.choices.get(difference.id)
        current = index.row() == evidence.current
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(palette.difference_soft))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 4, 4)
        self._mark(painter, rect, choice, current=current, seen=difference.id in evidence.seen)
        place = visible(words.where(difference))
        painter.setFont(sans(11))
        painter.setPen(QColor(palette.quiet))
        place_width = min(painter.fontMetrics().horizontalAdvance(place) + 4, rect.width() // 2)
        spot = QRect(rect.right() - place_width - 8, rect.top(), place_width, rect.height())
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.drawText(spot, right, painter.fontMetrics().elidedText(place, Qt.TextElideMode.ElideLeft, place_width))
        painter.setFont(reading(12, QFont.Weight.DemiBold if current else QFont.Weight.Normal))
        painter.setPen(QColor(palette.text))
        room = QRect(rect.left() + 26, rect.top(), spot.left() - rect.left() - 34, rect.height())
        text = painter.fontMetrics().elidedText(
            visible(words.in_short(difference, choice)), Qt.TextElideMode.ElideRight, room.width()
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

    def show_differences(self, evidence: ShownEvidence, choices: Mapping[str, Choice]) -> None:
        """The differences of the evidence, with what was chosen at each; the current one comes into view."""
        before = self._rows.evidence
        shown = (before.walk, before.current, before.seen, self._rows.choices)
        if shown == (evidence.walk, evidence.current, evidence.seen, choices):
            return
        self._rows.show(evidence, choices)
        self._bring_current_into_view()
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._bring_current_into_view()

    def sizeHint(self) -> QSize:
        return QSize(200, max(1, self._rows.rowCount()) * ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, min(max(1, self._rows.rowCount()), 2) * ROW)

    def _bring_current_into_view(self) -> None:
        if self._rows.evidence.current is not None:
            self.scrollTo(self._rows.index(self._rows.evidence.current))

    def _pick(self, index: QModelIndex) -> None:
        self.picked.emit(self._rows.evidence.walk[index.row()].id)
