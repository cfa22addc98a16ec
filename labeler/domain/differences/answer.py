"""The gold answer that follows from the readings chosen at each difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from labeler.domain.differences.edits import Edit, Edited, apply_edits
from labeler.domain.differences.model import Difference, Kind, Of, Reading
from labeler.domain.differences.sides import spans_of, text_of
from labeler.domain.differences.structured import tables_of, values_of
from labeler.domain.differences.table_merge import merge_tables, write_table
from labeler.domain.differences.values_merge import merge_values, write_values
from labeler.domain.items import Answer, Json, Output, Region, Segment, Side, Span, output_sha256

Choice = Side | Literal["both"] | None
"""Whose reading is right; `both` takes either, None is undecided or a third reading."""


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A difference that still needs an answer. `span` is its place in the built text, or None if it has none there."""

    id: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class BuiltAnswer:
    answer: Answer
    base: Side
    """The side that the answer started from. A view must not show it before the verdict is saved."""
    open: tuple[OpenPlace, ...] = ()


def build_answer(
    old: Output, new: Output, differences: Sequence[Difference], choices: Mapping[str, Choice]
) -> BuiltAnswer:
    """Put together the readings that were chosen, starting from the output that was chosen most often.

    A difference that `choices` does not name is undecided, except for a cosmetic one, which stays as it is in the
    output started from. Choosing one side everywhere gives that side's text, table, values and label exactly.
    """
    base = base_side(old, new, differences, choices)
    ours, theirs = (old, new) if base == "old" else (new, old)
    taken = [d for d in differences if choices.get(d.id) not in (None, "both", base)]
    undecided = [d for d in differences if choices.get(d.id) is None and not (d.cosmetic and d.id not in choices)]
    if ours.error is not None:
        return BuiltAnswer(Answer(), base, tuple(OpenPlace(d.id, None) for d in undecided))
    return _Builder(base, ours, theirs).build(taken, undecided)


def base_side(old: Output, new: Output, differences: Sequence[Difference], choices: Mapping[str, Choice]) -> Side:
    """The side chosen most often, by weight and then by number.

    A tie falls to the output whose hash is smaller: nothing that correlates with being old, new, long or right may
    decide it, or the proposals would lean to one model.
    """
    score = {"old": (0.0, 0), "new": (0.0, 0)}
    for difference in differences:
        choice = choices.get(difference.id)
        if choice is not None and choice != "both":
            if difference.kind is Kind.ERROR:
                return choice
            weight, count = score[choice]
            score[choice] = weight + difference.weight, count + 1
    if score["old"] != score["new"]:
        return "old" if score["old"] > score["new"] else "new"
    return "old" if output_sha256(old) <= output_sha256(new) else "new"


