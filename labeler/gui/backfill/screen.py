"""The Backfill screen: figures on top, the records, one record and the policy beside them, estimate and plan below."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout

from labeler.gui.backfill.bar import BackfillBar
from labeler.gui.backfill.disposal_form import DisposalForm
from labeler.gui.backfill.estimate_card import EstimateCard
from labeler.gui.backfill.parts import FigureCard, PlanCard, PolicyCard
from labeler.gui.backfill.records_card import RecordsCard
from labeler.gui.backfill.step_form import StepForm
from labeler.gui.backfill.story import RecordButtons, StoryCard
from labeler.gui.screen import Frame, Screen, Status
from labeler.gui.theme import Theme
from labeler.gui.widgets.asked import asked
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.choosing import choose_file
from labeler.gui.widgets.label import set_tip
from labeler.sessions.backfill.commands import COMMANDS, BackfillCommand
from labeler.sessions.backfill.session import BackfillSession
from labeler.sessions.backfill.state import BackfillState
from labeler.sessions.commands import Command

_SIDE = 390
_BELOW, _BELOW_LOW = 240, 150
_POLICY_LOW = 172
_READ = "Past decisions (*.jsonl *.ndjson *.csv *.parquet)"


class BackfillScreen(Screen):
    """Draws the difference between two states of its session."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("screen")
        theme, opened = frame.theme, frame.opened
        self._session = BackfillSession(opened.project, opened.person, opened.now)
        self._session.beside = frame.tasks.run
        self._role = opened.person.role
        self._commands: tuple[BackfillCommand, ...] = frame.rebound((*COMMANDS, *self._own_commands()))
        keys = {command.id: command.key for command in self._commands}
        self._make_parts(theme, keys)
        self.top = self._bar = BackfillBar(theme, self._session, keys)
        self._bar.search.left.connect(self.setFocus)
        self._build()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self._session.listen(self._show)
        self._show(None, self._session.state)

    def _own_commands(self) -> tuple[BackfillCommand, ...]:
        """Those that need a window: a field, a file to choose, a browser, the clipboard."""

        def own(name: str, label: str, do: Callable[[BackfillSession], None], key: str, group: str) -> BackfillCommand:
            when = _has_record if group == "Record" else lambda _session: True
            return Command[BackfillSession](f"backfill.{name}", label, do, key, when, group=group)

        return (
            own("search", "Find records by their words", lambda _: self._bar.take_keyboard(), "/", "Filter"),
            own("dossier", "Open the dossier", lambda s: s.open_dossier(_open), "O", "Record"),
            own("import", "Import decisions…", lambda _: self.choose_decisions(), "Shift+I", "Release"),
            own("replay", "Ask a model about the past: copy the command", _copy_replay, "Shift+R", "Release"),
        )

    def _make_parts(self, theme: Theme, keys: dict[str, str]) -> None:
        session = self._session

        def button(label: str, name: str, act: Callable[[], object], tip: str = "") -> KeyButton:
            made = KeyButton(theme, Look.PLAIN, label, keys[f"backfill.{name}"])
            made.clicked.connect(lambda _checked: act())
            set_tip(made, tip)
            return made

        self.cards = [FigureCard() for _ in range(4)]
        self.records = RecordsCard(
            theme,
            button("Import decisions", "import", self.choose_decisions, "From a file, which can be dropped, too"),
            button("Export the ledger", "ledger", session.export_ledger, "Every contested record, with proof"),
        )
        self.table, self.empty = self.records.table, self.records.empty
        self.table.picked.connect(session.choose)
        self.table.opened.connect(lambda: session.open_dossier(_open))
        buttons = RecordButtons(
            button(
                "Dossier",
                "dossier",
                lambda: session.open_dossier(_open),
                "Everything about this record as one page, in the browser",
            ),
            button("Dispose", "disposal", session.ask_disposition, "Decide yourself what is done, with a reason"),
            button("Record a step", "step", session.ask_step, "Corrected, notified, …: to whom, how, which text"),
            button("Approve", "approve", session.approve, "Be the second person who looked at this disposition"),
        )
        record_key = keys["backfill.record_step"]
        step, disposal = StepForm(theme, record_key), DisposalForm(theme, record_key)
        step.typed.connect(lambda name, text: session.type_step(**{name: text}))
        disposal.typed.connect(lambda name, typed: session.type_disposal(**{name: typed}))
        for form in (step, disposal):
            form.left.connect(self.setFocus)
            form.record.clicked.connect(session.record)
        self.story = StoryCard(buttons, step, disposal, asked(theme, session))
        self.policy = PolicyCard(theme, button("Apply the policy", "policy", session.apply_policy))
        self.plan = PlanCard(theme, keys["backfill.queue"])
        self.plan.queue.clicked.connect(session.put_plan_in_force)
        self.estimate = EstimateCard(theme, self.plan)
        self.plot = self.estimate.plot
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
        middle.addWidget(self.records, 1)
        side = QVBoxLayout()
        side.setSpacing(10)
        side.addWidget(self.story, 1)
        side.addWidget(self.policy)
        for part in (self.story, self.policy):
            part.setFixedWidth(_SIDE)
        middle.addLayout(side)
        page.addLayout(middle, 1)
        page.addWidget(self.estimate)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # On a low window the records need the room more than the plot, which scrolls.
        low = self.height() < 780
        self.estimate.setFixedHeight(_BELOW_LOW if low else _BELOW)
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
        text = state.message.text.replace("\n", "; ") or (f"{state.busy}…" if state.busy else "All is saved")
        return Status(text, state.message.serious, f"{state.person} · {self._role}", tuple(notes))

    def enter(self) -> None:
        super().enter()
        self._session.refresh()

    # Files

    def choose_decisions(self) -> None:
        path = choose_file(self, "Past decisions", _READ)
        if path is not None:
            self._session.import_decisions(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self._session.import_decisions(paths[0])

    # Drawing

    def _show(self, old: BackfillState | None, new: BackfillState) -> None:
        self._bar.show_state(new)
        if old is not None and (old.loading, bool(old.cards)) != (new.loading, bool(new.cards)):
            # Where nothing could be read, the reason alone is shown, and no empty frames around it.
            for part in (*self.cards, self.story, self.policy, self.estimate, self.records.ledger):
                part.setVisible(new.loading or bool(new.cards))
        for number, (figure, shown) in enumerate(zip(self.cards, new.cards, strict=False)):
            figure.show_card(shown, in_hand=number == new.figure)
        self.records.show_state(old, new)
        typed = (new.story, new.ask, new.step, new.disposal, new.asks_second)
        if old is None or (old.story, old.ask, old.step, old.disposal, old.asks_second) != typed:
            self._show_story(old, new)
        policy = (new.policy_title, new.rules, new.policy_problem)
        if old is None or (old.policy_title, old.rules, old.policy_problem) != policy:
            self.policy.show_rules(*policy)
            self._fit()
        self.estimate.show_state(old, new)
        if old is None or (old.plan, old.queue_label) != (new.plan, new.queue_label):
            self.plan.show_plan(new.plan, new.queue_label)
        self.policy.take_in_hand(new.figure - len(new.cards))
        self.estimate.take_in_hand(new.figure - len(new.cards) - len(new.rules))
        self.changed.emit()

    def _show_story(self, old: BackfillState | None, new: BackfillState) -> None:
        self.story.show_state(new)
        typing = new.step is not None or new.disposal is not None
        if old is not None and (old.step is not None or old.disposal is not None) and not typing:
            self.setFocus()
        # What is typed stands where the rules stand else: the two have no room beside each other on a low window.
        self.policy.setVisible(not typing and new.ask is None and (new.loading or bool(new.cards)))

    def _lead_to(self, figure: int) -> None:
        self._session.show_figure(figure)
        self.setFocus()


def _has_record(session: BackfillSession) -> bool:
    return session.state.story is not None


def _copy_replay(session: BackfillSession) -> None:
    QApplication.clipboard().setText(session.tell_of_replay())


def _open(path: Path) -> bool:
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
