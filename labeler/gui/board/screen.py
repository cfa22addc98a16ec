"""The Board screen: parts as chips on top, the table on the left, words on the chosen line on the right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from labeler.gui.board.table import BoardTable
from labeler.gui.screen import Frame, Screen, Status
from labeler.gui.theme import Theme
from labeler.gui.widgets.asked import asked
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.flow import clear
from labeler.gui.widgets.label import WrappedLabel, plain
from labeler.gui.widgets.typed_field import TypedField
from labeler.sessions.board.commands import COMMANDS
from labeler.sessions.board.session import BoardSession
from labeler.sessions.board.state import TITLES, BoardState, Part
from labeler.sessions.commands import Command
from labeler.sessions.news import News

_DETAIL = 300


class BoardBar(QFrame):
    """Top bar: the parts that there are, each with its key and what waits in it."""

    def __init__(self, theme: Theme, session: BoardSession) -> None:
        super().__init__()
        self.setObjectName("topBar")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        self._name = plain("projectName")
        for label in (self._name, plain("crumb", "/"), plain("crumb", "Board")):
            row.addWidget(label)
        row.addSpacing(8)
        self._chips = {}
        for number, part in enumerate(Part, 1):
            chip = self._chips[part] = KeyButton(theme, Look.CHIP, TITLES[part], str(number))
            chip.clicked.connect(partial(self._go, session, part))
            row.addWidget(chip)
        row.addStretch(1)
        self._note = plain("quiet")
        row.addWidget(self._note)

    def _go(self, session: BoardSession, part: Part) -> None:
        session.go_to(part)
        self.show_state(session.state)  # the session, not the click, decides what is chosen

    def show_state(self, state: BoardState) -> None:
        self._name.setText(state.project)
        counts = dict(state.counts)
        for part, chip in self._chips.items():
            chip.setVisible(part in state.parts)
            chip.setChecked(part is state.part)
            chip.set_label(f"{TITLES[part]} ({counts[part]:,})" if part in counts else TITLES[part])
        self._note.setText("reading…" if state.loading else "")


class Detail(QFrame):
    """What there is to say of the chosen line, and where an answer is typed."""

    left = Signal()

    def __init__(self, theme: Theme, session: BoardSession) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setFixedWidth(_DETAIL)
        self._session = session
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget()
        self._lines = QVBoxLayout(body)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(10)
        scroll.setWidget(body)
        for part in (scroll, scroll.viewport(), body):
            part.setAutoFillBackground(False)
        column.addWidget(scroll, 1)
        hint = "Your answer; who asked sees it on their board and in Review"
        self.field = TypedField("Answer", hint, 120)
        self.field.textChanged.connect(lambda: session.type_answer(self.field.toPlainText()))
        self.field.left.connect(session.dismiss)
        column.addWidget(self.field)
        self._send = KeyButton(theme, Look.PRIMARY, "Send the answer", "Ctrl+Enter")
        self._send.clicked.connect(lambda _checked: session.send())
        self._begin = KeyButton(theme, Look.PLAIN, "Answer the question", "A")
        self._begin.clicked.connect(lambda _checked: session.begin_answer())
        self._open = KeyButton(theme, Look.PLAIN, "Show the item in Review", "Enter")
        self._open.clicked.connect(lambda _checked: session.open())
        self._back = KeyButton(theme, Look.PLAIN, "Bring it back", "R")
        self._back.clicked.connect(lambda _checked: session.requeue())
        self._another = KeyButton(theme, Look.PLAIN, "Ask for another verdict", "B")
        self._another.clicked.connect(lambda _checked: session.ask_another())
        for button in (self._send, self._begin, self._back, self._another, self._open):
            column.addWidget(button)
        self._said: tuple[str, ...] | None = None

    def show_state(self, old: BoardState | None, new: BoardState) -> None:
        row = new.row
        said = row.detail if row is not None else ()
        if said != self._said:
            self._said = said
            clear(self._lines)
            for number, line in enumerate(said):
                name = "cardTitle" if number == 0 else "" if line.startswith("▲") else "quiet"
                self._lines.addWidget(WrappedLabel(name, line))
            # An alignment of the layout would give it the height of lines that are not broken.
            self._lines.addStretch(1)
        self.field.setVisible(new.typing)
        self._send.setVisible(new.typing)
        self._begin.setVisible(new.lead and new.can_answer and not new.typing)
        self._back.setVisible(row is not None and bool(row.skipped_by) and not new.typing)
        self._another.setVisible(new.lead and row is not None and bool(row.item_id) and not new.typing)
        self._open.setVisible(row is not None and bool(row.item_id) and not new.typing)
        if self.field.toPlainText() != new.typed and not self.field.hasFocus():
            self.field.blockSignals(True)
            self.field.setPlainText(new.typed)
            self.field.blockSignals(False)
        if new.typing and not (old is not None and old.typing):
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif old is not None and old.typing and not new.typing:
            self.left.emit()


class BoardScreen(Screen):
    """Draws its session's state."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        opened = frame.opened
        self._session = BoardSession(opened.project, opened.person, opened.now, frame.tasks.run)
        self._session.show_item = self.item_wanted.emit
        self._commands = frame.rebound(COMMANDS)
        self.setObjectName("screen")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.top = self._bar = BoardBar(frame.theme, self._session)
        self.table = BoardTable(frame.theme)
        self.table.picked.connect(self._session.choose)
        self.table.asked.connect(self._session.open)
        self.detail = Detail(frame.theme, self._session)
        self.detail.left.connect(self.setFocus)
        self._ask = asked(frame.theme, self._session)
        key = next(command.key for command in self._commands if command.id == "times.erase")
        self._erase = KeyButton(frame.theme, Look.FLAT, "Erase your times and guesses", key)
        self._erase.clicked.connect(lambda _checked: self._session.ask_erase())
        self._build()
        self._session.listen(self._show)
        self._show(None, self._session.state)

    @property
    def session(self) -> BoardSession:
        return self._session

    def commands(self) -> Sequence[Command[BoardSession]]:
        return self._commands

    def status(self) -> Status:
        state = self._session.state
        quiet = "Reading…" if state.loading else "All is read"
        notes = ("Not blind: people's figures show here",) if state.lead else ()
        return Status(state.message or quiet, state.serious, state.person, notes)

    def enter(self) -> None:
        super().enter()
        self._session.refresh()

    def take_in(self, news: News) -> None:
        if self.isVisible() and (news.rules or news.people):
            self._session.refresh()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(13, 13, 13, 13)
        row.setSpacing(10)
        card = QFrame()
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        self._summary = plain("prompt")
        self._summary.setWordWrap(True)
        self._more = plain("quiet")
        self._more.setWordWrap(True)
        column.addWidget(self._summary)
        column.addWidget(self._more)
        erase = QHBoxLayout()
        erase.addWidget(self._erase)
        erase.addStretch(1)
        column.addLayout(erase)
        column.addWidget(self._ask)
        self._stack = QStackedWidget()
        self._empty = plain("empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        column.addWidget(self._stack, 1)
        row.addWidget(card, 1)
        row.addWidget(self.detail)

    def _show(self, old: BoardState | None, new: BoardState) -> None:
        self._bar.show_state(new)
        shown = new.shown
        if old is None or old.shown is not shown:
            for label, words in ((self._summary, shown.summary[:1]), (self._more, shown.summary[1:])):
                label.setText(" · ".join(f"{line[:1].upper()}{line[1:]}" for line in words))
                label.setVisible(bool(words))
            self._empty.setText("Reading…" if new.loading and not shown.header else shown.empty)
            self._stack.setCurrentIndex(0 if shown.rows else 1)
        self._erase.setVisible(new.part is Part.LEFT and not new.erasing)
        options = ("Erase them: nobody can bring them back",) if new.erasing else ()
        self._ask.ask("Erase how long your verdicts took and what you guessed?", options)
        self.table.show_part(shown, new.chosen)
        self.detail.show_state(old, new)
        self.detail.setVisible(new.row is not None and bool(new.row.detail))
        self.changed.emit()
