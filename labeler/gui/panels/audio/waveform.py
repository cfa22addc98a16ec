"""Ruler, waveform and differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from labeler.domain.items import TimeSpan
from labeler.gui.panels.audio.field import TimeField
from labeler.gui.panels.audio.lane import paint_name
from labeler.gui.panels.audio.picture import WavePicture
from labeler.gui.panels.audio.takes import Take
from labeler.gui.panels.audio.tool import Toolbox
from labeler.gui.panels.audio.view import LEFT, RIGHT, TimeView
from labeler.gui.theme import Theme, colour, sans

RULER = 22
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
_LEAST_TICK = 84
_LEAST_HEIGHT, _LEAST_LANE = 84, 15
"""Pixels, of all waves and of one channel: less high, loud and silent look alike."""
_NAMED = 8
"""The most channels of which each has a name."""


@dataclass(frozen=True, slots=True)
class Band:
    """Where a difference stands. `outline` is what is looped: the difference and its context."""

    difference: str
    span: TimeSpan
    current: bool = False
    estimated: bool = False
    outline: TimeSpan | None = None


class Waveform(TimeField):
    painted = Signal()
    """The recording, or why it cannot be drawn, is on the screen for the first time."""

    def __init__(self, theme: Theme, view: TimeView, tools: Toolbox, parent: QWidget | None = None) -> None:
        super().__init__(theme, view, tools, parent)
        self._takes: tuple[Take, ...] = ()
        self._chosen = 0
        self._words = ""
        self._bands: tuple[Band, ...] = ()
        self._first = False
        self._channel: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(RULER + _LEAST_HEIGHT)
        self.setAccessibleName("Waveform")

    def set_takes(self, takes: Sequence[Take], words: str = "") -> None:
        """The recordings to draw above each other on one clock, or words in their place: why they cannot be drawn.
        Neither: they are still being read.
        """
        self._takes, self._chosen, self._words = tuple(takes), 0, words
        self._first = bool(takes) or bool(words)
        self.setAccessibleDescription(words)
        lanes = sum(min(take.wave.recording.channels, _NAMED) for take in takes if take.wave is not None)
        self.setMinimumHeight(RULER + max(_LEAST_HEIGHT, lanes * _LEAST_LANE))
        self.forget()

    @property
    def takes(self) -> tuple[Take, ...]:
        return self._takes

    @property
    def wave(self) -> WavePicture | None:
        """The recording that is heard."""
        return self._takes[self._chosen].wave if self._takes else None

    def choose(self, number: int) -> None:
        """Which of the recordings is heard: the others are drawn pale."""
        if number != self._chosen:
            self._chosen = number
            self.forget()

    def set_channel(self, channel: int | None) -> None:
        """The only channel that is heard: the others are drawn pale."""
        if channel != self._channel:
            self._channel = channel
            self.forget()

    def follow_decoding(self) -> bool:
        """Of a long recording: draw what was decoded since, and ask for what is in view. Cheap; called often.

        Whether there is more than before.
        """
        grown = [wave for take in self._takes if (wave := take.wave) is not None and wave.grown()]
        for wave in grown:
            wave.want(self._view.start_s, self._view.end_s)
        if grown:
            self.forget()
        return bool(grown)

    def set_bands(self, bands: Sequence[Band]) -> None:
        if tuple(bands) != self._bands:
            self._bands = tuple(bands)
            self.forget()

    @property
    def ready(self) -> bool:
        return self.wave is not None

    @property
    def area(self) -> QRectF:
        return super().area.adjusted(0, RULER, 0, 0)

    def sizeHint(self) -> QSize:
        return QSize(700, RULER + 220)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """It is always shown, and as wide as all that shares its axis; hidden fields have widths of their own."""
        self._view.set_width(event.size().width())
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._first:
            self._first = False
            self.painted.emit()

    # Drawing

    def draw(self, painter: QPainter, area: QRectF) -> None:
        palette = self._theme.palette
        field = area.adjusted(0, -RULER, 0, 0)
        painter.fillRect(field, colour(palette.wave_field))
        if not self._takes:
            self._draw_words(painter, area, self._words)
            return
        painter.setClipRect(field)
        self._draw_ruler(painter)
        in_view = [b for b in self._bands if b.span[1] >= self._view.start_s and b.span[0] <= self._view.end_s]
        for band in in_view:
            self._draw_band(painter, band)
        for number in range(len(self._takes)):
            self._draw_take(painter, area, number)
        painter.setClipping(False)
        for band in self._bands:
            self._draw_outline(painter, band)

    def _draw_words(self, painter: QPainter, area: QRectF, words: str) -> None:
        painter.setPen(QColor(self._theme.palette.quiet))
        painter.setFont(sans(13))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area.adjusted(24, 0, -24, 0), int(flags), words)

    def _draw_take(self, painter: QPainter, area: QRectF, number: int) -> None:
        take, height = self._takes[number], area.height() / len(self._takes)
        lane = QRectF(area.left(), area.top() + number * height, area.width(), height)
        pale = number != self._chosen
        if take.wave is None:
            self._draw_words(painter, lane, take.problem)
        else:
            start, per_s = self._view.start_s, self._view.pixels_per_s
            take.wave.paint(painter, self._theme.palette, lane, start, per_s, self._channel, pale=pale)
        painter.setClipping(False)
        if len(self._takes) > 1:
            self._name_take(painter, lane, take, pale=pale)
        elif take.wave is not None:
            self._name_channels(painter, lane, take.wave.recording.channels)
        painter.setClipRect(area.adjusted(0, -RULER, 0, 0))

    def _name_channels(self, painter: QPainter, lane: QRectF, channels: int) -> None:
        """In the margin, each at the middle of its wave: over the wave they would cover what is judged."""
        names = ("L", "R") if channels == 2 else tuple(map(str, range(1, channels + 1)))
        for channel, name in enumerate(names if 1 < channels <= _NAMED else ()):
            paint_name(painter, self._theme.palette, name, lane.top() + lane.height() * (channel + 0.5) / channels)

    def _name_take(self, painter: QPainter, lane: QRectF, take: Take, *, pale: bool) -> None:
        """In the margin, as the word lanes have it; the one that is heard carries a mark as well as its colour."""
        palette = self._theme.palette
        paint_name(painter, palette, take.name, lane.center().y())
        if not pale:
            painter.fillRect(QRectF(3, lane.top() + 4, 3, lane.height() - 8), colour(palette.accent))

    def _draw_ruler(self, painter: QPainter) -> None:
        step = tick_step(_LEAST_TICK / self._view.pixels_per_s)
        painter.setFont(sans(11))
        first = floor(self._view.start_s / step)
        for n in range(first, ceil(self._view.end_s / step) + 1):
            x = round(self._view.x(n * step)) + 0.5
            painter.setPen(QPen(colour(self._theme.palette.border), 1))
            painter.drawLine(QLineF(x, 4, x, RULER))
            label = tick_label(n * step, step)
            if x + 4 + painter.fontMetrics().horizontalAdvance(label) <= self.width() - RIGHT:
                painter.setPen(QColor(self._theme.palette.quiet))
                painter.drawText(QPointF(x + 4, 15), label)

    def _draw_band(self, painter: QPainter, band: Band) -> None:
        left, right = self._view.x(band.span[0]), self._view.x(band.span[1])
        area = QRectF(left, RULER, max(right - left, 3.0), self.height() - RULER)
        palette = self._theme.palette
        painter.fillRect(area, colour(palette.difference_soft, 1.0 if band.current or not palette.dark else 0.5))
        if band.current and not palette.dark:
            painter.fillRect(area, colour(palette.difference, 0.12))
        if band.estimated:
            painter.setPen(QPen(colour(palette.difference), 1, Qt.PenStyle.DashLine))
            painter.drawLine(area.topLeft(), area.bottomLeft())
            painter.drawLine(area.topRight(), area.bottomRight())

    def _draw_outline(self, painter: QPainter, band: Band) -> None:
        if band.outline is None:
            return
        left, right = (min(max(self._view.x(time), LEFT - 4.0), self.width() - RIGHT + 4.0) for time in band.outline)
        if right - left < 2:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour(self._theme.palette.difference), 2))
        painter.drawRoundedRect(QRectF(left, RULER + 1, right - left, self.height() - RULER - 2), 3, 3)


def tick_step(least_s: float) -> float:
    """The smallest step of a ruler, in seconds, that is at least this long."""
    for step in _STEPS:
        if step >= least_s > 0.5:
            return float(step)
    power = 1e-5
    while True:
        for factor in (1, 2, 5):
            if power * factor >= least_s:
                return power * factor
        power *= 10


def tick_label(time_s: float, step: float) -> str:
    """`5.0 s`, from a minute on `1:05`, from an hour on `1:00:05`; with as many digits as the step needs."""
    digits = 0 if time_s >= 60 and step >= 1 else 1
    while round(step * 10**digits, 6) != round(step * 10**digits) and digits < 5:
        digits += 1
    if time_s < 60:
        return f"{time_s:.{digits}f} s"
    # Counted in the last digit that is shown, so that a minute is never sixty seconds.
    minutes, rest = divmod(round(time_s * 10**digits), 60 * 10**digits)
    seconds = f"{rest / 10**digits:0{digits + 3 if digits else 2}.{digits}f}"
    return f"{minutes // 60}:{minutes % 60:02}:{seconds}" if minutes >= 60 else f"{minutes}:{seconds}"
