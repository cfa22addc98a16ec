"""The waveform as a picture: from peaks or samples to lines, sharp at every zoom and scale."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from labeler.gui.theme import Palette, colour
from labeler.modalities.audio import peaks
from labeler.modalities.audio.blocks import BLOCK, TO_COME
from labeler.modalities.audio.recording import Recording

Numbers = NDArray[np.floating[Any]]

_FRAMES_PER_PIXEL_AS_LINE = 0.7
"""Closer than this the samples are joined by a line, and from a quarter of it on each is a dot."""

_FINE_BIN = 16
"""Frames summed up where the finest level on disk is too coarse."""

_NOT_HEARD = 0.35
_LOUDER = 16.0
"""No more than this: the noise of a silent recording is none to look at."""
_PEAKS = 0.6
"""How strongly lowest and highest samples are drawn around the RMS, which says how loud it is."""
_SKETCHED = 0.45
"""How strongly a part is drawn that is not decoded yet and known from a few places only."""


class WavePicture:
    """Draws one recording. Peaks and samples stay on disk; what is read is what the columns need."""

    def __init__(self, recording: Recording) -> None:
        """Raises OSError or ValueError when the cache was deleted meanwhile."""
        self.recording = recording
        self._peaks = recording.peaks()
        self._blocks = recording.blocks()
        self._finished = -1

    def grown(self) -> bool:
        """More of a long recording is decoded than when this was last asked."""
        before, self._finished = self._finished, self._blocks.finished if self._blocks is not None else 0
        return self._finished != before

    def loudness(self, channel: int | None) -> peaks.Loudness | None:
        return self._peaks.loudness(channel)

    def want(self, start_s: float, end_s: float) -> None:
        """Have this part of a long recording decoded next, unless it is there."""
        rate = self.recording.sample_rate
        if self._blocks is not None and not self._blocks.ready(int(start_s * rate), int(end_s * rate)):
            self._blocks.want(int(start_s * rate))

    def paint(
        self,
        painter: QPainter,
        palette: Palette,
        area: QRectF,
        start_s: float,
        per_s: float,
        only: int | None = None,
        *,
        pale: bool = False,
    ) -> None:
        """Draw into `area` (pixels of the widget); `start_s` is at its left edge, `per_s` pixels make a second.

        `only` is the channel that is heard; the others are drawn pale. `pale`: none is heard.
        """
        ratio = painter.device().devicePixelRatioF()
        frames_per_column = self.recording.sample_rate / per_s / ratio
        lanes = self.recording.channels
        for channel in range(lanes):
            lane = QRectF(
                area.left(), area.top() + area.height() * channel / lanes, area.width(), area.height() / lanes
            )
            heard = not pale and (only is None or only >= lanes or only == channel)
            painter.setOpacity(1.0 if heard else _NOT_HEARD)
            painter.setPen(QPen(colour(palette.wave, 0.5), 1 / ratio))
            painter.drawLine(QLineF(lane.left(), lane.center().y(), lane.right(), lane.center().y()))
            if frames_per_column < _FRAMES_PER_PIXEL_AS_LINE:
                self._paint_samples(painter, palette, lane, channel, start_s, per_s)
            else:
                self._paint_columns(painter, palette, lane, channel, start_s, frames_per_column)
        painter.setOpacity(1.0)

    def paint_whole(self, painter: QPainter, palette: Palette, area: QRectF) -> None:
        """All of the recording, its channels over each other, the loudest place as high as there is room: where sound
        is has to be seen in a strip of few pixels.
        """
        per_s = area.width() / self.recording.duration_s
        loudest = int(np.abs(self._peaks.levels[-1].astype(np.int32)).max(initial=1))
        for channel in range(self.recording.channels):
            self._paint_columns(
                painter,
                palette,
                area,
                channel,
                0.0,
                self.recording.sample_rate / per_s / painter.device().devicePixelRatioF(),
                min(peaks.FULL_SCALE / loudest, _LOUDER),
            )

    def _paint_columns(
        self,
        painter: QPainter,
        palette: Palette,
        lane: QRectF,
        channel: int,
        start_s: float,
        frames_per_column: float,
        gain: float = 1.0,
    ) -> None:
        ratio = painter.device().devicePixelRatioF()
        count = int(lane.width() * ratio)
        edges = start_s * self.recording.sample_rate + np.arange(count + 1) * frames_per_column
        drawn = self._columns(edges, frames_per_column)[:, channel].astype(np.float64) * (gain / peaks.FULL_SCALE)
        height = int(lane.height() * ratio)
        # Each column at least one device pixel high: silence is a line and not a gap.
        half, least = (lane.height() / 2 - 3) * ratio, 0.5
        above, below = np.maximum(half * drawn[:, peaks.HIGH], least), np.minimum(half * drawn[:, peaks.LOW], -least)
        rms = half * drawn[:, peaks.RMS]
        at = (height / 2 - np.arange(height) - 0.5)[:, None]
        filled = ((at <= above) & (at >= below)).astype(np.uint8)
        filled += filled & (np.abs(at) <= rms)
        filled += (filled > 0) * np.where(self._is_there(edges), 0, 2).astype(np.uint8)
        image = QImage(filled.tobytes(), count, height, count, QImage.Format.Format_Indexed8)
        strengths = (0.0, _PEAKS, 1.0, _PEAKS * _SKETCHED, _SKETCHED)
        image.setColorTable([colour(palette.wave, strength).rgba() for strength in strengths])
        painter.drawImage(QRectF(lane.left(), lane.top(), count / ratio, height / ratio), image)

    def _is_there(self, edges: Numbers) -> NDArray[np.bool_]:
        """Which columns are decoded and not only sketched."""
        if self._blocks is None:
            return np.ones(len(edges) - 1, np.bool_)
        states = self._blocks.states
        first = np.clip(edges[:-1] // BLOCK, 0, len(states) - 1).astype(np.int64)
        last = np.clip(edges[1:] // BLOCK, 0, len(states) - 1).astype(np.int64)
        there: NDArray[np.bool_] = (states[first] != TO_COME) & (states[last] != TO_COME)
        return there

    def _columns(self, edges: Numbers, frames_per_column: float) -> peaks.Bins:
        bins, size = self._peaks.level_for(frames_per_column)
        if frames_per_column >= size:
            return peaks.columns(bins, size, edges)
        size = _FINE_BIN if frames_per_column >= _FINE_BIN else 1
        first = int(max(edges[0], 0)) // size * size
        samples = self.recording.samples(first, int(max(edges[-1], 0)) + size + 1)
        return peaks.columns(peaks.summed(samples, size), size, edges - first)

    def _paint_samples(
        self, painter: QPainter, palette: Palette, lane: QRectF, channel: int, start_s: float, per_s: float
    ) -> None:
        rate = self.recording.sample_rate
        first = max(0, int(start_s * rate) - 1)
        samples = self.recording.samples(first, int((start_s + lane.width() / per_s) * rate) + 3)[:, channel]
        x = lane.left() + ((first + np.arange(len(samples))) / rate - start_s) * per_s
        y = lane.center().y() - samples * (lane.height() / 2 - 3)
        points = [QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)]
        painter.save()
        painter.setClipRect(lane)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour(palette.wave), 1.5))
        # One by one: Qt takes fifty times as long over a polyline that is wider than a pixel.
        painter.drawLines([QLineF(*ends) for ends in pairwise(points)])
        if rate / per_s < _FRAMES_PER_PIXEL_AS_LINE / 4:
            painter.setPen(QPen(colour(palette.wave), 5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPoints(points)
        painter.restore()
