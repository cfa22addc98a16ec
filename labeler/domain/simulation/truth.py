"""What is really right, by the reference: of each output as a whole, and of each reading where the outputs differ.

An output is right when it says what the reference says, word for word; form (case, punctuation, number format) does
not count, nor does the order of words in a picture. That is what a person finds who takes every difference of words
for a failure of major severity, as the shipped rubrics do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from labeler.domain.differences.model import Comparison, Difference, Reading
from labeler.domain.differences.sides import text_of
from labeler.domain.differences.spoken import with_numbers_read
from labeler.domain.differences.words import Words, words_of
from labeler.domain.items import SIDES, Answer, Box, Item, Modality, Output, Side
from labeler.domain.match import Match, MatchKind, matches
from labeler.domain.verdicts import Right, right_of


@dataclass(frozen=True, slots=True)
class Truth:
    """Which outputs are right as a whole, and which readings are right at each material difference."""

    outputs: Mapping[Side, bool]
    readings: Mapping[str, Mapping[Side, bool]]

    @property
    def right(self) -> Right:
        return right_of(self.outputs)


def truth_of(item: Item, outputs: Mapping[Side, Output], comparison: Comparison) -> Truth:
    """Raises ValueError for an item without a reference text: nobody knows what is right there."""
    if item.reference is None or item.reference.text is None:
        raise ValueError(f"item {item.id} has no reference text")
    reference = item.reference
    match = Match(MatchKind.WORDS if item.modality is Modality.IMAGE else MatchKind.WER)
    whole = {side: matches(outputs[side], match, reference) for side in SIDES}
    judge = _seen if item.modality is Modality.IMAGE else _heard
    found = {d.id: judge(d, outputs, reference) for d in comparison.differences if not d.cosmetic}
    # A right output has no wrong reading; what alignment says otherwise there is a matter of where words were cut.
    readings = {d: {side: whole[side] or holds[side] for side in SIDES} for d, holds in found.items()}
    return Truth(whole, readings)


def _heard(difference: Difference, outputs: Mapping[Side, Output], reference: Answer) -> Mapping[Side, bool]:
    """A reading is right when it says what was said between the outermost words of both readings."""
    wanted = _spoken(reference.text or "")
    said = {side: _spoken(text_of(outputs[side])) for side in SIDES}
    reach = [
        span for side in SIDES if (span := _span_in_reference(difference.reading(side), said[side], wanted)) is not None
    ]
    start, end = min((first for first, _ in reach), default=0), max((last for _, last in reach), default=0)
    return {side: _keys(difference.reading(side), said[side]) == wanted.keys[start:end] for side in SIDES}


def _spoken(text: str) -> Words:
    return with_numbers_read(words_of(text), speech=True)


def _numbers_of_words(reading: Reading | None, words: Words) -> range:
    if reading is None or reading.span is None:
        return range(0)
    start, end = reading.span
    inside = [n for n, (s, e) in enumerate(zip(words.starts, words.ends, strict=True)) if s < end and e > start]
    return range(inside[0], inside[-1] + 1) if inside else range(0)


def _keys(reading: Reading | None, words: Words) -> list[str]:
    numbers = _numbers_of_words(reading, words)
    return words.keys[numbers.start : numbers.stop]


def _span_in_reference(reading: Reading | None, said: Words, wanted: Words) -> tuple[int, int] | None:
    """Which words of the reference stand against a reading; an empty span where it is invented. None: no reading."""
    numbers = _numbers_of_words(reading, said)
    against: list[tuple[int, int]] = []
    for op in Levenshtein.opcodes(said.keys, wanted.keys):
        shared = range(max(op.src_start, numbers.start), min(op.src_end, numbers.stop))
        if op.tag == "delete" and shared:
            against.append((op.dest_start, op.dest_start))
        elif shared:
            shift = op.dest_start - op.src_start
            against.append((shared.start + shift, shared.stop + shift))
    if not against:
        return None
    return min(first for first, _ in against), max(last for _, last in against)


def _seen(difference: Difference, _outputs: Mapping[Side, Output], reference: Answer) -> Mapping[Side, bool]:
    """A reading is right when it has all the words found there by either side that are in the picture, and no other."""
    says = {side: _bag(difference.reading(side)) for side in SIDES}
    found = (says["old"] | says["new"]) & _words_there(difference, reference)
    return {side: says[side] == found for side in SIDES}


def _bag(reading: Reading | None) -> Counter[str]:
    return Counter(words_of(reading.text).keys if reading is not None else ())


def _words_there(difference: Difference, reference: Answer) -> Counter[str]:
    """The words of the reference around the readings; all of them where no place is known."""
    boxes = [r.box for r in (difference.old, difference.new) if r is not None and r.box is not None]
    near = [region for region in reference.regions if any(_meet(region.bounds(), box) for box in boxes)]
    text = "\n".join(region.text for region in near) if near else reference.text or ""
    return Counter(words_of(text).keys)


def _meet(one: Box, other: Box) -> bool:
    """Whether two boxes share a third of the smaller one."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min(_area(one), _area(other))
    return width > 0 and height > 0 and width * height * 3 >= smaller


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
