"""The rubric editor: codes and tiers at the left, the one that is chosen, and what the next version does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from labeler.domain.people import Role
from labeler.gui.project.lines import LineList, Shown
from labeler.gui.project.rubric_form import RubricFormCard
from labeler.gui.project.tab import Tab
from labeler.gui.screen import Frame, Status
from labeler.gui.widgets.asked import asked
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.label import WrappedLabel, plain
from labeler.gui.widgets.scrolled import scrolled
from labeler.sessions.commands import Command
from labeler.sessions.news import News
from labeler.sessions.project.rubric import RubricSession
from labeler.sessions.project.rubric_commands import COMMANDS
from labeler.sessions.project.rubric_state import RubricEditorState, RubricLine

_LIST, _SIDE = 268, 330


class RubricTab(Tab):
    """Draws the difference between two states of its session."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        opened = frame.opened
        self._who = f"{opened.person.name} · {opened.person.role}"
        self._session = RubricSession(opened.project, opened.person, opened.now)
        self._session.beside = frame.tasks.run
        self._session.show_item = self.item_wanted.emit
        self._theme = frame.theme
        self._form = RubricFormCard(frame, self._session)
        self._form.left.connect(self.keyboard_left)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._list_card())
        row.addWidget(self._form, 1)
        again = self._again_frame = self._again_card()
        again.setParent(self)
        self._knows = opened.person.role is not Role.ANNOTATOR
        again.setVisible(self._knows)
        side = QVBoxLayout()
        side.setSpacing(10)
        side.addWidget(self._version_card(), 3)
        # Which items are in doubt says what others found there: not before one has judged them.
        if self._knows:
            side.addWidget(again, 4)
        else:
            side.addStretch(4)
        row.addLayout(side)
        self._session.listen(self._show)
        self._show(None, self._session.state)

    def _list_card(self) -> QFrame:
        card, column = _card("card", _LIST)
        column.setContentsMargins(1, 8, 1, 8)
        chips = QHBoxLayout()
        chips.setContentsMargins(10, 0, 10, 4)
        chips.setSpacing(6)
        self._modalities = {}
        for modality in self._session.state.modalities:
            self._modalities[modality] = chip = KeyButton(self._theme, Look.CHIP, modality.capitalize())
            chip.clicked.connect(partial(self._session.choose_modality, modality))
            chips.addWidget(chip)
        chips.addStretch(1)
        column.addLayout(chips)
        self._list = LineList(self._theme, "Failure codes and tiers")
        self._list.picked.connect(self._session.choose)
        self._list.opened.connect(lambda _line: self._form.take_up())
        column.addWidget(self._list, 1)
        self._add = KeyButton(self._theme, Look.FLAT, "Add a code")
        self._add.clicked.connect(self._session.add)
        foot = QHBoxLayout()
        foot.setContentsMargins(10, 0, 10, 0)
        foot.addWidget(self._add)
        foot.addStretch(1)
        column.addLayout(foot)
        return card

    def _version_card(self) -> QFrame:
        card, column = _card("card", _SIDE)
        self._version, self._changes = plain("cardTitle"), WrappedLabel("storyLine")
        self._said, lines = scrolled(spacing=0)
        self._said.setAccessibleName("What the version does")
        lines.addWidget(self._changes)
        lines.addStretch(1)
        self._ask = asked(self._theme, self._session)
        self._publish = KeyButton(self._theme, Look.PRIMARY, "Put in force")
        self._publish.clicked.connect(self._session.publish)
        self._lacking = plain("statusSerious")
        self._lacking.setWordWrap(True)
        for widget in (self._version, self._ask):
            column.addWidget(widget)
        column.addWidget(self._said, 1)
        column.addSpacing(4)
        column.addWidget(self._lacking)
        column.addWidget(self._publish)
        self._undo = KeyButton(self._theme, Look.FLAT, "Undo")
        self._undo.clicked.connect(self._session.undo)
        self._discard = KeyButton(self._theme, Look.FLAT, "Drop these changes")
        self._discard.clicked.connect(self._session.discard)
        row = QHBoxLayout()
        row.addWidget(self._undo)
        row.addWidget(self._discard)
        row.addStretch(1)
        column.addLayout(row)
        return card

    def _again_card(self) -> QFrame:
        card, column = _card("card", _SIDE)
        column.setContentsMargins(1, 10, 1, 6)
        self._again_title, self._again_note = plain("cardTitle"), plain("quiet")
        self._again_note.setWordWrap(True)
        for label in (self._again_title, self._again_note):
            label.setContentsMargins(13, 0, 13, 0)
            column.addWidget(label)
        self._again = LineList(self._theme, "Items to look at again")
        self._again.picked.connect(self._open_again)
        column.addWidget(self._again, 1)
        return card

    def _open_again(self, line: int) -> None:
        self._session.open_again(self._session.state.again[line].item_id)

    # What the screen asks

    @property
    def session(self) -> RubricSession:
        return self._session

    def own_commands(self) -> Sequence[Command[Any]]:
        def take_up(_session: RubricSession) -> None:
            self._form.take_up()

        type_it = Command[RubricSession]("rubric.type", "Type into the fields", take_up, "Enter", group="Lines")
        return (*COMMANDS, type_it)

    def show_keys(self, keys: Mapping[str, str]) -> None:
        self._form.show_keys(keys)
        for button, name in (
            (self._add, "rubric.add"),
            (self._publish, "rubric.publish"),
            (self._undo, "rubric.undo"),
            (self._discard, "rubric.discard"),
        ):
            button.set_key(keys[name])
        self._open_key = keys["rubric.open"]
        self._show_again(self._session.state)

    def note(self) -> str:
        return f"Version {self._session.state.version} is in force"

    def status(self) -> Status:
        state = self._session.state
        quiet = "Draft kept: it is not in force yet" if state.touched else "All is saved"
        text = state.message or (f"{state.busy}…" if state.busy else state.read_only or quiet)
        return Status(text, state.serious, self._who)

    def enter(self) -> None:
        self._session.refresh()

    def take_in(self, news: News) -> None:
        if news.rubric:
            self._session.refresh()

    # Drawing

    def _show(self, old: RubricEditorState | None, new: RubricEditorState) -> None:
        for modality, chip in self._modalities.items():
            chip.setChecked(modality is new.modality)
        if old is None or (old.lines, old.chosen) != (new.lines, new.chosen):
            self._list.show_lines([_line(line) for line in new.lines], new.chosen)
        if old is None or (old.form, old.read_only) != (new.form, new.read_only):
            self._form.show_state(new)
        if old is not None and old.hear != new.hear:
            self._form.hear()
        if old is None or (old.changes, old.versions, old.touched, old.lacking, old.ask, old.version) != (
            new.changes,
            new.versions,
            new.touched,
            new.lacking,
            new.ask,
            new.version,
        ):
            self._show_version(new)
        if old is None or (old.again, old.other_gaps) != (new.again, new.other_gaps):
            self._show_again(new)
        self.changed.emit()

    def _show_version(self, state: RubricEditorState) -> None:
        self._version.setText("The next version" if state.touched else f"Version {state.version}, as it is in force")
        self._changes.setText("" if state.ask else _story(state))
        # A question with nine answers needs its room in a small window.
        self._again_frame.setVisible(self._knows and state.ask is None)
        self._ask.ask(state.ask.text if state.ask else "", state.ask.options if state.ask else ())
        lacking = state.lacking if state.touched else ""
        self._lacking.setText(lacking and f"! {lacking}")
        self._lacking.setVisible(bool(lacking))
        may = state.touched and not state.read_only
        self._publish.setEnabled(may and not lacking)
        for button in (self._undo, self._discard):
            button.setEnabled(may)
        self._add.setEnabled(not state.read_only)

    def _show_again(self, state: RubricEditorState) -> None:
        count = len(state.again)
        self._again_title.setText(f"To look at again: {count:,} items" if count != 1 else "To look at again: 1 item")
        others = "; ".join(f"{words}: named {times:,} times as a gap" for words, times in state.other_gaps)
        key = getattr(self, "_open_key", "")
        note = (
            f"A click shows an item in Review, {key} the first one."
            if count
            else ("No verdict is left in doubt by a change of the rubric.")
        )
        self._again_note.setText(f"{note} {others}".strip())
        lines = [Shown(one.item_id, "resolved" if one.resolved else "open", one.why) for one in state.again]
        self._again.show_lines(lines)


def _story(state: RubricEditorState) -> str:
    """What the draft does; without one, what each version did."""
    if state.touched:
        return _listed(state.changes)
    how = state.read_only or "Change a line, and what this does to old verdicts is said here before it is in force."
    past = [f"Version {one.version}\n{_listed(one.changes) or '• texts, keys or order'}" for one in state.versions[:-1]]
    return "\n\n".join([how, *past])


def _listed(changes: Sequence[str]) -> str:
    return "\n".join(f"• {change}" for change in changes)


def _line(line: RubricLine) -> Shown:
    gaps = f"named {line.gaps:,} times as a gap" if line.gaps > 1 else "named once as a gap" if line.gaps else ""
    below = f"{line.code} · {line.severity}" if line.severity else f"tier · {line.code}"
    mark = " •" if line.changed else ""
    return Shown(f"{line.label or '(no label)'}{mark}", line.key, below, gaps)


def _card(name: str, width: int) -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setObjectName(name)
    card.setFixedWidth(width)
    column = QVBoxLayout(card)
    column.setContentsMargins(14, 12, 14, 12)
    column.setSpacing(6)
    return card, column
