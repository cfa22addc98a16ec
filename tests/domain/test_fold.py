"""Folded texts hide style and keep meaning and places."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from labeler.domain.fold import fold


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("Please transfer £450.", "please transfer £450"),
        ("please transfer £450", "please transfer £450"),
        ("It's 9:30, not 10.15!", "it's 9:30 not 10.15"),
        ("minus -4.5 %", "minus -4.5 %"),
        ("well-known  fact", "well known fact"),
        ("“Quoted” – text…", "quoted text"),
        ("first line\n\nsecond", "first line\nsecond"),
        ("", ""),
        ("...", ""),
    ],
)
def test_case_and_punctuation_are_style(raw: str, folded: str) -> None:
    assert fold(raw).text == folded


@pytest.mark.parametrize(("one", "other"), [("1.5", "15"), ("-4", "4"), ("10%", "10"), ("can't", "cant")])
def test_what_carries_meaning_stays(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


def test_a_span_points_at_the_same_word_in_the_folded_text() -> None:
    raw = "Hello, World! It is 9:30."
    folded = fold(raw)
    for word in ("World", "9:30"):
        start = raw.index(word)
        low, high = folded.span((start, start + len(word)))
        assert folded.text[low:high] == word.lower()


@given(st.text(max_size=80))
@example("A\x1b.0")
@example("a!.0")
@example("1.!5")
def test_folding_is_idempotent_and_its_offsets_stay_in_the_text(raw: str) -> None:
    folded = fold(raw)
    assert len(folded.offsets) == len(raw) + 1
    assert list(folded.offsets) == sorted(folded.offsets)
    assert folded.offsets[-1] == len(folded.text)
    assert fold(folded.text).text == folded.text


@given(st.text(max_size=60), st.data())
def test_any_span_folds_to_a_span_without_space_at_its_ends(raw: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    low, high = fold(raw).span((start, end))
    piece = fold(raw).text[low:high]
    assert low <= high
    assert piece == piece.strip()


@given(st.text(alphabet="ab, .\n’4-£"), st.data())
def test_what_is_picked_in_the_folded_text_is_found_in_the_raw_one(raw: str, data: st.DataObject) -> None:
    folded = fold(raw)
    words = [(0, len(folded.text))] if folded.text else []
    for start, end in words:
        first = data.draw(st.integers(start, end - 1))
        last = data.draw(st.integers(first + 1, end))
        begin, until = folded.unfold((first, last))
        assert 0 <= begin < until <= len(raw)
        assert folded.text[first:last].strip() in fold(raw[begin:until]).text or not folded.text[first:last].isalnum()
