"""Chips in rows: as many as fit, those that are on always, and the rest behind a last chip or a scroll bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QLayout, QScrollBar, QSizePolicy, QWidget

GAP_X, GAP_Y = 5, 5
BAR = 12
Sizes = Mapping[QWidget, QSize]


class ChipRows(QWidget):
    """Places its chips in their order. `rows` limits the height; None shows all.

    `more` is the last chip; it stands there only while chips are hidden, or were.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: list[QWidget] = []
        self._more: QWidget | None = None
        self._rows: int | None = None
        self._most: int | None = None
        self._bar: QScrollBar | None = None
        self._height = 24
        self._looked: object = None
        """What the chips looked like when they were placed."""
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

    def set_most(self, height: int | None) -> None:
        """Scroll chips that need more height than this; None: as high as they are."""
        if height != self._most:
            self._most = height
            self.arrange()

    @property
    def whole_height(self) -> int:
        """What the chips need without scrolling."""
        sizes = {chip: chip.sizeHint() for chip in (*self._chips, *([self._more] if self._more else ()))}
        return _bottom(self._places(self._fitting(sizes), sizes, self.width()))

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
        """Place everything anew where a chip's label or state has changed; called often, so it looks first."""
        everything = [*self._chips, *([self._more] if self._more else [])]
        sizes = {chip: chip.sizeHint() for chip in everything}
        looked = (self.width(), self._rows, self._most, tuple((id(c), s.width(), _on(c)) for c, s in sizes.items()))
        if looked == self._looked:
            return
        self._looked = looked
        places = self._places(self._fitting(sizes), sizes, self.width())
        if self._most is not None and _bottom(places) > self._most:
            places = self._places(self._fitting(sizes), sizes, self.width() - BAR)
        height = self._scroll(_bottom(places))
        for chip in everything:
            if chip.isHidden() == (chip in places):
                chip.setVisible(chip in places)
            if chip in places:
                chip.setGeometry(places[chip].translated(0, -self._offset))
        if height != self._height:
            self._height = height
            self.updateGeometry()

    def _scroll(self, height: int) -> int:
        """Show a bar where there is less room than this height; what is taken of it."""
        if self._most is None or height <= self._most:
            if self._bar is not None:
                self._bar.setValue(0)
                self._bar.hide()
            return height
        if self._bar is None:
            self._bar = QScrollBar(Qt.Orientation.Vertical, self)
            self._bar.valueChanged.connect(self._move)
        self._bar.setGeometry(self.width() - BAR + 2, 0, BAR - 2, self._most)
        self._bar.setRange(0, height - self._most)
        self._bar.setPageStep(self._most)
        self._bar.setSingleStep(28)
        self._bar.show()
        return self._most

    @property
    def _offset(self) -> int:
        return 0 if self._bar is None else self._bar.value()

    def _move(self) -> None:
        self._looked = None
        self.arrange()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._bar is not None and self._bar.isVisible():
            self._bar.wheelEvent(event)
        else:
            super().wheelEvent(event)

    def _fitting(self, sizes: Sizes) -> list[QWidget]:
        more = [self._more] if self._more is not None else []
        if self._rows is None:
            return self._chips + more
        if self._count_rows(self._chips, sizes) <= self._rows:
            return self._chips
        chosen = [chip for chip in self._chips if _on(chip)]
        for chip in self._chips:
            if chip not in chosen:
                trial = [c for c in self._chips if c in chosen or c is chip]
                if self._count_rows(trial + more, sizes) > self._rows:
                    break
                chosen = trial
        return chosen + more

    def _count_rows(self, widgets: Sequence[QWidget], sizes: Sizes) -> int:
        rows, x, room = min(1, len(widgets)), 0, self.width()
        for widget in widgets:
            width = sizes[widget].width()
            if x and x + width > room:
                rows, x = rows + 1, 0
            x += width + GAP_X
        return rows

    def _places(self, widgets: Sequence[QWidget], sizes: Sizes, room: int) -> dict[QWidget, QRect]:
        places: dict[QWidget, QRect] = {}
        x = y = 0
        for widget in widgets:
            size = sizes[widget]
            if x and x + size.width() > room:
                x, y = 0, y + size.height() + GAP_Y
            places[widget] = QRect(x, y, min(size.width(), max(room, 20)), size.height())
            x += size.width() + GAP_X
        return places


def _bottom(places: Mapping[QWidget, QRect]) -> int:
    return max((place.bottom() + 1 for place in places.values()), default=0)


def _on(chip: QWidget) -> bool:
    return isinstance(chip, QAbstractButton) and chip.isChecked()


def clear(layout: QLayout) -> None:
    """Take all widgets out of a layout and let go of them."""
    while (entry := layout.takeAt(0)) is not None:
        widget = entry.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
