"""The estimate as a plot: a line a stratum, its interval as a bar and its estimate as a point on one scale."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from labeler.gui.theme import SANS, Theme, colour, metrics, sans
from labeler.gui.widgets.label import set_tip, visible
from labeler.sessions.backfill.state import EstimateRow

_LINE = 34
_NAMES, _VALUES, _FOOT = 210, 128, 22
_LEFT_OF_VALUES = 12
_TICKS = 4


class EstimatePlot(QWidget):
    """Each line leads to its records."""

    asked = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: tuple[EstimateRow, ...] = ()
        self._scale = 1.0
        self._in_hand = -1
        self._values = float(_VALUES)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        theme.changed.connect(self.update)

    def show_rows(self, rows: tuple[EstimateRow, ...], scale: float) -> None:
        self._rows, self._scale = rows, max(scale, 1.0)
        widest = max(
            (metrics(SANS, 12, QFont.Weight.DemiBold).horizontalAdvance(_said(row)) for row in rows), default=0
        )
        self._values = max(_VALUES, _LEFT_OF_VALUES + widest + 4)
        self.setAccessibleName("Wrong decisions: " + "; ".join(map(_whole, rows)))
        self.setFixedHeight(len(rows) * _LINE + _FOOT if rows else 0)
        self.update()

    def take_in_hand(self, number: int) -> bool:
        """Mark the line that the records are listed of; the answer is whether it is another one."""
        if number == self._in_hand:
            return False
        self._in_hand = number
        self.update()
        return True

    def middle_of(self, number: int) -> int:
        """How far down a line's middle is."""
        return number * _LINE + _LINE // 2

    def sizeHint(self) -> QSize:
        return QSize(560, len(self._rows) * _LINE + _FOOT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        line = int(event.position().y()) // _LINE
        if 0 <= line < len(self._rows):
            self.asked.emit(line)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        line = int(event.position().y()) // _LINE
        over = 0 <= line < len(self._rows)
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        set_tip(self, _whole(self._rows[line]) if over else "")

    def _x(self, value: float) -> float:
        return _NAMES + value / self._scale * (self.width() - _NAMES - self._values)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for n, row in enumerate(self._rows):
            self._paint_row(painter, row, n * _LINE, in_hand=n == self._in_hand)
        if self._rows:
            self._paint_scale(painter, len(self._rows) * _LINE)

    def _paint_row(self, painter: QPainter, row: EstimateRow, top: float, *, in_hand: bool) -> None:
        palette = self._theme.palette
        middle = top + 13.0
        if in_hand:
            painter.fillRect(QRectF(0, top, self.width(), _LINE - 2), colour(palette.accent_soft))
        painter.setFont(sans(12, QFont.Weight.DemiBold if row.bold else QFont.Weight.Normal))
        painter.setPen(colour(palette.text))
        name = metrics(SANS, 12).elidedText(visible(row.name), Qt.TextElideMode.ElideMiddle, _NAMES - 14)
        painter.drawText(QPointF(0, top + 14), name)
        painter.drawText(QPointF(self.width() - self._values + _LEFT_OF_VALUES, middle + 4), _said(row))
        painter.setFont(sans(11))
        painter.setPen(colour(palette.quiet))
        painter.drawText(QPointF(0, top + 28), visible(row.detail))
        room = self.width() - _NAMES
        painter.drawText(
            QPointF(_NAMES, top + 28), metrics(SANS, 11).elidedText(row.more, Qt.TextElideMode.ElideRight, room)
        )
        painter.setPen(QPen(colour(palette.border), 1))
        painter.drawLine(QPointF(self._x(0), middle), QPointF(self._x(self._scale), middle))
        painter.setPen(Qt.PenStyle.NoPen)
        thick = 6.0 if row.bold else 4.0
        painter.setBrush(colour(palette.accent, 0.5))
        bar = QRectF(self._x(row.low), middle - thick / 2, max(1.0, self._x(row.high) - self._x(row.low)), thick)
        painter.drawRect(bar)
        if row.value is not None:
            painter.setBrush(colour(palette.accent))
            painter.drawEllipse(QPointF(self._x(row.value), middle), 5, 5)

    def _paint_scale(self, painter: QPainter, top: float) -> None:
        painter.setFont(sans(11))
        painter.setPen(colour(self._theme.palette.quiet))
        for tick in range(_TICKS + 1):
            value = self._scale * tick / _TICKS
            text = f"{value:,.0f}"
            painter.drawText(QPointF(self._x(value) - metrics(SANS, 11).horizontalAdvance(text) / 2, top + 12), text)


def _whole(row: EstimateRow) -> str:
    return "; ".join(filter(None, (f"{row.name} {_said(row)}", row.more, row.detail)))


def _said(row: EstimateRow) -> str:
    value = "unknown" if row.value is None else f"{row.value:,.0f}"
    return f"{value} ({row.low:,.0f}–{row.high:,.0f})"
