"""Edits of a text that keep track of where everything goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from labeler.domain.items import Span


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `text[start:end]`. What is put in may stand at `source` in the other text, `lead` letters further on."""

    start: int
    end: int
    said: str
    difference: str
    source: Span | None = None
    lead: int = 0


@dataclass(frozen=True, slots=True)
class Edited:
    text: str
    edits: tuple[Edit, ...]
    """Those that were made, in order."""
    refused: frozenset[str]
    """Differences whose edits would have overlapped others."""

    def _shift(self, offset: int, *, is_end: bool) -> int:
        """Where an offset of the original goes. Inside an edit it goes to that edge of what was put in."""
        shift = 0
        for edit in self.edits:
            if edit.start > offset or (edit.start == offset and is_end):
                break
            if edit.end > offset or (edit.end == offset and is_end and edit.start < offset):
                return edit.start + shift + (len(edit.said) if is_end else 0)
            shift += len(edit.said) - (edit.end - edit.start)
        return offset + shift

    def moved(self, span: Span) -> Span:
        """Where a span of the original is now."""
        start, end = self._shift(span[0], is_end=False), self._shift(span[1], is_end=True)
        return (start, end) if start <= end else (end, start)

    def kept(self, span: Span) -> Span | None:
        """Where a region or segment of the original is now; None if all of it was replaced or taken out."""
        if any(edit.start <= span[0] and span[1] <= edit.end and edit.start < edit.end for edit in self.edits):
            return None
        return self.moved(span)

    def brought(self, span: Span | None) -> list[Span]:
        """Where a region or segment of the other text now stands, if all of it was put in."""
        if span is None:
            return []
        places = []
        shift = 0
        for edit in self.edits:
            if edit.source is not None and edit.source[0] <= span[0] and span[1] <= edit.source[1]:
                start = edit.start + shift + edit.lead + span[0] - edit.source[0]
                places.append((start, start + span[1] - span[0]))
            shift += len(edit.said) - (edit.end - edit.start)
        return places


def apply_edits(text: str, edits: Iterable[Edit]) -> Edited:
    """Make all edits that do not overlap; of two that do, the one that comes first in the text."""
    made: list[Edit] = []
    refused: set[str] = set()
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if made and edit.start < made[-1].end:
            refused.add(edit.difference)
        else:
            made.append(edit)
    # A moved block has two edits; half a move would lose or double it.
    made = [edit for edit in made if edit.difference not in refused]
    built: list[str] = []
    at = 0
    for edit in made:
        built += [text[at : edit.start], edit.said]
        at = edit.end
    return Edited("".join([*built, text[at:]]), tuple(made), frozenset(refused))
