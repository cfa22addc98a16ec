"""Krippendorff's alpha on a scale: the value, its interval, and the marks from which it is relied on."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from labeler.domain.agreement.alpha import figure
from labeler.gui.theme import Theme, colour, sans

LOWEST = -0.2
"""Below it, people disagree more than strangers would; the scale ends there."""
MARKS = ((0.0, "chance"), (0.667, "tentative"), (0.8, "reliable"), (1.0, "all agree"))


class AlphaBar(QWidget):
    """Empty while there is no value."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._alpha: float | None = None
        self._between: tuple[float, float] | None = None
        self.setFixedHeight(58)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_value(self, alpha: float | None, between: tuple[float, float] | None) -> None:
        if (alpha, between) != (self._alpha, self._between):
            self._alpha, self._between = alpha, between
            said = "" if alpha is None else f"alpha {figure(alpha)}"
            self.setAccessibleName(
                said + (f", 95 % from {figure(between[0])} to {figure(between[1])}" if between else "")
            )
            self.update()

    def _x(self, value: float) -> float:
        share = (max(value, LOWEST) - LOWEST) / (1 - LOWEST)
        return 34 + share * (self.width() - 68)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self._alpha is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, middle = self._theme.palette, 20.0
        painter.setPen(QPen(colour(palette.border), 2))
        painter.drawLine(QPointF(self._x(LOWEST), middle), QPointF(self._x(1.0), middle))
        painter.setFont(sans(11))
        for value, words in MARKS:
            at = self._x(value)
            painter.setPen(QPen(colour(palette.quiet), 1))
            painter.drawLine(QPointF(at, middle - 5), QPointF(at, middle + 5))
            painter.setPen(QColor(palette.quiet))
            flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            lower = value == 0.8  # else its words would run into those of 0.667
            painter.drawText(QRectF(at - 45, middle + (20 if lower else 7), 90, 16), flags, words)
        if self._between is not None:
            painter.setPen(QPen(colour(palette.accent), 5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            low, high = self._between
            painter.drawLine(QPointF(self._x(low), middle), QPointF(self._x(high), middle))
        painter.setPen(QPen(colour(palette.surface), 2))
        painter.setBrush(colour(palette.text))
        painter.drawEllipse(QPointF(self._x(self._alpha), middle), 6, 6)
        painter.end()
