"""Verdict cards: what each person said of an item, in terms of A and B, with what sets them apart marked."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence

from rapidfuzz.distance import Levenshtein

from labeler.domain.agreement.distances import codes_of
from labeler.domain.blind import LETTERS, Sides
from labeler.domain.consensus import normalised_answer
from labeler.domain.fold import fold
from labeler.domain.items import Span
from labeler.domain.rubric import Rubric
from labeler.domain.verdicts import Checked, Right, Verdict
from labeler.sessions.adjudicate.state import Card, CardFailure
from labeler.sessions.review import gold_text
from labeler.sessions.review.right_words import in_letters


def cards(
    verdicts: Sequence[Verdict], names: Sequence[str], sides: Sides, rubric: Rubric, *, folded: bool
) -> tuple[Card, ...]:
    """A card a verdict, in the order given. Keys are F1 to F12; from the 13th on there is none.

    `folded` shows gold answers without the style that would give a model away.
    """
    everyones = frozenset.intersection(*(codes_of(v.failures) for v in verdicts)) if verdicts else frozenset()
    differs = _differs(verdicts)
    texts = [gold_text.said(v.gold.answer) if v.gold is not None else "" for v in verdicts]
    texts = [fold(text).text for text in texts] if folded else texts
    return tuple(
        Card(
            key=f"F{n}" if n <= 12 else "",
            name=names[n - 1],
            took=f"{verdict.duration_ms / 1000:.0f} s" if verdict.duration_ms else "",
            verdict=in_letters(verdict.right, sides),
            tier=verdict.tier.value.capitalize(),
            failures=_failures(verdict, sides, rubric, everyones),
            gold=text,
            gold_marks=_marks(text, [t for t in texts if t]) if "gold" in differs else (),
            note=verdict.reason or verdict.note if verdict.right is Right.UNDECIDABLE else verdict.note,
            sure=verdict.sure,
            whole=verdict.checked is Checked.WHOLE,
            differs=differs,
        )
        for n, (verdict, text) in enumerate(zip(verdicts, texts, strict=True), 1)
    )


def _differs(verdicts: Sequence[Verdict]) -> frozenset[str]:
    said: dict[str, set[Hashable]] = {
        "verdict": {v.right for v in verdicts},
        "tier": {v.tier for v in verdicts},
        "failures": {codes_of(v.failures) for v in verdicts},
        "gold": {normalised_answer(v.gold.answer) for v in verdicts if v.gold is not None},
    }
    return frozenset(field for field, values in said.items() if len(values) > 1)


def _failures(
    verdict: Verdict, sides: Sides, rubric: Rubric, everyones: frozenset[tuple[str, str]]
) -> tuple[CardFailure, ...]:
    found = []
    for letter in LETTERS:
        for failure in verdict.failures:
            if sides.letter(failure.side) == letter:
                code = rubric.failure(failure.code)
                shared = (failure.side, failure.code) in everyones
                found.append(CardFailure(letter, code.label if code else failure.code, shared))
    return tuple(found)


def _marks(text: str, texts: Sequence[str]) -> tuple[Span, ...]:
    """The words of a text that are not in each of the texts at the same place."""
    words = _words(text)
    own = [text[a:b] for a, b in words]
    unlike: set[int] = set()
    for other in dict.fromkeys(texts):
        for edit in Levenshtein.opcodes(own, [other[a:b] for a, b in _words(other)]):
            if edit.tag != "equal":
                unlike.update(range(edit.src_start, edit.src_end))
    return tuple(words[n] for n in sorted(unlike))


def _words(text: str) -> list[Span]:
    return [match.span() for match in re.finditer(r"\S+", text)]
