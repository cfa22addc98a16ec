"""Labels and tooltips that show text as text: model output, files and ids are never read as markup.

Qt guesses: a text that looks like HTML becomes HTML, and an `<img src=…>` in it is fetched. What cannot be seen
(controls that turn the direction of writing, NUL) is written out, and a text without end is cut.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from labeler.gui.widgets.shown_text import LONGEST_LINE, WRITTEN_OUT

LONGEST = 4_000
"""Characters of a label or tooltip: more would take Qt long to lay out, and nobody reads it there."""
_LONG_WORD = re.compile(r"(\S{24})(?=\S)")
"""A word that no card is wide enough for gets places where a line may break."""
LONGEST_IN_A_LINE = 500
"""Characters that are measured for one line: no window is as wide."""


def visible(text: str) -> str:
    """The text with what cannot be seen written out, cut where it is too long."""
    cut = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return cut.translate(WRITTEN_OUT)


def laid_out(text: str) -> str:
    """A text for a large field, with what cannot be seen written out, and lines broken before Qt chokes on them."""
    lines = text.translate(WRITTEN_OUT).split("\n")
    starts = (range(0, max(len(line), 1), LONGEST_LINE) for line in lines)
    return "\n".join(line[at : at + LONGEST_LINE] for line, at_all in zip(lines, starts, strict=True) for at in at_all)


class PlainLabel(QLabel):
    """A label that shows any text as it is."""

    def __init__(self, text: str = "") -> None:
        super().__init__(visible(text))
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str) -> None:
        super().setText(visible(text))


class WrappedLabel(PlainLabel):
    """Text of several lines; a word that no line has room for is broken."""

    def __init__(self, name: str, text: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWordWrap(True)
        self.setText(text)

    def setText(self, text: str) -> None:
        self.setAccessibleName(visible(text))
        QLabel.setText(self, _LONG_WORD.sub("\\1\u200b", visible(text)))


class ElidedLabel(PlainLabel):
    """A line that ends in … where there is no room for all of it; the whole is in its tooltip and accessible name."""

    def __init__(self, name: str, text: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._whole = self._short = ""
        self.setText(text)

    def setText(self, text: str, short: str = "") -> None:
        """`short` is the same in fewer words, for where there is no room for all."""
        self._whole, self._short = visible(text), visible(short)
        self.setAccessibleName(self._whole)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.ensurePolished()
        line = self._whole[:LONGEST_IN_A_LINE].replace("\n", " ")
        if self._short and self.fontMetrics().horizontalAdvance(line) > self.width():
            line = self._short
        shown = self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, self.width())
        if shown != self.text():
            super().setText(shown)
        set_tip(self, "" if shown == self._whole else self._whole)


def plain(name: str, text: str = "") -> QLabel:
    """A label; `name` is its name in the style sheet."""
    label = PlainLabel(text)
    label.setObjectName(name)
    return label


def set_tip(widget: QWidget, text: str) -> None:
    """Give a widget a tooltip that shows any text as it is; nothing else in the program sets one.

    Here and not in an event filter of the application, which would be asked about every event of every widget.
    """
    tip = as_tip(text)
    if tip != widget.toolTip():
        widget.setToolTip(tip)


@lru_cache(maxsize=1024)
def as_tip(text: str) -> str:
    """What to give Qt as a tooltip (of a widget, or of a place in a list) so that it shows this text as it is."""
    shown = visible(text)
    # Whatever Qt takes for markup has a tag or `&lt;` in it: that is given as markup which says the text.
    markup = "<" in shown or "&lt;" in shown
    return f'<p style="white-space: pre-wrap">{escape(shown)}</p>' if markup else shown
