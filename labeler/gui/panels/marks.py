"""The differences of a state as marks on an output's text, and what lights up on both sides under the pointer."""

from __future__ import annotations

from labeler.domain.blind import LETTERS, BlindPair, Letter, Neutral, ShownDifference, ShownOutput
from labeler.domain.differences.sides import spans_of
from labeler.domain.items import Span
from labeler.domain.verdicts import At
from labeler.gui.widgets.text_marks import Mark, Style
from labeler.gui.widgets.text_pins import PinnedWords
from labeler.sessions.review.evidence import ShownEvidence

_NOTHING_HERE = {
    Neutral.ROW_ONE_SIDED: "no matching row",
    Neutral.COLUMN_ONE_SIDED: "no matching column",
    Neutral.REGION_ONE_SIDED: "no matching region",
    Neutral.KEY_ONE_SIDED: "no such value",
}


def marks(state: ShownEvidence, letter: Letter) -> list[Mark]:
    """Marks of one side's text: walked differences underlined, the current one boxed, form dotted, gaps dashed."""
    if state.pair is None:
        return []
    walked = {d.id for d in state.walk}
    current = state.difference.id if state.difference else None
    found: list[Mark] = []
    for difference in state.pair.differences:
        span = place(difference, letter)
        if span is None:
            continue
        if difference.id not in walked:
            style: Style = "cosmetic"
        elif difference.reading(letter) is None:
            style = "current_gap" if difference.id == current else "gap"
        else:
            style = "current" if difference.id == current else "difference"
        if style != "cosmetic" or span[0] < span[1]:
            owner = difference.id if difference.id in walked else None
            own_line = _whole_lines(state.pair, difference, letter)
            found.append(Mark(span, owner, style, gap_text(difference), own_line))
    return found


def _whole_lines(pair: BlindPair, difference: ShownDifference, letter: Letter) -> bool:
    """The other side's reading fills whole lines, so that what stands for it here does, too."""
    other: Letter = "B" if letter == "A" else "A"
    reading = difference.reading(other)
    if reading is None or reading.span is None:
        return False
    text, (begin, end) = pair.output(other).text, reading.span
    return text[begin - 1 : begin] in ("", "\n") and text[end : end + 1] in ("", "\n") and "\n" in text


def gap_text(difference: ShownDifference) -> str:
    """What stands where a side has nothing against the other's reading."""
    return _NOTHING_HERE.get(difference.kind, "nothing here")


def place(difference: ShownDifference, letter: Letter) -> Span | None:
    """The span of the reading in this side's text, or the empty span where the other's would stand."""
    reading = difference.reading(letter)
    if reading is not None:
        return reading.span
    return None if difference.gap is None else (difference.gap, difference.gap)


def lit_spans(state: ShownEvidence, letter: Letter, offset: int | None) -> dict[Letter, list[Span]]:
    """The spans to light on both sides when the pointer is at a character of one side's text."""
    lit: dict[Letter, list[Span]] = {one: [] for one in LETTERS}
    if state.pair is None or offset is None:
        return lit
    for difference in state.pair.differences:
        here = place(difference, letter)
        if here is not None and here[0] <= offset < max(here[1], here[0] + 1):
            for one in LETTERS:
                span = place(difference, one)
                if span is not None:
                    lit[one].append(span)
    return lit


def pinned_words(state: ShownEvidence, letter: Letter) -> list[PinnedWords]:
    """The words of one side that its failures are pinned to, as far as they are in its text."""
    if state.pair is None:
        return []
    differences = {d.id: d for d in state.pair.differences}
    found: list[PinnedWords] = []
    for pin in state.pins:
        if pin.pin.letter != letter:
            continue
        difference = differences.get(pin.pin.difference or "")
        span = place(difference, letter) if difference is not None else pin.at.span
        spans = [span] if span is not None else spans_at(state.pair.output(letter), pin.at)
        found += [PinnedWords(one, pin.held) for one in spans]
    return found


def chosen_words(state: ShownEvidence, letter: Letter) -> list[Span]:
    """The words of one side at the place that is in hand."""
    spot = state.spot
    if state.pair is None or spot is None or spot.at is None:
        return []
    if spot.at.span is not None:
        return [spot.at.span] if spot.letter == letter else []
    return spans_at(state.pair.output(letter), spot.at)


def spans_at(output: ShownOutput, at: At) -> list[Span]:
    """What an output says at a place of the medium, as spans of its text."""
    if at.time_s is not None:
        begin, end = at.time_s
        spans = spans_of(output.text, output.segments)
        held = [begin <= (s.start_s + s.end_s) / 2 <= end for s in output.segments]
        return [span for span, inside in zip(spans, held, strict=True) if inside and span is not None]
    spans = spans_of(output.text, output.regions)
    here = [
        at.page == r.page and (at.box == r.box if at.box is not None else at.polygon == r.polygon)
        for r in output.regions
    ]
    return [span for span, same in zip(spans, here, strict=True) if same and span is not None]
