"""Each person's verdict as a card; what is not everyone's is marked, by a sign and by colour."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from labeler.gui.theme import Theme, colour
from labeler.gui.widgets.flow import ChipRows, clear
from labeler.gui.widgets.keycap import KeyCap
from labeler.gui.widgets.label import ElidedLabel, WrappedLabel, plain, set_tip
from labeler.gui.widgets.shown_text import shown_text
from labeler.sessions.adjudicate.state import AdjudicationState, Card

UNLIKE = "≠"
"""Before what others say otherwise."""
GOLD_LINES = 3
NOTE = 320
"""Characters of a note that a card shows; its tooltip has the rest."""


class VerdictCard(QFrame):
    """A click builds the resolution from it, as its key does."""

    taken = Signal()

    def __init__(self, theme: Theme, card: Card) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(_spoken(card))
        set_tip(self, f"Build the resolution from this card{f' ({card.key})' if card.key else ''}")
        column = QVBoxLayout(self)
        column.setContentsMargins(11, 8, 9, 9)
        column.setSpacing(5)
        head = QHBoxLayout()
        self._card, self._name = card, ElidedLabel("cardTitle", card.name)
        head.addWidget(self._name, 1)
        head.addWidget(plain("note", card.took))
        if card.key:
            head.addWidget(KeyCap(theme, card.key))
        column.addLayout(head)
        column.addLayout(_said(card))
        quiet = ", ".join(filter(None, ("" if card.sure else "not sure", "" if card.whole else "differences only")))
        if quiet:  # a line of its own: beside the verdict it made every card wider than there is room for
            column.addWidget(WrappedLabel("note", quiet))
        if card.failures:
            chips = ChipRows()
            chips.set_chips([_failure(f.letter, f.label, f.everyones) for f in card.failures])
            column.addWidget(chips)
        if card.gold:
            column.addWidget(_MarkedText(theme, card))
        if card.note:
            note = WrappedLabel("note", f"“{card.note[:NOTE]}{'…' if len(card.note) > NOTE else ''}”")
            set_tip(note, card.note)
            column.addWidget(note)

    def show_taken(self, *, taken: bool) -> None:
        """Whether the resolution was built from it: by a tick, and by its edge."""
        name = "cardInHand" if taken else "card"
        if name == self.objectName():
            return
        self.setObjectName(name)
        self.style().unpolish(self)
        self.style().polish(self)
        self._name.setText(f"✓ {self._card.name}" if taken else self._card.name)
        self.setAccessibleName(f"{_spoken(self._card)}{'; taken for the resolution' if taken else ''}")

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        self.taken.emit()


class CardColumn(QWidget):
    """The cards of an item, one below the other."""

    taken = Signal(int)
    """Number of the card, from 1."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._cards: tuple[Card, ...] = ()
        self._shown: list[VerdictCard] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 4, 0)
        self._head = plain("head")
        self._accord = plain("head")
        row.addWidget(self._head)
        row.addStretch(1)
        row.addWidget(self._accord)
        column.addLayout(row)
        self._unlike = plain("note")
        self._unlike.setWordWrap(True)
        self._unlike.hide()
        column.addWidget(self._unlike)
        self._checked = plain("note")
        self._checked.setWordWrap(True)
        self._checked.hide()
        column.addWidget(self._checked)
        inside = QWidget()
        inside.setObjectName("helpBody")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 4, 0)
        self._column.setSpacing(8)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(inside)
        column.addWidget(self._area, 1)

    def show_cards(self, known: AdjudicationState) -> None:
        """The cards, what hidden checks said of the item, and how far people agree on items of its kind."""
        _show(self._checked, known.checked)
        if known.accord != self._accord.text():
            self._accord.setText(known.accord)
        set_tip(self._accord, known.accord_means)
        if known.accord_means != self._accord.accessibleDescription():
            self._accord.setAccessibleDescription(known.accord_means)
        if known.cards != self._cards:
            self._build(known.cards)
        for number, shown in enumerate(self._shown, 1):
            shown.show_taken(taken=number == known.in_hand)

    def _build(self, cards: tuple[Card, ...]) -> None:
        self._cards = cards
        clear(self._column)
        self._shown = []
        for number, card in enumerate(cards, 1):
            shown = VerdictCard(self._theme, card)
            shown.taken.connect(partial(self.taken.emit, number))
            self._column.addWidget(shown)
            self._shown.append(shown)
        self._column.addStretch(1)
        self._area.verticalScrollBar().setValue(0)
        unlike = ", ".join(
            name for name in ("verdict", "tier", "failures", "gold") if cards and name in cards[0].differs
        )
        self._head.setText("1 verdict" if len(cards) == 1 else f"{len(cards):,} verdicts")
        _show(self._unlike, f"{UNLIKE} {unlike}" if unlike else "")


def _show(label: QLabel, text: str) -> None:
    """A line that is there where it says something."""
    if text != label.text():
        label.setText(text)
        label.setVisible(bool(text))


def _said(card: Card) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(6)
    for field, words in (("verdict", card.verdict), ("tier", card.tier)):
        unlike = field in card.differs
        row.addWidget(plain("differs" if unlike else "cardTitle", f"{UNLIKE} {words}" if unlike else words))
    row.addStretch(1)
    return row


def _failure(letter: str, label: str, everyones: bool) -> QLabel:
    return plain("failureTag", f"{'' if everyones else f'{UNLIKE} '}{letter} · {label}")


def _spoken(card: Card) -> str:
    failures = ", ".join(f"{f.letter} {f.label}" for f in card.failures) or "no failure"
    unlike = f"; not as everyone: {', '.join(sorted(card.differs))}" if card.differs else ""
    return f"{card.name}: {card.verdict}, {card.tier}, {failures}{unlike}"


class _MarkedText(QPlainTextEdit):
    """A gold answer, a few lines of it, beginning where it differs; plain text whatever it holds."""

    def __init__(self, theme: Theme, card: Card, parent: QWidget | None = None) -> None:
        self._shown = shown_text(card.gold)
        super().__init__(self._shown.shown, parent)
        self._theme = theme
        self._marks = card.gold_marks
        self.setObjectName("cardGold")
        self.setReadOnly(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The space at a line's end may stand beyond the edge; a bar for that would cover the last line.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        # The lines that are scrolled away take the document's margin with them: it stands around the lines instead.
        self.document().setDocumentMargin(0)
        self.setViewportMargins(4, 4, 4, 4)
        self.ensurePolished()
        lines = min(GOLD_LINES, max(card.gold.count("\n") + 1, 1 + len(card.gold) // 28))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 8)
        self._mark()
        theme.changed.connect(self._mark)

    def _mark(self) -> None:
        form = QTextCharFormat()
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        form.setUnderlineColor(colour(self._theme.palette.difference))
        form.setBackground(colour(self._theme.palette.difference_soft))
        selections = []
        for start, end in self._marks:
            selection = QTextEdit.ExtraSelection()
            selection.cursor, selection.format = self._cursor(start, end), form
            selections.append(selection)
        self.setExtraSelections(selections)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Begin a line above the first mark; which line that is, only the width says."""
        super().resizeEvent(event)
        if self._marks:
            first = self._cursor(self._marks[0][0], self._marks[0][0])
            self.verticalScrollBar().setValue(max(0, first.block().firstLineNumber() - 1))

    def _cursor(self, start: int, end: int) -> QTextCursor:
        first, last = self._shown.units((start, end))
        cursor = QTextCursor(self.document())
        cursor.setPosition(first)
        cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
        return cursor
