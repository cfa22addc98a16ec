"""What keys and clicks do to the parts of the gold answer that stand on the medium."""

from __future__ import annotations

from collections.abc import Callable

from labeler.domain.blind import Letter
from labeler.sessions.review.desk import Desk
from labeler.sessions.review.pinner import OnDesk
from labeler.sessions.review.segment_bench import SegmentBench


class GoldEditor:
    """The part of a session that edits the gold answer's regions; moving them is done as moving pins is."""

    def __init__(self, on_desk: OnDesk) -> None:
        self._on_desk = on_desk

    def toggle_regions(self) -> None:
        """Begin to edit the gold answer's regions, or end it."""
        self._on_desk(lambda desk: desk.edit_regions(on=not desk.editing_regions))

    def take_over(self, letter: Letter) -> None:
        """Start from the regions of one output."""
        self._on_desk(lambda desk: _take_over(desk, letter))

    def toggle_segments(self) -> None:
        """Begin to edit the gold answer's segments, or end it."""
        self._on_desk(lambda desk: desk.edit_segments(on=not desk.editing_segments))

    def split(self, at_s: float) -> None:
        """Split the segment in hand at a moment of the recording."""
        self._on_segment(lambda bench: bench.split(at_s), "Put the playhead inside the segment in hand first")

    def join(self) -> None:
        self._on_segment(lambda bench: bench.join(), "There is no segment behind it to join")

    def shift_edge(self, by_s: float, *, end: bool) -> None:
        self._on_segment(lambda bench: bench.shift_edge(by_s, end=end))

    def add_selected(self) -> None:
        """What is selected becomes a segment."""
        self._on_desk(_add_selected)

    def _on_segment(self, change: Callable[[SegmentBench], bool | None], otherwise: str = "") -> None:
        self._on_desk(lambda desk: None if desk.work_on_segment(change) else otherwise or None)

    def hold(self, number: int) -> None:
        self._on_desk(lambda desk: desk.region_hand.hold(number))

    def hold_segment(self, number: int) -> None:
        self._on_segment(lambda bench: bench.hold(number))

    def relabel(self, text: str) -> None:
        """What the region or segment in hand says."""
        self._on_desk(
            lambda desk: desk.segment_bench.retype(text) if desk.editing_segments else desk.region_hand.relabel(text)
        )


def _add_selected(desk: Desk) -> str | None:
    span = desk.selected
    if span is None:
        return "Select where it is first"
    desk.work_on_segment(lambda bench: bench.add(span))
    return None


def _take_over(desk: Desk, letter: Letter) -> str | None:
    if desk.editing_segments:
        segments = desk.opened.case.output(letter).segments
        desk.segment_bench.take_over(segments)
        return None if segments else f"{letter} has no segments"
    regions = desk.opened.case.output(letter).regions
    desk.region_hand.take_over(regions)
    return None if regions else f"{letter} has no regions"
