"""The words of one output in time and in its text, and which of them belong to differences."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from labeler.domain.blind import Letter
from labeler.domain.differences.sides import spans_of
from labeler.domain.items import Span, TimeSpan
from labeler.sessions.review.evidence import ShownEvidence

UNSURE = 0.5
"""A word of which a model was less sure is shaded."""
SHORTEST_HEARD_S = 0.3
"""A word is played at least this long: a recogniser that repeats itself gives words of no length."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    time_s: TimeSpan
    span: Span | None
    """Where it stands in the output's text; None where it does not."""
    difference: str | None = None
    """Id of the difference that it belongs to."""
    confidence: float | None = None
    """How sure the model was; None where that is not known, or not to be known yet."""

    @property
    def unsure(self) -> bool:
        return self.confidence is not None and self.confidence < UNSURE

    @property
    def heard_s(self) -> TimeSpan:
        start, end = self.time_s
        return (start, max(end, start + SHORTEST_HEARD_S))


def words_of(state: ShownEvidence, letter: Letter) -> tuple[Word, ...]:
    """The words of a side in order of time; empty while the outputs are hidden or have no times."""
    if state.pair is None:
        return ()
    output = state.pair.output(letter)
    places = _places(state, letter)
    starts = [place[0] for place, _ in places]
    words = []
    sure = state.confidence.get(letter) or (None,) * len(output.segments)
    for segment, span, confidence in zip(output.segments, spans_of(output.text, output.segments), sure, strict=True):
        difference = None
        if span is not None:
            before = bisect_right(starts, max(span[1] - 1, span[0])) - 1
            if before >= 0 and places[before][0][1] > span[0]:
                difference = places[before][1]
        time_s = (segment.start_s, max(segment.start_s, segment.end_s))
        words.append(Word(segment.text.strip(), time_s, span, difference, confidence))
    return tuple(sorted(words, key=lambda word: word.time_s[0]))


def _places(state: ShownEvidence, letter: Letter) -> list[tuple[Span, str]]:
    """Spans of the differences to be judged, in order of the text."""
    readings = ((difference.reading(letter), difference.id) for difference in state.walk)
    return sorted((r.span, name) for r, name in readings if r is not None and r.span is not None)


def word_at(words: tuple[Word, ...], time_s: float) -> int | None:
    """The word that is heard at a moment: the last one begun, if it has not ended."""
    found = bisect_right(words, time_s, key=lambda word: word.time_s[0]) - 1
    return found if found >= 0 and time_s < words[found].time_s[1] else None