class _Builder:
    def __init__(self, base: Side, ours: Output, theirs: Output) -> None:
        self.base: Side = base
        self.other: Side = "new" if base == "old" else "old"
        self.ours, self.theirs = ours, theirs
        self.our_text, self.their_text = text_of(ours), text_of(theirs)

    def build(self, taken: list[Difference], undecided: list[Difference]) -> BuiltAnswer:
        edits, lost = self._edits(taken)
        edited = apply_edits(self.our_text, edits)
        failed = {*lost, *edited.refused}
        chosen = [d for d in taken if d.id not in failed]
        answer = Answer(
            text=edited.text if self.ours.text is not None or edited.text else None,
            table=self._table(chosen),
            values=self._values(chosen),
            regions=self._regions(edited, chosen),
            segments=self._segments(edited, chosen),
            label=self._label(chosen),
            media_sha256=self._media(chosen, undecided),
        )
        places = [OpenPlace(d.id, self._open_span(d, edited)) for d in undecided]
        places += [OpenPlace(d.id, self._open_span(d, edited)) for d in taken if d.id in failed]
        return BuiltAnswer(answer, self.base, tuple(places))

    def _edits(self, taken: list[Difference]) -> tuple[list[Edit], list[str]]:
        """Edits of our text, and ids of the differences whose place in it is not known."""
        edits: list[Edit] = []
        lost: list[str] = []
        structured = {of: [d for d in taken if d.of is of] for of in (Of.TABLE, Of.VALUES)}
        for difference in taken:
            if difference.of in (Of.TABLE, Of.VALUES, Of.LABEL, Of.MEDIA) or difference.kind in _NOT_IN_TEXT:
                continue
            made = self._edits_of(difference)
            if made is None:
                lost.append(difference.id)
            else:
                edits += made
        edits += self._table_edit(structured[Of.TABLE]) + self._values_edit(structured[Of.VALUES])
        return edits, lost

    def _edits_of(self, difference: Difference) -> list[Edit] | None:
        ours, theirs = difference.reading(self.base), difference.reading(self.other)
        said = "" if theirs is None else theirs.text
        if difference.kind is Kind.MOVED and ours is not None and theirs is not None:
            if ours.span is None or theirs.elsewhere is None:
                return None
            return [self._removal(ours.span, difference.id), self._insertion(theirs.elsewhere, theirs, difference.id)]
        if ours is None:
            if theirs is None or difference.gap is None:
                return None
            return [self._insertion(difference.gap, theirs, difference.id)]
        if ours.span is None:
            return None
        if theirs is None:
            return [self._removal(ours.span, difference.id)]
        return [Edit(*ours.span, said, difference.id, theirs.span)]

    def _removal(self, span: Span, difference: str) -> Edit:
        """Take a reading out, with the space on one side of it."""
        text, (start, end) = self.our_text, span
        left = text[len(text[:start].rstrip()) : start]
        right = text[end : len(text) - len(text[end:].lstrip())]
        if (left or start == 0) and (right or end == len(text)):
            # Of a line break and a space, the space goes, so that lines stay lines.
            if start == 0 or ("\n" in left and right and "\n" not in right):
                end += len(right)
            else:
                start -= len(left)
        return Edit(start, end, "", difference)

    def _insertion(self, gap: int, theirs: Reading, difference: str) -> Edit:
        """Put a reading in, with the space that stands around it where it comes from."""
        before, behind = self._space_around(theirs)
        text = self.our_text
        left = before if gap > 0 and not text[gap - 1].isspace() else ""
        needs_right = gap < len(text) and not text[gap].isspace() and (gap == 0 or text[gap].isalnum())
        return Edit(gap, gap, left + theirs.text + (behind if needs_right else ""), difference, theirs.span, len(left))

    def _space_around(self, reading: Reading) -> tuple[str, str]:
        if reading.span is None:
            return " ", " "
        text, (start, end) = self.their_text, reading.span
        before = text[len(text[:start].rstrip()) : start]
        behind = text[end : len(text) - len(text[end:].lstrip())]
        return before or " ", behind or " "

    def _table_edit(self, taken: list[Difference]) -> list[Edit]:
        tables = tables_of(self.ours, self.theirs)
        if not taken or tables is None or tables[0].span is None:
            return []
        merged = merge_tables(*tables, taken, self.base)
        written = write_table(tables[0], merged)
        return [] if written is None else [Edit(*written[0], written[1], taken[0].id)]

    def _values_edit(self, taken: list[Difference]) -> list[Edit]:
        values = values_of(self.ours, self.theirs)
        if not taken or values is None or values[0].span is None:
            return []
        merged = merge_values(*values, taken, self.base)
        return [Edit(*values[0].span, write_values(values[0], merged), taken[0].id)]

    def _table(self, taken: list[Difference]) -> tuple[tuple[str, ...], ...] | None:
        taken = [d for d in taken if d.of is Of.TABLE]
        tables = tables_of(self.ours, self.theirs)
        if self.ours.table is None or not taken or tables is None:
            return self.ours.table
        return merge_tables(*tables, taken, self.base)

    def _values(self, taken: list[Difference]) -> Mapping[str, Json] | None:
        taken = [d for d in taken if d.of is Of.VALUES]
        values = values_of(self.ours, self.theirs)
        if self.ours.values is None or not taken or values is None:
            return self.ours.values
        return merge_values(*values, taken, self.base)

    def _label(self, taken: list[Difference]) -> str | None:
        return self.theirs.label if any(d.of is Of.LABEL for d in taken) else self.ours.label

    def _media(self, taken: list[Difference], undecided: list[Difference]) -> str | None:
        """No file is the answer as long as nobody said which, or where neither is right."""
        if any(d.of is Of.MEDIA for d in undecided):
            return None
        return (self.theirs if any(d.of is Of.MEDIA for d in taken) else self.ours).media_sha256

    def _regions(self, edited: Edited, taken: list[Difference]) -> tuple[Region, ...]:
        if not taken or not self.ours.regions:
            return self.ours.regions
        moved = {
            ours.regions[0]: theirs.regions[0]
            for d in taken
            if d.kind is Kind.REGION_MOVED and (ours := d.reading(self.base)) and (theirs := d.reading(self.other))
        }
        by_id = {region.id: region for region in self.theirs.regions}
        parts: list[tuple[Span, Region]] = []
        kept_spans: list[Span] = []
        unplaced: list[Region] = []
        for region, span in zip(self.ours.regions, spans_of(self.our_text, self.ours.regions), strict=True):
            there = by_id.get(moved.get(region.id, ""))
            here = region if there is None else replace(region, box=there.box, polygon=there.polygon)
            kept = None if span is None else edited.kept(span)
            if span is None:
                unplaced.append(here)
            elif kept is not None:
                parts.append((kept, replace(here, text=edited.text[slice(*kept)], span=kept)))
                kept_spans.append(kept)
        for region, span in zip(self.theirs.regions, spans_of(self.their_text, self.theirs.regions), strict=True):
            # What was put into one of our regions stands in that region's box.
            brought = [at for at in edited.brought(span) if not any(_inside(at, kept) for kept in kept_spans)]
            parts += [(at, replace(region, text=edited.text[slice(*at)], span=at)) for at in brought]
        ordered = [region for _, region in sorted(parts, key=lambda part: part[0])]
        return tuple(replace(region, id=f"g{n}") for n, region in enumerate([*ordered, *unplaced], 1))

    def _segments(self, edited: Edited, taken: list[Difference]) -> tuple[Segment, ...]:
        if not taken or not self.ours.segments:
            return self.ours.segments
        parts: list[tuple[Span, Segment]] = []
        for segment, span in zip(self.ours.segments, spans_of(self.our_text, self.ours.segments), strict=True):
            kept = None if span is None else edited.kept(span)
            if kept is not None and span is not None:
                parts.append((kept, self._retold(segment, span, taken)))
        for segment, span in zip(self.theirs.segments, spans_of(self.their_text, self.theirs.segments), strict=True):
            parts += [(at, segment) for at in edited.brought(span)]
        return tuple(
            replace(segment, text=edited.text[slice(*at)], span=at)
            for at, segment in sorted(parts, key=lambda part: part[0])
        )

    def _retold(self, segment: Segment, span: Span, taken: list[Difference]) -> Segment:
        """The segment with the other side's time or speaker where that was chosen."""
        for difference in taken:
            ours, theirs = difference.reading(self.base), difference.reading(self.other)
            if difference.kind not in _NOT_IN_TEXT or ours is None or theirs is None or not _inside(span, ours.span):
                continue
            if difference.kind is Kind.SPEAKER:
                segment = replace(segment, speaker=self._speaker_at(theirs.span))
            elif ours.time_s is not None and theirs.time_s is not None:
                later = theirs.time_s[0] - ours.time_s[0]
                segment = replace(segment, start_s=segment.start_s + later, end_s=segment.end_s + later)
        return segment

    def _speaker_at(self, span: Span | None) -> str | None:
        spans = spans_of(self.their_text, self.theirs.segments)
        return next((s.speaker for s, at in zip(self.theirs.segments, spans, strict=True) if _inside(at, span)), None)

    def _open_span(self, difference: Difference, edited: Edited) -> Span | None:
        ours = difference.reading(self.base)
        if ours is not None:
            return None if ours.span is None else edited.moved(ours.span)
        return None if difference.gap is None else edited.moved((difference.gap, difference.gap))


_NOT_IN_TEXT = (Kind.TIMING, Kind.SPEAKER, Kind.REGION_MOVED, Kind.ERROR)


def _inside(span: Span | None, outer: Span | None) -> bool:
    return span is not None and outer is not None and outer[0] <= span[0] and span[1] <= outer[1]
