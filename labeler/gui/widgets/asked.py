"""A question that digits or a click answer, in the place where its answer will stand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.flow import clear
from labeler.gui.widgets.label import WrappedLabel, set_tip


class _Asking(Protocol):
    def answer(self, number: int) -> None: ...
    def dismiss(self) -> None: ...


def asked(theme: Theme, session: _Asking) -> Asked:
    """A place for the session's questions."""
    made = Asked(theme)
    made.answered.connect(session.answer)
    made.dismissed.connect(session.dismiss)
    return made


class Asked(QFrame):
    """Hidden while nothing is asked."""

    answered = Signal(int)
    """The number of the option, from 1."""
    dismissed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("ask")
        self._theme = theme
        self._shown: tuple[str, tuple[str, ...]] = ("", ())
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 8, 10, 8)
        self._column.setSpacing(4)
        self.hide()

    def ask(self, text: str, options: Sequence[str]) -> None:
        """Ask this, or nothing where there are no options. What follows a colon in an option explains it."""
        wanted = (text, tuple(options))
        if wanted != self._shown:
            self._shown = wanted
            clear(self._column)
            if options:
                self._fill(text, options)
        self.setVisible(bool(options))

    def _fill(self, text: str, options: Sequence[str]) -> None:
        if text:
            self._column.addWidget(WrappedLabel("head", text))
        for number, option in enumerate(options, 1):
            words, _, more = option.partition(": ")
            button = KeyButton(self._theme, Look.CHOICE, words, str(number))
            button.setCheckable(False)
            set_tip(button, option)
            button.clicked.connect(partial(self.answered.emit, number))
            self._column.addWidget(button)
            if more:
                self._column.addWidget(WrappedLabel("quiet", f"{more[:1].upper()}{more[1:]}"))
        leave = KeyButton(self._theme, Look.FLAT, "Not now", "Esc")
        leave.clicked.connect(self.dismissed)
        self._column.addWidget(leave)
