"""Which part of a recording is in view: one time axis for ruler, waveform and word lanes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from labeler.domain.items import TimeSpan

LEFT, RIGHT = 46, 12
"""Pixels beside the axis: the lanes' letters stand on the left."""
CLOSEST_S = 0.002
"""The shortest stretch that fills the axis: single samples can be told apart."""
SLIVER_PX = 24
"""A span that is drawn narrower than this is not seen."""


class TimeView(QObject):
    """Seconds to pixels and back."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.duration_s = 0.0
        self.start_s = 0.0
        self.length_s = 1.0
        self._width = 1.0

    @property
    def end_s(self) -> float:
        return self.start_s + self.length_s

    @property
    def pixels_per_s(self) -> float:
        return self._width / self.length_s

    @property
    def whole(self) -> bool:
        return self.length_s >= self.duration_s

    def x(self, time_s: float) -> float:
        """Pixels from the widget's left edge."""
        return LEFT + (time_s - self.start_s) * self.pixels_per_s

    def xs(self, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels of many moments at once."""
        return LEFT + (times_s - self.start_s) * self.pixels_per_s

    def time(self, x: float) -> float:
        return self.start_s + (x - LEFT) / self.pixels_per_s

    def set_width(self, widget_width: int) -> None:
        width = max(1.0, float(widget_width - LEFT - RIGHT))
        if width != self._width:
            self._width = width
            self.changed.emit()

    def open(self, duration_s: float) -> None:
        """Another recording, all of it in view."""
        self.duration_s = duration_s
        self.show(0.0, duration_s)

    def show(self, start_s: float, end_s: float) -> None:
        length = min(max(end_s - start_s, CLOSEST_S), max(self.duration_s, CLOSEST_S))
        start = min(max(start_s, 0.0), max(0.0, self.duration_s - length))
        if (start, length) != (self.start_s, self.length_s):
            self.start_s, self.length_s = start, length
            self.changed.emit()

    def fit(self) -> None:
        self.show(0.0, self.duration_s)

    def zoom(self, factor: float, at_s: float) -> None:
        """`factor` above 1 goes closer; the moment `at_s` stays where it is."""
        length = min(max(self.length_s / factor, CLOSEST_S), max(self.duration_s, CLOSEST_S))
        start = at_s - (at_s - self.start_s) * length / self.length_s
        self.show(start, start + length)

    def scroll(self, by_s: float) -> None:
        self.show(self.start_s + by_s, self.end_s + by_s)

    def show_around(self, span: TimeSpan, share: float) -> None:
        """The span fills this share of the axis, in its middle."""
        length, middle = max(span[1] - span[0], CLOSEST_S) / share, sum(span) / 2
        self.show(middle - length / 2, middle + length / 2)

    def bring_into_view(self, span: TimeSpan, *, closer: bool = False) -> None:
        """Move as little as needed. `closer`: and zoom in where the span would be a sliver, as in a long recording."""
        if closer and (span[1] - span[0]) * self.pixels_per_s < SLIVER_PX:
            self.show_around(span, 0.2)
        elif span[0] < self.start_s or span[1] > self.end_s:
            middle = sum(span) / 2
            length = max(self.length_s, span[1] - span[0])
            self.show(middle - length / 2, middle + length / 2)
