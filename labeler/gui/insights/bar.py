"""Top bar of Insights: which release, what is filtered, how many items, and the page for people without the app."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu

from labeler.domain.insights.columns import date_of
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from labeler.formats.gate.words import in_items
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.label import plain, set_tip
from labeler.gui.widgets.menu_chip import MenuChip, menu_label, offer
from labeler.sessions.insights.session import DATES, InsightsSession
from labeler.sessions.insights.state import InsightsState

_MODALITIES = {Modality.IMAGE: "Images", Modality.AUDIO: "Audio", Modality.TEXT: "Text"}

_LONGEST = 36
"""Characters of model names beside the release's number; others stand in its tooltip."""


class InsightsBar(QFrame):
    """Each chip is a filter: chosen, it says what it leaves."""

    def __init__(self, theme: Theme, session: InsightsSession) -> None:
        super().__init__()
        self.setObjectName("topBar")
        self._session, self._theme = session, theme
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        self._name, self._release = plain("projectName"), plain("crumb")
        for label in (self._name, plain("crumb", "/"), self._release):
            row.addWidget(label)
        self._chips = {
            name: self._chip(row, fill)
            for name, fill in (
                ("modality", self._fill_modalities),
                ("tier", self._fill_tiers),
                ("slice", self._fill_slices),
                ("person", self._fill_people),
                ("date", self._fill_dates),
            )
        }
        row.addStretch(1)
        self._count = plain("quiet")
        row.addWidget(self._count)
        export = KeyButton(theme, Look.CHIP, "Save report", "Ctrl+S")
        export.setCheckable(False)
        export.clicked.connect(lambda: session.copy("report"))
        row.addWidget(export)

    def open_filter(self, name: str) -> None:
        """Open the menu of a chip: `modality`, `tier`, `slice`, `person` or `date`."""
        self._chips[name].open_menu()

    def show_state(self, state: InsightsState) -> None:
        cut, page = state.cut, state.page
        self._name.setText(state.project)
        pairs = {models.partition(": ")[2] for models in state.models}
        short = f" · {min(pairs)}" if len(pairs) == 1 and len(min(pairs)) <= _LONGEST else ""
        self._release.setText(f"Release {state.release}{short}" if state.release else "")
        set_tip(self._release, "\n".join(state.models))
        people = {person.id: person.name for person in state.filters.people}
        said = {
            "modality": (_MODALITIES[cut.modality] if cut.modality else "All modalities", cut.modality is not None),
            "tier": (" or ".join(t for t in Tier if t in cut.tiers).capitalize() or "All tiers", bool(cut.tiers)),
            "slice": (", ".join(f"{k} = {v}" for k, v in cut.slices) or "All slices", bool(cut.slices)),
            "person": (people.get(cut.person or "", "Everyone"), cut.person is not None),
            "date": (f"Since {date_of(cut.since)}" if cut.since is not None else "Any time", cut.since is not None),
        }
        for name, (label, chosen) in said.items():
            self._chips[name].set_label(label)
            self._chips[name].setChecked(chosen)
        if page is None:
            self._count.setText("reading…" if state.loading else "")
        else:
            self._count.setText(f"{in_items(page.items)} resolved" + (" · reading…" if state.loading else ""))

    def _chip(self, row: QHBoxLayout, fill: Callable[[QMenu], None]) -> MenuChip:
        chip = MenuChip(self._theme, fill, lambda: self.show_state(self._session.state))
        row.addWidget(chip)
        return chip

    def _fill_modalities(self, menu: QMenu) -> None:
        now = self._session.state.cut.modality
        for modality in self._session.state.filters.modalities:
            act = partial(self._session.filter_modality, modality)
            offer(menu, _MODALITIES[modality], act, chosen=now is modality)

    def _fill_tiers(self, menu: QMenu) -> None:
        for tier in Tier:
            act = partial(self._session.toggle_tier, tier)
            offer(menu, tier.capitalize(), act, chosen=tier in self._session.state.cut.tiers)

    def _fill_slices(self, menu: QMenu) -> None:
        now = dict(self._session.state.cut.slices)
        for key, values in self._session.state.filters.slices:
            below = menu.addMenu(menu_label(key))
            for value in values:
                chosen = now.get(key) == value
                act = partial(self._session.filter_slice, key, None if chosen else value)
                offer(below, value, act, chosen=chosen)

    def _fill_people(self, menu: QMenu) -> None:
        now = self._session.state.cut.person
        offer(menu, "Everyone", partial(self._session.filter_person, None), chosen=now is None)
        for person in self._session.state.filters.people:
            act = partial(self._session.filter_person, person.id)
            offer(menu, person.name, act, chosen=now == person.id)

    def _fill_dates(self, menu: QMenu) -> None:
        for choice in DATES:
            chosen = choice.days is None and self._session.state.cut.since is None
            offer(menu, choice.label, partial(self._session.filter_dates, choice.days), chosen=chosen)
