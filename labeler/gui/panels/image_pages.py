"""The strip of pages above a picture that has several: which one is shown, and the keys that turn it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.label import plain

_ACTIONS = {"view.page_previous": "Previous page", "view.page_next": "Next page", "view.play": "Play"}


class PageStrip(QFrame):
    """Shown while the picture has more than one page."""

    asked = Signal(str)
    """Id of a command."""

    def __init__(self, theme: Theme, keys: Mapping[str, str]) -> None:
        super().__init__()
        self.setObjectName("card")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(10)
        self._title = plain("cardTitle")
        self._note = plain("quiet")
        row.addWidget(self._title)
        row.addWidget(self._note)
        row.addStretch(1)
        self._buttons: dict[str, KeyButton] = {}
        for command, words in _ACTIONS.items():
            button = self._buttons[command] = KeyButton(theme, Look.FLAT, words, keys.get(command, ""))
            button.clicked.connect(lambda _checked, command=command: self.asked.emit(command))
            row.addWidget(button)
        self.hide()

    def show_page(self, page: int, pages: int, *, moves: bool, playing: bool, regions: int) -> None:
        """`page` from 0; `regions`: how many both outputs have on it."""
        self.setVisible(pages > 1)
        self._title.setText(f"{'Frame' if moves else 'Page'} {page + 1:,} of {pages:,}")
        self._note.setText(f"{regions:,} regions here" if regions != 1 else "1 region here")
        self._note.setVisible(regions > 0)
        self._buttons["view.play"].setVisible(moves)
        self._buttons["view.play"].set_label("Stop" if playing else "Play")
