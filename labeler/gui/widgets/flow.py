"""Chips in rows: as many as fit, those that are on always, and the rest behind a last chip."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLayout, QSizePolicy, QWidget

GAP_X, GAP_Y = 5, 5


class ChipRows(QWidget):
    """Places its chips in their order. `rows` limits the height; None shows all.

    `more` is the last chip; it stands there only while chips are hidden, or were.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: list[QWidget] = []
        self._more: QWidget | None = None
        self._rows: int | None = None
        self._height = 24
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_chips(self, chips: Sequence[QWidget], more: QWidget | None = None) -> None:
        for chip in [*self._chips, *([self._more] if self._more else [])]:
            if chip not in chips and chip is not more:
                chip.setParent(None)
                chip.deleteLater()
        self._chips, self._more = list(chips), more
        for chip in [*chips, *([more] if more else [])]:
            chip.setParent(self)
            chip.show()
        self.arrange()

    def set_rows(self, rows: int | None) -> None:
        if rows != self._rows:
            self._rows = rows
            self.arrange()

    def sizeHint(self) -> QSize:
        return QSize(200, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.arrange()
        return super().event(event)

    def arrange(self) -> None:
        """Place everything anew; called when a chip's label or state changes its width."""
        shown = self._fitting()
        places = self._places(shown)
        for chip in self._chips:
            chip.setVisible(chip in shown)
        if self._more is not None:
            self._more.setVisible(self._more in shown)
        for widget, place in places.items():
            widget.setGeometry(place)
        height = max((place.bottom() + 1 for place in places.values()), default=0)
        if height != self._height:
            self._height = height
            self.updateGeometry()

    def _fitting(self) -> list[QWidget]:
        everything = self._chips
        more = [self._more] if self._more is not None else []
        if self._rows is None:
            return everything + more
        if self._count_rows(everything) <= self._rows:
            return everything
        on = [chip for chip in everything if getattr(chip, "isChecked", bool)()]
        chosen = list(on)
        for chip in everything:
            if chip not in chosen:
                trial = [c for c in everything if c in chosen or c is chip]
                if self._count_rows(trial + more) > self._rows:
                    break
                chosen = trial
        return [c for c in everything if c in chosen] + more

    def _count_rows(self, widgets: Sequence[QWidget]) -> int:
        places = self._places(widgets)
        return len({place.top() for place in places.values()})

    def _places(self, widgets: Sequence[QWidget]) -> dict[QWidget, QRect]:
        places: dict[QWidget, QRect] = {}
        x = y = 0
        for widget in widgets:
            size = widget.sizeHint()
            if x and x + size.width() > self.width():
                x, y = 0, y + size.height() + GAP_Y
            places[widget] = QRect(x, y, min(size.width(), max(self.width(), 20)), size.height())
            x += size.width() + GAP_X
        return places


def clear(layout: QLayout) -> None:
    """Take all widgets out of a layout and let go of them."""
    while (entry := layout.takeAt(0)) is not None:
        widget = entry.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
