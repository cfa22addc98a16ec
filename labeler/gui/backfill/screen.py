"""The Backfill screen: figures on top, the records, one record and the policy beside them, estimate and plan below."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout

from labeler.gui.backfill.parts import FigureCard, PlanCard, PolicyCard, StoryCard, card
from labeler.gui.backfill.plot import EstimatePlot
from labeler.gui.backfill.records_table import RecordsTable
from labeler.gui.backfill.step_form import StepForm
from labeler.gui.screen import Frame, Screen, Status
from labeler.gui.theme import Theme
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.label import plain, set_tip
from labeler.sessions.backfill.commands import COMMANDS, BackfillCommand
from labeler.sessions.backfill.session import BackfillSession
from labeler.sessions.backfill.state import ALL, BackfillState
from labeler.sessions.commands import Command

_SIDE = 390
_BELOW, _BELOW_LOW = 240, 150
_POLICY_LOW = 172


class BackfillBar(QFrame):
    """Top bar of Backfill: the release by its models, the filter in force, and how many decisions there are."""

    def __init__(self, theme: Theme, session: BackfillSession) -> None:
        super().__init__()
        self.setObjectName("topBar")
        self.setFixedHeight(44)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(10)
        row.addWidget(plain("projectName", session.state.project))
        row.addWidget(plain("crumb", "/"))
        self._release, self._summary = plain("crumb"), plain("quiet")
        row.addWidget(self._release)
        self._filter = KeyButton(theme, Look.CHIP)
        set_tip(self._filter, "Take this filter away")
        self._filter.clicked.connect(lambda: session.show_only(ALL))
        row.addWidget(self._filter)
        row.addStretch(1)
        row.addWidget(self._summary)

    def show_state(self, state: BackfillState) -> None:
        self._release.setText(state.release)
        self._summary.setText(state.summary)
        self._filter.setVisible(state.filter != ALL)
        self._filter.set_label(f"{state.filter.words}  ✕")


class BackfillScreen(Screen):
    """Draws the difference between two states of its session."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("screen")
        theme, opened = frame.theme, frame.opened
        self._session = BackfillSession(opened.project, opened.person, opened.now)
        self._session.beside = frame.tasks.run
        dossier = Command[BackfillSession](
            "backfill.dossier", "Open the dossier", lambda s: s.open_dossier(_open), "O", _has_record, group="Record"
        )
        self._commands: tuple[BackfillCommand, ...] = frame.rebound((*COMMANDS, dossier))
        keys = {command.id: command.key for command in self._commands}
        self.top = self._bar = BackfillBar(theme, self._session)
        self._make_parts(theme, keys)
        self._build()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._session.listen(self._show)
        self._show(None, self._session.state)

    def _make_parts(self, theme: Theme, keys: dict[str, str]) -> None:
        session = self._session
        self.cards = [FigureCard() for _ in range(4)]
        self.table = RecordsTable(theme)
        self.table.picked.connect(session.choose)
        self._head = plain("cardTitle", "Contested records")
        self._note = plain("quiet")
        self.empty = plain("empty")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        dossier = KeyButton(theme, Look.PLAIN, "Dossier", keys["backfill.dossier"])
        set_tip(dossier, "Everything about this record as one page, in the browser")
        dossier.clicked.connect(lambda: session.open_dossier(_open))
        form = StepForm(theme, keys["backfill.record_step"])
        form.typed.connect(lambda name, text: session.type_step(**{name: text}))
        form.left.connect(self.setFocus)
        form.record.clicked.connect(session.record_step)
        step = KeyButton(theme, Look.PLAIN, "Record a step", keys["backfill.step"])
        step.clicked.connect(session.ask_step)
        approve = KeyButton(theme, Look.PLAIN, "Approve", keys["backfill.approve"])
        approve.clicked.connect(session.approve)
        self.story = StoryCard(dossier, step, approve, form)
        apply = KeyButton(theme, Look.PLAIN, "Apply the policy", keys["backfill.policy"])
        apply.clicked.connect(session.apply_policy)
        self.policy = PolicyCard(theme, apply)
        self.plot = EstimatePlot(theme)
        self._estimate_note = plain("note")
        self._estimate_note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.plan = PlanCard(theme, keys["backfill.queue"])
        self.plan.queue.clicked.connect(session.put_plan_in_force)
        self._ledger = KeyButton(theme, Look.PLAIN, "Export the ledger", keys["backfill.ledger"])
        self._ledger.clicked.connect(session.export_ledger)
        for number, figure in enumerate(self.cards):
            figure.asked.connect(partial(self._lead_to, number))
        self.policy.asked.connect(lambda rule: self._lead_to(len(session.state.cards) + rule))
        self.plot.asked.connect(lambda line: self._lead_to(len(session.state.cards) + len(session.state.rules) + line))

    def _build(self) -> None:
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 12, 12, 12)
        page.setSpacing(10)
        figures = QHBoxLayout()
        figures.setSpacing(10)
        for figure in self.cards:
            figures.addWidget(figure, 1)
        page.addLayout(figures)
        middle = QHBoxLayout()
        middle.setSpacing(10)
        middle.addWidget(self._records_card(), 1)
        side = QVBoxLayout()
        side.setSpacing(10)
        side.addWidget(self.story, 1)
        side.addWidget(self.policy)
        for part in (self.story, self.policy):
            part.setFixedWidth(_SIDE)
        middle.addLayout(side)
        page.addLayout(middle, 1)
        page.addWidget(self._below_card())

    def _records_card(self) -> QFrame:
        frame, column = card()
        column.setContentsMargins(0, 8, 0, 4)
        head = QHBoxLayout()
        head.setContentsMargins(14, 0, 14, 0)
        head.addWidget(self._head)
        head.addWidget(self._note)
        head.addStretch(1)
        head.addWidget(self._ledger)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        return frame

    def _below_card(self) -> QFrame:
        frame, column = card()
        self._below = frame
        row = QHBoxLayout()
        row.setSpacing(28)
        left = QVBoxLayout()
        title = plain("cardTitle", "Wrong decisions, estimated from the sample")
        title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        left.setSpacing(4)
        left.addWidget(title)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setWidget(self.plot)
        self.plot.setAutoFillBackground(False)
        self._area.setAlignment(Qt.AlignmentFlag.AlignTop)
        left.addWidget(self._area, 1)
        self._no_estimate = plain("storyLine")
        self._no_estimate.setWordWrap(True)
        self._no_estimate.setAlignment(Qt.AlignmentFlag.AlignTop)
        left.addWidget(self._no_estimate, 1)
        left.addWidget(self._estimate_note)
        row.addLayout(left, 3)
        row.addWidget(self.plan, 2)
        column.addLayout(row, 1)
        frame.setFixedHeight(_BELOW)
        return frame

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # On a low window the records need the room more than the plot, which scrolls.
        low = self.height() < 780
        self._below.setFixedHeight(_BELOW_LOW if low else _BELOW)
        self.policy.setFixedHeight(_POLICY_LOW if low else self.policy.sizeHint().height())

    # What the window asks

    @property
    def session(self) -> BackfillSession:
        return self._session

    def commands(self) -> tuple[BackfillCommand, ...]:
        return self._commands

    def status(self) -> Status:
        state = self._session.state
        notes = [f"{state.simulated:,} records rest on verdicts of simulated annotators"] if state.simulated else []
        text = state.message.text or (f"{state.busy}…" if state.busy else "All is saved")
        return Status(text, state.message.serious, f"{state.person} · lead", tuple(notes))

    def enter(self) -> None:
        super().enter()
        self._session.refresh()

    # Drawing

    def _show(self, old: BackfillState | None, new: BackfillState) -> None:
        self._bar.show_state(new)
        if old is not None and (old.loading, bool(old.cards)) != (new.loading, bool(new.cards)):
            # Where nothing could be read, the reason alone is shown, and no empty frames around it.
            for part in (*self.cards, self.story, self.policy, self._below, self._ledger):
                part.setVisible(new.loading or bool(new.cards))
        for number, (figure, shown) in enumerate(zip(self.cards, new.cards, strict=False)):
            figure.show_card(shown, in_hand=number == new.figure)
        if old is None or old.rows is not new.rows or (old.filter, old.loading) != (new.filter, new.loading):
            self._show_rows(new)
        elif old.chosen != new.chosen:
            self.table.choose(new.chosen)
        if old is None or (old.story, old.ask, old.step) != (new.story, new.ask, new.step):
            self.story.show_state(new)
            if old is not None and old.step is not None and new.step is None:
                self.setFocus()
            # A step is typed where the rules stand else: the two have no room beside each other on a low window.
            self.policy.setVisible(new.step is None and (new.loading or bool(new.cards)))
        policy = (new.policy_title, new.rules, new.policy_problem)
        if old is None or (old.policy_title, old.rules, old.policy_problem) != policy:
            self.policy.show_rules(*policy)
            self._fit()
        if old is None or (old.estimate, old.estimate_title) != (new.estimate, new.estimate_title):
            self.plot.show_rows(new.estimate, new.scale)
            self._area.setVisible(bool(new.estimate))
            self._estimate_note.setVisible(bool(new.estimate))
            self._no_estimate.setVisible(not new.estimate)
            self._no_estimate.setText(_no_estimate(new))
            self._estimate_note.setText(new.estimate_title)
            set_tip(self._estimate_note, "\n".join(filter(None, (new.estimate_title, new.estimate_why))))
        if old is None or (old.plan, old.queue_label) != (new.plan, new.queue_label):
            self.plan.show_plan(new.plan, new.queue_label)
        self.policy.take_in_hand(new.figure - len(new.cards))
        self.plot.take_in_hand(new.figure - len(new.cards) - len(new.rules))
        if (old is None or old.figure != new.figure) and new.figure >= len(new.cards) + len(new.rules):
            self._area.ensureVisible(0, self.plot.middle_of(new.figure - len(new.cards) - len(new.rules)))
        self.changed.emit()

    def _show_rows(self, state: BackfillState) -> None:
        self.table.show_rows(state.rows, state.chosen)
        self.table.setVisible(bool(state.rows))
        self.empty.setVisible(not state.rows)
        self.empty.setText(_nothing(state))
        self._head.setText("Contested records" if state.filter == ALL else f"Records: {state.filter.words}")
        self._note.setText(f"{len(state.rows):,}, each opens its evidence" if state.rows else "")

    def _lead_to(self, figure: int) -> None:
        self._session.show_figure(figure)
        self.setFocus()


def _nothing(state: BackfillState) -> str:
    if state.busy and state.loading:
        return "Reading records…"
    if state.message.serious:
        return state.message.text
    return "No decision is contested." if state.filter == ALL else f"No record is {state.filter.words}."


def _no_estimate(state: BackfillState) -> str:
    """What to say in the place of the plot, and what would put one there."""
    if state.loading:
        return ""
    then = (
        "Have the sample of the plan reviewed: the interval stands here from its first verdict on."
        if state.plan
        else ""
    )
    return f"{state.estimate_title[:1].upper()}{state.estimate_title[1:]}. {then}".strip()


def _has_record(session: BackfillSession) -> bool:
    return session.state.story is not None


def _open(path: Path) -> bool:
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
