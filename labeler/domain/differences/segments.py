"""Two transcripts of one recording: the same words in text and in time, and who speaks them.

Where only one output has times, those of the other are inferred from it and marked `estimated`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from labeler.domain.differences.align import Block
from labeler.domain.differences.model import Difference, Kind, Of, Reading
from labeler.domain.differences.sides import SideText, spans_of, text_of
from labeler.domain.differences.spoken import with_numbers_read
from labeler.domain.differences.text import differences_of_words
from labeler.domain.differences.words import Words, words_of
from labeler.domain.items import Output, TimeSpan

# Recognisers leave up to half a second between where they hear the same word, and put both its borders up to 0.67 s
# elsewhere (the demo's two do).
TIMING_TOLERANCE_S = 0.5
BORDERS_TOLERANCE_S = 0.75
# Few equal words that are so far apart are not the same words of the recording.
_OTHER_PLACE_S = 1.0
_LETTERS_THAT_BIND = 12


@dataclass(frozen=True, slots=True)
class _Heard:
    """An output's words and when they were spoken. The lists run in parallel and are sorted by place in the text."""

    words: Words
    starts: list[int]
    ends: list[int]
    times: list[TimeSpan]
    speakers: list[str | None]

    def _segments(self, start: int, end: int) -> range:
        return range(bisect_right(self.ends, start), bisect_left(self.starts, end))

    def time_of(self, start: int, end: int) -> TimeSpan | None:
        inside = self._segments(start, end)
        if not inside:
            return None
        return min(self.times[k][0] for k in inside), max(self.times[k][1] for k in inside)

    def time_at(self, offset: int) -> TimeSpan | None:
        """From the word before an offset to the word behind it."""
        behind = bisect_left(self.starts, offset)
        before = behind - 1
        if not self.times:
            return None
        start = self.times[before][1] if before >= 0 else 0.0
        end = self.times[behind][0] if behind < len(self.times) else start
        return min(start, end), max(start, end)

    def speaker_of(self, start: int, end: int) -> str | None:
        inside = self._segments(start, end)
        return self.speakers[inside[0]] if inside else None

    def read(self, start: int, end: int) -> Reading:
        return Reading(self.words.text[start:end], (start, end), time_s=self.time_of(start, end))

    def read_with_speaker(self, start: int, end: int) -> Reading:
        return self.read(start, end)._replace(speaker=self.speaker_of(start, end))


def compare_segments(old: Output, new: Output) -> list[Difference]:
    """Differences between what was heard, in order of the text, with spans and times."""
    a, b = _heard(old), _heard(new)
    if a == b:
        return []
    sides = [SideText(side.words, side.read, lambda offset: offset) for side in (a, b)]
    both = bool(a.times and b.times)
    times = ([_word_times(a), _word_times(b)]) if both else [[], []]
    found = differences_of_words(
        sides[0],
        sides[1],
        Of.SEGMENTS,
        believe=_believer(a.words, times[0], times[1]) if both else None,
        beside=_beside(a, b, times[0], times[1]) if both else None,
    )
    return [_with_times(difference, a, b) for difference in found]


def _heard(output: Output) -> _Heard:
    text = text_of(output)
    placed = sorted(
        (span, segment)
        for span, segment in zip(
            spans_of(text, output.segments),
            ((s.start_s, s.end_s, s.speaker) for s in output.segments),
            strict=True,
        )
        if span is not None
    )
    return _Heard(
        with_numbers_read(words_of(text), speech=True),
        [span[0] for span, _ in placed],
        [span[1] for span, _ in placed],
        [(start, end) for _, (start, end, _) in placed],
        [speaker for _, (_, _, speaker) in placed],
    )


def _word_times(heard: _Heard) -> list[TimeSpan | None]:
    """`time_of` each word, in one walk."""
    found: list[TimeSpan | None] = []
    starts, ends, times = heard.starts, heard.ends, heard.times
    at, count = 0, len(starts)
    for start, end in zip(heard.words.starts, heard.words.ends, strict=True):
        while at < count and ends[at] <= start:
            at += 1
        if at == count or starts[at] >= end:
            found.append(None)
        elif at + 1 == count or starts[at + 1] >= end:
            found.append(times[at])
        else:
            found.append(heard.time_of(start, end))
    return found


def _apart(a: TimeSpan | None, b: TimeSpan | None) -> float:
    """Silence between two stretches of time in seconds; 0 when they overlap or one is not known."""
    if a is None or b is None or (b[0] <= a[1] and a[0] <= b[1]):
        return 0.0
    return max(b[0] - a[1], a[0] - b[1])


