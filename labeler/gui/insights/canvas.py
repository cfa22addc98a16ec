"""What every panel of Insights has in common: marks that are pointed at, opened and read out; and its way to paint."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFont,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from labeler.gui.theme import SANS, Theme, colour, metrics, sans
from labeler.gui.widgets.label import set_tip, visible
from labeler.sessions.insights.state import InsightsState, Mark, PanelId

LEFT, RIGHT, CENTRE = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter
BOLD = QFont.Weight.DemiBold


class Canvas(QWidget):
    """A panel's picture. `rects` has a place for each mark of the session, in the same order."""

    pointed = Signal(int)
    opened = Signal()
    EMPTY = "Nothing to show yet"

    def __init__(self, theme: Theme, panel: PanelId, name: str) -> None:
        super().__init__()
        self.theme, self.panel, self._name = theme, panel, name
        self.state: InsightsState | None = None
        self._ringed = True
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        theme.changed.connect(self.update)

    @property
    def marks(self) -> Sequence[Mark]:
        return self.state.marks.get(self.panel, ()) if self.state else ()

    def show_state(self, state: InsightsState) -> None:
        before, self.state = self.state, state
        if before is None or before.page is not state.page or before.heat is not state.heat:
            self.setFixedHeight(max(40, self.wanted_height()))
        self._read_out(before)
        self.update()

    def _read_out(self, before: InsightsState | None) -> None:
        state = self.state
        if state is None or state.panel is not self.panel or state.current is None:
            return
        if before is None or before.current != state.current:
            self.setAccessibleName(f"{self._name}: {state.current.words}")
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))

    # For each panel

    def wanted_height(self) -> int:
        raise NotImplementedError

    def rects(self) -> Sequence[QRectF]:
        raise NotImplementedError

    def paint_panel(self, painter: QPainter, state: InsightsState) -> None:
        raise NotImplementedError

    # Painting

    def sizeHint(self) -> QSize:
        return QSize(300, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self.state is None or self.state.page is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.marks:
            self.paint_panel(painter, self.state)
            if self._ringed:
                self._ring(painter)
        else:
            self.write(painter, QRectF(self.rect()), self.EMPTY, quiet=True)
        painter.end()

    def picture(self) -> QPixmap:
        """The panel as others are to see it: in its card with the title, without the ring of the mark chosen here."""
        card = self.parentWidget()
        self._ringed = False
        taken = (card if card is not None and card.objectName() == "card" else self).grab()
        self._ringed = True
        return taken

    def _ring(self, painter: QPainter) -> None:
        state, rects = self.state, self.rects()
        if state is not None and state.panel is self.panel and state.behind is None and state.mark < len(rects):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(self.theme.palette.accent), 2))
            painter.drawRoundedRect(rects[state.mark].adjusted(1, 1, -1, -1), 5, 5)

    def write(
        self,
        painter: QPainter,
        where: QRectF,
        text: str,
        align: Qt.AlignmentFlag = LEFT,
        *,
        size: int = 12,
        weight: QFont.Weight = QFont.Weight.Normal,
        quiet: bool = False,
        ink: str = "",
    ) -> None:
        """One line of text, cut off with … where it is too long."""
        palette = self.theme.palette
        painter.setFont(sans(size, weight))
        painter.setPen(QColor(ink or (palette.quiet if quiet else palette.text)))
        shown = metrics(SANS, size, weight).elidedText(visible(text), Qt.TextElideMode.ElideRight, where.width() + 1)
        painter.drawText(where, int(align | Qt.AlignmentFlag.AlignVCenter), shown)

    # Pointing

    def _at(self, spot: QPointF) -> int | None:
        return next((n for n, rect in enumerate(self.rects()) if rect.contains(spot)), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position()) if self.marks else None
        self.setCursor(Qt.CursorShape.ArrowCursor if found is None else Qt.CursorShape.PointingHandCursor)
        set_tip(self, "" if found is None else self.marks[found].words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position()) if self.marks else None
        if found is not None and event.button() is Qt.MouseButton.LeftButton:
            self.pointed.emit(found)
            self.opened.emit()

    def leaveEvent(self, event: QEvent) -> None:
        set_tip(self, "")
        super().leaveEvent(event)
