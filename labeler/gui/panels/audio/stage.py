"""The card in which a recording is seen: strip, waveform, spectrogram and lanes over one time axis, and the two rows of
what is done with its sound. It draws what it is told and plays nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from labeler.gui.panels.audio.listening import heard_with, is_estimated, place_of
from labeler.gui.panels.audio.minimap import Minimap
from labeler.gui.panels.audio.sound_bar import SoundBar
from labeler.gui.panels.audio.spectrogram import Spectrogram
from labeler.gui.panels.audio.takes import Take, number_of
from labeler.gui.panels.audio.tool import Toolbox
from labeler.gui.panels.audio.transport import Transport
from labeler.gui.panels.audio.view import TimeView
from labeler.gui.panels.audio.waveform import Band, Waveform
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme
from labeler.modalities.audio.peaks import Loudness
from labeler.modalities.audio.spectrum import Scale
from labeler.sessions.review.evidence import ShownEvidence, ViewSettings


class Stage(QFrame):
    def __init__(
        self,
        theme: Theme,
        view: TimeView,
        tools: Toolbox,
        tasks: Tasks,
        lanes: Sequence[QWidget],
        keys: Mapping[str, str],
    ) -> None:
        """`lanes` share the axis and stand under the pictures, in this order."""
        super().__init__()
        self.setObjectName("card")
        self._view = view
        self.minimap = Minimap(theme, view)
        self.waveform = Waveform(theme, view, tools)
        self.spectrogram = Spectrogram(theme, view, tools, tasks)
        self.spectrogram.hide()
        self.transport = Transport(theme, keys)
        self.sound_bar = SoundBar(theme, keys)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 8, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.minimap)
        column.addWidget(self.waveform, 5)
        column.addWidget(self.spectrogram, 3)
        column.addSpacing(6)
        for lane in lanes:
            column.addWidget(lane)
        column.addWidget(self.transport)
        column.addWidget(self.sound_bar)

    @property
    def takes(self) -> tuple[Take, ...]:
        return self.waveform.takes

    def loudness(self, channel: int | None) -> list[Loudness | None]:
        """Of each take that can be heard, or of this channel of it."""
        return [take.wave.loudness(channel) for take in self.takes if take.wave is not None]

    @property
    def channels(self) -> int:
        """Of the recording that is heard; 0 while there is none."""
        wave = self.waveform.wave
        return wave.recording.channels if wave is not None else 0

    def show_takes(self, takes: Sequence[Take], words: str = "") -> None:
        """The recordings, or why there is none to be shown; neither: they are still being read."""
        self.waveform.set_takes(takes, words)
        self.transport.button.setEnabled(not words)
        if not takes:
            self.minimap.set_wave(None)
            self.spectrogram.set_recording(None)

    def choose_take(self, state: ShownEvidence) -> int | None:
        """Of several recordings on one clock, show the chosen one in front: its number among those that can be heard.
        None while there is none.
        """
        if not self.takes:
            return None
        number = number_of(self.takes, state)
        self.waveform.choose(number)
        wave = self.takes[number].wave
        self.minimap.set_wave(wave)
        self.spectrogram.set_recording(wave.recording if wave is not None else None)
        return [n for n, take in enumerate(self.takes) if take.wave is not None].index(number)

    def show_sound(self, view: ViewSettings) -> None:
        """Channel, loudness and spectrogram, as they are set."""
        self.sound_bar.show_view(view, self.channels, [take.name for take in self.takes])
        self.waveform.set_channel(view.channel)
        channel = view.channel if view.channel is not None and view.channel < self.channels else None
        self.spectrogram.set_look(channel, Scale.MEL if view.mel else Scale.LINEAR, view.range_db)
        self.spectrogram.setVisible(view.spectrogram)

    def show_differences(self, state: ShownEvidence) -> None:
        """Where they stand along the axis, and what is played of the current one."""
        bands = []
        for difference in state.walk:
            place, current = place_of(difference), difference == state.difference
            if place is not None:
                outline = heard_with(difference, state.view.context_s, self._view.duration_s) if current else None
                bands.append(Band(difference.id, place, current, is_estimated(difference), outline))
        self.waveform.set_bands(bands)
        self.minimap.set_differences([band.span for band in bands])

    def show_position(self, position_s: float | None, duration_s: float) -> None:
        self.waveform.set_playhead(position_s)
        self.spectrogram.set_playhead(position_s)
        self.transport.show_time(position_s or 0.0, duration_s)

    def follow_decoding(self) -> None:
        """Of a long recording: draw what was decoded since. Cheap; called often."""
        if self.waveform.follow_decoding():
            self.minimap.forget()
        self.spectrogram.follow_decoding()
