"""What an item asks, what kind of item it is, its id, and what its medium is: the card above the medium."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy

from labeler.domain.blind import Letter
from labeler.domain.items import Scalar
from labeler.gui.widgets.label import ElidedLabel, PlainLabel, plain, set_tip
from labeler.sessions.review.evidence import ShownItem

SHOWN_SLICES = 4
FEW_LINES, MOST_LINES = 2, 5
MODELS_WIDTH = 320
ID_WIDTH = 200
MEDIUM_WIDTH = 200


class PromptCard(QFrame):
    """The prompt as wide as its text, up to half the card; then as many slices as there is room for.

    A long prompt has all of the width, and a few lines that are scrolled: what is judged needs the height.
    """

    slice_picked = Signal(str, str)
    """Key and value of a slice that was clicked."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(8)
        self._prompt = plain("prompt")
        self._prompt.setWordWrap(True)
        self._scrolled = _Scrolled(self._prompt)
        row.addWidget(self._scrolled)
        # Made once: a label that is new with each item would be styled anew with each item.
        self._tags = [_Tag(self) for _ in range(SHOWN_SLICES)]
        for tag in self._tags:
            row.addWidget(tag, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        self._models, self._item_id, self._medium = ElidedLabel("note"), ElidedLabel("note"), ElidedLabel("note")
        for label in (self._models, self._item_id, self._medium):
            label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
            label.setFixedWidth(0)
            row.addWidget(label)
        self._models.hide()
        self._medium.hide()
        self._item = ""
        """Id of the item that is shown."""
        self._prompt.installEventFilter(self)

    def show_item(self, item: ShownItem, *, with_content: bool, why: str, filtered: Mapping[str, str]) -> None:
        """`with_content`: the outputs take the place of the item's text. `why`: how the item came into the queue."""
        prompt = item.prompt or "No prompt was given with this item."
        self._prompt.setText(f"{prompt}\n{item.content}" if with_content else prompt)
        telling = _telling(item.slices, filtered)
        for tag, pair in zip_longest(self._tags, telling[:SHOWN_SLICES]):
            tag.show_slice(*pair) if pair else tag.clear()
        set_tip(self, "\n".join(f"{key}: {value}" for key, value in item.slices.items()))
        wanted = _show(self._item_id, f"item {item.id}", 4, ID_WIDTH)
        set_tip(self._item_id, "\n".join((*((item.id,) if wanted > ID_WIDTH else ()), why)))
        if item.id != self._item:
            self._item = item.id
            self.show_medium("")
        self._fit()

    def show_medium(self, facts: str) -> None:
        """What the item's medium is, once that is known; until the next item."""
        _show(self._medium, f"· {facts}" if facts else "", 4, MEDIUM_WIDTH)
        self._medium.setVisible(bool(facts))
        self._fit()

    def show_models(self, models: Mapping[Letter, str]) -> None:
        """Which model each side is, for who may know; nothing for all others."""
        named = " · ".join(f"{letter}: {name}" for letter, name in models.items())
        _show(self._models, named, 8, MODELS_WIDTH)
        self._models.setVisible(bool(named))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The style gives the prompt its letters when the card has its place in a window, and again with each size."""
        if event.type() == QEvent.Type.FontChange:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        room = self.width() - 60
        for label in (self._models, self._item_id, self._medium):
            room -= label.maximumWidth()
        room = max(room, 1)  # before the card has its place
        room -= self._scrolled.fit(min(self.width() // 2, room), room)
        for tag in self._tags:
            room -= tag.sizeHint().width() + 8
            tag.setVisible(room >= 0 and bool(tag.text()))


class _Scrolled(QScrollArea):
    """The prompt, with no more than a few of its lines in view."""

    own_keys = ("Up", "Down", "PageUp", "PageDown")
    """They scroll while it has the focus."""

    def __init__(self, prompt: QLabel) -> None:
        super().__init__()
        self._prompt = prompt
        self.setWidget(prompt)
        prompt.setAutoFillBackground(False)  # which the call above sets
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("What the item asks")

    def fit(self, usual: int, most: int) -> int:
        """As wide as the text, up to `usual`, or up to `most` where that would be many lines; how wide it is then."""
        self._prompt.ensurePolished()
        metrics = self._prompt.fontMetrics()
        width = min(metrics.horizontalAdvance(self._prompt.text()) + 8, usual)
        if self._prompt.heightForWidth(width) > FEW_LINES * metrics.lineSpacing():
            width = most
        needed = max(self._prompt.heightForWidth(width), 0)  # below 0 while there is no text
        height = min(needed, MOST_LINES * metrics.lineSpacing())
        # Tab passes by what there is nothing to scroll in. A bar that once was there would make itself needed, by the
        # width that it takes from the text.
        scrolls = needed > height
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if scrolls else Qt.FocusPolicy.NoFocus)
        bar = Qt.ScrollBarPolicy.ScrollBarAsNeeded if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(bar)
        if (width, height) != (self.maximumWidth(), self.maximumHeight()):
            self.setFixedSize(width, height)
        return width


class _Tag(PlainLabel):
    """A slice of the item; a click shows only items with the same."""

    def __init__(self, card: PromptCard) -> None:
        super().__init__()
        self._card = card
        self._slice = ("", "")
        self.setObjectName("tag")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_slice(self, key: str, value: str) -> None:
        self._slice = (key, value)
        self.setText(f"{key}: {value}")
        set_tip(self, f"Show only items with {key} = {value}")

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        self._card.slice_picked.emit(*self._slice)


def _show(label: ElidedLabel, text: str, margin: int, at_most: int) -> int:
    """The text in a label just wide enough for it, up to so many pixels; the width that it would like."""
    label.setText(text)
    wanted = label.fontMetrics().horizontalAdvance(text) + margin
    label.setFixedWidth(min(wanted, at_most) if text else 0)
    return wanted


def _telling(slices: Mapping[str, Scalar], filtered: Mapping[str, str]) -> list[tuple[str, str]]:
    """The slices that say what kind of item this is: words before measures, `kind` first; not what is filtered."""
    shown = [(k, v) for k, v in slices.items() if v not in (None, "none", "default") and k not in filtered]
    shown.sort(key=lambda pair: (pair[0] != "kind", not isinstance(pair[1], str)))
    return [(key, str(value)) for key, value in shown]
