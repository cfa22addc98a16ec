"""A text item: the text that both models were given on top, both outputs below it with their differences marked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from labeler.domain.blind import LETTERS, Letter
from labeler.domain.items import Modality
from labeler.gui.panels.grid_pair import GridPair
from labeler.gui.panels.marks import chosen_words, lit_spans, marks, pinned_words
from labeler.gui.theme import Theme
from labeler.gui.widgets.badge import Badge
from labeler.gui.widgets.label import laid_out
from labeler.gui.widgets.output_text import OutputText
from labeler.sessions.review.evidence import ShownEvidence, Upcoming
from labeler.sessions.review.not_shown import not_shown


class TextPanel(QWidget):
    """Until the tier is set only the text itself is there."""

    difference_picked = Signal(str)
    words_chosen = Signal(str, object)
    """Letter and span of words that a failure can be pinned to."""
    painted = Signal(str)

    def __init__(self, theme: Theme, skip_key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._skip_key = theme, skip_key
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        self._content = QPlainTextEdit()
        self._content.setReadOnly(True)
        self._content.setObjectName("content")
        self._content.setAccessibleName("Text of the item")
        self._content.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._split.addWidget(self._content)
        self._outputs = QWidget()
        row = QHBoxLayout(self._outputs)
        row.setContentsMargins(0, 6, 0, 0)
        row.setSpacing(10)
        self._texts: dict[Letter, OutputText] = {}
        self._counts: dict[Letter, QLabel] = {}
        self._grids = GridPair(theme, self)
        self._grids.difference_picked.connect(self.difference_picked)
        for letter in LETTERS:
            row.addWidget(self._card(letter), 1)
        self._split.addWidget(self._outputs)
        self._split.setSizes([300, 500])
        column.addWidget(self._split)

    def _card(self, letter: Letter) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.setSpacing(9)
        title = QLabel(f"Output {letter}")
        title.setObjectName("cardTitle")
        self._counts[letter] = QLabel()
        self._counts[letter].setObjectName("note")
        head.addWidget(Badge(self._theme, letter))
        head.addWidget(title)
        head.addWidget(self._counts[letter])
        head.addStretch(1)
        column.addLayout(head)
        self._texts[letter] = OutputText(self._theme)
        self._texts[letter].picked.connect(self.difference_picked)
        self._texts[letter].chosen.connect(partial(self.words_chosen.emit, letter))
        self._texts[letter].hovered.connect(lambda offset, letter=letter: self._hover(letter, offset))
        column.addWidget(self._texts[letter], 1)
        column.addWidget(self._grids.views[letter], 1)
        self._grids.views[letter].hide()
        self._state: ShownEvidence | None = None
        return card

    def show_state(self, old: ShownEvidence | None, new: ShownEvidence) -> None:
        self._state = new
        if new.item is None:
            return
        if old is None or old.item != new.item:
            self._content.setPlainText(laid_out(new.item.content or new.item.media_problem))
        self._outputs.setVisible(new.pair is not None)
        if new.pair is not None:
            gridded = self._grids.show_state(new)  # tables and values in place of the texts, where both are such
            for letter in LETTERS:
                self._texts[letter].setVisible(not gridded)
                self._grids.views[letter].setVisible(gridded)
                text = new.pair.output(letter).text or new.pair.output(letter).label or ""
                self._texts[letter].set_text(text, marks(new, letter))
                unseen = not_shown(new.media, Modality.TEXT, self._skip_key)
                self._texts[letter].setPlaceholderText(unseen)
                self._texts[letter].set_pins(pinned_words(new, letter), chosen_words(new, letter))
                told = f"{len(text.split()):,} words" if text or not unseen else ""
                self._counts[letter].setText(" · ".join(filter(None, (told, unseen))))
        if old is None or old.item != new.item:
            self.painted.emit(new.item.id)

    def prefetch(self, upcoming: Sequence[Upcoming]) -> None:
        """Texts have no medium to be decoded ahead."""

    def _hover(self, letter: Letter, offset: int | None) -> None:
        if self._state is not None:
            spans = lit_spans(self._state, letter, offset)
            for one in LETTERS:
                self._texts[one].set_lit(spans[one])
