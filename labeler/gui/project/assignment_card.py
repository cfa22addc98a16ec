"""What the chosen rule, person or round means, what can be done with it, and the fields of what is being asked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from labeler.gui.project.fields import LineField
from labeler.gui.theme import Theme
from labeler.gui.widgets.asked import asked
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.label import WrappedLabel, plain
from labeler.sessions.project.assignment import AssignmentSession
from labeler.sessions.project.assignment_state import AssignmentState, Form, Pane

_MOST_FIELDS = 5
_WIDTH = 360
_NOTE = (
    "Rules stand in project.toml. What you change here is also in the log: other laptops take it over with the next "
    "verdicts that are handed over (People). Nothing changes what was judged before."
)


class _Field(LineField):
    """Enter goes on; Escape leaves."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class AssignmentCard(QFrame):
    """The right column of the tab."""

    left = Signal()
    """The keyboard belongs to the screen again."""

    def __init__(self, theme: Theme, session: AssignmentSession) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setFixedWidth(_WIDTH)
        self._session = session
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        self._title, self._value, self._tells = WrappedLabel("sectionTitle"), plain("storyLine"), WrappedLabel("quiet")
        for label in (self._title, self._value, self._tells):
            column.addWidget(label)
        self._options = asked(theme, session)
        column.addWidget(self._options)
        self._labels: list[QLabel] = []
        self._fields: list[_Field] = []
        for number in range(_MOST_FIELDS):
            column.addWidget(self._field(number))
        self._problem = WrappedLabel("")
        column.addWidget(self._problem)
        column.addSpacing(4)
        self._buttons: dict[str, KeyButton] = {}
        for name, words, look, act in (
            ("save", "Save", Look.PRIMARY, session.save),
            ("change", "Change", Look.PRIMARY, session.change),
            ("reserve", "Reserve items…", Look.PLAIN, partial(session.ask, "reserve")),
            ("give_back", "Give back what is reserved", Look.PLAIN, session.give_back),
            ("term", "Due date and capacity…", Look.PLAIN, partial(session.ask, "term")),
            ("requeue", "Bring back what was skipped", Look.PLAIN, session.requeue),
            ("let_begin", "Let begin without training", Look.PLAIN, session.let_begin),
            ("round", "Start a calibration round…", Look.PLAIN, partial(session.ask, "round")),
        ):
            button = self._buttons[name] = KeyButton(theme, look, words)
            button.clicked.connect(lambda _checked, act=act: act())
            column.addWidget(button)
        column.addStretch(1)
        self._note = WrappedLabel("quiet", _NOTE)
        self._note.setVisible(session.state.lead)
        column.addWidget(self._note)

    def _field(self, number: int) -> QWidget:
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        label, field = plain("head"), _Field("", 2_000)
        label.setBuddy(field)
        field.typed.connect(partial(self._session.type, number))
        field.entered.connect(partial(self._go_on, number))
        field.left.connect(self._leave)
        column.addWidget(label)
        column.addWidget(field)
        self._labels.append(label)
        self._fields.append(field)
        return place

    def _go_on(self, number: int) -> None:
        """Enter: the next field, and from the last one saves."""
        form = self._session.state.form
        if form is not None and number + 1 < len(form.labels):
            self._fields[number + 1].setFocus()
            self._fields[number + 1].selectAll()
        else:
            self._session.save()

    def _leave(self) -> None:
        self._session.dismiss()

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """The keys that do what the buttons do, by the command's id."""
        for name, button in self._buttons.items():
            button.set_key(keys[f"assignment.{name}"])

    def show_state(self, old: AssignmentState | None, new: AssignmentState) -> None:
        self._say(new)
        self._show_buttons(new)
        form, before = new.form, old.form if old is not None else None
        if form is before and old is not None:
            return
        for number, field in enumerate(self._fields):
            there = form is not None and number < len(form.labels)
            place = field.parentWidget()
            assert place is not None
            place.setVisible(there)
            if form is not None and there:
                self._labels[number].setText(form.labels[number])
                field.setAccessibleName(form.labels[number])
                field.setPlaceholderText(form.hints[number])
                field.show_text(form.texts[number], read_only=False)
        self._take_keyboard(before, form)

    def _take_keyboard(self, before: Form | None, form: Form | None) -> None:
        """To the first field of a form that was just opened; back to the screen from one that closed."""
        if form is not None and form.labels and (before is None or before.id != form.id):
            self._fields[0].setFocus()
            self._fields[0].selectAll()
        elif form is None and before is not None and before.labels:
            self.left.emit()

    def _say(self, new: AssignmentState) -> None:
        form, value, tells = new.form, "", ""
        if form is not None:
            title, tells = form.title, form.tells
        elif new.pane is Pane.RULES:
            line = new.rules[new.rule]
            title, value, tells = line.title, line.value, line.tells
        elif new.line is not None:
            title, tells = new.line.title, "\n\n".join(new.line.facts)
        else:
            title = "Reading…" if new.loading else "Nobody is here yet"
        for label, text in ((self._title, title), (self._value, value), (self._tells, tells)):
            if label.text() != text:
                label.setText(text)
            label.setVisible(bool(text))
        self._options.ask("", () if form is None else [words for _, words in form.options])
        problem = "" if form is None else form.problem
        self._problem.setText(f"▲ {problem}" if problem else "")
        self._problem.setVisible(bool(problem))

    def _show_buttons(self, new: AssignmentState) -> None:
        line = new.line if new.pane is Pane.PEOPLE else None
        person = line if line is not None and line.person else None
        form = new.form
        shown = {
            "save": form is not None and not form.options,
            "change": form is None and new.pane is Pane.RULES,
            "reserve": form is None and person is not None,
            "give_back": form is None and person is not None and person.reserved > 0,
            "term": form is None and person is not None,
            "requeue": form is None and person is not None and person.skipped > 0,
            "let_begin": form is None and person is not None and person.training,
            "round": form is None and new.pane is Pane.PEOPLE,
        }
        if form is not None:
            self._buttons["save"].set_label(form.act)
        for name, button in self._buttons.items():
            if button.isHidden() == (shown[name] and new.lead):
                button.setVisible(shown[name] and new.lead)
