"""The bar under the medium: the current difference in words; or what is in hand, and what keys do to it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from labeler.domain.items import Modality
from labeler.gui.keys import shown
from labeler.gui.theme import Theme, reading
from labeler.gui.widgets.button import KeyButton, Look
from labeler.gui.widgets.label import ElidedLabel, plain, set_tip
from labeler.sessions.review import hand_words, words
from labeler.sessions.review.evidence import Layout, Request, ShownEvidence
from labeler.sessions.review.session import ReviewSession
from labeler.sessions.review.view_commands import layout_name, next_layout

_LABEL_WIDTH = 220
_LINE = 28
"""Height of the field and so of the line: a bar that grew with it would shift the picture under the pointer."""
_NARROW = 720
_NARROW_WITH_HEARD = 900
"""What is said of a difference needs more room than half of what it is."""
_BLINK = "Compare by blink"
_NONE, _HIDDEN = "No difference", "How difficult is this item?"
_SHORT = {_NONE: "Is it right?", _HIDDEN: "Then the outputs are shown."}
_PIXEL_KEYS = (("view.place_next", "next place"), ("view.threshold_up", "fewer"))


class DifferenceBar(QFrame):
    """One line. While a gold region or segment is edited, a field for what it says."""

    released = Signal()
    """The field is done with; the keyboard belongs to the screen again."""

    def __init__(self, theme: Theme, session: ReviewSession, keys: Mapping[str, str]) -> None:
        super().__init__()
        self.setObjectName("card")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(10)
        row.addStrut(_LINE)
        self._keys = {command: shown(key) for command, key in keys.items()}
        self._pixel_keys = hand_words.keys_in_words(_PIXEL_KEYS, self._keys)
        self._title = plain("cardTitle")
        self._text = ElidedLabel("quiet")
        self._text.setFont(reading())
        self._says = QLineEdit()
        self._says.setFixedSize(_LABEL_WIDTH, _LINE)
        self._says.setAccessibleName("What the region or segment says")
        self._says.setPlaceholderText(f"What it says ({keys.get('gold.label', '')})")
        self._says.textEdited.connect(session.gold.relabel)
        self._says.installEventFilter(self)
        self._says.hide()
        row.addWidget(self._title)
        row.addWidget(self._says)
        row.addWidget(self._text, 1)
        self._layout = ""
        self._evidence: ShownEvidence | None = None
        self._heard = ("", "")
        self._buttons: dict[str, KeyButton] = {}
        for command, label, act in (
            ("difference.previous", "Previous", session.previous_difference),
            ("difference.next", "Next", session.next_difference),
            ("view.layout", "", lambda: next_layout(session)),
            ("view.blink", _BLINK, session.blink),
        ):
            button = KeyButton(theme, Look.FLAT, label, keys.get(command, ""))
            button.clicked.connect(lambda _checked, act=act: act())
            row.addWidget(button)
            self._buttons[command] = button

    def show_evidence(self, old: ShownEvidence | None, new: ShownEvidence) -> None:
        if new.item is None:
            return
        self._evidence = new
        self._show_label(new)
        self._layout = layout_name(new)
        self._fit()
        for command, button in self._buttons.items():
            view = command.startswith("view.")
            # Where a gold region stands is worth more room than buttons whose keys work all the same; and what is to
            # be done before the outputs are shown, than what only works then.
            of_use = new.revealed and new.shows is Modality.IMAGE and new.gold_regions is None
            button.setVisible(not view or of_use)
            button.setEnabled(new.revealed and (view or bool(new.walk)))
        asked = old is not None and old.request != new.request
        if asked and new.request.what is Request.EDIT_LABEL and not self._says.isHidden():
            self._says.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._says.selectAll()

    def show_heard(self, words: str, in_short: str) -> None:
        """What verdicts say of the current difference, in the place of what it is; that is then in the tooltip."""
        if self._heard != (words, in_short):
            self._heard = (words, in_short)
            self._fit()

    def _fit(self) -> None:
        """In fewer words where there is no room for all: a key that is cut off says nothing."""
        if self._evidence is None:
            return
        title, text = _words(self._evidence, self._keys)
        regions = self._evidence.gold_regions or ()
        if self._evidence.media and self._evidence.view.layout is Layout.BOTH and not self._evidence.spot:
            text = self._pixel_keys or text  # what differs is said above the picture
        walks = self._evidence.difference is not None and title.startswith("Difference")
        said = self._heard if walks else ("", "")
        narrow = self.width() < (_NARROW_WITH_HEARD if said[0] else _NARROW)
        least = bool(said[0]) and self.width() < _NARROW
        self._buttons["view.layout"].set_label(self._layout if narrow else f"Layout: {self._layout.lower()}")
        self._buttons["view.blink"].set_label("Blink" if narrow else _BLINK)
        self._title.setText(title.removeprefix("Difference ") if least else title)
        short = _SHORT.get(title) or hand_words.where_in_hand(regions, self._evidence.spot)
        self._text.setText(*(said if said[0] else (text, short)))
        set_tip(self._title, text if said[0] else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _show_label(self, evidence: ShownEvidence) -> None:
        said = _said(evidence)
        if said is None:
            if self._says.hasFocus():
                self.released.emit()
            self._says.hide()
            return
        self._says.show()
        if self._says.text() != said:
            self._says.setText(said)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape and Enter leave the field."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()
            if enter or event.key() == Qt.Key.Key_Escape:
                self.released.emit()
                return True
        return super().eventFilter(watched, event)


def _said(evidence: ShownEvidence) -> str | None:
    """What the gold region or segment in hand says; None where none is in hand."""
    segments, number = evidence.gold_segments, evidence.gold_segment
    if segments is not None:
        return None if number is None or number >= len(segments) else segments[number].text
    regions, number = evidence.gold_regions, None if evidence.spot is None else evidence.spot.region
    if regions is None or number is None or number >= len(regions):
        return None
    return regions[number].text or regions[number].label or ""


def _words(evidence: ShownEvidence, keys: Mapping[str, str]) -> tuple[str, str]:
    difference = evidence.difference
    if evidence.spot or evidence.gold_regions is not None or evidence.gold_segments is not None:
        return hand_words.in_hand(evidence, keys)
    if difference is not None and evidence.current is not None:
        told = "   ".join(filter(None, (words.in_full(difference), words.where_in_full(difference))))
        return f"Difference {evidence.current + 1:,} of {len(evidence.walk):,}", told
    if evidence.revealed:
        return _NONE, "Both outputs say the same here. Is it right?"
    return _HIDDEN, "The outputs are shown once the difficulty is set."
