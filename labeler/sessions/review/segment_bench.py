"""The segments of the gold answer: taken from one side, then retyped, split, joined, moved, added and deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from labeler.domain.items import Segment, TimeSpan
from labeler.sessions.review.work import Work

SHORTEST_S = 0.01
SNAP_S = 0.03
"""A boundary that is put so near to a word's edge belongs on it."""


class SegmentBench:
    """Edits the draft's gold segments. `built` says what they are while the draft has none of its own."""

    def __init__(self, work: Work, built: Callable[[], tuple[Segment, ...]], edges_s: Sequence[float]) -> None:
        """`edges_s`: where words of both outputs begin and end, in seconds."""
        self._work, self._built = work, built
        self._edges_s = sorted(set(edges_s))
        self.held: int | None = None
        """Number of the segment that is being edited."""

    @property
    def segments(self) -> tuple[Segment, ...]:
        own = self._work.draft.gold_segments
        return self._built() if own is None else own

    @property
    def segment(self) -> Segment | None:
        return None if self.held is None else self.segments[self.held]

    def take_over(self, segments: tuple[Segment, ...]) -> None:
        """Start from one output's segments; how sure the model was does not belong to an answer."""
        self.held = None
        self._keep(tuple(replace(segment, confidence=None, span=None) for segment in segments))

    def hold(self, number: int) -> None:
        if 0 <= number < len(self.segments):
            self.held = number

    def hold_next(self, by: int) -> bool:
        if not self.segments:
            return False
        self.hold((self.held + by if self.held is not None else 0 if by > 0 else -1) % len(self.segments))
        return True

    def let_go_of_what_is_gone(self) -> None:
        if self.held is not None and self.held >= len(self.segments):
            self.held = None

    def retype(self, text: str) -> None:
        """What is said in the segment in hand."""
        self._change(text=text)

    def bound(self, span: TimeSpan) -> None:
        """The segment in hand from here to there; a boundary near the edge of a word goes to it."""
        start, end = (self._snapped(max(time, 0.0)) for time in span)
        if end - start >= SHORTEST_S:
            self._change(start_s=start, end_s=end)

    def shift_edge(self, by_s: float, *, end: bool) -> None:
        """Move one boundary of the segment in hand; it keeps its order and never vanishes."""
        segment = self.segment
        if segment is None:
            return
        if end:
            self._change(end_s=round(max(segment.end_s + by_s, segment.start_s + SHORTEST_S), 4))
        else:
            self._change(start_s=round(min(max(segment.start_s + by_s, 0.0), segment.end_s - SHORTEST_S), 4))

    def split(self, at_s: float) -> bool:
        """Two segments out of the one in hand; its words go to the side on which they are heard, as far as one can
        tell from the time. False where the moment is not inside of it.
        """
        segment, number = self.segment, self.held
        if segment is None or number is None:
            return False
        if not segment.start_s + SHORTEST_S <= at_s <= segment.end_s - SHORTEST_S:
            return False
        words = segment.text.split()
        first = round(len(words) * (at_s - segment.start_s) / (segment.end_s - segment.start_s))
        parts = (
            replace(segment, end_s=at_s, text=" ".join(words[:first]), span=None),
            replace(segment, start_s=at_s, text=" ".join(words[first:]), span=None),
        )
        self._keep((*self.segments[:number], *parts, *self.segments[number + 1 :]))
        return True

    def join(self) -> bool:
        """The segment in hand and the one behind it as one; False where there is none behind it."""
        segment, number = self.segment, self.held
        if segment is None or number is None or number + 1 >= len(self.segments):
            return False
        behind = self.segments[number + 1]
        text = " ".join(filter(None, (segment.text, behind.text)))
        joined = replace(segment, end_s=max(segment.end_s, behind.end_s), text=text, span=None)
        self._keep((*self.segments[:number], joined, *self.segments[number + 2 :]))
        return True

    def add(self, span: TimeSpan) -> None:
        """A new segment without words, in hand."""
        added = Segment(self._snapped(span[0]), self._snapped(span[1]))
        segments = tuple(sorted((*self.segments, added), key=lambda segment: (segment.start_s, segment.end_s)))
        self._keep(segments)
        self.held = next(n for n, segment in enumerate(segments) if segment is added)

    def remove(self) -> None:
        if self.held is not None:
            number, self.held = self.held, None
            self._keep(self.segments[:number] + self.segments[number + 1 :])

    def _change(self, **changes: object) -> None:
        """Changes of one segment in a row are one step."""
        number = self.held
        if number is not None:
            segment = replace(self.segments[number], span=None, **changes)  # type: ignore[arg-type]  # names are checked
            segments = (*self.segments[:number], segment, *self.segments[number + 1 :])
            self._keep(segments, on=f"segment {number} {sorted(changes)}")

    def _keep(self, segments: tuple[Segment, ...], on: str = "") -> None:
        self._work.step(replace(self._work.draft, gold_segments=segments), on=on)

    def _snapped(self, time_s: float) -> float:
        nearest = min(self._edges_s, key=lambda edge: abs(edge - time_s), default=time_s)
        return nearest if abs(nearest - time_s) <= SNAP_S else round(time_s, 4)
