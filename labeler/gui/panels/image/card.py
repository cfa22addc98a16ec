"""One output on the picture: its letter and counts on top, the picture, the text below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from labeler.domain.blind import Letter, ShownOutput
from labeler.gui.panels.image.canvas import Canvas
from labeler.gui.panels.image.view import View
from labeler.gui.theme import Theme
from labeler.gui.widgets.badge import Badge
from labeler.gui.widgets.keycap import KeyCap
from labeler.gui.widgets.output_text import OutputText

_CANVAS_SHARE, _TEXT_SHARE = 520, 140
_TEXT_HEIGHT, _GRID_HEIGHT = 48, 180
"""The least that text and grid get, in pixels: of a table a few rows must be seen at once."""


class ImageCard(QFrame):
    """Shows output A, output B, both on one picture, or the picture alone."""

    split = Signal(list)
    """Heights of picture and text, after the person moved the handle between them."""

    def __init__(self, theme: Theme, view: View, overlay_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 1, 1)
        column.setSpacing(0)
        column.addLayout(self._build_head(theme, overlay_key))
        self.canvas = Canvas(theme, view)
        self.texts = (OutputText(theme, mono=True), OutputText(theme, mono=True))
        self._texts_shown = (False, False)
        """Which texts are there when no grid takes their place."""
        self._grids: list[QWidget] = []
        self._below = QWidget()
        self._beside = QHBoxLayout(self._below)
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._beside.setSpacing(1)
        for text in self.texts:
            text.setMinimumHeight(_TEXT_HEIGHT)
            self._beside.addWidget(text)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self.canvas)
        self._splitter.addWidget(self._below)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 0)
        self._splitter.setSizes([_CANVAS_SHARE, _TEXT_SHARE])
        self._splitter.splitterMoved.connect(lambda: self.split.emit(self._splitter.sizes()))
        column.addWidget(self._splitter, 1)

    def _build_head(self, theme: Theme, overlay_key: str) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(12, 7, 12, 7)
        head.setSpacing(9)
        self._badge = Badge(theme, "A")
        self._title = _label("cardTitle")
        self._note = _label("note")
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._overlay = _label("note")
        self._key = KeyCap(theme, overlay_key)
        self._other_badge = Badge(theme, "B")
        head.addWidget(self._badge)
        head.addWidget(self._other_badge)
        head.addWidget(self._title)
        head.addWidget(self._note, 1)
        head.addWidget(self._overlay)
        head.addWidget(self._key)
        head.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        return head

    @property
    def text(self) -> OutputText:
        """The text of the output, or of A where the card shows both."""
        return self.texts[0]

    def show_outputs(self, outputs: Mapping[Letter, ShownOutput], note: str = "", *, texts: bool = True) -> None:
        """Title and counts of the outputs on the picture; without any, that they are still to come.

        `texts`: there is room for what they say.
        """
        self._texts_shown = (bool(outputs), len(outputs) > 1)
        for text, shown in zip(self.texts, self._texts_shown, strict=True):
            text.setVisible(shown and not self._grids)
        for widget in (self._overlay, self._key):
            widget.setVisible(bool(outputs))
        self._below.setVisible(bool(outputs) and texts)
        self._badge.setVisible(bool(outputs))
        self._other_badge.setVisible(len(outputs) > 1)
        if not outputs:
            self._title.setText("Picture")
            self._note.setText("Outputs are shown once the difficulty is set")
            return
        letters = list(outputs)
        for badge, letter in zip((self._badge, self._other_badge), letters, strict=False):
            badge.set_letter(letter)
        self._title.setText(f"Output {letters[0]}" if len(letters) == 1 else "Outputs A and B")
        self._note.setText(note or " / ".join(counts(output) for output in outputs.values()))
        for text, (letter, output) in zip(self.texts, outputs.items(), strict=False):
            text.setAccessibleName(f"Text of output {letter}")
            text.setPlaceholderText("No output came" if output.error else "This output has no text")

    def set_wide(self, wide: bool) -> None:
        """Put the text beside the picture, where the card is wide and low."""
        orientation = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self._splitter.orientation() != orientation:
            self._splitter.setOrientation(orientation)
            self._splitter.setSizes([3 * _TEXT_SHARE, _TEXT_SHARE] if wide else [_CANVAS_SHARE, _TEXT_SHARE])

    def show_grids(self, grids: Sequence[QWidget]) -> None:
        """Tables or values in place of the texts; none, and the texts are back."""
        if list(grids) == self._grids:
            return
        self._grids = list(grids)
        for text, shown in zip(self.texts, self._texts_shown, strict=True):
            text.setVisible(shown and not grids)
        for grid in grids:
            self._beside.addWidget(grid)
            grid.show()
        self._below.setMinimumHeight(_GRID_HEIGHT if grids else _TEXT_HEIGHT)

    def show_overlay(self, on: bool) -> None:
        self._overlay.setText("Overlay" if on else "Overlay off")
        self.canvas.set_overlay(on)

    def split_like(self, heights: list[int]) -> None:
        self._splitter.setSizes(heights)


def counts(output: ShownOutput) -> str:
    """`4 rows · 16 regions`; what went wrong where there is no output."""
    if output.error:
        return f"no output: {output.error}"
    parts = []
    if output.label is not None:
        parts.append(f"label: {output.label}")
    if output.table is not None:
        parts.append(_counted(len(output.table), "row"))
    if output.values:
        parts.append(_counted(len(output.values), "value"))
    parts.append(_counted(len(output.regions), "region") if output.regions else "no regions")
    return " · ".join(parts)


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
