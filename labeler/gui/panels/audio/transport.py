"""The row under the lanes: play and pause, where the sound is, what is played, and the keys of it all."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QWidget

from labeler.gui.theme import Theme, colour, icon
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.keycap import KeyCap
from labeler.gui.widgets.label import set_tip
from labeler.sessions.review.moments import clock

NARROW = 940
"""Pixels of a row of buttons below which it says less: a window of 1280 has 870 for it."""


class RoundButton(QAbstractButton):
    """Play or pause, in the accent colour."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._playing = False
        self.setFixedSize(34, 34)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Play")
        theme.changed.connect(self.update)

    def set_playing(self, playing: bool) -> None:
        if playing != self._playing:
            self._playing = playing
            self.setAccessibleName("Pause" if playing else "Play")
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(34, 34)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else 0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(palette.accent))
        painter.drawEllipse(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.accent_text), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5))
        at = self.rect().adjusted(9, 9, -9, -9)
        if not self._playing:
            at.translate(1, 0)  # a triangle's middle lies left of its box's
        icon("pause" if self._playing else "play", palette.accent_text, 16).paint(painter, at)
        painter.end()


class Pill(QLabel):
    """What is played, in words; hidden while there is nothing to say."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setObjectName("pill")
        self.setFixedHeight(24)
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        p = self._theme.palette
        self.setStyleSheet(
            f"QLabel {{ color: {p.accent}; background: {p.accent_soft}; border: 1px solid {p.accent_border};"
            " border-radius: 11px; padding: 2px 9px; font-size: 12px; font-weight: 500; }"
        )


class Transport(QWidget):
    """Shows what it is told and says what was clicked; plays nothing itself."""

    play_clicked = Signal()
    zoom_clicked = Signal()
    asked = Signal(str)
    """Id of a command whose button was clicked and that only the session can do."""

    def __init__(self, theme: Theme, keys: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = RoundButton(theme)
        self.button.clicked.connect(lambda _checked: self.play_clicked.emit())
        self._position = _label("cardTitle")
        self._position.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._duration = _label("quiet")
        self._pill = Pill(theme)
        self._speed = QWidget()
        self._speed_value = _label("speed")
        self._loop = KeyButton(theme, Look.FLAT, "Loop", keys.get("audio.loop", ""))
        self._zoom = KeyButton(theme, Look.FLAT, "Zoom to difference", keys.get("view.to_difference", ""))
        self._play_hint = QWidget()
        self._problem = ProblemLabel()
        self._build(theme, keys)
        self._loop.clicked.connect(lambda _checked: self.asked.emit("audio.loop"))
        self._zoom.clicked.connect(lambda _checked: self.zoom_clicked.emit())

    def _build(self, theme: Theme, keys: Mapping[str, str]) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 9)
        row.setSpacing(12)
        speed = QHBoxLayout(self._speed)
        speed.setContentsMargins(0, 0, 0, 0)
        speed.setSpacing(5)
        speed.addWidget(self._speed_value)
        for command, words in (("audio.slower", "Slower"), ("audio.faster", "Faster")):
            if command in keys:
                button = KeyButton(theme, Look.FLAT, "", keys[command])
                button.setAccessibleName(f"{words}, key {keys[command]}")
                button.clicked.connect(lambda _checked, command=command: self.asked.emit(command))
                speed.addWidget(button)
        hint = QHBoxLayout(self._play_hint)
        hint.setContentsMargins(0, 0, 0, 0)
        hint.setSpacing(6)
        self._play_words = _label("", "Play or pause")
        hint.addWidget(self._play_words)
        hint.addWidget(KeyCap(theme, keys.get("audio.play", "")))
        time = QHBoxLayout()
        time.setSpacing(4)
        time.addWidget(self._position)
        time.addWidget(self._duration)
        row.addWidget(self.button)
        row.addLayout(time)
        for widget in (self._pill, self._speed, self._loop, self._zoom):
            row.addWidget(widget)
        row.addWidget(self._problem, 1)
        row.addWidget(self._play_hint)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In fewer words where there is no room for all: a key that is cut off says nothing."""
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW
        self._zoom.set_label("Zoom" if narrow else "Zoom to difference")
        self._play_words.setText("Play" if narrow else "Play or pause")

    def show_playing(self, playing: bool, doing: str) -> None:
        self.button.set_playing(playing)
        self._pill.setVisible(bool(doing))
        self._pill.setText(doing)

    def show_time(self, position_s: float, duration_s: float) -> None:
        self._duration.setText(f"/ {clock(duration_s)}")
        # As wide as it can get: the row must not tremble while the figures run.
        width = self._position.fontMetrics().horizontalAdvance(clock(duration_s).replace("1", "0")) + 2
        self._position.setMinimumWidth(width)
        self._position.setText(clock(position_s))

    def show_view(self, *, loop: bool, speed: float | None, difference: bool, loop_key: bool) -> None:
        """`speed` is None where it cannot be changed; `difference`: there is one to loop and to zoom to.
        `loop_key`: the loop's key is not a failure's here.
        """
        self._speed.setVisible(speed is not None)
        self._speed_value.setText(f"Speed {speed:g}×" if speed is not None else "")
        self._loop.set_label("Loop on" if loop else "Loop off")
        self._loop.setVisible(difference and loop_key)
        self._zoom.setVisible(difference)

    def show_problem(self, problem: str, notice: str) -> None:
        """Why nothing can be heard: it stands where the hint to the key is, which then does nothing. Or why it is heard
        elsewhere than was chosen."""
        self._problem.set_words(problem or notice)
        self._play_hint.setVisible(not problem)


class ProblemLabel(QLabel):
    """Takes what room there is and ends in dots where that is too little; all of it is in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self.setObjectName("statusSerious")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def set_words(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self.setAccessibleName(words)
            set_tip(self, words)
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, self.width()))


def _label(name: str, text: str = "") -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
