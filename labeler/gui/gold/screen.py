"""The Gold screen: the draft, what is thin and the mix on the left; what the gate says on the draft on the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from labeler.gui.gold.bar import GoldBar
from labeler.gui.gold.parts import LinesCard, NodeTable
from labeler.gui.screen import Frame, Screen, Status
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.choosing import choose_where
from labeler.gui.widgets.label import plain, set_tip
from labeler.sessions.gold.commands import COMMANDS, GoldCommand
from labeler.sessions.gold.session import GoldSession
from labeler.sessions.gold.state import Deed, GoldState, Tone

_LEFT = 430
_LEFT_LEAST, _LEFT_SHARE = 340, 0.31


_DECIDED = {Tone.PLAIN: "note", Tone.GOOD: "decidedGood", Tone.BAD: "decidedBad", Tone.OPEN: "decidedOpen"}
"""Names in the style sheet."""
_FORMATS = {
    "Parquet (*.parquet)": "parquet",
    "JSON Lines (*.jsonl)": "jsonl",
    "CSV (*.csv)": "csv",
    "Label Studio (*.json)": "label-studio",
    "COCO, pictures alone (*.json)": "coco",
}
"""What an export can be, as a file dialog names it."""


class GoldScreen(Screen):
    """Draws its session's state. Raises LabelerError where the person may not see it."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("screen")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        opened = frame.opened
        self._session = GoldSession(opened.project, opened.person, opened.now)
        self._session.beside = frame.tasks.run
        self._session.show_item = self.item_wanted.emit
        self._session.settle_item = self.decision_wanted.emit
        self._session.choose_export = self._choose_export
        self._session.copy_text = QGuiApplication.clipboard().setText
        self._commands: tuple[GoldCommand, ...] = frame.rebound(COMMANDS)
        keys = {command.id: command.key for command in self._commands}
        self.top = self.bar = GoldBar(frame.theme, self._session, keys["gold.export"])
        self._build(frame.theme, keys)
        self._session.listen(lambda _old, new: self._show(new))
        self._show(self._session.state)

    def _build(self, theme: Theme, keys: dict[str, str]) -> None:
        page = QHBoxLayout(self)
        page.setContentsMargins(12, 12, 12, 12)
        page.setSpacing(10)
        page.addWidget(self._left(theme, keys))
        page.addWidget(self._right(theme, keys), 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wanted = int(self.width() * _LEFT_SHARE)  # in a small window the gate's table needs the room more
        self._side.setFixedWidth(max(_LEFT_LEAST, min(_LEFT, wanted)))

    def _left(self, theme: Theme, keys: dict[str, str]) -> QWidget:
        self.changes = LinesCard("Draft", "Nothing changed since the newest version.")
        self.settle = KeyButton(theme, Look.PLAIN, "", keys["gold.settle"])
        self.settle.clicked.connect(self._session.settle_next)
        self.changes.add_below(self.settle)
        self.thin = LinesCard("Where evidence is thin", "No node needs more items.")
        self.queue = KeyButton(theme, Look.PLAIN, "Queue these first in Review", keys["gold.queue"])
        self.queue.clicked.connect(self._session.queue_thin_first)
        self.thin.add_below(self.queue)
        self.mix = LinesCard("Gold mix against traffic", "")
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self.changes, self.thin, self.mix):
            column.addWidget(part)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        body.setAutoFillBackground(False)
        self.deed = KeyButton(theme, Look.PRIMARY, Deed.BUILD, keys["gold.do"])
        self.deed.clicked.connect(self._session.do)
        self._why_not = plain("note")
        self._why_not.setWordWrap(True)
        self._side = side = QWidget()
        side.setFixedWidth(_LEFT)
        whole = QVBoxLayout(side)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(area, 1)
        whole.addWidget(self._why_not)
        whole.addWidget(self.deed)
        return side

    def _right(self, theme: Theme, keys: dict[str, str]) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        head = QHBoxLayout()
        self._title, self._decision = plain("cardTitle"), plain("storyLine")
        self._title.setWordWrap(True)
        self._decision.setContentsMargins(8, 3, 8, 3)
        head.addWidget(self._title, 1)
        head.addWidget(self._decision, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        self.nodes = NodeTable(theme)
        self.nodes.picked.connect(self._session.choose)
        column.addWidget(self.nodes, 1)
        self._why, self._average, self._fine = plain("storyLine"), plain("storyLine"), plain("note")
        self._why_title, self._average_title = plain("storyTitle"), plain("storyTitle")
        self.explained = plain("code")
        column.addWidget(self.explained)
        for title, label in ((self._why_title, self._why), (self._average_title, self._average)):
            told = QVBoxLayout()
            told.setSpacing(1)
            told.addWidget(title)
            told.addWidget(label)
            column.addLayout(told)
        column.addWidget(self._fine)
        for label in (self.explained, self._why, self._average, self._fine):
            label.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._wrong = KeyButton(theme, Look.PLAIN, "Show what is newly wrong", keys["gold.wrong"])
        self._wrong.clicked.connect(self._session.open_newly_wrong)
        explain = KeyButton(theme, Look.PLAIN, "Explain this node", keys["gold.explain"])
        explain.clicked.connect(self._session.toggle_explained)
        copy = KeyButton(theme, Look.PLAIN, "Copy Markdown", keys["gold.copy"])
        copy.clicked.connect(self._session.copy_markdown)
        for button in (self._wrong, explain, copy):
            row.addWidget(button, 1)
        column.addLayout(row)
        return card

    # What the window asks

    @property
    def session(self) -> GoldSession:
        return self._session

    def commands(self) -> tuple[GoldCommand, ...]:
        return self._commands

    def status(self) -> Status:
        state = self._session.state
        text = (
            f"{state.busy}…"
            if state.busy
            else state.message or "The draft is built anew where anything changed since; F5 builds it in any case"
        )
        notes = ("Not blind: models and verdicts show here", "It is kept that you saw what the gate says")
        return Status(text, state.serious, f"{state.person} · lead", notes)

    def enter(self) -> None:
        super().enter()
        self._session.come()

    def _choose_export(self) -> None:
        version = self._session.state.exports
        named = f"{self._session.state.name}-{version}.parquet"
        chosen, kind = choose_where(self, f"Export {version}", named, ";;".join(_FORMATS))
        if chosen is not None:
            self._session.export(chosen, _FORMATS[kind])

    # Drawing

    def _show(self, state: GoldState) -> None:
        self.bar.show_state(state)
        unread = "" if state.read else "Reading…" if state.busy else "Not read yet: F5 reads it"
        self.changes.show_lines(state.changes, state.draft_title or "Draft", state.records, unread)
        not_gated = "" if state.nodes else "The gate did not run, so that it is not known."
        waiting = len(state.unresolved)
        self.settle.setVisible(bool(waiting))
        self.settle.set_label(f"Decide the {waiting:,} unresolved in Adjudicate")
        self.thin.show_lines(state.thin, "", "items still needed" if state.thin else "", unread or not_gated)
        self.mix.show_lines(state.mix, "", state.mix_note if state.mix else "", unread or state.mix_note)
        self.queue.setVisible(bool(state.thin))
        self._title.setText(state.gate_title or "Gate")
        self._decision.setVisible(bool(state.decision))
        self._say(self._decision, state.decision, _DECIDED[state.tone])
        self.nodes.show_rows(state.nodes, state.chosen)
        self.explained.setVisible(bool(state.explained))
        self.explained.setText("\n".join(state.explained))
        for label, text in (
            (self._why_title, state.why_title),
            (self._why, state.why),
            (self._average_title, state.average_title),
            (self._average, state.average),
            (self._fine, state.fine),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self._fine.setText(state.fine if len(state.fine) <= 260 else f"{state.fine[:260]}…")
        set_tip(self._fine, state.fine)
        self.deed.setVisible(state.deed is not Deed.NONE)
        self.deed.set_label(state.deed)
        self.deed.setEnabled(not state.busy)
        self._why_not.setVisible(bool(state.why_not))
        self._why_not.setText(state.why_not)
        self.changed.emit()

    @staticmethod
    def _say(label: QLabel, text: str, name: str) -> None:
        if label.objectName() != name:
            label.setObjectName(name)
            label.style().unpolish(label)
            label.style().polish(label)
        label.setText(text)
        label.updateGeometry()
