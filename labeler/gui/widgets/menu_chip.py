"""A chip that opens a menu of what can be chosen; it says what is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.label import visible


class MenuChip(KeyButton):
    """`fill` offers what there is each time it opens; `show` draws the session's state, since that and not the click
    decides whether the chip is checked."""

    def __init__(self, theme: Theme, fill: Callable[[QMenu], None], show: Callable[[], None]) -> None:
        super().__init__(theme, Look.CHIP)
        self._fill, self._draw = fill, show
        self.clicked.connect(self.open_menu)

    def open_menu(self) -> None:
        """As a click does; arrows and Enter choose in it."""
        self._draw()
        menu = QMenu(self)
        self._fill(menu)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))


def menu_label(text: str) -> str:
    """Text of a menu entry: as it is, with nothing that the menu takes for a key."""
    return visible(text).replace("&", "&&")


def offer(menu: QMenu, label: str, act: Callable[[], None], *, chosen: bool, key: str = "") -> None:
    """Add an entry that is ticked while it is chosen; `key` stands at its end and does the same."""
    action = menu.addAction(f"{menu_label(label)}\t{key}" if key else menu_label(label))
    action.setCheckable(True)
    action.setChecked(chosen)
    action.triggered.connect(lambda _checked: act())
