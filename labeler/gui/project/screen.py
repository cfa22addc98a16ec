"""The Project screen: a tab each for rubric, people, assignment and agreement, with a session and keys of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout

from labeler.gui.project.agreement_tab import AgreementTab
from labeler.gui.project.assignment_tab import AssignmentTab
from labeler.gui.project.people_tab import PeopleTab
from labeler.gui.project.rubric_tab import RubricTab
from labeler.gui.project.tab import Tab
from labeler.gui.screen import Frame, Screen, ScreenSession, Status
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.label import plain
from labeler.sessions.commands import Command
from labeler.sessions.news import News


@dataclass(frozen=True, slots=True)
class TabLine:
    """A line of the table of tabs."""

    id: str
    name: str
    key: str
    make: Callable[[Frame], Tab]


TABS: tuple[TabLine, ...] = (
    TabLine("rubric", "Rubric", "Ctrl+1", RubricTab),
    TabLine("people", "People", "Ctrl+2", PeopleTab),
    TabLine("assignment", "Assignment", "Ctrl+3", AssignmentTab),
    TabLine("agreement", "Agreement", "Ctrl+4", AgreementTab),
)
"""In the order of the top bar. A tab is made when it is first gone to."""


class ProjectBar(QFrame):
    """Top bar: the project, and its tabs."""

    def __init__(self, theme: Theme, project: str, go_to: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName("topBar")
        self.setFixedHeight(44)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(10)
        row.addWidget(plain("projectName", project))
        row.addWidget(plain("crumb", "/"))
        self._chips = {}
        for line in TABS:
            self._chips[line.id] = chip = KeyButton(theme, Look.CHIP, line.name, line.key)
            chip.clicked.connect(partial(go_to, line.id))
            row.addWidget(chip)
        row.addStretch(1)
        self._note = plain("quiet")
        row.addWidget(self._note)

    def show_tab(self, chosen: str, note: str) -> None:
        for name, chip in self._chips.items():
            chip.setChecked(name == chosen)
        self._note.setText(note)


class ProjectScreen(Screen):
    """Shows one tab at a time, and speaks for it to the window."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("screen")
        self._frame = frame
        self._tabs: dict[str, Tab] = {}
        self._commands: dict[str, Sequence[Command[Any]]] = {}
        self._stack = QStackedWidget()
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 12, 12, 12)
        page.addWidget(self._stack)
        self.top = self._bar = ProjectBar(frame.theme, frame.opened.project.settings.name, self.go_to)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.go_to(TABS[0].id)

    def go_to(self, name: str) -> None:
        """Show the tab with this id."""
        if name not in self._tabs:
            made = self._tabs[name] = next(line for line in TABS if line.id == name).make(self._frame)
            made.changed.connect(self._tell)
            made.item_wanted.connect(self.item_wanted)
            made.keyboard_left.connect(self.setFocus)
            self._commands[name] = self._frame.rebound((*self._ways(), *made.own_commands()))
            made.show_keys({command.id: command.key for command in self._commands[name]})
            self._stack.addWidget(made)
        self._chosen = name
        self._stack.setCurrentWidget(self._tabs[name])
        self._tabs[name].enter()
        self.setFocus()
        self._tell()

    def _ways(self) -> tuple[Command[Any], ...]:
        return tuple(
            Command[Any](f"project.{line.id}", line.name, partial(self._go, line.id), line.key, group="Tabs")
            for line in TABS
        )

    def _go(self, name: str, _session: object) -> None:
        self.go_to(name)

    def _tell(self) -> None:
        self._bar.show_tab(self._chosen, self.tab.note())
        self.changed.emit()

    @property
    def tab(self) -> Tab:
        """The tab that is shown."""
        return self._tabs[self._chosen]

    # What the window asks

    @property
    def session(self) -> ScreenSession:
        return self.tab.session

    def commands(self) -> Sequence[Command[Any]]:
        return self._commands[self._chosen]

    def status(self) -> Status:
        return self.tab.status()

    def take_in(self, news: News) -> None:
        for tab in self._tabs.values():
            tab.take_in(news)

    def enter(self) -> None:
        super().enter()
        self.tab.enter()
