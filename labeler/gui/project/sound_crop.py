"""A span of a recording with a little around it: its waveform, and its sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from labeler.domain.items import TimeSpan
from labeler.errors import LabelerError
from labeler.gui.media import Media
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Theme, colour
from labeler.modalities.audio.peaks import FULL_SCALE, HIGH, LOW, columns
from labeler.modalities.audio.recording import Recording

AROUND, LEAST_S = 0.6, 0.4
"""How much is shown around the span: of its length, and at least so many seconds."""
COLUMNS = 600
HEIGHT = 96


class SoundCrop(QWidget):
    """Plays the span at a click. Review's player keeps its recording and its place."""

    failed = Signal(str)
    """Why the recording cannot be heard."""

    def __init__(self, theme: Theme, tasks: Tasks, media: Media, cache: Path) -> None:
        super().__init__()
        self._theme, self._tasks, self._media, self._cache = theme, tasks, media, cache
        self._played = False
        self._recording: Recording | None = None
        self._span: TimeSpan = (0.0, 0.0)
        self._shown: TimeSpan = (0.0, 1.0)
        self._wave: NDArray[np.int16] | None = None
        self._wanted: object = None
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    @property
    def playing(self) -> bool:
        return self._played and self._media.example_player.state.playing

    def clear(self) -> None:
        """Nothing is shown, and nothing plays."""
        self._wanted, self._recording, self._wave = None, None, None
        if self.playing:
            self._media.example_player.pause()
        self.hide()

    def show_span(self, path: Path, sha256: str | None, span: TimeSpan) -> None:
        """Decode beside the window; what was asked for before is not shown any more."""
        self.clear()
        wanted = self._wanted = object()
        self._span = span
        decoder, cache = self._media.sound_decoder, self._cache

        def read() -> tuple[Recording, TimeSpan, NDArray[np.int16]]:
            recording = decoder.open(path, cache, sha256)
            shown = _around(span, recording.duration_s)
            edges = np.linspace(*shown, COLUMNS + 1) * recording.sample_rate
            bins, frames = recording.peaks().level_for((edges[-1] - edges[0]) / COLUMNS)
            return recording, shown, columns(bins, frames, edges)

        def take(found: tuple[Recording, TimeSpan, NDArray[np.int16]]) -> None:
            if self._wanted is wanted:
                self._recording, self._shown, self._wave = found
                self.show()
                self.update()

        self._tasks.run("sound crop", read, take, self._fail)

    def _fail(self, problem: BaseException) -> None:
        if not isinstance(problem, LabelerError | OSError | ValueError):
            raise problem
        self.failed.emit(str(problem))

    def play(self) -> None:
        """Hear the span once, or stop it."""
        if self._recording is None:
            return
        if self.playing:
            self._media.example_player.pause()
            return
        self._played = True
        self._media.example_player.load(self._recording)
        self._media.example_player.play(*self._span, loop=False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.play()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self._wave is None:
            return
        painter, palette = QPainter(self), self._theme.palette
        painter.fillRect(self.rect(), colour(palette.wave_field))
        painter.setPen(QPen(colour(palette.quiet), 1))
        middle, half, step = self.height() / 2, self.height() / 2 - 6, self.width() / len(self._wave)
        low, high = self._wave[..., LOW].min(axis=1), self._wave[..., HIGH].max(axis=1)
        for n in range(len(self._wave)):
            top, bottom = middle - high[n] / FULL_SCALE * half, middle - low[n] / FULL_SCALE * half
            painter.drawLine(round(n * step), round(top), round(n * step), round(max(bottom, top + 1)))
        start, end = ((place - self._shown[0]) / (self._shown[1] - self._shown[0]) for place in self._span)
        painter.setPen(QPen(colour(palette.difference), 2))
        painter.drawRect(QRectF(start * self.width(), 3, (end - start) * self.width(), self.height() - 6))
        painter.end()


def _around(span: TimeSpan, duration_s: float) -> TimeSpan:
    around = max((span[1] - span[0]) * AROUND, LEAST_S)
    return max(0.0, span[0] - around), min(duration_s, span[1] + around)
