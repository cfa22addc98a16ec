"""What a tab of the Project screen is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from labeler.gui.screen import ScreenSession, Status
from labeler.sessions.commands import Command
from labeler.sessions.news import News


class Tab(QWidget):
    """A part of the Project screen with a session of its own."""

    changed = Signal()
    item_wanted = Signal(str)
    keyboard_left = Signal()
    """A text field was left: keys belong to the screen again."""

    @property
    def session(self) -> ScreenSession:
        raise NotImplementedError

    def own_commands(self) -> Sequence[Command[Any]]:
        raise NotImplementedError

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """The keys of this person, by command, for what shows them."""

    def note(self) -> str:
        """What the top bar says at its end."""
        return ""

    def status(self) -> Status:
        raise NotImplementedError

    def enter(self) -> None:
        """The person came to this tab: show what is true now."""

    def take_in(self, news: News) -> None:
        """A lead put something else in force while the tab was there, shown or not."""
