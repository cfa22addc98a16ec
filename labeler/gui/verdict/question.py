"""A question in the panel, in place of what is not decided meanwhile; digits answer it."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QFrame, QVBoxLayout

from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.flow import clear
from labeler.gui.widgets.label import plain
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.state import Ask


class Question(QFrame):
    """Hidden while nothing is asked."""

    def __init__(self, theme: Theme, session: ReviewSession) -> None:
        super().__init__()
        self.setObjectName("ask")
        self._theme, self._session = theme, session
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 8, 10, 8)
        self._column.setSpacing(4)
        self.hide()

    def show_ask(self, ask: Ask | None) -> None:
        clear(self._column)
        self.setVisible(ask is not None)
        if ask is None:
            return
        self._column.addWidget(plain("head", ask.title))
        for line in ask.lines:
            said = plain("quiet", line)
            said.setWordWrap(True)
            self._column.addWidget(said)
        for number, option in enumerate(ask.options, 1):
            button = KeyButton(self._theme, Look.CHOICE, option, str(number))
            button.setCheckable(False)
            button.clicked.connect(partial(self._session.answer, number))
            self._column.addWidget(button)
        if ask.lines:
            return  # an answer to what was said, and not a question: there is nothing to go back to
        cancel = KeyButton(self._theme, Look.FLAT, "Go on with the item", "Esc")
        cancel.clicked.connect(self._session.dismiss)
        self._column.addWidget(cancel)
