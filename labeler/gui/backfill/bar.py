"""Top bar of Backfill: the release by its models, which records are listed, and how many decisions there are."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy

from labeler.gui import keys
from labeler.gui.project.fields import LineField
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.label import ElidedLabel, plain, set_tip
from labeler.gui.widgets.menu_chip import MenuChip, offer
from labeler.sessions.backfill.commands import FILTERS
from labeler.sessions.backfill.session import BackfillSession
from labeler.sessions.backfill.state import ALL, BackfillState


class BackfillBar(QFrame):
    """The chip offers every filter with its count and its key; the field finds records by words."""

    def __init__(self, theme: Theme, session: BackfillSession, own_keys: dict[str, str]) -> None:
        super().__init__()
        self.setObjectName("topBar")
        self.setFixedHeight(44)
        self._session = session
        self._keys = {chosen: keys.shown(own_keys[f"backfill.{name}"]) for name, chosen in FILTERS}
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(10)
        row.addWidget(plain("projectName", session.state.project))
        row.addWidget(plain("crumb", "/"))
        self._release, self._summary = ElidedLabel("crumb"), plain("quiet")
        self._release.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        row.addWidget(self._release, 1)
        self.filter = MenuChip(theme, self._fill, self._draw)
        set_tip(self.filter, "Which records are listed")
        row.addWidget(self.filter)
        self.clear = KeyButton(theme, Look.CHIP, "✕")
        self.clear.setAccessibleName("Take the filter away")
        set_tip(self.clear, "Take the filter away (Esc)")
        self.clear.clicked.connect(lambda: session.show_only(ALL))
        row.addWidget(self.clear)
        self.search = LineField("Find records by their words")
        self.search.setFixedWidth(190)
        self.search.setPlaceholderText(f"Find: id, action, month… ({own_keys['backfill.search']})")
        set_tip(
            self.search,
            "Lists the records that have all of these words: id, item, action, amount, status, jurisdiction, "
            "disposition, slice=value, or a date such as 2026-09",
        )
        self.search.typed.connect(session.search)
        row.addWidget(self.search)
        row.addWidget(self._summary)

    def show_state(self, state: BackfillState) -> None:
        self._release.setText(state.release)
        self._summary.setText(state.summary)
        self.filter.set_label(f"{state.filter.words}  ▾")
        self.filter.setChecked(state.filter != ALL)
        some = bool(state.cards)
        self.filter.setVisible(some)
        self.search.setVisible(some)
        self.clear.setVisible(some and (state.filter != ALL or bool(state.typed)))
        self.search.show_text(state.typed, read_only=False)

    def take_keyboard(self) -> None:
        """Take the keyboard to the field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _draw(self) -> None:
        self.show_state(self._session.state)

    def _fill(self, menu: QMenu) -> None:
        now = self._session.state.filter
        for choice in self._session.state.choices:
            leads_to = choice.leads_to
            label = f"{leads_to.words.capitalize()}  {choice.count:,}"
            act = partial(self._session.show_only, leads_to)
            offer(menu, label, act, chosen=leads_to == now, key=self._keys[leads_to])
