"""Who judges what, and what happens to new people: rules at the left, people and rounds beside them, and at the right
what the chosen line means and what can be done with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from labeler.gui.project.assignment_card import AssignmentCard
from labeler.gui.project.lines import LineList, Shown
from labeler.gui.project.tab import Tab
from labeler.gui.screen import Frame, Status
from labeler.gui.widgets.label import plain
from labeler.sessions.commands import Command
from labeler.sessions.news import News
from labeler.sessions.project.assignment import ONLY_A_LEAD, AssignmentSession
from labeler.sessions.project.assignment_commands import COMMANDS
from labeler.sessions.project.assignment_state import AssignmentState, Pane, RuleLine, WorkLine


class AssignmentTab(Tab):
    """Draws the difference between two states of its session."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        opened = frame.opened
        self._who = f"{opened.person.name} · {opened.person.role}"
        self._session = AssignmentSession(opened.project, opened.person, opened.now, frame.tasks.run)
        self._session.soon = partial(QTimer.singleShot, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self._rules = LineList(frame.theme, "Rules", short=True)
        self._rules.picked.connect(self._pick_rule)
        self._rules.opened.connect(lambda _row: self._session.change())
        self._work = LineList(frame.theme, "People and rounds")
        self._work.picked.connect(self._session.choose)
        self._card = AssignmentCard(frame.theme, self._session)
        self._card.left.connect(self.keyboard_left)
        row.addWidget(_listed("Rules of this project", self._rules), 5)
        row.addWidget(_listed("People and rounds", self._work), 4)
        row.addWidget(self._card)
        self._rows: list[int] = []
        """By rule, its row among the headings."""
        self._session.listen(self._show)
        self._show(None, self._session.state)

    def _pick_rule(self, row: int) -> None:
        if row in self._rows:
            self._session.choose_rule(self._rows.index(row))

    # What the screen asks

    @property
    def session(self) -> AssignmentSession:
        return self._session

    def own_commands(self) -> Sequence[Command[Any]]:
        return COMMANDS

    def show_keys(self, keys: Mapping[str, str]) -> None:
        self._card.show_keys(keys)

    def status(self) -> Status:
        state = self._session.state
        quiet = "All is saved" if state.lead else ONLY_A_LEAD
        return Status(state.message or ("Reading…" if state.loading else quiet), state.serious, self._who)

    def note(self) -> str:
        return "Changes hold from the next item on"

    def enter(self) -> None:
        self._session.refresh()

    def take_in(self, news: News) -> None:
        if news.rules or news.people:
            self._session.refresh()

    def _show(self, old: AssignmentState | None, new: AssignmentState) -> None:
        if old is None or old.rules != new.rules:
            lines, self._rows = _with_headings(new.rules)
            self._rules.show_lines(lines)
        if old is None or (old.rule, old.pane, old.rules) != (new.rule, new.pane, new.rules):
            self._rules.choose(self._rows[new.rule] if new.pane is Pane.RULES else -1)
        if old is None or (old.work, old.chosen, old.pane) != (new.work, new.chosen, new.pane):
            self._work.show_lines([_shown(line) for line in new.work], new.chosen if new.pane is Pane.PEOPLE else -1)
        self._card.show_state(old, new)
        self.changed.emit()


def _listed(title: str, lines: LineList) -> QWidget:
    card = QFrame()
    card.setObjectName("card")
    column = QVBoxLayout(card)
    column.setContentsMargins(1, 10, 1, 8)
    column.setSpacing(6)
    head = plain("head", title)
    head.setContentsMargins(12, 0, 12, 0)
    column.addWidget(head)
    column.addWidget(lines, 1)
    return card


def _with_headings(rules: Sequence[RuleLine]) -> tuple[list[Shown], list[int]]:
    """The rows of the list, and of each rule its row."""
    lines, rows, heading = list[Shown](), list[int](), ""
    for rule in rules:
        if rule.heading != heading:
            heading = rule.heading
            lines.append(Shown(heading, head=True))
        rows.append(len(lines))
        lines.append(Shown(rule.title, rule.value))
    return lines, rows


def _shown(line: WorkLine) -> Shown:
    return Shown(line.title, line.right, line.below)
