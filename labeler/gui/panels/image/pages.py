"""The strip of pages above a picture that has several: which one is shown, and the keys that turn it."""

from __future__ import annotations

from collections.abc import Mapping

from labeler.gui.panels.image.strip import Strip
from labeler.gui.theme import Theme
from labeler.gui.widgets.label import plain

_ACTIONS = {"view.page_previous": "Previous page", "view.page_next": "Next page", "view.play": "Play"}


class PageStrip(Strip):
    """Shown while the picture has more than one page."""

    def __init__(self, theme: Theme, keys: Mapping[str, str]) -> None:
        super().__init__(left=12, spacing=10)
        self._title = plain("cardTitle")
        self._note = plain("quiet")
        self.row.addWidget(self._title)
        self.row.addWidget(self._note)
        self.add_buttons(theme, keys, _ACTIONS)

    def show_page(self, page: int, pages: int, *, moves: bool, playing: bool, regions: int) -> None:
        """`page` from 0; `regions`: how many both outputs have on it."""
        self.setVisible(pages > 1)
        one = "Frame" if moves else "Page"
        self._title.setText(f"{one} {page + 1:,} of {pages:,}")
        self.buttons["view.page_previous"].set_label(f"Previous {one.lower()}")
        self.buttons["view.page_next"].set_label(f"Next {one.lower()}")
        self._note.setText(f"{regions:,} regions here" if regions != 1 else "1 region here")
        self._note.setVisible(regions > 0)
        self.buttons["view.play"].setVisible(moves)
        self.buttons["view.play"].set_label("Stop" if playing else "Play")
