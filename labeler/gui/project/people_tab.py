"""The people of the project: who is here, what they may do, and who works at this window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from labeler.gui.project.fields import LineField
from labeler.gui.project.lines import LineList, Shown
from labeler.gui.project.tab import Tab
from labeler.gui.screen import Frame, Status
from labeler.gui.widgets.asked import asked
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.choosing import choose_file, choose_where
from labeler.gui.widgets.label import WrappedLabel, plain
from labeler.sessions.commands import Command
from labeler.sessions.news import News
from labeler.sessions.project.people import COMMANDS, PeopleSession, PeopleState, PersonLine

_VERDICTS = "Verdicts (*.jsonl)"
_PROMISE = (
    "Roles follow from the log: the first joining is a person's own word, later roles are given by a lead. "
    "What a role does not allow counts for nothing. That stops slips, not somebody who writes to the project's "
    "files: look whether you know every lead."
)


class PeopleTab(Tab):
    """Draws the difference between two states of its session."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        opened = frame.opened
        self._who = f"{opened.person.name} · {opened.person.role}"
        self._session = PeopleSession(opened.project, opened.person, opened.now)
        self._session.work_as = frame.work_as
        self._session.beside = frame.tasks.run
        self._project = opened.project.settings.name
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        card = QFrame()
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 8, 1, 8)
        self._list = LineList(frame.theme, "People")
        self._list.picked.connect(self._session.choose)
        self._list.opened.connect(lambda _line: self._session.switch())
        column.addWidget(self._list, 1)
        row.addWidget(card, 1)
        row.addWidget(self._side_card(frame))
        self._session.listen(self._show)
        self._show(None, self._session.state)

    def _side_card(self, frame: Frame) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        card.setFixedWidth(360)
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        self._name, self._role, self._by = WrappedLabel("sectionTitle"), plain("storyLine"), plain("quiet")
        self._ask, promise = asked(frame.theme, self._session), plain("quiet", _PROMISE)
        for label in (self._role, self._by, promise):
            label.setWordWrap(True)
        self._switch = KeyButton(frame.theme, Look.PRIMARY, "Work as this person")
        self._switch.clicked.connect(self._session.switch)
        self._change = KeyButton(frame.theme, Look.PLAIN, "Change the role")
        self._change.clicked.connect(self._session.ask_role)
        self._new = LineField("Name of a new person", 80)
        self._new.setPlaceholderText("Name of a new person")
        self._new.left.connect(self._let_in)
        for widget in (self._name, self._role, self._by, self._ask, self._switch, self._change):
            column.addWidget(widget)
        column.addStretch(1)
        self._hand_over = KeyButton(frame.theme, Look.PLAIN, "Hand over verdicts…")
        self._hand_over.clicked.connect(self._ask_where)
        self._take_in = KeyButton(frame.theme, Look.PLAIN, "Take in verdicts…")
        self._take_in.clicked.connect(self._ask_which)
        self._rest = QWidget()
        rest = QVBoxLayout(self._rest)
        rest.setContentsMargins(0, 0, 0, 0)
        rest.setSpacing(8)
        laptops = (plain("head", "Several laptops"), self._hand_over, self._take_in)
        for below in (plain("head", "Let somebody in"), self._new, *laptops, promise):
            rest.addWidget(below)
        column.addWidget(self._rest)
        return card

    def _let_in(self) -> None:
        name = self._new.text().strip()
        if name:
            self._session.let_in(name)
            if not self._session.state.serious:
                self._new.clear()
        self.keyboard_left.emit()

    def _ask_where(self) -> None:
        proposed = f"{self._project}, {self._session.state.person}.jsonl".replace("/", "_")
        path, _ = choose_where(self, "Hand over verdicts", proposed, _VERDICTS)
        if path is not None:
            self._session.hand_over(path)

    def _ask_which(self) -> None:
        path = choose_file(self, "Take in verdicts", _VERDICTS)
        if path is not None:
            self._session.take_in(path)

    # What the screen asks

    @property
    def session(self) -> PeopleSession:
        return self._session

    def own_commands(self) -> Sequence[Command[Any]]:
        def new(_session: PeopleSession) -> None:
            self._new.setFocus()

        def where(_session: PeopleSession) -> None:
            self._ask_where()

        def which(_session: PeopleSession) -> None:
            self._ask_which()

        command = Command[PeopleSession]
        return (
            *COMMANDS,
            command("people.new", "Let somebody in", new, "N", group="People"),
            command("people.hand_over", "Hand over verdicts", where, "X", group="Several laptops"),
            command("people.take_in", "Take in verdicts", which, "T", group="Several laptops"),
        )

    def show_keys(self, keys: Mapping[str, str]) -> None:
        self._switch.set_key(keys["people.switch"])
        self._change.set_key(keys["people.role"])
        self._hand_over.set_key(keys["people.hand_over"])
        self._take_in.set_key(keys["people.take_in"])
        self._new.setPlaceholderText(f"Name of a new person ({keys['people.new']}), then Enter")

    def status(self) -> Status:
        state = self._session.state
        return Status(state.message or "All is saved", state.serious, self._who)

    def enter(self) -> None:
        self._session.refresh()

    def take_in(self, news: News) -> None:
        if news.people:
            self._session.refresh()

    def _show(self, old: PeopleState | None, new: PeopleState) -> None:
        if old is None or (old.lines, old.chosen) != (new.lines, new.chosen):
            self._list.show_lines([_shown(line) for line in new.lines], new.chosen)
        line = new.lines[new.chosen] if new.lines else None
        self._name.setText(line.name if line else "Nobody is here yet")
        self._role.setText(f"{line.role.capitalize()}: {line.may}" if line else "")
        self._by.setText(_rest(line) if line else "")
        self._switch.setEnabled(line is not None and not line.here)
        self._switch.set_label("Works at this window" if line and line.here else "Work as this person")
        self._change.setVisible(new.ask is None)
        self._rest.setVisible(new.ask is None)  # a small window has no room for both
        self._ask.ask(new.ask.text if new.ask else "", new.ask.options if new.ask else ())
        self.changed.emit()


def _shown(line: PersonLine) -> Shown:
    verdicts = "1 verdict" if line.verdicts == 1 else f"{line.verdicts or 0:,} verdicts"
    verdicts = "" if line.verdicts is None else verdicts
    return Shown(line.name, verdicts, f"{line.role} · {line.by}", "at this window" if line.here else "")


def _rest(line: PersonLine) -> str:
    devices = "one copy" if line.devices == 1 else f"{line.devices} copies"
    return f"Role {line.by}. Has written in {devices} of this project."
