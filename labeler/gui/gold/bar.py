"""Top bar of Gold: which version is looked at, with which outputs the gate is asked, the digest, and the export."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu

from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.label import plain, set_tip
from labeler.gui.widgets.menu_chip import MenuChip, offer
from labeler.sessions.gold.session import GoldSession
from labeler.sessions.gold.state import GoldState

_LONGEST = 44
"""Characters of model names on a chip; all of them stand in its tooltip and its menu."""


class GoldBar(QFrame):
    """What is looked at is checked: a version, any of which the first chip offers, or the draft."""

    def __init__(self, theme: Theme, session: GoldSession, export_key: str) -> None:
        super().__init__()
        self.setObjectName("topBar")
        self.setFixedHeight(44)
        self._session = session
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(plain("projectName", session.state.project))
        for label in ("/", f"gold/{session.state.name}"):
            row.addWidget(plain("crumb", label))
        self.version = MenuChip(theme, self._fill_versions, self._draw)
        self.draft = KeyButton(theme, Look.CHIP)
        self.draft.clicked.connect(self._look_at_draft)
        self.outputs = MenuChip(theme, self._fill_outputs, self._draw)
        for chip in (self.version, self.draft, self.outputs):
            row.addWidget(chip)
        row.addStretch(1)
        self._digest = plain("quiet")
        row.addWidget(self._digest)
        self.export = KeyButton(theme, Look.CHIP, "Export…", export_key)
        self.export.setCheckable(False)
        self.export.clicked.connect(self._export)
        row.addWidget(self.export)

    def show_state(self, state: GoldState) -> None:
        versions = [chip for chip in state.versions if chip.name]
        looked = next((chip.words for chip in versions if chip.chosen), "")
        self.version.setVisible(bool(versions))
        self.version.set_label(looked or state.version)
        self.version.setChecked(bool(looked))
        self.draft.setVisible(bool(state.versions))
        self.draft.set_label(next((chip.words for chip in state.versions if not chip.name), ""))
        self.draft.setChecked(not looked)
        pair = next((chip.words for chip in state.outputs if chip.chosen), "")
        self.outputs.setVisible(bool(pair))
        self.outputs.set_label(pair if len(pair) <= _LONGEST else f"{pair[:_LONGEST]}…")
        set_tip(self.outputs, f"The gate is asked with {pair}")
        self._digest.setText(f"digest {state.digest}…" if state.digest else "")
        self.export.setVisible(bool(state.exports))
        set_tip(self.export, f"Write {state.exports} for another tool")

    def _draw(self) -> None:
        self.show_state(self._session.state)

    def _export(self) -> None:
        self._session.choose_export()

    def _look_at_draft(self) -> None:
        self._session.look_at("")
        self._draw()

    def _fill_versions(self, menu: QMenu) -> None:
        for chip in reversed(self._session.state.versions):
            if chip.name:
                offer(menu, chip.words, partial(self._session.look_at, chip.name), chosen=chip.chosen)

    def _fill_outputs(self, menu: QMenu) -> None:
        for number, chip in enumerate(self._session.state.outputs):
            offer(menu, chip.words, partial(self._session.choose_outputs, number), chosen=chip.chosen)
