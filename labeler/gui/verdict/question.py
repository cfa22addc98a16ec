"""A question in the panel, in place of what is not decided meanwhile; digits answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.flow import clear
from labeler.gui.widgets.label import plain
from labeler.gui.widgets.typed_field import TypedField
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.state import Ask


class Question(QFrame):
    """Hidden while nothing is asked."""

    released = Signal()
    """Its text field is done with."""

    def __init__(self, theme: Theme, session: ReviewSession, keys: Mapping[str, str]) -> None:
        super().__init__()
        self.setObjectName("ask")
        self._theme, self._session, self._keys = theme, session, keys
        self._shown: Ask | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 8, 10, 8)
        self._column.setSpacing(4)
        self.hide()

    def show_ask(self, ask: Ask | None) -> None:
        """What is typed changes nothing else here, and the field that it is typed in stays."""
        bare = ask and replace(ask, typed=None if ask.typed is None else "")
        if bare is not None and bare == self._shown:
            return
        had_field = self._shown is not None and self._shown.typed is not None
        self._shown = bare
        clear(self._column)
        if had_field and (ask is None or ask.typed is None):
            self.released.emit()
        self.setVisible(ask is not None)
        if ask is None:
            return
        self._column.addWidget(plain("head", ask.title))
        for line in ask.lines:
            said = plain("quiet", line)
            said.setWordWrap(True)
            self._column.addWidget(said)
        if ask.typed is not None:
            self._column.addWidget(self._field(ask.typed))
        told = bool(ask.lines) and ask.typed is None
        for number, option in enumerate(ask.options, 1):
            key = str(number) if ask.typed is None else "Ctrl+Enter"
            if told:
                key = self._keys.get("save", key)
            button = KeyButton(self._theme, Look.CHOICE, option, key)
            button.setCheckable(False)
            button.clicked.connect(partial(self._session.answer, number))
            self._column.addWidget(button)
        if told:
            return  # an answer to what was said, and not a question: there is nothing to go back to
        cancel = KeyButton(self._theme, Look.FLAT, "Go on with the item", "Esc")
        cancel.clicked.connect(self._session.dismiss)
        self._column.addWidget(cancel)

    def _field(self, typed: str) -> TypedField:
        field = TypedField("Question", "What do you want to know?", 110, typed)
        field.textChanged.connect(lambda: self._session.type_question(field.toPlainText()))
        field.left.connect(self._session.dismiss)
        QTimer.singleShot(0, field, field.setFocus)  # once it is shown
        return field
