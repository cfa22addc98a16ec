"""What a comparison of words needs to know of one side: its words, and how a stretch of them becomes a reading."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from labeler.domain.differences.model import Reading
from labeler.domain.differences.words import Words
from labeler.domain.items import Output, Region, Segment, Span


class SideText(NamedTuple):
    """One side's words. Offsets that go into `read` and `locate` are offsets into `words.text`."""

    words: Words
    read: Callable[[int, int], Reading]
    """The reading of `words.text[start:end]`, with its place in the output's text and on the medium."""
    locate: Callable[[int], int | None]
    """The offset in the output's text."""


def plain_side(words: Words) -> SideText:
    """The words of an output's whole text, with spans and nothing else."""
    text = words.text
    return SideText(words, lambda start, end: Reading(text[start:end], (start, end)), lambda offset: offset)


def text_of(output: Output) -> str:
    """The output's text; that of its regions (a line each) or segments where it gives no text of its own.

    Spans of readings, and of regions and segments without `span`, are offsets into this text.
    """
    if output.text is not None:
        return output.text
    if output.regions:
        return "\n".join(region.text for region in output.regions)
    return " ".join(segment.text for segment in output.segments)


def spans_of(text: str, parts: tuple[Region, ...] | tuple[Segment, ...]) -> list[Span | None]:
    """Where each region or segment stands in the text: its own `span` if it fits, else found in order; else None."""
    spans: list[Span | None] = []
    at, length = 0, len(text)
    for part in parts:
        said = part.text
        span = part.span
        if span is not None and 0 <= span[0] <= span[1] <= length:
            spans.append(span)
            at = span[1]
        elif not said:
            spans.append(None)
        else:
            start = text.find(said, at)
            if start < 0:
                said = said.strip()
                start = text.find(said, at) if said else -1
            spans.append((start, start + len(said)) if start >= 0 else None)
            at = start + len(said) if start >= 0 else at
    return spans
