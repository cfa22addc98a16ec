"""Both transcripts: their words in time (lanes) and in text (cards), linked to each other and to the sound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from labeler.domain.blind import LETTERS, Letter
from labeler.domain.items import Modality, Span
from labeler.gui.panels.audio.lane import WordLane
from labeler.gui.panels.audio.view import TimeView
from labeler.gui.panels.audio.words import Word, word_at, words_of
from labeler.gui.panels.marks import chosen_words, lit_spans, marks, pinned_words
from labeler.gui.theme import Theme
from labeler.gui.widgets.badge import Badge
from labeler.gui.widgets.label import laid_out
from labeler.gui.widgets.output_text import OutputText
from labeler.sessions.review.evidence import ShownEvidence
from labeler.sessions.review.not_shown import not_shown

_HIDDEN = "Listen, and say how difficult it is. The outputs are shown once the difficulty is set."


class Transcripts(QWidget):
    """The two cards. `lanes` belong to it and stand under the waveform."""

    word_picked = Signal(object)
    """The time span of a word that was clicked, in seconds."""
    words_dragged = Signal(object)
    """The time span of words that the mouse was drawn over, in seconds."""
    difference_picked = Signal(str)
    words_chosen = Signal(str, object)
    """Letter and span of words that a failure can be pinned to."""

    def __init__(self, theme: Theme, view: TimeView, skip_key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._skip_key = theme, skip_key
        self._state: ShownEvidence | None = None
        self.lanes = {letter: WordLane(theme, view, letter) for letter in LETTERS}
        self._texts = {letter: OutputText(theme) for letter in LETTERS}
        self._counts: dict[Letter, QLabel] = {}
        self._words: dict[Letter, tuple[Word, ...]] = dict.fromkeys(LETTERS, ())
        self._hovered: dict[Letter, list[Span]] = {letter: [] for letter in LETTERS}
        self._hovered_words: dict[Letter, frozenset[int]] = dict.fromkeys(LETTERS, frozenset())
        self._sounding: dict[Letter, int | None] = dict.fromkeys(LETTERS, None)
        self._build()

    def show_state(self, old: ShownEvidence | None, new: ShownEvidence) -> bool:
        """Whether anything of the outputs or their differences changed."""
        self._state = new
        for letter in LETTERS:
            self._texts[letter].set_pins(pinned_words(new, letter), chosen_words(new, letter))
        if old is not None and (old.pair, old.walk, old.current) == (new.pair, new.walk, new.current):
            return False
        for letter in LETTERS:
            self.lanes[letter].set_current(new.difference.id if new.difference is not None else None)
        if old is not None and (old.pair, old.walk) == (new.pair, new.walk):
            for letter in LETTERS:
                self._texts[letter].set_text(self._texts[letter].text, marks(new, letter))
            return True
        self._hidden.setVisible(new.pair is None)
        spoken = new.item.content if new.item is not None and new.takes else None
        self._spoken.setVisible(spoken is not None)
        self._spoken.setPlainText(laid_out(spoken or ""))
        for letter in LETTERS:
            self._show_output(new, letter)
        self.setHidden(new.pair is not None and spoken is None and all(c.isHidden() for c in self._cards.values()))
        for letter in LETTERS:
            self._hovered[letter], self._hovered_words[letter], self._sounding[letter] = [], frozenset(), None
        self._light()
        return True

    @property
    def words(self) -> dict[Letter, tuple[Word, ...]]:
        """Of both outputs, in order of time."""
        return self._words

    @property
    def end_s(self) -> float:
        """When the last word ends, in seconds."""
        return max((word.time_s[1] for words in self._words.values() for word in words), default=0.0)

    @property
    def edges(self) -> list[float]:
        """Where words begin and end, in seconds, in no order."""
        return [time for words in self._words.values() for word in words for time in word.time_s]

    def sound(self, time_s: float | None) -> None:
        """Light the words that are heard at this moment of the recording; None: nothing is."""
        sounding = {letter: word_at(self._words[letter], time_s) if time_s is not None else None for letter in LETTERS}
        if sounding != self._sounding:
            self._sounding = sounding
            self._light()

    def _build(self) -> None:
        self.setMinimumHeight(96)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self._hidden = QLabel(_HIDDEN)
        self._hidden.setObjectName("empty")
        self._hidden.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hidden.setWordWrap(True)
        row.addWidget(self._hidden, 1)
        self._spoken = QPlainTextEdit()
        self._spoken.setReadOnly(True)
        self._spoken.setObjectName("content")
        self._spoken.setAccessibleName("Text of the item")
        self._spoken.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._spoken.hide()
        row.addWidget(self._spoken, 1)
        self._cards = {letter: self._build_card(letter) for letter in LETTERS}
        for letter, card in self._cards.items():
            row.addWidget(card, 1)
            self.lanes[letter].hovered.connect(partial(self._hover_word, letter))
            self.lanes[letter].picked.connect(partial(self._pick_word, letter))
            self.lanes[letter].dragged.connect(partial(self._drag_words, letter))
            self._texts[letter].hovered.connect(partial(self._hover_text, letter))
            self._texts[letter].picked.connect(self.difference_picked)
            self._texts[letter].chosen.connect(partial(self.words_chosen.emit, letter))

    def _build_card(self, letter: Letter) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 0, 1, 1)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(12, 7, 12, 7)
        head.setSpacing(9)
        title = QLabel(f"Transcript {letter}")
        title.setObjectName("cardTitle")
        count = self._counts[letter] = QLabel()
        count.setObjectName("note")
        count.setTextFormat(Qt.TextFormat.PlainText)
        count.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        head.addWidget(Badge(self._theme, letter))
        head.addWidget(title)
        head.addWidget(count, 1)
        column.addLayout(head)
        self._texts[letter].setAccessibleName(f"Transcript {letter}")
        column.addWidget(self._texts[letter], 1)
        return card

    def _show_output(self, state: ShownEvidence, letter: Letter) -> None:
        self._words[letter] = words_of(state, letter)
        # An output that is a recording may have neither text nor times.
        said = state.pair is not None and (not state.takes or bool(state.pair.output(letter).text))
        self._cards[letter].setVisible(said)
        unheard = not_shown(state.media, Modality.AUDIO, self._skip_key)
        self._texts[letter].setPlaceholderText(unheard)
        self.lanes[letter].setVisible((said and not unheard) or bool(self._words[letter]))
        self.lanes[letter].set_words(self._words[letter])
        if state.pair is not None:
            output = state.pair.output(letter)
            self._texts[letter].set_text(output.text, marks(state, letter))
            count = len(output.text.split())
            words = f"{count:,} word{'' if count == 1 else 's'}"
            told = words if output.error is None else f"no output: {output.error}"
            self._counts[letter].setText(" · ".join(filter(None, (told if count or not unheard else "", unheard))))

    # Hovering

    def _hover_word(self, letter: Letter, number: int | None) -> None:
        word = self._words[letter][number] if number is not None else None
        self._hover_text(letter, word.span[0] if word is not None and word.span is not None else None)
        if number is not None and number not in self._hovered_words[letter]:
            self._hovered_words[letter] |= {number}
            self._light()

    def _hover_text(self, letter: Letter, offset: int | None) -> None:
        if self._state is None:
            return
        self._hovered = lit_spans(self._state, letter, offset)
        if offset is not None and not self._hovered[letter]:
            at = (offset, offset + 1)
            self._hovered[letter] = [w.span for w in self._words[letter] if w.span and _touches(w.span, [at])]
        self._hovered_words = {one: self._words_in(one, self._hovered[one]) for one in LETTERS}
        self._light()

    def _words_in(self, letter: Letter, spans: Sequence[Span]) -> frozenset[int]:
        if not spans:
            return frozenset()
        return frozenset(n for n, word in enumerate(self._words[letter]) if word.span and _touches(word.span, spans))

    def _pick_word(self, letter: Letter, number: int) -> None:
        self.word_picked.emit(self._words[letter][number].heard_s)

    def _drag_words(self, letter: Letter, first: int, last: int) -> None:
        words = self._words[letter][min(first, last) : max(first, last) + 1]
        self.words_dragged.emit((words[0].time_s[0], max(word.time_s[1] for word in words)))

    def _light(self) -> None:
        for letter in LETTERS:
            sounding = self._sounding[letter]
            heard = frozenset() if sounding is None else frozenset({sounding})
            spoken = [] if sounding is None else [self._words[letter][sounding].span]
            self.lanes[letter].set_lit(self._hovered_words[letter] | heard)
            self._texts[letter].set_lit([*self._hovered[letter], *filter(None, spoken)])


def _touches(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] < other[1] and other[0] < span[1] for other in others)
