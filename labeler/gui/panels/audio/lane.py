"""The words of one output under the waveform, each in a box as long as it was heard.

Words that are closer together than their boxes could show (a recogniser that repeats itself puts a hundred at one
time) stand in one box with their number.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from labeler.domain.blind import LETTERS, Letter
from labeler.gui.panels.audio.boxes import LABEL_PX, Box, WordRows, label_of
from labeler.gui.panels.audio.view import LEFT, RIGHT, TimeView
from labeler.gui.panels.audio.words import Word
from labeler.gui.theme import Palette, Theme, colour, reading, sans
from labeler.gui.widgets.label import as_tip
from labeler.sessions.review.moments import stretch

_HEIGHT = 34
_BOX = 25
_ROOM_FOR_A_LETTER = 12.0
_CENTRED = int(Qt.AlignmentFlag.AlignCenter)
_LONGEST_TIP = 20
"""Words named by a tooltip; what a model wrote is shown as plain text there, too."""


def paint_name(painter: QPainter, palette: Palette, whose: str, middle_y: float) -> None:
    """What a lane holds, in the margin beside the time axis: the badge of an output, or a word."""
    if whose not in LETTERS:
        painter.setPen(QColor(palette.quiet))
        painter.setFont(sans(11))
        painter.drawText(QRectF(0, middle_y - 11, LEFT - 4, 22), int(Qt.AlignmentFlag.AlignCenter), whose)
        return
    letter: Letter = "A" if whose == "A" else "B"
    badge = QRectF(13, middle_y - 11, 22, 22)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(palette.letter(letter)))
    painter.drawRoundedRect(badge, 5, 5)
    painter.setPen(QColor(palette.letter_text))
    painter.setFont(sans(12, QFont.Weight.Bold))
    painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), letter)


class WordLane(QWidget):
    hovered = Signal(object)
    """Number of the word under the pointer, or None."""
    picked = Signal(int)
    """Number of a word that was clicked."""
    dragged = Signal(int, int)
    """Numbers of the words that the mouse was drawn over: where it began, where it is now."""

    def __init__(self, theme: Theme, view: TimeView, whose: Letter | str, parent: QWidget | None = None) -> None:
        """`whose`: the output's letter, or what else stands in the lane."""
        super().__init__(parent)
        self._theme = theme
        self._view = view
        self._whose = whose
        self._words: tuple[Word, ...] = ()
        self._rows = WordRows(())
        self._boxes: list[Box] | None = None
        self._current: str | None = None
        self._lit: frozenset[int] = frozenset()
        self._under_pointer: int | None = None
        self._pressed: int | None = None
        """The word where the mouse button went down; a move to another one selects."""
        self._dragged = False
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(f"Words of {whose} in time" if whose in LETTERS else f"{whose} in time")
        view.changed.connect(self._forget)
        theme.changed.connect(self.update)

    def set_words(self, words: tuple[Word, ...]) -> None:
        if words != self._words:
            self._words = words
            self._rows = WordRows(words)
            self._forget()

    def set_current(self, difference: str | None) -> None:
        """The words of the difference with this id stand out."""
        if difference != self._current:
            self._current = difference
            self._forget()

    def set_lit(self, numbers: frozenset[int]) -> None:
        """Outline these words: what is under the pointer, and what is heard now."""
        if numbers != self._lit:
            for number in numbers ^ self._lit:
                box = self._box_of(number)
                if box is not None:
                    self.update(QRectF(box.left - 2, 0, box.right - box.left + 4, _HEIGHT).toAlignedRect())
            self._lit = numbers

    def sizeHint(self) -> QSize:
        return QSize(700, _HEIGHT)

    # Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_name(painter, self._theme.palette, self._whose, _HEIGHT / 2)
        painter.setClipRect(QRectF(LEFT - 2, 0, self.width() - LEFT - RIGHT + 4, _HEIGHT))
        first, last = event.rect().left(), event.rect().right()
        boxes = [box for box in self._laid_out() if box.right >= first and box.left <= last]
        self._paint_slivers(painter, [box for box in boxes if box.right - box.left < _ROOM_FOR_A_LETTER])
        self._paint_boxes(painter, [box for box in boxes if box.right - box.left >= _ROOM_FOR_A_LETTER])
        if not self._words:
            painter.setPen(QColor(self._theme.palette.quiet))
            painter.setFont(sans(12))
            painter.drawText(
                QRectF(LEFT, 0, self.width(), _HEIGHT),
                int(Qt.AlignmentFlag.AlignVCenter),
                "no word times" if self._whose in LETTERS else "none yet",
            )
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = self._number_at(event.position()), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number, before = self._number_at(event.position()), self._under_pointer
        self._hover(number)
        if self._pressed is not None and number not in (None, before) and (self._dragged or number != self._pressed):
            self._dragged = True
            self.dragged.emit(self._pressed, self._box_end(number))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        number, dragged = self._number_at(event.position()), self._dragged
        self._pressed, self._dragged = None, False
        if event.button() is Qt.MouseButton.LeftButton and number is not None and not dragged:
            self.picked.emit(number)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            number = self._number_at(QPointF(event.pos()))
            box = self._box_of(number) if number is not None else None
            QToolTip.showText(event.globalPos(), as_tip(self._tip(box)) if box else "", self)
            return True
        return super().event(event)

    # Layout

    def _forget(self) -> None:
        self._boxes = None
        self.update()

    def _laid_out(self) -> list[Box]:
        """The boxes in view, from left to right."""
        if self._boxes is None:
            self._boxes = self._rows.laid_out(self._view, self.width() - RIGHT, self._current)
        return self._boxes

    def _box_of(self, number: int) -> Box | None:
        return next((box for box in self._laid_out() if box.first <= number < box.last), None)

    def _number_at(self, position: QPointF) -> int | None:
        boxes = self._laid_out()
        return next((box.first for box in boxes if box.left - 1 <= position.x() <= box.right + 1), None)

    def _box_end(self, number: int) -> int:
        """The last word that stands in the same box."""
        box = self._box_of(number)
        return number if box is None else box.last - 1

    def _hover(self, number: int | None) -> None:
        if number != self._under_pointer:
            self._under_pointer = number
            self.setCursor(Qt.CursorShape.PointingHandCursor if number is not None else Qt.CursorShape.ArrowCursor)
            self.hovered.emit(number)

    def _tip(self, box: Box) -> str:
        words = self._words[box.first : min(box.last, box.first + _LONGEST_TIP)]
        more = f" … {box.last - box.first:,} words" if box.last - box.first > _LONGEST_TIP else ""
        # Tooltips guess whether text is markup; an opening angle bracket must not let them.
        said = " ".join(word.text for word in words).replace("<", "‹")
        known = [word.confidence for word in words if word.confidence is not None]
        sure = f" · confidence {min(known):.2f}" if known else ""
        return f"{said}{more}\n{stretch(words[0].time_s)}{sure}"

    # Drawing

    def _look(self, box: Box) -> tuple[str, float, str]:
        """Colour and width of its edge, colour of its inside."""
        palette = self._theme.palette
        lit = bool(self._lit) and any(box.first <= number < box.last for number in self._lit)
        edge = palette.accent if lit else palette.difference if box.differs else palette.border
        width = 2.0 if box.current or lit else 1.5 if box.differs else 1.0
        return edge, width, palette.difference_soft if box.current else palette.surface

    def _paint_slivers(self, painter: QPainter, boxes: Sequence[Box]) -> None:
        """Boxes without room for a letter, of which there may be hundreds: all of one look at once."""
        looks: dict[tuple[str, float, str], list[QRectF]] = {}
        for box in boxes:
            frame = QRectF(round(box.left), (_HEIGHT - _BOX) / 2, round(box.right - box.left) - 1, _BOX - 1)
            looks.setdefault(self._look(box), []).append(frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for (edge, width, inside), frames in looks.items():
            painter.setPen(QPen(colour(edge), width))
            painter.setBrush(colour(inside))
            painter.drawRects(frames)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_boxes(self, painter: QPainter, boxes: Sequence[Box]) -> None:
        quiet = QBrush(colour(self._theme.palette.quiet, 0.45), Qt.BrushStyle.BDiagPattern)
        for box in boxes:
            edge, width, inside = self._look(box)
            inset = width / 2
            frame = QRectF(box.left + inset, (_HEIGHT - _BOX) / 2 + inset, box.right - box.left - width, _BOX - width)
            painter.setPen(QPen(colour(edge), width))
            painter.setBrush(colour(inside))
            painter.drawRoundedRect(frame, 4.0, 4.0)
            if box.unsure:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(quiet)
                painter.drawRoundedRect(frame, 4.0, 4.0)
        self._write_labels(painter, boxes)

    def _write_labels(self, painter: QPainter, boxes: Sequence[Box]) -> None:
        """One font after the other: a change of font costs more than a word."""
        painter.setPen(QColor(self._theme.palette.text))
        start, end = float(LEFT), float(self.width() - RIGHT)
        for bold, weight in ((False, QFont.Weight.Normal), (True, QFont.Weight.DemiBold)):
            painter.setFont(reading(LABEL_PX, weight))
            for box in boxes:
                # Of a box that is longer than the view, the label stands in the part that can be seen.
                left, right = max(box.left, start), min(box.right, end)
                if box.differs is bold and right > left:
                    text = label_of(self._words[box.first].text, box.last - box.first, int(right - left) - 3, weight)
                    if text:
                        painter.drawText(QRectF(left, 0, right - left, _HEIGHT), _CENTRED, text)
