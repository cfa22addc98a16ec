"""The one button of the window: a label, a tick where it is chosen, and the key that does the same.

Painted here and not by a style sheet, so that key caps, ticks and focus look the same in every place and theme.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from labeler.gui import keys
from labeler.gui.theme import MONO, SANS, Palette, Theme, advance, colour, metrics, mono, sans
from labeler.gui.widgets.label import visible


@dataclass(frozen=True, slots=True)
class _Shape:
    height: int
    radius: float
    padding: int
    font: int
    weight: QFont.Weight = QFont.Weight.Normal
    key_at_end: bool = False
    """The key cap stands at the right edge and not behind the label."""


TICK = 15
"""Room for the tick of what is chosen."""


class Look(Enum):
    """What a button is for decides how it looks."""

    SEGMENT = _Shape(30, 0, 8, 13, QFont.Weight.Normal)
    CHOICE = _Shape(34, 7, 8, 13, QFont.Weight.Medium, key_at_end=True)
    CHIP = _Shape(24, 12, 10, 12)
    FAILURE = _Shape(23, 11.5, 7, 12)
    PRIMARY = _Shape(38, 8, 14, 13, QFont.Weight.DemiBold, key_at_end=True)
    PLAIN = _Shape(34, 7, 14, 13)
    FLAT = _Shape(26, 6, 4, 13)


@dataclass(frozen=True, slots=True)
class _Ink:
    fill: str
    edge: str
    text: str
    edge_width: float = 1.0


@dataclass(frozen=True, slots=True)
class _Measured:
    """What a button says and how wide that is, in logical pixels."""

    label: str
    width: float
    key: float
    wanted: QSize
    least: QSize


class KeyButton(QAbstractButton):
    """A button that shows its key. `checked` stands for chosen; the session, not the click, decides it."""

    def __init__(self, theme: Theme, look: Look, text: str = "", key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._look, self._shape = look, look.value
        self._key = key
        self._count = 0
        self._measured: dict[bool, _Measured] = {}
        """By whether it is chosen; empty once a label, count or key is new. A row of chips asks many times."""
        self.setText(text)
        self.setCheckable(look not in (Look.PRIMARY, Look.PLAIN, Look.FLAT))
        # Keys act on the whole screen; a button that took the focus would take Space and Enter away from them.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        horizontal = QSizePolicy.Policy.Preferred if self._shape.key_at_end else QSizePolicy.Policy.Minimum
        self.setSizePolicy(horizontal, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self.toggled.connect(self.updateGeometry)
        self._describe()

    def set_key(self, key: str) -> None:
        self._key = key
        self._describe()
        self._measure_anew()

    def set_label(self, text: str) -> None:
        if text != self.text():
            self.setText(text)
            self._describe()
            self._measure_anew()

    def set_count(self, count: int) -> None:
        """How many places a failure is pinned to; shown from 2 on."""
        if count != self._count:
            self._count = count
            self._measure_anew()

    def nextCheckState(self) -> None:
        """A click asks the session; only its answer changes what is chosen."""

    def sizeHint(self) -> QSize:
        return self._measure().wanted

    def minimumSizeHint(self) -> QSize:
        return self._measure().least

    def _measure(self) -> _Measured:
        chosen = self.isChecked()
        if chosen not in self._measured:
            self._measured[chosen] = self._measure_now()
        return self._measured[chosen]

    def _measure_now(self) -> _Measured:
        shape = self._shape
        text = visible(self.text())
        label = f"{text} ×{self._count}" if self._count > 1 else text
        width = advance(SANS, shape.font, self._weight(), label) + 1
        key = max(16.0, advance(MONO, 11, QFont.Weight.Normal, keys.shown(self._key)) + 8) if self._key else 0.0
        wide = shape.padding * 2 + width + key + (5 if self._key else 0) + (TICK if self.isChecked() else 0)
        gives_way = shape.key_at_end or self._look is Look.SEGMENT
        least = shape.padding + width + key if gives_way else wide
        return _Measured(label, width, key, QSize(round(wide), shape.height), QSize(round(least), shape.height))

    def _measure_anew(self) -> None:
        self._measured.clear()
        self.updateGeometry()
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape, ink = self._shape, self._ink(self._theme.palette)
        if not self.isEnabled() and self._look is not Look.PRIMARY:
            painter.setOpacity(0.55)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(colour(ink.edge), ink.edge_width) if ink.edge else Qt.PenStyle.NoPen)
        painter.setBrush(colour(ink.fill) if ink.fill else Qt.BrushStyle.NoBrush)
        inset = max(0.0, (ink.edge_width - 1) / 2)
        painter.drawRoundedRect(frame.adjusted(inset, inset, -inset, -inset), shape.radius, shape.radius)
        if self.hasFocus():
            painter.setPen(QPen(colour(self._theme.palette.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), shape.radius, shape.radius)
        self._paint_label(painter, ink)
        painter.end()

    def _paint_label(self, painter: QPainter, ink: _Ink) -> None:
        shape, measured = self._shape, self._measure()
        tick = TICK if self.isChecked() else 0
        content = measured.width + tick + measured.key + (5 if self._key else 0)
        # The key cap gives way to the label and the tick where there is no room for all.
        cramped = content + 2 * shape.padding - 4 > self.width()
        key_shown = bool(self._key) and not (cramped and (shape.key_at_end or self.isChecked()))
        if self._look is Look.SEGMENT and not key_shown:
            content -= measured.key + 5
        left = float(shape.padding)
        if self._look in (Look.SEGMENT, Look.PLAIN) or (self._look is Look.PRIMARY and not self._key):
            left = max(4.0, (self.width() - content) / 2)
        painter.setPen(QColor(ink.text))
        painter.setFont(self._font())
        if self.isChecked():
            self._paint_tick(painter, left, QColor(ink.text))
            left += TICK
        room = self.width() - left - (measured.key + shape.padding if key_shown and shape.key_at_end else 2)
        elided = self._metrics().elidedText(measured.label, Qt.TextElideMode.ElideRight, max(room, 10))
        painter.drawText(QRectF(left, 0, max(room, 10), self.height()), int(Qt.AlignmentFlag.AlignVCenter), elided)
        if key_shown:
            at = self.width() - shape.padding - measured.key if shape.key_at_end else left + measured.width + 5
            self._paint_key(painter, at, ink)

    def _paint_tick(self, painter: QPainter, left: float, ink: QColor) -> None:
        painter.save()
        painter.setPen(QPen(ink, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        middle = self.height() / 2
        painter.drawLine(QRectF(left, middle, 0, 0).topLeft(), QRectF(left + 3, middle + 3.5, 0, 0).topLeft())
        painter.drawLine(QRectF(left + 3, middle + 3.5, 0, 0).topLeft(), QRectF(left + 9, middle - 4, 0, 0).topLeft())
        painter.restore()

    def _paint_key(self, painter: QPainter, at: float, ink: _Ink) -> None:
        palette = self._theme.palette
        cap = QRectF(at, self.height() / 2 - 8.5, self._measure().key, 17)
        primary = self._look is Look.PRIMARY and self.isEnabled()
        painter.setPen(Qt.PenStyle.NoPen if primary else QPen(colour(palette.border), 1))
        painter.setBrush(colour(palette.accent_text, 0.18) if primary else colour(palette.tag))
        painter.drawRoundedRect(cap, 3.5, 3.5)
        painter.setFont(mono(11))
        painter.setPen(QColor(ink.text if primary else palette.quiet))
        painter.drawText(cap, int(Qt.AlignmentFlag.AlignCenter), keys.shown(self._key))

    def _ink(self, palette: Palette) -> _Ink:
        hovered = self.underMouse() and self.isEnabled()
        match self._look:
            case Look.PRIMARY if not self.isEnabled():
                return _Ink(palette.tag, palette.border, palette.quiet)
            case Look.PRIMARY:
                return _Ink(palette.accent, "", palette.accent_text)
            case Look.FLAT:
                return _Ink(palette.tag if hovered else "", "", palette.text)
            case Look.SEGMENT if self.isChecked():
                return _Ink(palette.strong, "", palette.strong_text)
            case Look.SEGMENT:
                return _Ink(palette.tag if hovered else "", "", palette.text)
            case Look.FAILURE if self.isChecked():
                return _Ink(palette.failure_soft, palette.failure_border, palette.failure)
            case Look.CHOICE if self.isChecked():
                return _Ink(palette.accent_soft, palette.accent, palette.accent, 2)
            case Look.CHIP if self.isChecked():
                return _Ink(palette.accent_soft, palette.accent_border, palette.accent)
            case _:
                edge = palette.quiet if hovered else palette.border
                return _Ink(palette.field if self._look is Look.PLAIN else palette.surface, edge, palette.text)

    def _font(self) -> QFont:
        return sans(self._shape.font, self._weight())

    def _metrics(self) -> QFontMetricsF:
        return metrics(SANS, self._shape.font, self._weight())

    def _weight(self) -> QFont.Weight:
        chosen = self._look is Look.SEGMENT and self.isChecked()
        return QFont.Weight.DemiBold if chosen else self._shape.weight

    def _describe(self) -> None:
        self.setAccessibleName(f"{self.text()}, key {self._key}" if self._key else self.text())
