"""The Review screen: prompt on top, the medium with both outputs, the difference below, the verdict on the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from labeler.domain.blind import Letter
from labeler.domain.items import Modality
from labeler.errors import LabelerError
from labeler.gui.bars import ReviewBar
from labeler.gui.difference_bar import DifferenceBar
from labeler.gui.prompt_card import PromptCard
from labeler.gui.screen import Frame, KeyList, Screen, Status
from labeler.gui.theme import Theme
from labeler.gui.verdict.panel import VerdictPanel
from labeler.gui.widgets.label import plain
from labeler.sessions.commands import Command
from labeler.sessions.news import News
from labeler.sessions.review import words
from labeler.sessions.review.commands import COMMANDS, failure_commands, on_medium
from labeler.sessions.review.evidence import Request, ShownEvidence
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.state import ReviewState

if TYPE_CHECKING:
    from labeler.gui.panels.audio.panel import AudioPanel
    from labeler.gui.panels.image.panel import ImagePanel
    from labeler.gui.panels.text import TextPanel
    from labeler.modalities.audio.recording import Recording

    Panel = ImagePanel | AudioPanel | TextPanel

_LISTED = {
    Modality.IMAGE: "Keys for a picture",
    Modality.AUDIO: "Keys for a recording",
    Modality.TEXT: "Keys for a text",
    None: "Keys",
}
SOON_MS = 200
TIDY_EVERY = 20
"""After so many verdicts the store is tidied, beside the window."""


class ReviewScreen(Screen):
    """Draws the difference between two states of its session."""

    painted = Signal(str)
    """Id of an item whose medium has been painted for the first time."""

    def __init__(
        self,
        frame: Frame,
        session: ReviewSession | None = None,
        commands: Sequence[Command[Any]] = COMMANDS,
        make_top: Callable[[Theme, ReviewSession, Mapping[str, str]], ReviewBar] = ReviewBar,
        make_panel: Callable[[Theme, ReviewSession, Mapping[str, str]], VerdictPanel] = VerdictPanel,
    ) -> None:
        """Another screen with the same evidence gives a session, commands, top bar and panel of its own."""
        super().__init__()
        self.setObjectName("screen")
        theme, session = frame.theme, session or frame.opened.session
        self._theme, self._tasks, self._media = theme, frame.tasks, frame.media
        self._cache, self._tidy = frame.opened.cache, frame.opened.tidy
        self._session = session
        session.outbox.commit_with = frame.commit_with
        session.outbox.soon = self._soon
        self._own = frame.rebound(commands)
        self._commands: tuple[Command[Any], ...] = self._own
        keys = self._keys = {command.id: command.key for command in self._own}
        self.top = self._bar_on_top = make_top(theme, session, keys)
        self._panels: dict[Modality, Panel] = {}
        self._makers: dict[Modality, Callable[[], Panel]] = {
            Modality.IMAGE: self._make_image,
            Modality.AUDIO: self._make_audio,
            Modality.TEXT: self._make_text,
        }
        self.verdict = make_panel(theme, session, keys)
        self.verdict.released.connect(self.setFocus)
        self._shown: dict[Modality, ShownEvidence] = {}
        self._build()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        session.change_view(text_px=theme.text_px)  # as large as it was the last time
        session.listen(self._show)
        self._show(None, session.state)

    # What the window asks

    @property
    def session(self) -> ReviewSession:
        return self._session

    def commands(self) -> tuple[Command[Any], ...]:
        return self._commands

    def listed(self) -> KeyList:
        shows = self._session.state.evidence.shows
        return KeyList(_LISTED[shows], on_medium(self._commands, shows))

    def leave(self) -> bool:
        return self._session.settle()

    def look(self) -> None:
        self._session.look_for_more()

    def take_in(self, news: News) -> None:
        self._session.take_in(news)

    def status(self) -> Status:
        state = self._session.state
        quiet = "Draft kept" if state.judgement.draft.touched else "All is saved"
        message, simulated = state.screen.message, state.place.simulated
        notes = ["Models are named" if state.evidence.models else "Sides are blind and shuffled per item"]
        if state.place.answered:
            notes.insert(0, state.place.answered)
        if state.place.training is not None:
            notes.append(state.place.training)
        if state.screen.newer_rubric:
            key = self._keys["rubric.newer"]
            notes.append(f"{key}: judge this item by version {state.screen.newer_rubric} of the rubric")
        if simulated:
            notes.append(f"{simulated:,} verdicts here are of simulated annotators")
        return Status(message.text or quiet, message.serious, state.place.person, tuple(notes))

    # Panels, made when the first item of their modality comes, or after the first item is painted

    def panel(self, modality: Modality) -> Panel:
        """The panel of a modality, made if it was not needed before."""
        if modality not in self._panels:
            made = self._panels[modality] = self._makers[modality]()
            made.difference_picked.connect(self.session.pick_difference)
            made.words_chosen.connect(self.session.pins.pick_text)
            made.painted.connect(self._first_painting)
            self._stack.addWidget(made)
        return self._panels[modality]

    def _make_image(self) -> Panel:
        from labeler.gui.panels.image.panel import ImagePanel

        panel = ImagePanel(self._theme, self._tasks, self._media.decoder, self._keys)
        panel.asked.connect(self._do)
        panel.view_changed.connect(lambda changes: self.session.change_view(**changes))
        pins = self.session.pins
        panel.place_picked.connect(pins.pick)
        panel.place_drawn.connect(pins.draw)
        panel.drawn_to.connect(pins.draw_to)
        panel.pin_picked.connect(pins.hold)
        panel.gold_region_picked.connect(self.session.gold.hold)
        panel.measured.connect(self.session.know_size)
        panel.turned.connect(self.session.know_page)
        panel.problem.connect(self.session.know_problem)
        return panel

    def _make_audio(self) -> Panel:
        from labeler.gui.panels.audio.panel import AudioPanel

        panel = AudioPanel(self._theme, self._tasks, self._media.player, self._cache, self._keys)
        panel.heard.connect(self.session.heard)
        # Queued: a recording that was decoded ahead is open while the state that asks for it is still being shown.
        panel.opened.connect(self._know_recordings, Qt.ConnectionType.QueuedConnection)
        panel.selected.connect(self.session.select)
        panel.pin_picked.connect(self.session.pins.hold)
        panel.gold_segment_picked.connect(self.session.gold.hold_segment)
        panel.channel_chosen.connect(lambda channel: self.session.change_view(channel=channel))
        panel.asked.connect(self._do)
        return panel

    def _know_recordings(self, item_id: str, recordings: Mapping[Letter | None, Recording]) -> None:
        self.session.know_lengths(item_id, {letter: one.duration_s for letter, one in recordings.items()})
        item, own = self.session.state.evidence.item, recordings.get(None)
        if item is not None and item.id == item_id and own is not None:
            self._prompt.show_medium(words.recording(own.duration_s, own.sample_rate, own.channels))

    def _do(self, command: str) -> None:
        """What a click in a panel asks for is the same command that its key is."""
        found = next(c for c in self._own if c.id == command)
        if found.when(self.session):
            found.do(self.session)

    def _make_text(self) -> Panel:
        from labeler.gui.panels.text import TextPanel

        return TextPanel(self._theme, self._keys.get("skip", ""))

    def _first_painting(self, item_id: str) -> None:
        self.painted.emit(item_id)
        QTimer.singleShot(0, self, self._go_on)

    def _soon(self, act: Callable[[], None]) -> None:
        """Once the next item is painted (see `_go_on`); where that takes long, before."""
        QTimer.singleShot(SOON_MS, self, act)

    def _go_on(self) -> None:
        """Do what the painting of the item had not to wait for; a window that was closed meanwhile has no store."""
        self.session.outbox.flush()
        if not self.isVisible():
            return
        self._prefetch()
        self.session.prepare()
        missing = [m for m in self.session.state.place.modalities if m not in self._panels]
        if missing:
            QTimer.singleShot(0, self, lambda: self._make_ahead(missing[0]))

    def _make_ahead(self, modality: Modality) -> None:
        """Make the panel of another modality while there is time; a window that was closed meanwhile has no media."""
        if self.isVisible():
            self.panel(modality)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        column = QVBoxLayout()
        column.setContentsMargins(13, 13, 13, 13)
        column.setSpacing(10)
        self._prompt = PromptCard()
        self._prompt.slice_picked.connect(self.session.filter_slice)
        column.addWidget(self._prompt)
        self._stack = QStackedWidget()
        self._empty = self._build_empty()
        self._stack.addWidget(self._empty)
        column.addWidget(self._stack, 1)
        self._bar = DifferenceBar(self._theme, self.session, self._keys)
        self._bar.released.connect(self.setFocus)
        column.addWidget(self._bar)
        row.addLayout(column, 1)
        row.addWidget(self.verdict)

    def _build_empty(self) -> QWidget:
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.addStretch(1)
        self._empty_text = plain("empty")
        self._empty_text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty_text.setWordWrap(True)
        column.addWidget(self._empty_text)
        column.addStretch(1)
        return empty

    # Showing

    def _show(self, old: ReviewState | None, new: ReviewState) -> None:
        if old is None or old.evidence is not new.evidence:
            self._show_evidence(old, new)
        self.verdict.show_state(old, new)
        self._bar_on_top.show_state(old, new)
        if old is not None and old.evidence is new.evidence and old.place.upcoming != new.place.upcoming:
            self._prefetch()
        if old is None or old.judgement.rubric is not new.judgement.rubric:
            self._commands = (*self._own, *(failure_commands(new.judgement.rubric) if new.judgement.rubric else ()))
        self._tidy_now_and_then(old, new)
        self.changed.emit()

    def _show_evidence(self, old: ReviewState | None, new: ReviewState) -> None:
        evidence = new.evidence
        self._theme.set_text_px(evidence.view.text_px)
        if old is None or (old.evidence.item, old.evidence.why) != (evidence.item, evidence.why):
            self._show_item(new)
        if old is None or old.evidence.models != evidence.models:
            self._prompt.show_models(evidence.models)
        if evidence.item is not None:
            # A panel that was not shown in between is compared with what it showed last.
            modality = evidence.shows or evidence.item.modality
            panel = self.panel(modality)
            # Noted before: what a panel does with a request may come back as the next state.
            shown, self._shown = self._shown.get(modality), {modality: evidence}
            panel.show_state(shown, evidence)
            self._stack.setCurrentWidget(panel)
        asked = old is not None and old.evidence.request != evidence.request
        if asked and evidence.request.what is Request.SPLIT_SEGMENT:
            # After this state is shown: the split makes the next one.
            QTimer.singleShot(0, self, lambda: self.session.gold.split(self._media.player.position()))
        self._bar.show_evidence(None if old is None else old.evidence, evidence)

    def _tidy_now_and_then(self, old: ReviewState | None, new: ReviewState) -> None:
        done = new.place.progress.done
        if old is not None and old.place.progress.done != done and done % TIDY_EVERY == 0:
            self._tasks.run("tidy", self._tidy, lambda _: None, self._not_tidied)

    def _not_tidied(self, problem: BaseException) -> None:
        if not isinstance(problem, LabelerError):
            raise problem
        self._session.say(problem.what, serious=True)

    def _prefetch(self) -> None:
        """Decode what comes next; called once the item itself is painted, so as not to be in its way."""
        for modality, panel in self._panels.items():
            wanted = tuple(u for u in self.session.state.place.upcoming if u.modality is modality)
            if wanted:
                panel.prefetch(wanted)

    def _show_item(self, state: ReviewState) -> None:
        item = state.evidence.item
        self._prompt.setVisible(item is not None)
        self._bar.setVisible(item is not None)
        if item is None:
            self._empty_text.setText(self.nothing_left(state))
            self._stack.setCurrentWidget(self._empty)
            self._shown = {}
            return
        made = item.content is not None and state.evidence.shows is not Modality.TEXT
        filtered = state.place.filter.slices
        self._prompt.show_item(item, with_content=made, why=state.evidence.why, filtered=filtered)

    def nothing_left(self, state: ReviewState) -> str:
        """What stands in the place of an item."""
        if state.place.filter.modality or state.place.filter.slices:
            return "Nothing is left to judge with this filter. Take the filter away to go on."
        if state.place.training is not None:
            return state.place.training
        if total := state.place.progress.total:
            done = "The item is judged" if total == 1 else f"All {total:,} items for you are judged"
            return f"{done}. Thank you. What comes for you later shows here by itself."
        return "There is nothing to judge in this release."
