"""A recording under review: waveform, the words of both outputs in time, transport, and both transcripts.

Until the tier is set, only the recording is there: it can be looked at and heard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import monotonic

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from labeler.domain.items import Modality, TimeSpan
from labeler.errors import LabelerError
from labeler.gui.panels.audio_listening import Listening, heard_with, is_estimated, place_of
from labeler.gui.panels.audio_mark_lanes import MarkLanes
from labeler.gui.panels.audio_minimap import Minimap
from labeler.gui.panels.audio_picture import WavePicture
from labeler.gui.panels.audio_selection import KEY_STEP, Selection
from labeler.gui.panels.audio_sound_bar import SoundBar
from labeler.gui.panels.audio_spectrogram import Spectrogram
from labeler.gui.panels.audio_takes import Take, number_of, open_takes, sources_of
from labeler.gui.panels.audio_tool import Toolbox
from labeler.gui.panels.audio_transcripts import Transcripts
from labeler.gui.panels.audio_transport import Transport
from labeler.gui.panels.audio_view import TimeView
from labeler.gui.panels.audio_waveform import Band, Waveform
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme
from labeler.modalities.audio import Recording, RecordingDecoder
from labeler.modalities.crossings import nearest
from labeler.modalities.peaks import matched_db
from labeler.modalities.player import Player
from labeler.modalities.spectrum import Scale
from labeler.sessions.review.evidence import Request, ShownEvidence, Upcoming, ViewSettings

FRAME_MS = 16
IDLE_MS = 200
HEARD_EVERY_S = 0.25
_AHEAD = 8
"""Recordings kept open for the next items; each is a few numbers and two mapped files."""
_DIFFERENCE_SHARE = 0.6
"""Of the axis, when it is zoomed to a difference."""


class AudioPanel(QWidget):
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
        self._theme, self._tasks, self._player, self._cache_dir = theme, tasks, player, cache_dir
        self._keys = keys or {}
        self._state: ShownEvidence | None = None
        self._listening = Listening(player)
        self._decoder = RecordingDecoder()
        self._decoder.warm()
        self.destroyed.connect(self._decoder.close)
        self._ahead: dict[str, Recording] = {}
        self._view = TimeView(self)
        self._selection = Selection(theme, self)
        self.tools = Toolbox(self._selection, self)
        """A mode of the screen adds its own: it then takes the mouse and paints along the time axis."""
        self._waveform = Waveform(theme, self._view, self.tools)
        self._minimap = Minimap(theme, self._view)
        self._spectrogram = Spectrogram(theme, self._view, self.tools, tasks)
        self._spectrogram.hide()
        self._transport = Transport(theme, self._keys)
        self._sound_bar = SoundBar(theme, self._keys)
        player.use_device(self._sound_bar.remembered_device)
        self._transcripts = Transcripts(theme, self._view, self._keys.get("skip", ""))
        self._mark_lanes = MarkLanes(theme, self._view, self)
        self._heard_at = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._build()
        self._connect()

    # Layout

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(10)
        split.addWidget(self._build_sound())
        split.addWidget(self._transcripts)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        column.addWidget(split)

    def _build_sound(self) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 8, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._minimap)
        column.addWidget(self._waveform, 5)
        column.addWidget(self._spectrogram, 3)
        column.addSpacing(6)
        for lane in (*self._transcripts.lanes.values(), self._mark_lanes.pins, self._mark_lanes.gold):
            column.addWidget(lane)
        column.addWidget(self._transport)
        column.addWidget(self._sound_bar)
        return card

    def _connect(self) -> None:
        for field in (self._waveform, self._spectrogram):
            field.sought.connect(self._listening.seek)
        self._sound_bar.asked.connect(self.asked)
        self._sound_bar.device_chosen.connect(self._player.use_device)
        self._waveform.painted.connect(self._tell_painted)
        self._view.changed.connect(self._place_playhead)
        self._selection.changed.connect(self.tools.changed)
        self._selection.chosen.connect(self.selected)
        self._selection.snap = self._snapped
        self._mark_lanes.pin_picked.connect(self.pin_picked)
        self._mark_lanes.gold_segment_picked.connect(self.gold_segment_picked)
        self._transport.play_clicked.connect(self._listening.play_or_pause)
        self._transport.zoom_clicked.connect(self._zoom_to_difference)
        self._transport.asked.connect(self.asked)
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
            self._show_bands(new)
        self._mark_lanes.show_state(new, self._transcripts.words)
        self._transport.show_view(
            loop=new.view.loop,
            speed=new.view.speed if self._player.can_change_speed else None,
            difference=new.difference is not None,
            loop_key=new.item.modality is Modality.AUDIO,
        )
        self._show_sound(new.view)
        if opened or old is None:
            self._open(new)
        elif self._listening.duration_s:
            self._listening.show(old, new)
            self._follow(old, new)
        if old is not None and old.request.serial != new.request.serial and new.request.what is not None:
            self._do(new.request.what)

    def _show_sound(self, view: ViewSettings) -> None:
        """Channel, loudness and spectrogram, as they are set."""
        takes = self._waveform.takes
        self._choose_take(takes)
        wave = self._waveform.wave
        names = [take.name for take in takes]
        self._sound_bar.show_view(view, wave.recording.channels if wave is not None else 0, names)
        self._player.solo(view.channel)
        self._player.gain(view.volume_db)
        waves = [take.wave for take in takes if take.wave is not None]
        evened = matched_db([wave.loudness(view.channel) for wave in waves]) if view.normalise else [0.0] * len(waves)
        self._player.match(evened)
        self._waveform.set_channel(view.channel)
        scale = Scale.MEL if view.mel else Scale.LINEAR
        channel = view.channel if wave is not None and (view.channel or 0) < wave.recording.channels else None
        self._spectrogram.set_look(channel, scale, view.range_db)
        self._spectrogram.setVisible(view.spectrogram)

    def _choose_take(self, takes: Sequence[Take]) -> None:
        """Of several recordings on one clock: hear and show the one that is chosen."""
        if not takes:
            return
        number = number_of(takes, self._shown_state)
        self._player.take([n for n, take in enumerate(takes) if take.wave is not None].index(number))
        self._waveform.choose(number)
        self._minimap.set_wave(takes[number].wave)
        wave = takes[number].wave
        self._spectrogram.set_recording(wave.recording if wave is not None else None)

    def prefetch(self, upcoming: Sequence[Upcoming]) -> None:
        """Decode the recordings of the next items into the cache."""
        wanted = [(item, item.media) for item in upcoming[:_AHEAD] if item.media and item.item_id not in self._ahead]
        if wanted:
            # One at a time: the spectrogram needs a thread as well. What goes wrong here will go wrong again when the
            # item is opened, and be said then.
            (item, media), rest = wanted[0], [item for item, _ in wanted[1:]]
            self._tasks.run(
                "audio ahead",
                partial(self._decoder.open, media, self._cache_dir, item.sha256),
                partial(self._keep_ahead, item.item_id, rest),
                lambda _: self.prefetch(rest),
            )

    def _show_bands(self, state: ShownEvidence) -> None:
        bands = []
        for difference in state.walk:
            place, current = place_of(difference), difference == state.difference
            if place is not None:
                outline = heard_with(difference, state.view.context_s, self._view.duration_s) if current else None
                bands.append(Band(difference.id, place, current, is_estimated(difference), outline))
        self._waveform.set_bands(bands)
        self._minimap.set_differences([band.span for band in bands])

    def _follow(self, old: ShownEvidence, new: ShownEvidence) -> None:
        if old.view.context_s != new.view.context_s:
            self._show_bands(new)
        span = self._span_of_difference()
        if old.difference != new.difference and span is not None:
            self._view.bring_into_view(span, closer=True)

    # The recording

    def _open(self, state: ShownEvidence) -> None:
        sources = sources_of(state)
        ahead = self._ahead.pop(state.item.id, None) if state.item is not None and not state.takes else None
        if ahead is not None:
            try:
                self._show_takes((Take(None, WavePicture(ahead)),))
                return
            except (OSError, ValueError):
                pass  # the cache was deleted meanwhile
        self._tasks.drop("audio")
        self._listening.open((), state)
        self._show_takes_of(())
        work = partial(open_takes, self._decoder, self._cache_dir, sources)
        self._tasks.run("audio", work, self._show_takes, self._failed)

    def _show_takes(self, takes: Sequence[Take]) -> None:
        state, there = self._shown_state, [take.wave.recording for take in takes if take.wave is not None]
        self._view.open(max(recording.duration_s for recording in there))
        self._show_takes_of(takes)
        self._transport.button.setEnabled(True)
        self._show_bands(state)
        self._listening.open(there, state)
        self._show_sound(state.view)
        span = self._span_of_difference()
        if span is not None:
            self._view.bring_into_view(span, closer=True)
        self._tick()

    def _show_takes_of(self, takes: Sequence[Take], words: str = "") -> None:
        self._waveform.set_takes(takes, words)
        if not takes:
            self._minimap.set_wave(None)
            self._spectrogram.set_recording(None)

    def _failed(self, problem: BaseException) -> None:
        if not isinstance(problem, LabelerError):
            raise problem
        self._show_failure(str(problem))

    def _show_failure(self, words: str) -> None:
        self._view.open(self._transcripts.end_s)
        self._show_takes_of((), words)
        self._transport.button.setEnabled(False)
        self._tick()
        self.problem.emit(words)

    def _keep_ahead(self, item_id: str, rest: Sequence[Upcoming], recording: Recording) -> None:
        self._ahead[item_id] = recording
        while len(self._ahead) > _AHEAD:
            del self._ahead[next(iter(self._ahead))]
        self.prefetch(rest)

    def _tell_painted(self) -> None:
        if self._state is not None and self._state.item is not None:
            self.painted.emit(self._state.item.id)

    @property
    def _shown_state(self) -> ShownEvidence:
        if self._state is None:
            raise RuntimeError("nothing was shown yet")
        return self._state

    def _span_of_difference(self) -> tuple[float, float] | None:
        state = self._state
        if state is None or state.difference is None:
            return None
        return heard_with(state.difference, state.view.context_s, self._view.duration_s)

    # Requests

    def _do(self, request: Request) -> None:
        middle = self._view.start_s + self._view.length_s / 2
        match request:
            case Request.FIT:
                self._view.fit()
            case Request.ZOOM_IN:
                self._view.zoom(1.5, middle)
            case Request.ZOOM_OUT:
                self._view.zoom(1 / 1.5, middle)
            case Request.ZOOM_TO_DIFFERENCE:
                self._zoom_to_difference()
            case _ if not self._listening.duration_s:
                pass
            case Request.NEXT_CHANNEL:
                self._hear_next_channel()
            case Request.SELECT_BACK | Request.SELECT_FORWARD:
                by = KEY_STEP / self._view.pixels_per_s
                self._stretch(lambda *at: self._selection.step(by if request is Request.SELECT_FORWARD else -by, *at))
            case Request.SELECT_WORD_BACK | Request.SELECT_WORD_FORWARD:
                direction = 1 if request is Request.SELECT_WORD_FORWARD else -1
                edges = self._transcripts.edges
                self._stretch(lambda *at: self._selection.step_to(edges, direction, *at))
            case _:
                self._listening.ask(request, self._shown_state)
                self._tick()

    def _hear_next_channel(self) -> None:
        channels = self._waveform.wave.recording.channels if self._waveform.wave is not None else 1
        now = self._shown_state.view.channel
        following = 0 if now is None or now >= channels else now + 1
        self.channel_chosen.emit(following if 1 < channels != following else None)

    def _stretch(self, step: Callable[[float, float], None]) -> None:
        step(self._player.position(), self._view.duration_s)
        if self._selection.span is not None:
            self._view.bring_into_view(self._selection.span)

    def _zoom_to_difference(self) -> None:
        """And back to the whole recording, when it is zoomed there already."""
        span = self._span_of_difference()
        if span is None:
            return
        before = (self._view.start_s, self._view.length_s)
        self._view.show_around(span, _DIFFERENCE_SHARE)
        if before == (self._view.start_s, self._view.length_s):
            self._view.fit()

    def _snapped(self, time_s: float) -> float:
        """Where a boundary of a gold segment that was dropped here belongs: a cut in a wave clicks."""
        wave, state = self._waveform.wave, self._state
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
            self._transport.show_playing(state.playing, self._listening.doing(self._state))
        self._transport.show_problem(state.problem)
        self._transcripts.sound(self._player.position() if state.playing else None)
        if self._waveform.follow_decoding():
            self._minimap.forget()
        self._spectrogram.follow_decoding()
        self._sound_bar.show_devices(self._player.devices, state.device)
        wanted = FRAME_MS if state.playing else IDLE_MS
        if self._timer.interval() != wanted:
            self._timer.setInterval(wanted)
        if (now := monotonic()) - self._heard_at >= HEARD_EVERY_S:
            self._heard_at = now
            self._tell_heard()

    def _place_playhead(self) -> None:
        position = self._player.position() if self._listening.duration_s else None
        self._waveform.set_playhead(position)
        self._spectrogram.set_playhead(position)
        self._transport.show_time(position or 0.0, self._listening.duration_s)
        playing = position is not None and self._player.state.playing and not self._player.state.loop
        if position is not None and playing and not self._view.start_s <= position <= self._view.end_s:
            self._view.show(position, position + self._view.length_s)

    def _tell_heard(self) -> None:
        there = [take.letter for take in self._waveform.takes if take.wave is not None]
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
