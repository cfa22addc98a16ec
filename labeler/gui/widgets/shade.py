"""A card over the window: what lies below it is shaded, and a click beside it closes it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget


class Shade(QFrame):
    """Hidden until it is shown. A subclass fills `card`; `place` says where that stands in a room, in pixels."""

    def __init__(self, over: QWidget, place: Callable[[QRect], QRect]) -> None:
        super().__init__(over)
        self.setObjectName("shade")
        self._over, self._place_of_card = over, place
        self.card = QFrame(self)
        self.card.setObjectName("help")
        self.hide()

    def close_it(self) -> None:
        self.hide()

    def spread(self) -> None:
        """Cover what it lies over, and come to the front."""
        self._place()
        self.show()
        self.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_it()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        room = self._over.rect()
        self.setGeometry(room)
        self.card.setGeometry(self._place_of_card(room))
