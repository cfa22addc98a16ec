"""All keys of a screen, over the screen: opened and closed with `?`, closed with Escape."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from labeler.gui.theme import Theme
from labeler.gui.widgets.keycap import KeyCap
from labeler.gui.widgets.label import plain, set_tip
from labeler.gui.widgets.shade import Shade
from labeler.sessions.commands import Command

COLUMNS = 3
LINE = 60
"""Pixels that an arrow key scrolls."""


class Help(Shade):
    """Lists commands group by group; what may not happen now is quiet and still listed."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, _place)
        self._theme = theme
        self._column = QVBoxLayout(self.card)
        self._column.setContentsMargins(22, 18, 22, 18)
        head = QHBoxLayout()
        title = QLabel("Keys")
        title.setObjectName("sectionTitle")
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(QLabel("Close"))
        head.addWidget(KeyCap(theme, "Esc"))
        self._column.addLayout(head)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._column.addWidget(self._area, 1)

    def show_commands(self, commands: Iterable[Command[Any]]) -> None:
        """Show the keys of these commands, in the order of their groups' first appearance."""
        listed = [c for c in commands if c.key and not c.hidden]
        order = list(dict.fromkeys(c.group for c in listed))
        body = QWidget()
        body.setObjectName("helpBody")
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 6, 0, 0)
        grid.setHorizontalSpacing(28)
        columns = [QVBoxLayout() for _ in range(COLUMNS)]
        heights = [0] * COLUMNS
        listed.sort(key=lambda c: order.index(c.group))
        for group, members in groupby(listed, key=lambda c: c.group):
            entries = list(members)
            shortest = heights.index(min(heights))
            self._add_group(columns[shortest], group, entries)
            heights[shortest] += len(entries) + 2
        for place, column in enumerate(columns):
            column.addStretch(1)
            grid.addLayout(column, 0, place)
            grid.setColumnStretch(place, 1)
        self._area.setWidget(body)
        self.spread()

    def _add_group(self, column: QVBoxLayout, group: str, commands: list[Command[Any]]) -> None:
        title = QLabel(group)
        title.setObjectName("head")
        column.addWidget(title)
        for command in commands:
            row = QHBoxLayout()
            row.setSpacing(8)
            label = plain("", command.label)
            # Columns share the width; what does not fit is whole in the tooltip.
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            set_tip(label, command.label)
            row.addWidget(label, 1)
            row.addWidget(KeyCap(self._theme, command.key))
            column.addLayout(row)
        column.addSpacing(12)

    def scroll_by_key(self, key: str) -> None:
        """Scroll by a key's name: arrows by a few lines, Page keys by what is seen; other keys do nothing."""
        bar = self._area.verticalScrollBar()
        step = {"Down": LINE, "Up": -LINE, "PageDown": bar.pageStep(), "PageUp": -bar.pageStep()}.get(key, 0)
        bar.setValue(bar.value() + step)


def _place(room: QRect) -> QRect:
    width, height = min(980, room.width() - 60), min(780, room.height() - 60)
    return QRect((room.width() - width) // 2, (room.height() - height) // 2, width, height)
