"""Where the words of a lane stand on the screen: boxes along the time axis, as many as there is room for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from labeler.gui.panels.audio_view import LEFT, TimeView
from labeler.gui.panels.audio_words import Word

NARROWEST = 5.0
_GAP = 2.0
_OPEN, _OPEN_FOR_MANY = 24.0, 56.0
"""Pixels that words of no length take if there is room: one word, several at one time."""
_LONGEST_S = 5.0
"""A word that began longer ago than this before the view is not looked for."""


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    right: float
    first: int
    last: int
    """Words first up to last stand in it."""
    differs: bool = False
    current: bool = False
    unsure: bool = False


class WordRows:
    """The words of a lane in order of their beginning, ready to be laid out at any zoom: the cost is that of the boxes
    in view, however many words they hold.
    """

    def __init__(self, words: Sequence[Word]) -> None:
        self._starts = [word.time_s[0] for word in words]
        self._ends = np.array([word.time_s[1] for word in words])
        self._differ = list(accumulate((word.difference is not None for word in words), initial=0))
        self._unsure = list(accumulate((word.unsure for word in words), initial=0))
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
        boxes = []
        number = max(0, bisect_left(self._starts, view.start_s - _LONGEST_S) - 1)
        while number < len(self._starts) and self._starts[number] <= view.end_s:
            box = self._box_from(number, view, end_x, self.words_of(current))
            if box.right >= LEFT:
                boxes.append(box)
            number = box.last
        return boxes

    def _box_from(self, first: int, view: TimeView, end_x: float, current: Sequence[int]) -> Box:
        """The box that begins with this word, and as many of the next as would not have room for one of their own."""
        left = view.x(self._starts[first])
        last = max(first + 1, bisect_left(self._starts, view.time(left + NARROWEST), first))
        right = view.x(float(self._ends[first:last].max()))
        free = view.x(self._starts[last]) if last < len(self._starts) else end_x
        if last < len(self._starts):
            right = min(right, free)
        # A word of no length takes what room there is up to the next one, so that it can be read and clicked.
        if right - left < NARROWEST * 2:
            least = left + (_OPEN_FOR_MANY if last - first > 1 else _OPEN)
            right = min(max(right, least), max(free, left + NARROWEST))
        right = max(right - _GAP, left + NARROWEST - _GAP)
        differs = self._differ[last] > self._differ[first]
        here = bisect_left(current, last) > bisect_left(current, first)
        return Box(left, right, first, last, differs, here, self._unsure[last] > self._unsure[first])