def _at_another_time(a: TimeSpan | None, b: TimeSpan | None) -> bool:
    """Apart in time; or as a whole elsewhere, as a long word that still overlaps where the other output has it."""
    if a is None or b is None:
        return False
    return _apart(a, b) > TIMING_TOLERANCE_S or min(abs(a[0] - b[0]), abs(a[1] - b[1])) > BORDERS_TOLERANCE_S


def _believer(words: Words, old: list[TimeSpan | None], new: list[TimeSpan | None]) -> Callable[[Block], bool]:
    def believe(block: Block) -> bool:
        i, j, size = block
        if size > 3 or sum(map(len, words.keys[i : i + size])) >= _LETTERS_THAT_BIND:
            return True
        return min(_apart(old[i + k], new[j + k]) for k in range(size)) <= _OTHER_PLACE_S

    return believe


def _beside(
    old: _Heard, new: _Heard, old_times: list[TimeSpan | None], new_times: list[TimeSpan | None]
) -> Callable[[list[Block]], list[tuple[int, Difference]]]:
    """What differs between equal words: when they were spoken, and by whom."""

    def beside(runs: list[Block]) -> list[tuple[int, Difference]]:
        pairs = [(i + k, j + k) for i, j, size in runs for k in range(size)]
        late = [(i, j) for i, j in pairs if _at_another_time(old_times[i], new_times[j])]
        found = [(i + j, _stretch(old, new, (i, j), n, Kind.TIMING)) for (i, j), n in _stretches(late)]
        other = _other_speaker(old, new, pairs)
        return found + [(i + j, _stretch(old, new, (i, j), n, Kind.SPEAKER)) for (i, j), n in _stretches(other)]

    return beside


def _stretches(pairs: list[tuple[int, int]]) -> list[tuple[tuple[int, int], int]]:
    """Pairs that follow each other on both sides, joined: the first pair and their number."""
    joined: list[tuple[tuple[int, int], int]] = []
    for i, j in pairs:
        if joined and (joined[-1][0][0] + joined[-1][1], joined[-1][0][1] + joined[-1][1]) == (i, j):
            joined[-1] = (joined[-1][0], joined[-1][1] + 1)
        else:
            joined.append(((i, j), 1))
    return joined


def _stretch(old: _Heard, new: _Heard, at: tuple[int, int], size: int, kind: Kind) -> Difference:
    a, b = (
        (side.read_with_speaker if kind is Kind.SPEAKER else side.read)(
            side.words.starts[first], side.words.ends[first + size - 1]
        )
        for side, first in zip((old, new), at, strict=True)
    )
    return Difference("", Of.SEGMENTS, kind, False, a, b, weight=0.5 if kind is Kind.TIMING else 1.0)


def _other_speaker(old: _Heard, new: _Heard, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs of equal words that the outputs give to different speakers."""
    if not any(old.speakers) or not any(new.speakers):
        return []
    said = [
        (
            old.speaker_of(old.words.starts[i], old.words.ends[i]),
            new.speaker_of(new.words.starts[j], new.words.ends[j]),
        )
        for i, j in pairs
    ]
    known = Counter((a, b) for a, b in said if a is not None and b is not None)
    names = _same_speakers(known)
    return [
        pair for pair, (a, b) in zip(pairs, said, strict=True) if a is not None and b is not None and names.get(a) != b
    ]


def _same_speakers(together: Mapping[tuple[str, str], int]) -> dict[str, str]:
    """Which name of the old output is which of the new one.

    Outputs that share a name mean the same by it. Else the names are the recogniser's own (`SPEAKER_00`), and those
    that share most words are the same person.
    """
    olds, news = {a for a, _ in together}, {b for _, b in together}
    if olds & news:
        return {name: name for name in olds}
    names: dict[str, str] = {}
    for (a, b), _ in sorted(together.items(), key=lambda entry: (-entry[1], sorted(entry[0]))):
        if a not in names and b not in names.values():
            names[a] = b
    return names


def _with_times(difference: Difference, old: _Heard, new: _Heard) -> Difference:
    """Give readings without times an estimate from the other side."""
    a, b = difference.old, difference.new
    if a is not None and a.time_s is None:
        a = _estimated(a, b, new, difference.gap)
    if b is not None and b.time_s is None:
        b = _estimated(b, difference.old, old, difference.gap)
    return difference if a is difference.old and b is difference.new else difference._replace(old=a, new=b)


def _estimated(reading: Reading, other: Reading | None, heard: _Heard, gap: int | None) -> Reading:
    time = other.time_s if other is not None else heard.time_at(gap) if gap is not None else None
    return reading if time is None else reading._replace(time_s=time, estimated=True)
