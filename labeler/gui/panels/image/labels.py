"""Labels beside regions: none covers another, nor the region it names, and other regions only where nothing is free."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap, QTransform

from labeler.gui.theme import READING, Palette, colour, metrics, reading
from labeler.gui.widgets.label import visible

MOST = 250
"""With more labelled regions in view there is no room for words: none is drawn until one zooms in."""
HEIGHT = 16
_LONGEST = 160
_GAP = 2.0
_OVER = 12.0
"""How far a label may stand out of the picture at its sides, in screen pixels: there is that much room beside it."""
_SIZE = 11

Corner = tuple[float, float]
Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """Words for a region; `box` in picture pixels; `ink` is the name of a colour of the palette."""

    key: str
    box: Rect
    words: str
    ink: str


class LabelPlaces:
    """Where labels stand, kept while the scale is the same, so that they stay where they are while one pans."""

    def __init__(
        self, labels: Sequence[Label], keep_free: NDArray[np.float64] | None = None, width: float = math.inf
    ) -> None:
        """`keep_free`: boxes (n, 4) of picture pixels that labels should not cover, besides those that they name.
        `width`: the picture's, in its pixels.
        """
        self._width = width
        self.labels = labels
        self._boxes = np.array([label.box for label in labels], np.float64).reshape(-1, 4)
        self._keep_free = self._boxes if keep_free is None else np.vstack([self._boxes, keep_free])
        self._scale = 0.0
        self._placed: dict[int, Rect | None] = {}

    def visible(self, seen: Rect, scale: float) -> list[tuple[Label, Corner]]:
        """The labels in a part of the picture with their top left corners, in pixels of the scaled picture."""
        b = self._boxes
        near = (b[:, 0] <= seen[2]) & (b[:, 2] >= seen[0]) & (b[:, 1] <= seen[3]) & (b[:, 3] >= seen[1])
        numbers = np.flatnonzero(near).tolist()
        if not numbers or len(numbers) > MOST:
            return []
        if scale != self._scale:
            self._scale, self._placed = scale, {}
        for number in numbers:
            if number not in self._placed:
                self._placed[number] = self._place(number)
        return [
            (self.labels[number], (rect[0], rect[1]))
            for number in numbers
            if (rect := self._placed[number]) is not None
        ]

    def _place(self, number: int) -> Rect | None:
        """The first free spot around its region; one that covers another region if none is; else none."""
        x0, y0, x1, y1 = (self._boxes[number] * self._scale).tolist()
        width = width_of(self.labels[number].words)
        above, below = y0 - HEIGHT - _GAP, y1 + _GAP
        spots = [
            (x, y, x + width, y + HEIGHT)
            for x, y in (
                (x0, above),
                (x1 - width, above),
                (x0, below),
                (x1 - width, below),
                (x1 + _GAP, y0),
                (x0 - width - _GAP, y0),
            )
            if x >= -_OVER  # what begins further left than the picture would be cut off
        ]
        within = [spot for spot in spots if spot[2] <= self._width * self._scale + _OVER]
        spots = within or spots  # on a picture narrower than its labels they are cut off, wherever they stand
        taken = np.array([rect for rect in self._placed.values() if rect is not None], np.float64).reshape(-1, 4)
        free = [spot for spot in spots if not _crosses(spot, taken).any()]
        if not free:
            return None
        near = self._keep_free * self._scale
        covered = [int(_crosses(spot, near).sum()) for spot in free]
        return free[int(np.argmin(covered))]


def _crosses(rect: Rect, others: NDArray[np.float64]) -> NDArray[np.bool_]:
    x0, y0, x1, y1 = rect
    crosses: NDArray[np.bool_] = (others[:, 0] < x1) & (others[:, 2] > x0) & (others[:, 1] < y1) & (others[:, 3] > y0)
    return crosses


def paint_labels(
    painter: QPainter, places: LabelPlaces, to_screen: QTransform, window: QRectF, palette: Palette, ratio: float
) -> None:
    """Paint the labels in view, in screen pixels."""
    scale = to_screen.m11()
    seen = to_screen.inverted()[0].mapRect(window)
    for label, (x, y) in places.visible((seen.left(), seen.top(), seen.right(), seen.bottom()), scale):
        tag = _tag(label.words, getattr(palette, label.ink), palette.surface, ratio)
        painter.drawPixmap(QPointF(round(to_screen.dx() + x), round(to_screen.dy() + y)), tag)


def width_of(words: str) -> float:
    return math.ceil(metrics(READING, _SIZE, QFont.Weight.Medium).horizontalAdvance(_shortened(words))) + 8


@lru_cache(maxsize=2000)
def _shortened(words: str) -> str:
    measure = metrics(READING, _SIZE, QFont.Weight.Medium)
    return measure.elidedText(visible(" ".join(words.split())), Qt.TextElideMode.ElideRight, _LONGEST)


@lru_cache(maxsize=1000)
def _tag(words: str, ink: str, ground: str, ratio: float) -> QPixmap:
    """Words on a ground of the window's, so that they can be read on any picture; kept, since letters cost most."""
    width = width_of(words)
    pixmap = QPixmap(round(width * ratio), round(HEIGHT * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(ground, 0.92))
    painter.drawRoundedRect(QRectF(0, 0, width, HEIGHT), 3, 3)
    painter.setPen(QColor(ink))
    painter.setFont(reading(_SIZE, QFont.Weight.Medium))
    painter.drawText(QRectF(0, 0, width, HEIGHT), int(Qt.AlignmentFlag.AlignCenter), _shortened(words))
    painter.end()
    return pixmap
