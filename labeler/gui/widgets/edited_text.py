"""A field in which a text of any length and kind can be typed: what is shown and what is meant are kept apart.

Qt lays out whole paragraphs (a megabyte without a space takes it minutes) and gives back other characters than it was
given (a line feed for a line separator). So the field shows `ShownText`, with soft breaks and with hidden characters
written out, and carries each change that is made to it over to the text.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from labeler.domain.items import Span
from labeler.gui.widgets.shown_text import ShownText, shown_text

_STEPS_BACK = 50
"""How many changes of a text that is not shown as it stands can be taken back here; of others Qt keeps all."""
_FORWARDS = (QKeySequence.StandardKey.Delete, QKeySequence.StandardKey.DeleteEndOfWord)


class EditedText(QPlainTextEdit):
    """`text` is what is meant. `typed` says each change that a person made to it."""

    typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = shown_text("")
        self._before: deque[tuple[str, int]] = deque(maxlen=_STEPS_BACK)
        self._forwards = False
        self._where = (0, 0, 0)
        self.document().contentsChange.connect(self._note_where)
        self.textChanged.connect(self._take_over)

    @property
    def text(self) -> str:
        return self._shown.source

    def set_text(self, text: str) -> None:
        """Show another text; nothing is typed by that."""
        self._before.clear()
        self._show(shown_text(text))

    def cursor_over(self, span: Span) -> QTextCursor:
        """A cursor that has a span of the text selected."""
        first, last = self._shown.units(span)
        cursor = QTextCursor(self.document())
        cursor.setPosition(first)
        cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._forwards = any(event.matches(key) for key in _FORWARDS)
        if event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoRedoEnabled():
            self._take_back()
        else:
            super().keyPressEvent(event)

    def _note_where(self, at: int, removed: int, added: int) -> None:
        self._where = (at, removed, added)

    def _take_over(self) -> None:
        """Make the change in the text that was made in what is shown of it."""
        old, new = _units(self._shown.shown), _units(self._raw())
        first, behind = _unlike(old, new, *self._where)
        begin, end = self._shown.next_character(first), self._shown.next_character(len(old) - behind)
        said = new[first : len(new) - behind].tobytes().decode("utf-16-le", "surrogatepass")
        if begin == end and not said and len(old) > len(new):
            # A soft break alone was taken away: the character beside it is meant.
            begin, end = (begin, end + 1) if self._forwards else (max(begin - 1, 0), end)
        before = self.text
        text = f"{before[:begin]}{said}{before[end:]}"
        if text == before and self._raw() == self._shown.shown:
            return
        self._before.append((before, end))
        self._shown = shown_text(text)
        if self._shown.shown != self._raw():
            self._show(self._shown, begin + len(said))
        self.typed.emit(text)

    def _take_back(self) -> None:
        if self._before:
            text, at = self._before.pop()
            self._show(shown_text(text), at)
            self.typed.emit(text)

    def _show(self, shown: ShownText, cursor_at: int | None = None) -> None:
        self._shown = shown
        scrolled = self.verticalScrollBar().value()
        self.blockSignals(True)
        self.setPlainText(shown.shown)
        # Qt would bring soft breaks back as if they had been typed.
        self.setUndoRedoEnabled(shown.shown == shown.source)
        self.blockSignals(False)
        if cursor_at is not None:
            self.setTextCursor(self.cursor_over((cursor_at, cursor_at)))
            self.verticalScrollBar().setValue(scrolled)
            self.ensureCursorVisible()

    def _raw(self) -> str:
        raw = self.document().toRawText()
        return raw.replace("\u2029", "\n").replace("\u2028", "\n")


def _units(text: str) -> NDArray[np.uint16]:
    """A text as UTF-16, which is what Qt counts in."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def _unlike(old: NDArray[np.uint16], new: NDArray[np.uint16], at: int, removed: int, added: int) -> tuple[int, int]:
    """How many units two texts begin and end with in common; no pair of surrogates is parted.

    Where Qt's own word for it (at, removed, added) fits it is taken: a line feed that was typed in the place of a soft
    break looks like nothing. It does not always fit, since Qt counts the end of the last paragraph as a character.
    """
    behind = len(new) - at - added
    fits = behind >= 0 and len(old) - at - removed == behind
    if fits and np.array_equal(old[:at], new[:at]) and np.array_equal(old[at + removed :], new[at + added :]):
        return at, behind
    both = min(len(old), len(new))
    at = _common(old[:both], new[:both])
    while at and _is_second_half(old, at):
        at -= 1
    behind = _common(old[::-1][: both - at], new[::-1][: both - at])
    while behind and _is_second_half(old, len(old) - behind):
        behind -= 1
    return at, behind


def _common(one: NDArray[np.uint16], other: NDArray[np.uint16]) -> int:
    unlike = one != other
    return int(unlike.argmax()) if unlike.any() else len(one)


def _is_second_half(units: NDArray[np.uint16], at: int) -> bool:
    return at < len(units) and 0xDC00 <= units[at] <= 0xDFFF
