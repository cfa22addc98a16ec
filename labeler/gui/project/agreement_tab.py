"""How far people agree: figures at the left, what drives the chosen one, and the items it leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from labeler.domain.agreement.alpha import figure
from labeler.gui.project.alpha_bar import AlphaBar
from labeler.gui.project.lines import LineList, Shown
from labeler.gui.project.tab import Tab
from labeler.gui.screen import Frame, Status
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.keycap import KeyCap
from labeler.gui.widgets.label import ElidedLabel, plain
from labeler.sessions.commands import Command
from labeler.sessions.project.agreement import COMMANDS, AgreementSession
from labeler.sessions.project.agreement_state import GROUPINGS, QUESTIONS, AgreementState, GroupLine

_SIDE = 300


class AgreementTab(Tab):
    """Draws the difference between two states of its session."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        opened = frame.opened
        self._who = f"{opened.person.name} · {opened.person.role}"
        self._session = AgreementSession(opened.project, opened.person)
        self._session.beside = frame.tasks.run
        self._session.show_item = self.item_wanted.emit
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(10)
        page.addLayout(self._chips(frame.theme))
        row = QHBoxLayout()
        row.setSpacing(10)
        left = QVBoxLayout()
        left.setSpacing(10)
        self._told, self._side = self._figure_card(frame.theme), self._side_card(frame.theme)
        left.addWidget(self._told)
        left.addWidget(self._lines_card(frame.theme), 1)
        row.addLayout(left, 1)
        row.addWidget(self._side)
        page.addLayout(row, 1)
        self._session.listen(self._show)
        self._show(None, self._session.state)

    def _chips(self, theme: Theme) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self._questions, self._cuts = {}, {}
        for question, words in QUESTIONS.items():
            self._questions[question] = chip = KeyButton(theme, Look.CHIP, words)
            chip.clicked.connect(partial(self._session.ask, question))
            row.addWidget(chip)
        self._question_keys = [KeyCap(theme, "Left"), KeyCap(theme, "Right")]
        for cap in self._question_keys:
            row.addWidget(cap)
        row.addStretch(1)
        for grouping, words in GROUPINGS.items():
            self._cuts[grouping] = chip = KeyButton(theme, Look.CHIP, words)
            chip.clicked.connect(partial(self._session.cut, grouping))
            row.addWidget(chip)
        row.addWidget(KeyCap(theme, "S"))
        return row

    def _figure_card(self, theme: Theme) -> QFrame:
        card, column = _card()
        head = QHBoxLayout()
        self._name, self._figure = ElidedLabel("cardTitle"), plain("figure")
        self._name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._between = plain("quiet")
        head.addWidget(self._figure)
        head.addWidget(self._between)
        head.addWidget(self._name, 1)
        self._words = plain("storyLine")
        self._words.setWordWrap(True)
        self._bar = AlphaBar(theme)
        column.addLayout(head)
        column.addWidget(self._words)
        column.addWidget(self._bar)
        return card

    def _lines_card(self, theme: Theme) -> QFrame:
        card, column = _card()
        column.setContentsMargins(1, 4, 1, 6)
        self._lines = LineList(theme, "Agreement")
        self._lines.picked.connect(self._session.choose)
        self._empty = plain("empty")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self._lines, 1)
        column.addWidget(self._empty, 1)
        return card

    def _side_card(self, theme: Theme) -> QFrame:
        card, column = _card()
        card.setFixedWidth(_SIDE)
        column.setContentsMargins(1, 10, 1, 6)
        self._drivers_head, self._items_head = plain("cardTitle", "What drives it"), plain("cardTitle")
        self._no_drivers = plain("quiet")
        self._no_drivers.setWordWrap(True)
        self._drivers = LineList(theme, "What stands against each other")
        self._drivers.picked.connect(self._session.choose_driver)
        self._items = LineList(theme, "Items on which people differ", short=True)
        self._items.picked.connect(self._session.choose_item)
        self._items.opened.connect(lambda _line: self._session.open())
        self._open = KeyButton(theme, Look.PRIMARY, "Show the item in Review")
        self._open.clicked.connect(self._session.open)
        for label in (self._drivers_head, self._no_drivers, self._items_head):
            label.setContentsMargins(13, 0, 13, 0)
        column.addWidget(self._drivers_head)
        column.addWidget(self._no_drivers)
        column.addWidget(self._drivers, 2)
        column.addWidget(self._items_head)
        column.addWidget(self._items, 3)
        foot = QHBoxLayout()
        foot.setContentsMargins(13, 4, 13, 4)
        foot.addWidget(self._open)
        column.addLayout(foot)
        return card

    # What the screen asks

    @property
    def session(self) -> AgreementSession:
        return self._session

    def own_commands(self) -> Sequence[Command[Any]]:
        return COMMANDS

    def show_keys(self, keys: Mapping[str, str]) -> None:
        self._open.set_key(keys["agreement.open"])

    def note(self) -> str:
        state = self._session.state
        whose = ", of simulated annotators" if state.simulated else ""
        items = "1 item" if state.judged == 1 else f"{state.judged:,} items"
        return "" if state.refused or (state.busy and not state.judged) else f"{items} with several verdicts{whose}"

    def status(self) -> Status:
        state = self._session.state
        text = state.message or (f"{state.busy}…" if state.busy else "All is saved")
        return Status(text, state.serious, self._who)

    def enter(self) -> None:
        self._session.refresh()

    # Drawing

    def _show(self, old: AgreementState | None, new: AgreementState) -> None:
        for question, chip in self._questions.items():
            chip.setChecked(question is new.question)
        for grouping, chip in self._cuts.items():
            chip.setChecked(grouping is new.grouping)
        if old is None or (old.lines, old.left, old.chosen, old.busy) != (new.lines, new.left, new.chosen, new.busy):
            self._show_lines(new)
        if old is None or (old.drivers, old.driver) != (new.drivers, new.driver):
            self._drivers.show_lines(
                [Shown(one, _items(count), other) for one, other, count in new.drivers], new.driver
            )
            self._drivers.setVisible(bool(new.drivers))
            self._no_drivers.setVisible(not new.drivers)
            self._no_drivers.setText(_why_no_drivers(new))
        if old is None or (old.items, old.item, old.driver) != (new.items, new.item, new.driver):
            if old is None or old.items is not new.items:
                self._items.show_lines([Shown(item) for item in new.items], new.item)
            self._items.choose(new.item)
            which = "of this confusion (Esc: all)" if new.driver >= 0 else "on which people differ"
            self._items_head.setText(f"{_items(len(new.items))} {which}" if new.lines else "")
            self._open.setEnabled(bool(new.items))
        self.changed.emit()

    def _show_lines(self, state: AgreementState) -> None:
        coming = [Shown(f"{_groups(state.left)} being counted…", head=True)] if state.left else []
        self._lines.show_lines([*map(_shown, state.lines), *coming], state.chosen)
        self._lines.setVisible(bool(state.lines))
        self._empty.setVisible(not state.lines)
        self._empty.setText(state.refused or (f"{state.busy}…" if state.busy else _nothing(state)))
        line = state.lines[state.chosen] if state.lines else None
        self._name.setText(line.name if line else "")
        self._figure.setText("" if line is None else figure(line.alpha))
        # Where there is nothing to tell of, only that is said; while it is counted anew nothing jumps.
        there = line is not None or bool(state.busy and state.judged)
        for card in (self._told, self._side):
            if card.isHidden() == there:
                card.setVisible(there)
        between = (line.low, line.high) if line and line.low is not None and line.high is not None else None
        items = _items(line.items) if line and line.items is not None else ""
        self._between.setText(f"95 %: {figure(between[0])} to {figure(between[1])} · {items}" if between else items)
        self._words.setText(f"{line.words[:1].upper()}{line.words[1:]}." if line else "")
        self._bar.show_value(line.alpha if line else None, between)


