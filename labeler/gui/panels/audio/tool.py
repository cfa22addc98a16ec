"""What the mouse does along the time axis: tools that take a drag, in seconds, and paint over waveform and spectrogram.

A mode of the screen (the boundaries of gold segments, say) adds a tool of its own to the toolbox and takes it away
when it ends; the selection is one that is always there.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QPainter

from labeler.gui.panels.audio.view import TimeView

REACH = 5
"""Pixels within which a grip can be taken hold of."""


class TimeTool(Protocol):
    """Takes a drag from `grab` over `move` to `drop`. Times are seconds of the recording."""

    def reaches(self, time_s: float, reach_s: float) -> bool:
        """There is something here to take hold of, no further away than `reach_s`."""

    def grab(self, time_s: float, reach_s: float) -> None:
        """A drag begins here."""

    def move(self, time_s: float) -> None:
        """The drag goes on to here; never outside of the recording."""

    def drop(self) -> None:
        """The drag is over."""

    def paint(self, painter: QPainter, view: TimeView, area: QRectF) -> None:
        """Paint over a field; `area` is where time is, and `view.x` gives the pixels of a moment."""


class Toolbox(QObject):
    """The tools of one time axis, shared by all its fields."""

    changed = Signal()
    """Something that a tool paints is another."""

    def __init__(self, default: TimeTool, parent: QObject | None = None) -> None:
        """`default` takes every drag that no other tool takes."""
        super().__init__(parent)
        self.default = default
        self.all: tuple[TimeTool, ...] = (default,)

    def add(self, tool: TimeTool) -> None:
        """Asked before those that are there, and painted over them."""
        self.all = (*self.all, tool)
        self.changed.emit()

    def remove(self, tool: TimeTool) -> None:
        self.all = tuple(one for one in self.all if one is not tool)
        self.changed.emit()

    def at(self, time_s: float, reach_s: float) -> TimeTool | None:
        """The tool that has something to take hold of here."""
        return next((tool for tool in reversed(self.all) if tool.reaches(time_s, reach_s)), None)
