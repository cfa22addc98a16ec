"""The gold answer: as it is built from the readings, and as it is typed over."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QSizePolicy, QTextEdit, QWidget

from labeler.domain.items import Span
from labeler.gui.theme import Theme, colour, reading
from labeler.gui.widgets.edited_text import EditedText
from labeler.sessions.review.state import GoldDraft, ReviewState


class GoldField(EditedText):
    """Shows the answer of a state. What the readings have not settled is marked in amber, as differences are."""

    left = Signal()
    """Escape was pressed: the keyboard belongs to the screen again."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gold")
        self.setFont(reading())
        self.setAccessibleName("Gold answer")
        self.setTabChangesFocus(True)
        self.setMinimumHeight(46)
        self.setMaximumHeight(420)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._theme = theme
        self._gold: GoldDraft | None = None
        self._marked: list[Span] = []
        theme.changed.connect(self._mark_open_places)

    def show_state(self, state: ReviewState) -> None:
        """Take over the state's answer, but not while it is being typed here."""
        self._gold = state.judgement.gold
        text = state.judgement.gold.text if state.judgement.gold else ""
        typing = self.hasFocus() and state.judgement.draft.gold_text is not None
        anew = self.text != text and not typing
        if anew:
            self.set_text(text)
        # Read-only and not disabled: a change of that kind is styled anew, at each item and each time for milliseconds.
        self.setReadOnly(not state.evidence.revealed or state.judgement.draft.undecidable is not None)
        if anew or self._marked != self._open_spans():
            self._mark_open_places()

    def take_up(self) -> None:
        """Put the cursor here, over the first place that is open."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        spans = self._open_spans()
        if spans:
            self.setTextCursor(self.cursor_over(spans[0]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _mark_open_places(self) -> None:
        palette = self._theme.palette
        form = QTextCharFormat()
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        form.setUnderlineColor(colour(palette.difference))
        form.setBackground(colour(palette.difference_soft))
        selections = []
        self._marked = self._open_spans()
        for span in self._marked:
            selection = QTextEdit.ExtraSelection()
            selection.cursor, selection.format = self.cursor_over(span), form
            selections.append(selection)
        self.setExtraSelections(selections)

    def _open_spans(self) -> list[Span]:
        if self._gold is None or self._gold.edited:
            return []
        return [place.span for place in self._gold.open if place.span is not None]
