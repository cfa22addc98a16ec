"""The spectrogram under the waveform: tiles made beside the window, coarse ones first, and kept while in use."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from math import ceil, floor, log2

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from labeler.gui.panels.audio.field import TimeField
from labeler.gui.panels.audio.tool import Toolbox
from labeler.gui.panels.audio.view import LEFT, TimeView
from labeler.gui.tasks import Tasks
from labeler.gui.theme import Palette, Theme, sans
from labeler.modalities.audio import spectrum
from labeler.modalities.audio.recording import Recording
from labeler.modalities.audio.spectrum import Scale

COLUMNS = 256
_MOST_TILES = 128
"""Kept at a time: 5 MB."""
_COARSER = 3
"""Levels above the one that is shown which are made first: an eighth of the columns."""
_LABELS = (100, 250, 500, 1000, 2000, 4000, 8000, 12000, 16000, 20000)


@dataclass(frozen=True, slots=True)
class _Key:
    """Tile `number` of level `level`: `COLUMNS` columns of 2**level seconds each."""

    level: int
    number: int
    channel: int | None
    scale: Scale

    @property
    def column_s(self) -> float:
        return 2.0**self.level

    @property
    def start_s(self) -> float:
        return self.number * COLUMNS * self.column_s


class Spectrogram(TimeField):
    def __init__(
        self, theme: Theme, view: TimeView, tools: Toolbox, tasks: Tasks, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, view, tools, parent)
        self._tasks = tasks
        self._recording: Recording | None = None
        self._channel: int | None = None
        self._scale = Scale.MEL
        self._range_db = 80.0
        self._tiles: OrderedDict[_Key, QImage] = OrderedDict()
        self._making: _Key | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(72)
        self.setAccessibleName("Spectrogram")

    def set_recording(self, recording: Recording | None) -> None:
        if recording == self._recording:
            return
        self._recording = recording
        self._tiles.clear()
        self._making = None
        self._tasks.drop("spectrum")
        self.forget()

    def set_look(self, channel: int | None, scale: Scale, range_db: float) -> None:
        """One channel or all mixed; the frequency axis; how many dB below full scale are told from silence."""
        if (channel, scale, range_db) != (self._channel, self._scale, self._range_db):
            self._channel, self._scale, self._range_db = channel, scale, range_db
            self.forget()

    @property
    def ready(self) -> bool:
        return self._recording is not None

    def sizeHint(self) -> QSize:
        return QSize(700, 120)

    def follow_decoding(self) -> None:
        """Of a long recording: go on where sound was missing. Cheap; called often."""
        if self._making is None:
            self._make_next()

    # Drawing

    def draw(self, painter: QPainter, area: QRectF) -> None:
        palette = self._theme.palette
        painter.fillRect(area, QColor(palette.wave_field))
        if self._recording is None:
            return
        self._draw_labels(painter, area, self._recording.sample_rate)
        painter.setClipRect(area)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        colours = _colours(palette, self._range_db)
        for level in (self._level + _COARSER, self._level):
            for key in self._in_view(level):
                image = self._tiles.get(key)
                if image is not None:
                    self._tiles.move_to_end(key)
                    image.setColorTable(colours)
                    left = self._view.x(key.start_s)
                    width = COLUMNS * key.column_s * self._view.pixels_per_s
                    painter.drawImage(QRectF(left, area.top(), width, area.height()), image)
        end = self._view.x(self._view.duration_s)
        painter.fillRect(QRectF(end, area.top(), area.right() - end + 1, area.height()), QColor(palette.wave_field))
        self._make_next()

    def _draw_labels(self, painter: QPainter, area: QRectF, rate: int) -> None:
        painter.setFont(sans(10))
        painter.setPen(QColor(self._theme.palette.quiet))
        above = area.bottom() + 7.0  # a label is 14 high and stands wholly in the picture
        for hertz in _LABELS:
            if hertz > spectrum.highest_hz(rate):
                break
            y = area.bottom() - spectrum.place(hertz, rate, self._scale) * area.height()
            if above - y >= 14 and y >= area.top() + 7:
                above = y
                words = f"{hertz / 1000:g} kHz" if hertz >= 1000 else f"{hertz} Hz"
                box = QRectF(0, y - 7, LEFT - 5, 14)
                painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), words)
                painter.drawLine(QPointF(LEFT - 3, y), QPointF(LEFT - 1, y))

    # Tiles

    @property
    def _level(self) -> int:
        """A column is at most one device pixel wide."""
        return floor(log2(1 / (self._view.pixels_per_s * self.devicePixelRatioF())))

    def _in_view(self, level: int) -> Iterator[_Key]:
        """From the middle outwards: that is where one looks."""
        length = COLUMNS * 2.0**level
        end = min(self._view.end_s, self._view.duration_s)
        numbers = range(floor(self._view.start_s / length), max(ceil(end / length), 1))
        middle = (self._view.start_s + end) / 2 / length - 0.5
        for number in sorted(numbers, key=lambda n: abs(n - middle)):
            yield _Key(level, number, self._channel, self._scale)

    def _make_next(self) -> None:
        """One tile at a time, so that what else waits for a thread never waits long."""
        if self._making is not None or self._recording is None or not self.isVisible():
            return
        for level in (self._level + _COARSER, self._level):
            for key in self._in_view(level):
                if key not in self._tiles and self._is_decoded(self._recording, key):
                    self._making = key
                    make = partial(
                        spectrum.tile, self._recording, key.channel, key.start_s, key.column_s, COLUMNS, key.scale
                    )
                    self._tasks.run("spectrum", make, partial(self._take, key), self._failed)
                    return

    def _is_decoded(self, recording: Recording, key: _Key) -> bool:
        blocks = recording.blocks()
        span = (key.start_s, key.start_s + COLUMNS * key.column_s)
        return blocks is None or blocks.ready(*(int(time * recording.sample_rate) for time in span))

    def _take(self, key: _Key, made: spectrum.Tile) -> None:
        self._making = None
        made = np.ascontiguousarray(made)
        image = QImage(made.data, COLUMNS, spectrum.ROWS, COLUMNS, QImage.Format.Format_Indexed8).copy()
        self._tiles[key] = image
        while len(self._tiles) > _MOST_TILES:
            self._tiles.popitem(last=False)
        self.forget()

    def _failed(self, problem: BaseException) -> None:
        if not isinstance(problem, OSError | ValueError):
            raise problem
        # The cache was deleted: what is drawn stays, and opening the item again makes it anew.
        self._recording = None


def _colours(palette: Palette, range_db: float) -> list[int]:
    """One colour a byte of a tile: from the field's own at `range_db` below full scale to the text's at the top."""
    stops = [_rgb(name) for name in (palette.wave_field, palette.accent, palette.text)]
    floor_at = 255 * (1 + range_db / spectrum.FLOOR_DB)
    share = np.clip((np.arange(256) - floor_at) / (215 - floor_at), 0, 1)[:, None]  # speech seldom exceeds -20 dB
    low = stops[0] + (stops[1] - stops[0]) * np.minimum(share * 2, 1)
    mixed = np.where(share < 0.5, low, stops[1] + (stops[2] - stops[1]) * np.clip(share * 2 - 1, 0, 1))
    return [QColor(*(int(part) for part in colour)).rgb() for colour in mixed]


def _rgb(name: str) -> NDArray[np.float64]:
    ink = QColor(name)
    return np.array([ink.red(), ink.green(), ink.blue()], np.float64)
