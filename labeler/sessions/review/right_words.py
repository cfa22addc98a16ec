"""Which side is right, in terms of A and B."""

from __future__ import annotations

from labeler.domain.blind import Sides
from labeler.domain.verdicts import Right


def in_letters(right: Right, sides: Sides) -> str:
    match right:
        case Right.BOTH:
            return "Both right"
        case Right.NEITHER:
            return "Both wrong"
        case Right.UNDECIDABLE:
            return "Undecidable"
        case Right.OLD:
            return f"{sides.letter('old')} right"
        case Right.NEW:
            return f"{sides.letter('new')} right"


def in_a_sentence(right: Right, sides: Sides) -> str:
    """As `in_letters`, for the middle of a sentence: letters stay capitals."""
    words = in_letters(right, sides)
    return words if words[:2] in ("A ", "B ") else words.lower()
