"""Readings that look alike on the screen are told apart in words: a capital O and a zero, a Latin a and a Cyrillic one.

Source of the names: Unicode, as `unicodedata` has them.
"""

from __future__ import annotations

import unicodedata
from itertools import takewhile


def told_apart(a: str, b: str) -> str:
    """The names of the one character in which they differ, "capital letter O, digit 0"; empty where one sees it.

    One sees it between two digits and between two letters of one script, also where only their case differs.
    """
    if len(a) != len(b):
        return ""
    before, after = _alike(a, b), _alike(a[::-1], b[::-1])
    one, other = a[before : before + 1], b[before : before + 1]
    if before + after != len(a) - 1 or _sort(one) == _sort(other):
        return ""
    return f"{_name(one)}, {_name(other)}"


def _alike(a: str, b: str) -> int:
    """How many characters they have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=True)))


def _sort(character: str) -> str:
    """What the eye takes it for: a digit, a letter of a script, or itself, as the small L and the capital i."""
    if character in "lI":
        return character
    if character.isdecimal():
        return "digit"
    return unicodedata.name(character, "").partition(" ")[0] if character.isalpha() else character


def _name(character: str) -> str:
    if character.isascii() and character.isdecimal():
        return f"digit {character}"
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    if character.isalpha() and character.isascii():
        return f"{'capital' if character.isupper() else 'small'} letter {character.upper()}"
    return name if name.startswith("U+") else name.lower()
