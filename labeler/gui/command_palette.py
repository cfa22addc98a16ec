"""Every command by its name, over the screen: opened with Ctrl+Shift+P, chosen with the arrow keys, done with Enter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from labeler.gui import keys
from labeler.gui.widgets.shade import Shade
from labeler.sessions.commands import Command
from labeler.sessions.palette import found

KEY = "Ctrl+Shift+P"
_WIDTH, _HEIGHT, _TOP = 560, 420, 90
_NONE = "No command of that name can act here now"


class CommandPalette(Shade):
    """Hidden until it is opened; says which command was chosen once it is closed again."""

    chosen = Signal(object)
    """The command."""
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, _place)
        self._commands: Sequence[Command[Any]] = ()
        self._session: object = None
        self._shown: list[Command[Any]] = []
        column = QVBoxLayout(self.card)
        column.setContentsMargins(14, 14, 14, 14)
        self._typed = QLineEdit()
        self._typed.setPlaceholderText("What do you want to do?")
        self._typed.setAccessibleName("Find a command")
        self._typed.textChanged.connect(self._list_found)
        self._typed.installEventFilter(self)
        self._list = QListWidget()
        self._list.setAccessibleName("Commands")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.itemClicked.connect(lambda _item: self._choose())
        column.addWidget(self._typed)
        column.addWidget(self._list, 1)

    def open(self, commands: Sequence[Command[Any]], session: object) -> None:
        """Offer the commands that may act now."""
        self._commands, self._session = commands, session
        self._typed.clear()
        self._list_found("")
        self.spread()
        self._typed.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_it(self) -> None:
        self.hide()
        self.closed.emit()

    def _list_found(self, typed: str) -> None:
        self._shown = found(self._commands, self._session, typed)
        self._list.clear()
        for command in self._shown:
            key = f"   {keys.shown(command.key)}" if command.key else ""
            self._list.addItem(QListWidgetItem(f"{command.label}{key}   · {command.group}"))
        if not self._shown:
            none = QListWidgetItem(_NONE)
            none.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(none)
        self._list.setCurrentRow(0)

    def _choose(self) -> None:
        row = self._list.currentRow()
        if 0 <= row < len(self._shown):
            self.close_it()
            self.chosen.emit(self._shown[row])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows walk the list, Enter does what is chosen, Escape closes."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Down | Qt.Key.Key_Up:
                    by = 1 if event.key() == Qt.Key.Key_Down else -1
                    self._list.setCurrentRow((self._list.currentRow() + by) % max(self._list.count(), 1))
                    return True
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self._choose()
                    return True
                case Qt.Key.Key_Escape:
                    self.close_it()
                    return True
        return super().eventFilter(watched, event)


def _place(room: QRect) -> QRect:
    width = min(_WIDTH, room.width() - 40)
    return QRect((room.width() - width) // 2, _TOP, width, min(_HEIGHT, room.height() - _TOP - 30))
