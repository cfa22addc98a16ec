"""A column that scrolls."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget


def scrolled(*, spacing: int) -> tuple[QScrollArea, QVBoxLayout]:
    """A column that scrolls where there is no room for all of it."""
    body = QWidget()
    column = QVBoxLayout(body)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(spacing)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(body)
    body.setAutoFillBackground(False)
    return area, column
