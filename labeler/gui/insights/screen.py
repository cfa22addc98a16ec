"""The Insights screen: figures on top, panels below, and the list of items behind a mark in their place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from labeler.formats.insights.document import warnings_of
from labeler.formats.insights.tables import watch
from labeler.gui.insights.bar import InsightsBar
from labeler.gui.insights.canvas import Canvas
from labeler.gui.insights.cards import Cards
from labeler.gui.insights.charts import CHARTS
from labeler.gui.insights.items import ItemList
from labeler.gui.screen import Frame, Screen, Status
from labeler.gui.widgets.choosing import choose_where
from labeler.gui.widgets.label import plain
from labeler.sessions.commands import Command
from labeler.sessions.insights.commands import COMMANDS
from labeler.sessions.insights.session import InsightsSession, Take
from labeler.sessions.insights.state import InsightsState, PanelId


class InsightsScreen(Screen):
    """Draws its session's state. Raises LabelerError where the person may not see the figures."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        opened = frame.opened
        self._session = InsightsSession(opened.project, opened.person, opened.now, frame.tasks.run)
        self._session.show_item = self.item_wanted.emit
        self._session.take_away = self._take_away
        self._commands = frame.rebound(COMMANDS)
        self.setObjectName("screen")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.top = self._bar = InsightsBar(frame.theme, self._session)
        self._session.open_filter = self._bar.open_filter
        self._canvases: dict[PanelId, Canvas] = {}
        self._notes: dict[PanelId, QLabel] = {}
        self._build(frame)
        self._session.listen(lambda _old, new: self._show(new))
        self._show(self._session.state)

    @property
    def session(self) -> InsightsSession:
        return self._session

    def commands(self) -> Sequence[Command[InsightsSession]]:
        return self._commands

    def status(self) -> Status:
        state = self._session.state
        quiet = "Reading what is resolved…" if state.loading else "Arrows and Enter lead to the items behind a mark"
        notes = ("Not blind: models and verdicts show here",)
        return Status(state.message or quiet, state.serious, f"{state.person} · lead", notes)

    def enter(self) -> None:
        super().enter()
        self._session.refresh()

    def _build(self, frame: Frame) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        outer.addWidget(self._stack)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget()
        body.setObjectName("screen")
        column = QVBoxLayout(body)
        column.setContentsMargins(13, 13, 13, 13)
        column.setSpacing(10)
        self._warning = plain("statusSerious")
        self._warning.setWordWrap(True)
        column.addWidget(self._warning)
        column.addWidget(self._connected(Cards(frame.theme, PanelId.MODALITIES, "Pass rate by modality")))
        grid = QGridLayout()
        grid.setSpacing(10)
        for number, (make, panel, title) in enumerate(CHARTS):
            grid.addWidget(self._card(self._connected(make(frame.theme, panel, title)), title), number // 2, number % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addStretch(1)
        self._scroll.setWidget(body)
        self._items = ItemList(frame.theme)
        self._items.picked.connect(self._session.pick)
        self._items.asked.connect(self._session.open)
        self._items.closed.connect(self._session.dismiss)
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(13, 13, 13, 13)
        inner.addWidget(self._items)
        self._stack.addWidget(self._scroll)
        self._stack.addWidget(holder)

    def _connected(self, canvas: Canvas) -> Canvas:
        self._canvases[canvas.panel] = canvas
        canvas.pointed.connect(partial(self._session.point, canvas.panel))
        canvas.opened.connect(self._session.open)
        return canvas

    def _card(self, canvas: Canvas, title: str) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 12)
        head = QHBoxLayout()
        head.addWidget(plain("cardTitle", title))
        head.addStretch(1)
        self._notes[canvas.panel] = note = plain("note")
        head.addWidget(note)
        column.addLayout(head)
        column.addWidget(canvas)
        column.addStretch(1)
        return card

    def _show(self, state: InsightsState) -> None:
        self._bar.show_state(state)
        for canvas in self._canvases.values():
            canvas.show_state(state)
        if state.page is not None:
            words = " ".join(warnings_of(state.page))
            self._warning.setText(words)
            self._warning.setVisible(bool(words))
            for panel, text in _notes(state).items():
                self._notes[panel].setText(text)
        self._items.show_behind(state.behind)
        self._stack.setCurrentIndex(0 if state.behind is None else 1)
        self._scroll_to(state)
        self.changed.emit()

    def _scroll_to(self, state: InsightsState) -> None:
        """The panel that the keyboard is on comes into view."""
        canvas = self._canvases[state.panel]
        if state.behind is None and canvas.isVisible():
            self._scroll.ensureWidgetVisible(canvas, 0, 40)

    # Taking away

    def _take_away(self, what: Take) -> None:
        panel = self._session.state.panel
        if what == "csv":
            QGuiApplication.clipboard().setText(self._session.csv())
            self._session.say(f"Copied {panel} as CSV")
        elif what == "picture":
            QGuiApplication.clipboard().setPixmap(self._canvases[panel].picture())
            self._session.say(f"Copied {panel} as a picture")
        else:
            chosen, _ = choose_where(self, "Save report", "insights.html", "Report (*.html *.json)")
            if chosen is not None:
                self._session.write_report(chosen)


def _notes(state: InsightsState) -> dict[PanelId, str]:
    """What stands at the right end of each panel's head."""
    page, heat = state.page, state.heat_map
    assert page is not None
    failures = (
        f"{heat.side} model, {heat.modality}{f' by {heat.key}' if heat.key else ''} · M, S, O change it" if heat else ""
    )
    return {
        PanelId.TIERS: "○ old   ● new   bar: 95 %",
        PanelId.FLIPPED: "a cell leads to its items",
        PanelId.FAILURES: failures,
        PanelId.WATCH: watch(page.watch).note.partition(";")[0],
        PanelId.RESIDUAL: "",
        PanelId.DRIFT: "over: here   under: traffic" if page.drift else "",
        PanelId.RELEASES: "○ before   ● each release   bar: 95 %",
    }
