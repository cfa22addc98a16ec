"""CTM (time marked conversation), as NIST's scoring tools and Kaldi write it: a word a line, many recordings a file.

`recording channel start duration word [confidence]`, times in seconds; `;;` begins a comment. With two channels in a
recording each is a speaker.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from labeler.formats.row import Refusal, Row
from labeler.formats.text_file import text_of_file


class _Word(NamedTuple):
    start_s: float
    end_s: float
    said: str
    confidence: float | None
    channel: str


def read_ctm(path: Path) -> Iterator[Row | Refusal]:
    """An output a recording, in the order in which recordings come first in the file."""
    recordings: dict[str, list[_Word]] = {}
    first_line: dict[str, int] = {}
    for number, line in enumerate(text_of_file(path).splitlines(), 1):
        if not line.strip() or line.lstrip().startswith(";;"):
            continue
        fields = line.split()
        try:
            word = _word(fields)
        except ValueError:
            yield Refusal(number, "not a line of CTM: recording, channel, start, duration, word, confidence")
            continue
        recordings.setdefault(fields[0], []).append(word)
        first_line.setdefault(fields[0], number)
    for recording, words in recordings.items():
        yield Row(first_line[recording], _output(recording, words))


def _word(fields: list[str]) -> _Word:
    """Raises ValueError for fields that are none."""
    if len(fields) < 5:
        raise ValueError
    start, duration = float(fields[2]), float(fields[3])
    confidence = float(fields[5]) if len(fields) > 5 and fields[5] != "NA" else None
    # Without rounding, sums such as 0.1 + 0.2 would differ from what another file says of the same word.
    return _Word(start, round(start + duration, 6), fields[4], confidence, fields[1])


def _output(recording: str, words: list[_Word]) -> dict[str, Any]:
    words = sorted(words, key=lambda word: (word.start_s, word.end_s))
    several = len({word.channel for word in words}) > 1
    segments: list[dict[str, Any]] = []
    text = ""
    for word in words:
        start = len(text) + (1 if text else 0)
        text += (" " if text else "") + word.said
        segment: dict[str, Any] = {
            "start_s": word.start_s,
            "end_s": word.end_s,
            "text": word.said,
            "span": [start, len(text)],
        }
        if word.confidence is not None:
            segment["confidence"] = word.confidence
        if several:
            segment["speaker"] = word.channel
        segments.append(segment)
    return {"item_id": recording, "text": text, "segments": segments}
