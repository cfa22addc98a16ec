"""One output's text, shown as plain text, with its differences marked.

What a model wrote is data, never markup: it goes in as plain text, and what cannot be seen is written out. Marks are
painted around and under the letters, never behind them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from labeler.domain.items import Span
from labeler.gui import theme as themes
from labeler.gui.widgets.shown_text import shown_text
from labeler.gui.widgets.text_marks import Mark, current_of, insertions, outline, paint_mark, places_of
from labeler.gui.widgets.text_pins import PinnedWords, paint_picked, paint_pin
from labeler.gui.widgets.text_places import range_rects, unit_at, visible_units

_MARGIN = 12
_WORD = re.compile(r"\S+")


class OutputText(QPlainTextEdit):
    """Selectable and searchable by a screen reader; a copy gives the text as the model wrote it."""

    hovered = Signal(object)
    """The character (int) under the pointer, or None."""
    clicked = Signal(int)
    """The character that was clicked."""
    picked = Signal(str)
    """The id of a difference whose mark was clicked."""
    chosen = Signal(object)
    """Span of the words that were selected, or of the one word that was clicked and is in no mark (or with Ctrl)."""

    def __init__(self, theme: themes.Theme, mono: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._mono = mono
        self._marks: tuple[Mark, ...] = ()
        self._lit: tuple[Span, ...] = ()
        self._pins: tuple[PinnedWords, ...] = ()
        self._chosen: tuple[Span, ...] = ()
        self._text = shown_text("")
        self._units = np.empty((0, 2), np.int64)
        self._under_pointer: int | None = None
        self._pressed_at: QPointF | None = None
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click must not take the keys away from the screen
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(_MARGIN)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def text(self) -> str:
        """The text as the model wrote it."""
        return self._text.source

    @property
    def marks(self) -> tuple[Mark, ...]:
        return self._marks

    @property
    def lit(self) -> tuple[Span, ...]:
        return self._lit

    def set_text(self, text: str, marks: Sequence[Mark] = ()) -> None:
        """Show another text, or other marks on the same; the current mark comes into view when it is another one."""
        marks = tuple(marks)
        if text == self._text.source and marks == self._marks:
            return
        same_text = text == self._text.source
        gaps = insertions(text, marks)
        same_gaps = same_text and gaps == insertions(text, self._marks)
        moved = not same_text or current_of(marks) != current_of(self._marks)
        if not same_gaps:
            at = self.verticalScrollBar().value() if same_text else 0
            self._text = shown_text(text, gaps)
            self.setPlainText(self._text.shown)
            self.verticalScrollBar().setValue(at)
        # A step to the next difference changes how two marks look, and the place of none.
        stay = same_gaps and places_of(marks) == places_of(self._marks)
        self._marks = marks
        if not same_text:
            self._lit = ()
        if stay:
            self.viewport().update()
        else:
            self._place_marks()
        if moved:
            self._bring_current_into_view()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        self.set_text(self._text.source, marks)

    def set_lit(self, spans: Iterable[Span]) -> None:
        """Outline these characters: what belongs to the place under the pointer, or the word being heard."""
        lit = tuple(spans)
        if lit != self._lit:
            self._lit = lit
            self.viewport().update()

    def set_pins(self, pins: Iterable[PinnedWords], chosen: Iterable[Span] = ()) -> None:
        """Where failures are pinned, and the place that takes the next one."""
        new = (tuple(pins), tuple(chosen))
        if new != (self._pins, self._chosen):
            self._pins, self._chosen = new
            self.viewport().update()

    @property
    def pins(self) -> tuple[PinnedWords, ...]:
        return self._pins

    def bring_into_view(self, span: Span) -> None:
        """Scroll as little as it takes to see the beginning of a span; the selection stays."""
        unit = self._text.units(span)[0]
        cursor = QTextCursor(self.document())
        cursor.setPosition(unit)
        if not self.viewport().rect().contains(self.cursorRect(cursor)):
            kept = self.textCursor()
            self.setTextCursor(cursor)
            self.centerCursor()
            if kept.hasSelection():
                at = self.verticalScrollBar().value()
                self.setTextCursor(kept)
                self.verticalScrollBar().setValue(at)

    def character_at(self, position: QPointF) -> int | None:
        """The character under a point of the viewport; None beside the text and on words that are not in it."""
        unit = unit_at(self, position)
        return None if unit is None else self._text.character(unit)

    # Qt's events

    def createMimeDataFromSelection(self) -> QMimeData:
        cursor = self.textCursor()
        data = QMimeData()
        data.setText(self._text.characters(cursor.selectionStart(), cursor.selectionEnd()))
        return data

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self._theme.palette
        first, last = visible_units(self)
        for span in self._lit:
            begin, end = self._text.units(span)
            if begin <= last and end >= first:
                outline(painter, range_rects(self, begin, end), QPen(QColor(palette.accent), 1.5))
        for number in np.flatnonzero((self._units[:, 0] <= last) & (self._units[:, 1] >= first)):
            begin, end = self._units[number]
            paint_mark(painter, range_rects(self, int(begin), int(end)), self._marks[number].style, palette)
        self._paint_pins(painter, first, last)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._bring_current_into_view()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self.textCursor().hasSelection():
            self._choose_selection()
            return
        difference = self._difference_at(event.position())
        character = self.character_at(event.position())
        if difference is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.picked.emit(difference)
        elif character is not None:
            self.clicked.emit(character)
            self._choose_word(character)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.character_at(event.position()))
        clickable = self._difference_at(event.position()) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.IBeamCursor)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        return super().viewportEvent(event)

    # Words that a failure is pinned to

    def _choose_selection(self) -> None:
        cursor = self.textCursor()
        first = self._text.next_character(cursor.selectionStart())
        last = self._text.next_character(cursor.selectionEnd())
        if last > first:
            self.chosen.emit((first, last))

    def _choose_word(self, character: int) -> None:
        word = next((w for w in _WORD.finditer(self._text.source) if w.start() <= character < w.end()), None)
        if word is not None:
            self.chosen.emit(word.span())

    def _paint_pins(self, painter: QPainter, first: int, last: int) -> None:
        palette = self._theme.palette
        for pin in self._pins:
            begin, end = self._text.units(pin.span)
            if begin <= last and end >= first:
                paint_pin(painter, range_rects(self, begin, end), palette, held=pin.held)
        for span in self._chosen:
            begin, end = self._text.units(span)
            if begin <= last and end >= first:
                paint_picked(painter, range_rects(self, begin, end), palette)

    # Marks

    def _place_marks(self) -> None:
        """Find where the marks stand on the screen, and grey the words at gaps."""
        inserted = iter(self._text.inserted)
        placed = [next(inserted) if mark.gap else self._text.units(mark.span) for mark in self._marks]
        self._units = np.array(placed, np.int64).reshape(-1, 2)
        self.setExtraSelections(
            [self._greyed(*unit) for mark, unit in zip(self._marks, placed, strict=True) if mark.gap]
        )
        self.viewport().update()

    def _greyed(self, begin: int, end: int) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(begin)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        grey = QTextCharFormat()
        grey.setForeground(QColor(self._theme.palette.quiet))
        selection.cursor = cursor
        selection.format = grey
        return selection

    def _difference_at(self, position: QPointF) -> str | None:
        unit = unit_at(self, position)
        if unit is None:
            return None
        under = np.flatnonzero((self._units[:, 0] <= unit) & (unit < self._units[:, 1]))
        found = sorted((self._marks[n] for n in under), key=lambda mark: not mark.current)
        return next((mark.difference for mark in found if mark.difference is not None), None)

    def _bring_current_into_view(self) -> None:
        current = current_of(self._marks)
        if current is not None:
            self.bring_into_view(current.span)

    def _hover(self, character: int | None) -> None:
        if character != self._under_pointer:
            self._under_pointer = character
            self.hovered.emit(character)

    def _dress(self) -> None:
        """Colours and font. A style sheet of its own: the application's would set another font and a frame."""
        palette = self._theme.palette
        # Monospaced letters are wider and look larger.
        px = self._theme.text_px
        family, size = (themes.MONO, px - 1) if self._mono else (themes.SANS, px)
        self.setFont(themes.reading())  # of which the sheet, which cannot say this, keeps how letters are told apart
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: transparent; border: none; padding: 0; color: {palette.text};"
            f' font-family: "{family}"; font-size: {size}px;'
            f" selection-background-color: {palette.accent}; selection-color: {palette.accent_text}; }}"
        )
        self._place_marks()
