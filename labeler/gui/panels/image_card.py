"""One output on the picture: its letter and counts on top, the picture, the text below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from labeler.domain.blind import Letter, ShownOutput
from labeler.gui.panels.image_canvas import Canvas
from labeler.gui.panels.image_view import View
from labeler.gui.theme import Theme
from labeler.gui.widgets.badge import Badge
from labeler.gui.widgets.keycap import KeyCap
from labeler.gui.widgets.output_text import OutputText

_CANVAS_SHARE, _TEXT_SHARE = 520, 140


class ImageCard(QFrame):
    """Shows output A, output B, or the picture alone."""

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
        self.text = OutputText(theme, mono=True)
        self.text.setMinimumHeight(48)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self.canvas)
        self._splitter.addWidget(self.text)
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
        head.addWidget(self._badge)
        head.addWidget(self._title)
        head.addWidget(self._note, 1)
        head.addWidget(self._overlay)
        head.addWidget(self._key)
        head.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        return head

    def show_output(self, letter: Letter | None, output: ShownOutput | None) -> None:
        """Title and counts of an output; without one, that the outputs are still to come."""
        shown = letter is not None and output is not None
        for widget in (self._badge, self._overlay, self._key, self.text):
            widget.setVisible(shown)
        if letter is None or output is None:
            self._title.setText("Picture")
            self._note.setText("Outputs are shown once the difficulty is set")
            return
        self._badge.set_letter(letter)
        self._title.setText(f"Output {letter}")
        self._note.setText(counts(output))
        self.text.setAccessibleName(f"Text of output {letter}")
        self.text.setPlaceholderText("No output came" if output.error else "This output has no text")

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
