"""The right side of Review, top to bottom in the order in which one decides.

Tier, each difference, the verdict and the failures that follow, gold answer, whole item checked, note, save.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from labeler.domain.blind import LETTERS, Letter
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.difference_list import DifferenceList
from labeler.gui.widgets.flow import ChipRows, clear
from labeler.gui.widgets.gold_field import GoldField
from labeler.sessions.review import words
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.state import Ask, Choice, Request, ReviewState, ShownFailure

WIDTH = 328
ROOMY = 760
"""From this height on the failures get two rows a side."""
_CHOICES = {Choice.A: "A", Choice.B: "B", Choice.BOTH: "Both", Choice.NONE: "None"}


class VerdictPanel(QFrame):
    """Shows the draft of a verdict; every click and keystroke goes to the session, and only its state comes back."""

    released = Signal()
    """A text field is done with; the keyboard belongs to the screen again."""

    def __init__(self, theme: Theme, session: ReviewSession, keys: Mapping[str, str]) -> None:
        super().__init__()
        self.setObjectName("verdictPanel")
        self.setFixedWidth(WIDTH)
        self._theme = theme
        self._session = session
        self._keys = keys
        self._failure_chips: dict[tuple[Letter, str], KeyButton] = {}
        self._build()

    # Building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 14)
        column.setSpacing(5)
        self._build_tier(column)
        self._build_differences(column)
        self._build_verdict(column)
        self._build_failures(column)
        self._build_gold(column)
        column.addStretch(1)
        self._build_ask(column)
        self._build_save(column)

    def _build_tier(self, column: QVBoxLayout) -> None:
        self._tier_head, _ = self._head(column, "Difficulty, before the outputs are shown")
        segments = QFrame()
        segments.setObjectName("segments")
        row = QHBoxLayout(segments)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        self._tiers = {
            tier: self._button(Look.SEGMENT, tier.value.capitalize(), f"tier.{tier}", self._tier_setter(tier))
            for tier in Tier
        }
        for button in self._tiers.values():
            row.addWidget(button, 1)
        column.addWidget(segments)

    def _build_differences(self, column: QVBoxLayout) -> None:
        self._difference_part, column = self._section(column, 3)
        # No taller than its rows: what is left over belongs to the gold answer.
        self._difference_part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._which_head, self._which_note = self._head(column, "Which reading is right here?")
        self._choices = self._choice_row(column, "difference", self._session.judge)
        self._list = DifferenceList(self._theme)
        self._list.picked.connect(self._session.pick_difference)
        column.addWidget(self._list, 3)

    def _build_verdict(self, column: QVBoxLayout) -> None:
        self._verdict_part, column = self._section(column)
        _, self._verdict_note = self._head(column, "Verdict")
        self._verdicts = self._choice_row(column, "verdict", self._session.overrule)
        row = QHBoxLayout()
        row.setSpacing(6)
        self._undecidable = self._button(Look.CHIP, "Undecidable", "verdict.undecidable", self._session.ask_undecidable)
        self._not_sure = self._button(Look.CHIP, "Not sure", "verdict.not_sure", self._session.toggle_sure)
        row.addWidget(self._undecidable)
        row.addWidget(self._not_sure)
        row.addStretch(1)
        column.addLayout(row)

    def _section(self, column: QVBoxLayout, stretch: int = 0) -> tuple[QWidget, QVBoxLayout]:
        """A part of the panel that gives way when a question or all failure codes need its room."""
        part = QWidget()
        inner = QVBoxLayout(part)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(column.spacing())
        column.addWidget(part, stretch)
        return part, inner

    def _build_failures(self, column: QVBoxLayout) -> None:
        self._failure_part, column = self._section(column)
        self._failure_notes: dict[Letter, QLabel] = {}
        self._failure_rows: dict[Letter, ChipRows] = {}
        for letter in LETTERS:
            _, self._failure_notes[letter] = self._head(column, f"What failed in {letter}")
            self._failure_rows[letter] = ChipRows()
            column.addWidget(self._failure_rows[letter])

    def _build_gold(self, column: QVBoxLayout) -> None:
        self._gold_part, column = self._section(column, 4)
        _, self._gold_note = self._head(column, "Gold answer", key="gold.edit")
        self._gold = GoldField(self._theme)
        self._gold.typed.connect(self._session.edit_gold)
        self._gold.left.connect(self.released)
        column.addWidget(self._gold, 4)
        row = QHBoxLayout()
        self._whole = self._button(Look.CHIP, "Whole item checked", "verdict.whole", self._session.toggle_whole_checked)
        self._heard = _label("note")
        row.addWidget(self._whole)
        row.addWidget(self._heard)
        row.addStretch(1)
        column.addLayout(row)
        note_row = QHBoxLayout()
        self._note = QLineEdit()
        self._note.setObjectName("noteField")
        self._note.setPlaceholderText(f"Note for the lead ({self._keys.get('note.edit', '')})")
        self._note.setAccessibleName("Note for the lead")
        self._note.textEdited.connect(self._session.edit_note)
        self._note.installEventFilter(self)
        note_row.addWidget(self._note)
        column.addLayout(note_row)

    def _build_ask(self, column: QVBoxLayout) -> None:
        self._ask = QFrame()
        self._ask.setObjectName("ask")
        self._ask_column = QVBoxLayout(self._ask)
        self._ask_column.setContentsMargins(10, 8, 10, 8)
        self._ask_column.setSpacing(4)
        self._ask.hide()
        column.addWidget(self._ask)

    def _build_save(self, column: QVBoxLayout) -> None:
        self._save = self._button(Look.PRIMARY, "Save verdict, next item", "save", self._session.save)
        column.addWidget(self._save)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._skip = self._button(Look.PLAIN, "Skip", "skip", self._session.ask_skip)
        self._undo = self._button(Look.PLAIN, "Undo", "undo", self._session.undo)
        row.addWidget(self._skip, 1)
        row.addWidget(self._undo, 1)
        column.addLayout(row)

    def _head(self, column: QVBoxLayout, text: str, key: str = "") -> tuple[QLabel, QLabel]:
        row = QHBoxLayout()
        row.setContentsMargins(0, 3, 0, 0)
        title, note = _label("head"), _label("note")
        title.setText(text)
        row.addWidget(title)
        row.addStretch(1)
        row.addWidget(note)
        if key:
            row.addWidget(self._button(Look.FLAT, "edit", key, lambda: self._session.request(Request.EDIT_GOLD)))
        column.addLayout(row)
        return title, note

    def _choice_row(self, column: QVBoxLayout, command: str, act: Callable[[Choice], None]) -> dict[Choice, KeyButton]:
        grid = QGridLayout()
        grid.setSpacing(7)
        buttons = {}
        for place, (choice, text) in enumerate(_CHOICES.items()):
            shown_key = f"{command}.{choice.name.lower()}" if command == "difference" else ""
            buttons[choice] = self._button(Look.CHOICE, text, shown_key, partial(act, choice))
            if command == "verdict":
                buttons[choice].setToolTip(f"Overrule the verdict: {self._keys.get(f'verdict.{choice.name.lower()}')}")
            grid.addWidget(buttons[choice], 0, place)
            grid.setColumnStretch(place, 1)
        column.addLayout(grid)
        return buttons

    def _button(self, look: Look, text: str, command: str, act: Callable[[], None]) -> KeyButton:
        button = KeyButton(self._theme, look, text, self._keys.get(command, ""))
        button.clicked.connect(lambda _checked: act())
        return button

    def _tier_setter(self, tier: Tier) -> Callable[[], None]:
        return lambda: self._session.set_tier(tier)

    # Showing

    def show_state(self, old: ReviewState | None, new: ReviewState) -> None:
        """Draw what differs between two states; everything when `old` is None."""
        if old is None or old.rubric is not new.rubric:
            self._show_rubric(new)
        self._show_tier(new)
        self._show_choices(new)
        self._list.show_state(old, new)
        self._show_verdict(new)
        if old is None or (old.failures, old.view, old.revealed) != (new.failures, new.view, new.revealed):
            self._show_failures(new)
        self._gold.show_state(new)
        self._gold_note.setText(words.gold_note(new))
        self._show_rest(new)
        if old is None or old.ask != new.ask:
            self._show_ask(new.ask)
        self._make_room(new)
        if old is not None and old.request != new.request:
            self._act(new.request.what)

    def _make_room(self, state: ReviewState) -> None:
        """A question, or all failure codes, take the place of what is not decided meanwhile."""
        asked, all_codes = state.ask is not None, state.view.more_codes
        self._failure_part.setVisible(not asked)
        self._gold_part.setVisible(not asked and not all_codes)
        for part in (self._difference_part, self._verdict_part):
            part.setVisible(not all_codes or self.height() >= ROOMY)

    def _show_rubric(self, state: ReviewState) -> None:
        for definition in state.rubric.tiers if state.rubric else ():
            self._tiers[definition.tier].setToolTip(f"{definition.definition}\nFor example: {definition.example}")
        self._failure_chips = {}
        for letter in LETTERS:
            chips = [self._failure_chip(f) for f in state.failures if f.letter == letter]
            more = self._button(Look.FAILURE, "…", "failures.more", self._toggle_more)
            more.setCheckable(False)
            more.setToolTip("All failure codes")
            self._failure_rows[letter].set_chips(chips, more)

    def _failure_chip(self, failure: ShownFailure) -> KeyButton:
        chip = KeyButton(self._theme, Look.FAILURE, failure.label, failure.key)
        chip.setToolTip(f"{failure.definition}\nFor example: {failure.example}")
        chip.clicked.connect(lambda: self._session.toggle_failure(failure.letter, failure.code))
        self._failure_chips[failure.letter, failure.code] = chip
        return chip

    def _toggle_more(self) -> None:
        self._session.change_view(more_codes=not self._session.state.view.more_codes)

    def _show_tier(self, state: ReviewState) -> None:
        for tier, button in self._tiers.items():
            button.setChecked(state.draft.tier is tier)
            button.setEnabled(state.item is not None)

    def _show_choices(self, state: ReviewState) -> None:
        difference = state.difference
        chosen = state.draft.choices.get(difference.id) if difference else None
        whole = state.revealed and not state.walk
        for choice, button in self._choices.items():
            either = choice in (Choice.BOTH, Choice.NONE) or not state.alike
            button.setEnabled(difference is not None or (whole and either))
            button.setChecked(chosen is choice or (whole and state.draft.overruled is choice))
        self._which_head.setText("Are both outputs right?" if whole else "Which reading is right here?")
        self._which_note.setText(words.which(state))
        self._list.setVisible(bool(state.walk))

    def _show_verdict(self, state: ReviewState) -> None:
        for choice, button in self._verdicts.items():
            button.setChecked(state.verdict is choice)
            button.setEnabled(state.revealed and (choice in (Choice.BOTH, Choice.NONE) or not state.alike))
        self._verdict_note.setText(words.verdict_note(state))
        self._undecidable.setChecked(state.draft.undecidable is not None)
        self._undecidable.setToolTip(state.draft.undecidable or "Nobody could tell which is right")
        self._not_sure.setChecked(not state.draft.sure)
        for button in (self._undecidable, self._not_sure):
            button.setEnabled(state.revealed)

    def _show_failures(self, state: ReviewState) -> None:
        for failure in state.failures:
            chip = self._failure_chips[failure.letter, failure.code]
            chip.setChecked(failure.on)
            chip.set_count(len(failure.pins))
            chip.setEnabled(state.revealed)
        for letter in LETTERS:
            self._failure_notes[letter].setText(words.failure_note(state, letter))
            self._failure_rows[letter].set_rows(None if state.view.more_codes else self._rows())
            self._failure_rows[letter].arrange()

    def _show_rest(self, state: ReviewState) -> None:
        audio = state.item is not None and state.item.modality is Modality.AUDIO
        self._whole.set_label("Whole item heard" if audio else "Whole item checked")
        self._whole.setChecked(state.draft.whole_checked)
        self._whole.setEnabled(state.revealed)
        self._heard.setText(f"{state.draft.heard_s:.1f} s heard" if audio else "")
        if self._note.text() != state.draft.note:
            self._note.setText(state.draft.note)
        self._note.setReadOnly(not state.revealed)
        self._save.set_label(state.save_label)
        self._save.setEnabled(state.can_save)
        self._save.setToolTip(state.missing)
        self._skip.setEnabled(state.item is not None)
        self._undo.setEnabled(state.can_undo)

    def _show_ask(self, ask: Ask | None) -> None:
        clear(self._ask_column)
        self._ask.setVisible(ask is not None)
        if ask is None:
            return
        title = _label("head")
        title.setText(ask.title)
        self._ask_column.addWidget(title)
        for number, option in enumerate(ask.options, 1):
            button = KeyButton(self._theme, Look.CHOICE, option, str(number))
            button.setCheckable(False)
            button.clicked.connect(lambda _=False, number=number: self._session.answer(number))
            self._ask_column.addWidget(button)
        cancel = KeyButton(self._theme, Look.FLAT, "Go on with the item", "Esc")
        cancel.clicked.connect(self._session.dismiss)
        self._ask_column.addWidget(cancel)

    def _act(self, request: Request | None) -> None:
        if request is Request.EDIT_GOLD and not self._gold.isReadOnly():
            self._gold.take_up()
        elif request is Request.EDIT_NOTE and not self._note.isReadOnly():
            self._note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # Typing

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape and Enter leave the note, which has one line; Enter with a modifier saves."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()
            if enter or event.key() == Qt.Key.Key_Escape:
                self.released.emit()
                return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room(self._session.state)
        if not self._session.state.view.more_codes:
            for rows in self._failure_rows.values():
                rows.set_rows(self._rows())

    def _rows(self) -> int:
        return 2 if self.height() >= ROOMY else 1


def _label(name: str) -> QLabel:
    made = QLabel()
    made.setObjectName(name)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made
