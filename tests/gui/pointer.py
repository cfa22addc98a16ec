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
