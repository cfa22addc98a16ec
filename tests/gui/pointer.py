"""A pointer that moves within one widget, wherever the display's own pointer stands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget


def move_to(widget: QWidget, point: QPoint | QPointF) -> None:
    """Send the widget what it would get from the display: on a real one the pointer moves when the display says so."""
    place = QPointF(point)
    nothing, free = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, place, widget.mapToGlobal(place), nothing, nothing, free)
    QApplication.sendEvent(widget, event)


def drag(widget: QWidget, start: QPointF, *places: QPointF) -> None:
    """Press the left button at the start, move over the places, let go at the last one."""
    left, nothing, free = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    steps = [(QEvent.Type.MouseButtonPress, start, left)]
    steps += [(QEvent.Type.MouseMove, place, nothing) for place in places]
    steps += [(QEvent.Type.MouseButtonRelease, places[-1], left)]
    for kind, place, button in steps:
        held = nothing if kind is QEvent.Type.MouseButtonRelease else left
        QApplication.sendEvent(widget, QMouseEvent(kind, place, widget.mapToGlobal(place), button, held, free))
