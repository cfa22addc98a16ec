"""The selected span of a recording: drawn with the mouse, moved at its edges, or stretched with keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen

from labeler.domain.items import TimeSpan
from labeler.gui.panels.audio.view import TimeView
from labeler.gui.theme import Theme, colour

KEY_STEP = 8
"""Pixels that one key press moves an edge by: finer the closer one looks."""
_SHORTEST_S = 0.001


class Selection(QObject):
    """A tool of the time axis. `anchor` stays where a drag began, the other edge follows the pointer or the keys."""

    changed = Signal()
    chosen = Signal(object)
    """The span that a person settled on, or None: a tuple of seconds, start before end."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._anchor = 0.0
        self._edge = 0.0
        self.span: TimeSpan | None = None
        self.snap: Callable[[float], float] = lambda time_s: time_s
        """Where an edge that is dropped at a moment belongs."""

    def show(self, span: TimeSpan | None) -> None:
        """What the session says is selected."""
        if span == self.span:
            return
        self.span = span
        if span is not None and {self._anchor, self._edge} != {*span}:
            self._anchor, self._edge = span
        self.changed.emit()

    # The mouse

    def reaches(self, time_s: float, reach_s: float) -> bool:
        return self.span is not None and min(abs(time_s - edge) for edge in self.span) <= reach_s

    def grab(self, time_s: float, reach_s: float) -> None:
        if self.span is not None and self.reaches(time_s, reach_s):
            start, end = self.span
            self._anchor = end if abs(time_s - start) < abs(time_s - end) else start
        else:
            self._anchor = time_s
        self._edge = time_s

    def move(self, time_s: float) -> None:
        self._edge = time_s
        self._span_them()

    def drop(self) -> None:
        if self.span is not None:
            self._anchor, self._edge = self.snap(self._anchor), self.snap(self._edge)
            self._span_them()
        self.chosen.emit(self.span)

    # The keys

    def step(self, by_s: float, from_s: float, duration_s: float) -> None:
        """Move the free edge; where nothing is selected, both begin at `from_s`."""
        self._go(self._begun(from_s) + by_s, duration_s)

    def step_to(self, places: Iterable[float], direction: int, from_s: float, duration_s: float) -> None:
        """Move the free edge to the next (+1) or previous (-1) of these places, else to the recording's end."""
        edge = self._begun(from_s)
        beyond = [place for place in places if (place - edge) * direction > _SHORTEST_S]
        limit = duration_s if direction > 0 else 0.0
        self._go(min(beyond, key=lambda place: abs(place - edge), default=limit), duration_s)

    def choose(self, span: TimeSpan) -> None:
        self._anchor, self._edge = span
        self._span_them()
        self.chosen.emit(self.span)

    def _begun(self, from_s: float) -> float:
        if self.span is None:
            self._anchor = self._edge = from_s
        return self._edge

    def _go(self, edge: float, duration_s: float) -> None:
        self._edge = min(max(edge, 0.0), duration_s)
        self._span_them()
        self.chosen.emit(self.span)

    def _span_them(self) -> None:
        start, end = sorted((self._anchor, self._edge))
        span = (start, end) if end - start >= _SHORTEST_S else None
        if span != self.span:
            self.span = span
            self.changed.emit()

    # Drawing

    def paint(self, painter: QPainter, view: TimeView, area: QRectF) -> None:
        """An outline, with grips at its edges: what is heard there is not tinted."""
        if self.span is None:
            return
        left, right = (min(max(view.x(time), area.left() - 4), area.right() + 4) for time in self.span)
        frame = QRectF(left, area.top() + 1, max(right - left, 1.0), area.height() - 2)
        ink = colour(self._theme.palette.accent)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink, 1.5, Qt.PenStyle.DashLine))
        painter.drawRect(frame)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        for x in (left, right):
            painter.drawPolygon([QPointF(x - 5, area.top()), QPointF(x + 5, area.top()), QPointF(x, area.top() + 8)])
