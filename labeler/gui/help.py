"""All keys of a screen, over the screen: opened and closed with `?`, closed with Escape. Keys are changed here, too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import groupby
from typing import Any

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from labeler.gui.theme import Theme
from labeler.gui.widgets.keycap import KeyCap
from labeler.gui.widgets.label import ElidedLabel, plain
from labeler.gui.widgets.shade import Shade
from labeler.sessions.commands import Command

COLUMNS = 3
WIDTH, HEIGHT, LEAST = 980, 780, 240
"""Of the card, in pixels: its width, and between which heights it fits its list."""
LINE = 60
"""Pixels that an arrow key scrolls."""
CHANGE = "F2"
_HOW_TO_CHANGE = "Change a key"
_CHOOSE = "Arrows choose · Enter, then the new key · Delete: as it came"
_PRESS = "Press the new key for “{}” · Esc: leave it"


WhyNot = Callable[[Command[Any], str, Mapping[str, str]], str]


class Help(Shade):
    """Lists commands group by group.

    `why_not` says in words why a command cannot have a key, with the keys that were changed since the list was opened;
    "" where it can.
    """

    key_changed = Signal(str, str)
    """A command's id and its key from now on; "" for the one that it came with."""
    closed = Signal(bool)
    """Whether keys were changed."""

    def __init__(self, theme: Theme, parent: QWidget, why_not: WhyNot) -> None:
        super().__init__(parent, self._stand)
        self._theme, self._why_not = theme, why_not
        self._changed: dict[str, str] = {}
        self._rows: list[_Row] = []
        self._chosen: int | None = None
        """Index into `_rows` while keys are changed."""
        self._waiting = False
        """The next key is the chosen command's."""
        column = QVBoxLayout(self.card)
        column.setContentsMargins(22, 18, 22, 18)
        column.addLayout(self._build_head())
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        column.addWidget(self._area, 1)

    def _build_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        self._title = plain("sectionTitle")
        head.addWidget(self._title)
        head.addSpacing(12)
        self._note = plain("quiet")
        head.addWidget(self._note, 1)
        self._change_label = QLabel(_HOW_TO_CHANGE)
        head.addWidget(self._change_label)
        head.addWidget(KeyCap(self._theme, CHANGE))
        head.addSpacing(12)
        head.addWidget(QLabel("Close"))
        head.addWidget(KeyCap(self._theme, "Esc"))
        return head

    def show_commands(
        self, title: str, commands: Iterable[Command[Any]], changeable: Callable[[Command[Any]], bool]
    ) -> None:
        """Show the keys of these commands, in the order of their groups' first appearance."""
        self._title.setText(title)
        listed = [c for c in commands if c.key and not c.hidden]
        order = list(dict.fromkeys(c.group for c in listed))
        body = QWidget()
        body.setObjectName("helpBody")
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 6, 0, 0)
        grid.setHorizontalSpacing(28)
        columns = [QVBoxLayout() for _ in range(COLUMNS)]
        placed: list[list[_Row]] = [[] for _ in range(COLUMNS)]
        heights = [0] * COLUMNS
        listed.sort(key=lambda c: order.index(c.group))
        for group, members in groupby(listed, key=lambda c: c.group):
            entries = list(members)
            shortest = heights.index(min(heights))
            rows = self._add_group(columns[shortest], group, entries)
            placed[shortest] += [row for row in rows if changeable(row.command)]
            heights[shortest] += len(entries) + 2
        for place, column in enumerate(columns):
            column.addStretch(1)
            grid.addLayout(column, 0, place)
            grid.setColumnStretch(place, 1)
        self._rows = [row for column_rows in placed for row in column_rows]
        for number, row in enumerate(self._rows):
            row.clicked.connect(partial(self._wait_for, number))
        self._area.setWidget(body)
        self._changed = {}
        self._stop_changing()
        self.spread()

    def _stand(self, room: QRect) -> QRect:
        """In the middle, as high as its list, as far as there is room."""
        listed = self._area.widget()
        whole = self.card.sizeHint().height() - self._area.sizeHint().height()
        whole += listed.sizeHint().height() if listed else 0
        width, height = min(WIDTH, room.width() - 60), min(max(whole, LEAST), HEIGHT, room.height() - 60)
        return QRect((room.width() - width) // 2, (room.height() - height) // 2, width, height)

    def close_it(self) -> None:
        super().close_it()
        self.closed.emit(bool(self._changed))

    def _add_group(self, column: QVBoxLayout, group: str, commands: list[Command[Any]]) -> list[_Row]:
        title = QLabel(group)
        title.setObjectName("head")
        title.setIndent(4)
        column.addWidget(title)
        rows = [_Row(self._theme, command) for command in commands]
        for row in rows:
            column.addWidget(row)
        column.addSpacing(12)
        return rows

    def press(self, key: str) -> None:
        """A key by its name, while the list is shown: it scrolls, or while keys are changed chooses and sets them."""
        if self._waiting:
            self._take(key)
        elif key == CHANGE:
            self._stop_changing() if self._chosen is not None else self._choose(0)
        elif self._chosen is None:
            bar = self._area.verticalScrollBar()
            step = {"Down": LINE, "Up": -LINE, "PageDown": bar.pageStep(), "PageUp": -bar.pageStep()}.get(key, 0)
            bar.setValue(bar.value() + step)
        elif key in ("Down", "Up"):
            self._choose((self._chosen + (1 if key == "Down" else -1)) % len(self._rows))
        elif key == "Delete":
            self._note.setText(self._set(_default(self._rows[self._chosen].command)) or _CHOOSE)
        elif key == "Enter":
            self._wait_for(self._chosen)

    def _wait_for(self, number: int) -> None:
        self._choose(number)
        self._waiting = True
        self._note.setText(_PRESS.format(self._rows[number].command.label))

    @property
    def waiting(self) -> bool:
        """The next key, Escape too, belongs to the list."""
        return self._waiting

    def _take(self, key: str) -> None:
        """The new key of the chosen command; a modifier alone is not one yet."""
        if not key:
            return
        self._waiting = False
        self._note.setText((self._set(key) if key != "Esc" else "") or _CHOOSE)

    def _set(self, key: str) -> str:
        """Give the chosen command this key; why it cannot have it, or ""."""
        assert self._chosen is not None
        row = self._rows[self._chosen]
        why = self._why_not(row.command, key, self._changed)
        if not why:
            self._changed[row.command.id] = key
            self.key_changed.emit(row.command.id, "" if key == _default(row.command) else key)
            row.show_key(key)
        return why

    def _choose(self, number: int) -> None:
        if not self._rows:
            return
        if self._chosen is not None:
            self._rows[self._chosen].choose(False)
        self._chosen = number
        self._rows[number].choose(True)
        self._area.ensureWidgetVisible(self._rows[number])
        self._note.setText(_CHOOSE)
        self._change_label.setText("Done")

    def _stop_changing(self) -> None:
        if self._chosen is not None and self._chosen < len(self._rows):
            self._rows[self._chosen].choose(False)
        self._chosen, self._waiting = None, False
        self._note.setText("")
        self._change_label.setText(_HOW_TO_CHANGE)


class _Row(QFrame):
    """A command and its key."""

    clicked = Signal()

    def __init__(self, theme: Theme, command: Command[Any]) -> None:
        super().__init__()
        self.command = command
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(8)
        row.addWidget(ElidedLabel("", command.label), 1)
        self._cap = KeyCap(theme, command.key)
        row.addWidget(self._cap)
        self.choose(False)

    def choose(self, chosen: bool) -> None:
        self.setObjectName("keyRowChosen" if chosen else "keyRow")
        self.setAccessibleName(f"{self.command.label}, chosen" if chosen else self.command.label)
        self.style().unpolish(self)
        self.style().polish(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        self.clicked.emit()

    def show_key(self, key: str) -> None:
        self._cap.show_key(key)


def _default(command: Command[Any]) -> str:
    return command.came_with or command.key