def _shown(line: GroupLine) -> Shown:
    if line.items is None:
        return Shown(line.name, below=line.words)
    between = "" if line.low is None else f"  ({figure(line.low)} to {figure(line.high)})"
    return Shown(line.name, f"{figure(line.alpha)}{between}", line.words, _items(line.items))


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count:,} items"


def _groups(count: int) -> str:
    return "1 more group is" if count == 1 else f"{count:,} more groups are"


def _nothing(state: AgreementState) -> str:
    if not state.judged:
        nothing = (
            "Agreement is measured on items that two people judged, and there is none yet.\n"
            "Let more people judge an item, or a share of the items: Assignment (Ctrl 3), the first two rules."
        )
        simulated = f" The {state.left_out:,} verdicts of simulated annotators do not count since somebody judged."
        return nothing + (simulated if state.left_out else "")
    return "No group has five items with several verdicts yet."


def _why_no_drivers(state: AgreementState) -> str:
    if state.refused or not state.judged:
        return ""
    if not state.items:
        return "Nobody differs here."
    return "Gold answers and pins have no answers in common: the items below show how they differ."


def _card() -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setObjectName("card")
    column = QVBoxLayout(card)
    column.setContentsMargins(16, 10, 16, 10)
    column.setSpacing(6)
    return card, column
