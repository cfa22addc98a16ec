"""What a screen of the project's window is, and what it may use. The table of screens stands in `gui.screens`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from labeler.gui.media import Media
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme
from labeler.sessions.commands import Command, rebind_what_agrees
from labeler.sessions.news import News
from labeler.sessions.projects import OpenProject
from labeler.sessions.review.outbox import CommitWith


@dataclass(frozen=True, slots=True)
class Status:
    """What the status bar says for a screen: what happened last, who is here, and what holds all the time."""

    text: str
    serious: bool = False
    person: str = ""
    notes: tuple[str, ...] = ()
    more: str = ""
    """What a tooltip says besides."""


class ScreenSession(Protocol):
    """What the window itself asks of a screen's session; all else is asked by the screen's commands."""

    @property
    def asking(self) -> bool:
        """A question is asked that digits answer."""

    def answer(self, number: int) -> None:
        """The option with this number, from 1."""

    def dismiss(self) -> None:
        """Escape: close the question, or whatever else is open."""

    def close(self) -> None:
        """Keep what is not saved; the window closes."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a window lends to its screens."""

    theme: Theme
    tasks: Tasks
    media: Media
    opened: OpenProject
    commit_with: CommitWith
    """Waits for the disk beside the window."""
    work_as: Callable[[str], None] = lambda _person: None
    """Opens the project again for the person with this id."""
    own_keys: Mapping[str, str] = field(default_factory=dict)
    """The keys that this person changed, on all screens: command id to key."""

    def rebound(self, commands: Sequence[Command[Any]]) -> tuple[Command[Any], ...]:
        """A screen's commands with this person's keys."""
        return rebind_what_agrees(commands, self.own_keys)


class KeyList(NamedTuple):
    """A list of keys and what stands above it."""

    title: str
    commands: Sequence[Command[Any]]


class Screen(QWidget):
    """One screen of the window. It is made when it is first gone to, and stays until the window closes."""

    changed = Signal()
    """Its commands or its status may have changed."""
    item_wanted = Signal(str)
    """Its id; the window shows it in Review."""
    decision_wanted = Signal(str)
    """An item's id; the window shows it in Adjudicate."""
    top: QWidget
    """Stands in the window's top bar while the screen is shown."""

    @property
    def session(self) -> ScreenSession:
        raise NotImplementedError

    def commands(self) -> Sequence[Command[Any]]:
        """Every key of the screen, for its session. The same object as long as nothing about them changed."""
        raise NotImplementedError

    def listed(self) -> KeyList:
        """What the list of keys has of the screen as it is now: all of its commands, if a screen knows no better."""
        return KeyList("Keys", self.commands())

    def status(self) -> Status:
        raise NotImplementedError

    def enter(self) -> None:
        """The person came to this screen: show what is true now, and take the keyboard."""
        self.setFocus()

    def take_in(self, news: News) -> None:
        """A lead put something else in force while the screen was there, shown or not."""

    def look(self) -> None:
        """Called every few seconds while the screen is shown: what waits for others may be for this person now."""

    def leave(self) -> bool:
        """The person goes to another screen, project or place, which has to find everything that was done here.

        False: some of it could not be saved; it is back, and this screen says so.
        """
        return True


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the window's table of screens."""

    id: str
    name: str
    icon: str
    key: str
    make: Callable[[Frame], Screen]
