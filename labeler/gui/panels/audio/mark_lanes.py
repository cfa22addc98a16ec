"""Pins and gold segments in time, each in a lane of their own under the words; a lane without any is not there."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from labeler.domain.blind import Letter
from labeler.domain.items import TimeSpan
from labeler.gui.panels.audio.lane import WordLane
from labeler.gui.panels.audio.pin_lane import PinLane, PlacedPin
from labeler.gui.panels.audio.view import TimeView
from labeler.gui.panels.audio.words import Word
from labeler.gui.theme import Theme
from labeler.sessions.review.evidence import ShownEvidence, ShownPin


class MarkLanes(QObject):
    pin_picked = Signal(object)
    """A pin that was clicked."""
    gold_segment_picked = Signal(int)
    """Number of a gold segment that was clicked."""

    def __init__(self, theme: Theme, view: TimeView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pins = PinLane(theme, view)
        self.gold = WordLane(theme, view, "Gold")
        self._segments: list[int] = []
        self.pins.picked.connect(self.pin_picked)
        self.gold.picked.connect(lambda number: self.gold_segment_picked.emit(self._segments[number]))
        for lane in (self.pins, self.gold):
            lane.hide()

    def show_state(self, new: ShownEvidence, words: dict[Letter, tuple[Word, ...]]) -> None:
        """`words` of both outputs: a pin to words stands where they are heard."""
        placed = [PlacedPin(pin, at) for pin in new.pins if (at := _time_of(pin, words[pin.pin.letter])) is not None]
        self.pins.set_pins(tuple(sorted(placed, key=lambda one: (one.pin.held, one.time_s))))
        self.pins.setVisible(bool(placed))

        segments = new.gold_segments or ()
        self._segments = sorted(range(len(segments)), key=lambda number: segments[number].start_s)
        ordered = [segments[number] for number in self._segments]
        self.gold.set_words(tuple(Word(one.text.strip() or "…", (one.start_s, one.end_s), None) for one in ordered))
        held = new.gold_segment
        self.gold.set_lit(frozenset() if held is None else frozenset({self._segments.index(held)}))
        self.gold.setVisible(new.gold_segments is not None)


def _time_of(pin: ShownPin, words: tuple[Word, ...]) -> TimeSpan | None:
    if pin.at.time_s is not None or pin.at.span is None:
        return pin.at.time_s
    start, end = pin.at.span
    times = [word.time_s for word in words if word.span is not None and word.span[0] < end and start < word.span[1]]
    return (times[0][0], max(time[1] for time in times)) if times else None
