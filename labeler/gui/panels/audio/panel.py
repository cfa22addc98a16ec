"""A recording under review: waveform, the words of both outputs in time, transport, and both transcripts.

Until the tier is set, only the recording is there: it can be looked at and heard.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from labeler.domain.items import Modality, TimeSpan
from labeler.gui.panels.audio.listening import Listening
from labeler.gui.panels.audio.mark_lanes import MarkLanes
from labeler.gui.panels.audio.requests import Requests
from labeler.gui.panels.audio.selection import Selection
from labeler.gui.panels.audio.shelf import Shelf
from labeler.gui.panels.audio.stage import Stage
from labeler.gui.panels.audio.takes import Take, sources_of
from labeler.gui.panels.audio.tool import Toolbox
from labeler.gui.panels.audio.transcripts import Transcripts
from labeler.gui.panels.audio.view import TimeView
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme
from labeler.modalities.audio.crossings import nearest
from labeler.modalities.player.player import Player
from labeler.sessions.review.evidence import Request, ShownEvidence, Upcoming

FRAME_MS = 16
IDLE_MS = 200
HEARD_EVERY_S = 0.25
_SHARES = (7, 3)
"""Of the height, for what is seen of the sound and for the transcripts: the same for every item, since a waveform that
is higher each time is learnt anew each time."""


class AudioPanel(QWidget):
    """Shows the session's state and hands on what a person does; its parts know nothing of each other."""

    difference_picked = Signal(str)
    words_chosen = Signal(str, object)
    """Letter and span of words that a failure can be pinned to."""
    heard = Signal(object, object)
    """Spans of a recording that were played, in seconds, a few times a second, and the letter of the output that it is;
    None for the item's own."""
    painted = Signal(str)
    """Id of an item whose waveform was drawn for the first time."""
    problem = Signal(str)
    """Why a recording cannot be shown, in words."""
    opened = Signal(str, object)
    """Id of an item whose recordings are open, and what each of them is."""
    channel_chosen = Signal(object)
    """The only channel to be heard, from 0, or None."""
    selected = Signal(object)
    """The span of the recording that a person selected, in seconds, or None."""
    pin_picked = Signal(object)
    """A pin that was clicked."""
    gold_segment_picked = Signal(int)
    """Number of a gold segment that was clicked."""
    asked = Signal(str)
    """Id of a command whose button was clicked and that only the session can do."""

    def __init__(
        self,
        theme: Theme,
        tasks: Tasks,
        player: Player,
        cache_dir: Path,
        keys: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`keys`: command id -> key, for the key caps."""
        super().__init__(parent)
        keys = keys or {}
        self._player = player
        self._state: ShownEvidence | None = None
        self._shelf = Shelf(tasks, cache_dir, self)
        self._listening = Listening(player)
        self._view = TimeView(self)
        self._selection = Selection(theme, self)
        self.tools = Toolbox(self._selection, self)
        """A mode of the screen adds its own: it then takes the mouse and paints along the time axis."""
        self._requests = Requests(self._view, self._selection, self._listening, player, self)
        self._transcripts = Transcripts(theme, self._view, keys.get("skip", ""))
        self._mark_lanes = MarkLanes(theme, self._view, self)
        lanes = (*self._transcripts.lanes.values(), self._mark_lanes.pins, self._mark_lanes.gold)
        self._stage = Stage(theme, self._view, self.tools, tasks, lanes, keys)
        player.use_device(self._stage.sound_bar.remembered_device)
        self._heard_at = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._build()
        self._connect_stage()
        self._connect_the_rest()

    def _build(self) -> None:
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(10)
        split.addWidget(self._stage)
        split.addWidget(self._transcripts)
        for place, share in enumerate(_SHARES):
            split.setStretchFactor(place, share)
        split.setSizes([share * 100 for share in _SHARES])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(split)

    def _connect_stage(self) -> None:
        stage = self._stage
        for field in (stage.waveform, stage.spectrogram):
            field.sought.connect(self._listening.seek)
        stage.waveform.painted.connect(self._tell_painted)
        stage.sound_bar.asked.connect(self.asked)
        stage.sound_bar.device_chosen.connect(self._player.use_device)
        stage.transport.play_clicked.connect(self._listening.play_or_pause)
        stage.transport.zoom_clicked.connect(lambda: self._requests.zoom_to_difference(self._shown_state))
        stage.transport.asked.connect(self.asked)

    def _connect_the_rest(self) -> None:
        self._shelf.opened.connect(self._show_takes)
        self._shelf.failed.connect(self._show_failure)
        self._view.changed.connect(self._place_playhead)
        self._selection.changed.connect(self.tools.changed)
        self._selection.chosen.connect(self.selected)
        self._selection.snap = self._snapped
        self._requests.channel_chosen.connect(self.channel_chosen)
        self._mark_lanes.pin_picked.connect(self.pin_picked)
        self._mark_lanes.gold_segment_picked.connect(self.gold_segment_picked)
        self._transcripts.word_picked.connect(self._play_word)
        self._transcripts.words_dragged.connect(self._selection.choose)
        self._transcripts.difference_picked.connect(self.difference_picked)
        self._transcripts.words_chosen.connect(self.words_chosen)

    # The session's state

    def show_state(self, old: ShownEvidence | None, new: ShownEvidence) -> None:
        """Draw what changed between two states; `old` is None when this panel showed nothing before."""
        self._state = new
        self._selection.show(new.selected)
        if new.item is None:
            self._listening.open((), new)
            return
        opened = old is None or old.item is None or (old.item.id, sources_of(old)) != (new.item.id, sources_of(new))
        if self._transcripts.show_state(None if opened else old, new):
            if not opened and not self._listening.duration_s:
                self._view.open(self._transcripts.end_s)  # the words have times though the recording cannot be shown
            self._stage.show_differences(new)
        self._mark_lanes.show_state(new, self._transcripts.words)
        self._stage.transport.show_view(
            loop=new.view.loop,
            speed=new.view.speed if self._player.can_change_speed else None,
            difference=new.difference is not None,
            loop_key=new.item.modality is Modality.AUDIO,
        )
        self._show_sound(new)
        if opened or old is None:
            self._open(new)
        elif self._listening.duration_s:
            self._listening.show(old, new)
            self._follow(old, new)
        if old is not None and old.request.serial != new.request.serial and new.request.what is not None:
            self._do(new.request.what)

    def prefetch(self, upcoming: Sequence[Upcoming]) -> None:
        """Decode the recordings of the next items into the cache."""
        self._shelf.prefetch(upcoming)

    def _show_sound(self, state: ShownEvidence) -> None:
        """What is heard, and how loud; and the same to the eye."""
        take = self._stage.choose_take(state)
        self._stage.show_sound(state.view)
        self._listening.hear(take, state.view, self._stage.loudness(state.view.channel))

    def _follow(self, old: ShownEvidence, new: ShownEvidence) -> None:
        if old.view.context_s != new.view.context_s:
            self._stage.show_differences(new)
        if old.difference != new.difference:
            self._requests.bring_difference_into_view(new)

    def _do(self, request: Request) -> None:
        if request is Request.CHOOSE_OUTPUT:
            self._stage.sound_bar.offer_devices()
            return
        self._requests.do(request, self._shown_state, self._stage.channels, self._transcripts.edges)
        self._tick()

    @property
    def _shown_state(self) -> ShownEvidence:
        if self._state is None:
            raise RuntimeError("nothing was shown yet")
        return self._state

    # The recording

    def _open(self, state: ShownEvidence) -> None:
        self._shelf.give_up()
        takes = self._shelf.open_now(state)
        if takes:
            self._show_takes(takes)
            return
        self._listening.open((), state)
        self._stage.show_takes(())
        self._shelf.open(state)

    def _show_takes(self, takes: Sequence[Take]) -> None:
        state, recordings = self._shown_state, [take.wave.recording for take in takes if take.wave is not None]
        self._view.open(max(recording.duration_s for recording in recordings))
        self._stage.show_takes(takes)
        self._stage.show_differences(state)
        self._listening.open(recordings, state)
        self._show_sound(state)
        self._requests.bring_difference_into_view(state)
        self._tick()
        if state.item is not None:
            there = {take.letter: take.wave.recording for take in takes if take.wave is not None}
            self.opened.emit(state.item.id, there)

    def _show_failure(self, words: str) -> None:
        self._view.open(self._transcripts.end_s)
        self._stage.show_takes((), words)
        self._tick()
        self.problem.emit(words)

    def _tell_painted(self) -> None:
        if self._state is not None and self._state.item is not None:
            self.painted.emit(self._state.item.id)

    def _snapped(self, time_s: float) -> float:
        """Where a boundary of a gold segment that was dropped here belongs: a cut in a wave clicks."""
        wave, state = self._stage.waveform.wave, self._state
        if wave is None or state is None or state.gold_segments is None:
            return time_s
        with suppress(OSError, ValueError):  # the cache was deleted: no place is better than another
            return nearest(wave.recording, time_s)
        return time_s

    # While it plays

    def _tick(self) -> None:
        state = self._player.state
        self._place_playhead()
        if self._state is not None:
            self._stage.transport.show_playing(state.playing, self._listening.doing(self._state))
        self._stage.transport.show_problem(state.problem, state.notice)
        self._stage.sound_bar.show_devices(self._player.devices, state.device, self._player.devices_hint)
        self._stage.follow_decoding()
        self._transcripts.sound(self._player.position() if state.playing else None)
        wanted = FRAME_MS if state.playing else IDLE_MS
        if self._timer.interval() != wanted:
            self._timer.setInterval(wanted)
        if (now := monotonic()) - self._heard_at >= HEARD_EVERY_S:
            self._heard_at = now
            self._tell_heard()

    def _place_playhead(self) -> None:
        position = self._player.position() if self._listening.duration_s else None
        self._stage.show_position(position, self._listening.duration_s)
        playing = position is not None and self._player.state.playing and not self._player.state.loop
        if position is not None and playing and not self._view.start_s <= position <= self._view.end_s:
            self._view.show(position, position + self._view.length_s)

    def _tell_heard(self) -> None:
        there = [take.letter for take in self._stage.takes if take.wave is not None]
        for number, spans in self._player.heard().items():
            self.heard.emit(spans, there[number] if number < len(there) else None)

    def _play_word(self, span: TimeSpan) -> None:
        if self._listening.duration_s:
            self._listening.play_word(span)
            self._tick()

    # Qt's events

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start(IDLE_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        self._player.pause()
        self._tell_heard()
