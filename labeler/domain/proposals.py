"""Which failure a difference proposes on a side that is wrong there, and where. A person can overrule all of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from labeler.domain.differences.model import Difference, Reading, seen_from
from labeler.domain.differences.words import NEGATIONS, words_of
from labeler.domain.items import SIDES, Output, Side
from labeler.domain.rubric import About, FailureCode, Rubric
from labeler.domain.verdicts import At


def proposed_code(
    rubric: Rubric, difference: Difference, side: Side, outputs: Mapping[Side, Output]
) -> FailureCode | None:
    """The first code that this kind of difference proposes; one that is `about` what it is about goes first."""
    kind = seen_from(difference.kind, side)
    fitting = [code for code in rubric.failures if kind in code.proposed_by]
    narrow = (code for code in fitting if code.about is not None and _IS[code.about](difference, outputs))
    broad = (code for code in fitting if code.about is None)
    return next(narrow, None) or next(broad, None)


def _about_negation(difference: Difference, _outputs: Mapping[Side, Output]) -> bool:
    return _negations(difference.old) != _negations(difference.new)


def _negations(reading: Reading | None) -> int:
    return 0 if reading is None else sum(key in NEGATIONS for key in words_of(reading.text).keys)


# A sentence may start with a capital, a name keeps it inside of one.
_CAPITAL = re.compile(r"[^\W\d_a-z][^\W\d_]+")
_BEFORE_INSIDE = re.compile(r"[\w,;]")


def _about_name(difference: Difference, outputs: Mapping[Side, Output]) -> bool:
    return any(
        (reading := difference.reading(side)) is not None and _has_name(reading, outputs[side].text or "")
        for side in SIDES
    )


def _has_name(reading: Reading, text: str) -> bool:
    start = reading.span[0] if reading.span else 0
    before = text[:start] if reading.span else ""
    return any(
        not word.group().isupper() and _is_inside(before + reading.text[: word.start()])
        for word in _CAPITAL.finditer(reading.text)
    )


def _is_inside(before: str) -> bool:
    """Whether a sentence goes on behind this."""
    words = before.rstrip(" ")
    return len(words) < len(before) and _BEFORE_INSIDE.match(words[-1:]) is not None


_DIGIT = re.compile(r"\d")


def _about_scale(difference: Difference, _outputs: Mapping[Side, Output]) -> bool:
    if difference.old is None or difference.new is None:
        return False
    old, new = ("".join(_DIGIT.findall(r.text)) for r in (difference.old, difference.new))
    if "." in difference.old.text + difference.new.text:
        # Zeros at the ends come and go with the point: 0.0125, 12.5 and 1,250 have the same digits otherwise.
        old, new = old.strip("0"), new.strip("0")
    return old == new != ""


_IS: Mapping[About, Callable[[Difference, Mapping[Side, Output]], bool]] = {
    About.NEGATION: _about_negation,
    About.NAME: _about_name,
    About.SCALE: _about_scale,
}


def place_of(difference: Difference, side: Side) -> At | None:
    """Where a failure of this side is pinned: its reading's box, time or span, else where the other's reading is."""
    own = difference.reading(side)
    found = own or difference.old or difference.new
    if found is None:
        return None
    if found.box is not None:
        return At(box=found.box, page=found.page)
    if found.time_s is not None:
        return At(time_s=found.time_s)
    return At(span=own.span) if own is not None and own.span is not None else None
