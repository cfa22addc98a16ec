"""Readings that look alike are told apart in words."""

from __future__ import annotations

import pytest

from labeler.sessions.review.letters import told_apart


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        ("Oat", "0at", "capital letter O, digit 0"),
        ("RE-1l", "RE-11", "small letter L, digit 1"),
        ("Illinois", "lllinois", "capital letter I, small letter L"),
        ("5", "S", "digit 5, capital letter S"),
        ("cafe", "c\u0430fe", "small letter A, cyrillic small letter a"),
        ("10-12", "10\u201312", "hyphen-minus, en dash"),
        ("a b", "a\u00a0b", "space, no-break space"),
        ("a\ue000", "a.", "U+E000, full stop"),
        ("262.80", "292.80", ""),
        ("cot", "cat", ""),
        ("Glasgow", "glasgow", ""),
        ("glass go", "Glasgow", ""),
        ("aa", "aaa", ""),
        ("", "x", ""),
        ("same", "same", ""),
    ],
)
def test_the_one_character_that_nobody_sees_has_a_name(a: str, b: str, words: str) -> None:
    assert told_apart(a, b) == words
