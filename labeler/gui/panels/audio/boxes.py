"""Where the words of a lane stand on the screen: boxes along the time axis, as many as there is room for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont

from labeler.gui.panels.audio.view import LEFT, TimeView
from labeler.gui.panels.audio.words import Word
from labeler.gui.theme import READING, metrics
from labeler.gui.widgets.label import visible

LABEL_PX = 12
NARROWEST = 5.0
_GAP = 2.0
_OPEN, _OPEN_FOR_MANY = 24.0, 56.0
"""Pixels that words of no length take if there is room: one word, several at one time."""
_ROOM_FOR_DOTS = 36.0
"""Pixels; in a narrower box three dots would take the place of the letters that tell words apart."""
_LONGEST_S = 5.0
"""A word that began longer ago than this before the view is not looked for."""


class Box(NamedTuple):
    """One of some hundreds that are made for a frame: a tuple, which is made five times as fast as a dataclass."""

    left: float
    right: float
    first: int
    last: int
    """Words first up to last stand in it."""
    differs: bool = False
    current: bool = False
    unsure: bool = False


def _counted(facts: Iterable[bool]) -> NDArray[np.int64]:
    """How many of those before each, and of all."""
    return np.fromiter(accumulate(facts, initial=0), np.int64)


class WordRows:
    """The words of a lane in order of their beginning, ready to be laid out at any zoom: the cost is that of the boxes
    in view, however many words they hold.
    """

    def __init__(self, words: Sequence[Word]) -> None:
        self._starts = [word.time_s[0] for word in words]
        self._starts_s = np.array(self._starts)
        self._ends_s = np.array([word.time_s[1] for word in words])
        self._differ = _counted(word.difference is not None for word in words)
        self._unsure = _counted(word.unsure for word in words)
        self._of: dict[str, list[int]] = {}
        for number, word in enumerate(words):
            if word.difference is not None:
                self._of.setdefault(word.difference, []).append(number)

    def words_of(self, difference: str | None) -> list[int]:
        """Numbers of a difference's words, in order."""
        return self._of.get(difference or "", [])

    def laid_out(self, view: TimeView, end_x: float, current: str | None) -> list[Box]:
        """The boxes in view, from left to right; `end_x` is where the axis ends, in pixels. `current`: id of the
        difference whose words stand out.
        """
        edges = self._edges(view)
        if len(edges) < 2:
            return []
        first, last = np.array(edges[:-1]), np.array(edges[1:])
        left = view.xs(self._starts_s[first])
        free = np.append(left[1:], view.x(self._starts[edges[-1]]) if edges[-1] < len(self._starts) else end_x)
        right = view.xs(np.maximum.reduceat(self._ends_s[: edges[-1]], first))
        bounded = len(first) if edges[-1] < len(self._starts) else len(first) - 1
        right[:bounded] = np.minimum(right[:bounded], free[:bounded])
        # A word of no length takes what room there is up to the next one, so that it can be read and clicked.
        least = left + np.where(last - first > 1, _OPEN_FOR_MANY, _OPEN)
        opened = np.minimum(np.maximum(right, least), np.maximum(free, left + NARROWEST))
        right = np.where(right - left < NARROWEST * 2, opened, right)
        right = np.maximum(right - _GAP, left + NARROWEST - _GAP)
        here = np.array(self.words_of(current), np.int64)
        columns = (
            left,
            right,
            first,
            last,
            self._differ[last] > self._differ[first],
            np.searchsorted(here, last) > np.searchsorted(here, first),
            self._unsure[last] > self._unsure[first],
        )
        boxes = map(Box._make, zip(*(column.tolist() for column in columns), strict=True))
        return [box for box in boxes if box.right >= LEFT]

    def _edges(self, view: TimeView) -> list[int]:
        """The first word of each box in view, and the one behind the last box: a box begins with a word and holds as
        many of the next as would not have room for one of their own.
        """
        starts, least_s = self._starts, NARROWEST / view.pixels_per_s
        number = max(0, bisect_left(starts, view.start_s - _LONGEST_S) - 1)
        edges = [number]
        while number < len(starts) and starts[number] <= view.end_s:
            number = max(number + 1, bisect_left(starts, starts[number] + least_s, number))
            edges.append(number)
        return edges


@lru_cache(maxsize=4096)
def label_of(word: str, count: int, room: int, weight: QFont.Weight) -> str:
    """What fits into so many pixels: the word, its beginning, or nothing; of several words their number as well.

    Remembered, since measuring a text takes as long as drawing it, and the next frame shows nearly the same.
    """
    measures = metrics(READING, LABEL_PX, weight)
    number = f" ×{count:,}" if count > 1 else ""
    free = room - measures.horizontalAdvance(number)
    text = visible(word)
    if measures.horizontalAdvance(text) > free:
        text = measures.elidedText(text, Qt.TextElideMode.ElideRight, free) if free >= _ROOM_FOR_DOTS else text[:9]
        while text and measures.horizontalAdvance(text) > free:
            text = text[:-1]
    if not text:
        return number.strip() if measures.horizontalAdvance(number.strip()) <= room else ""
    return text + number
