from __future__ import annotations

import pytest

from labeler.domain.differences.spoken import with_numbers_read
from labeler.domain.differences.words import words_of


def keys(text: str, *, speech: bool = True) -> list[str]:
    return with_numbers_read(words_of(text), speech=speech).keys


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("four hundred and fifty pounds", "£450"),
        ("450 pounds", "£450"),
        ("ninety three dollars", "$93"),
        ("five thousand pounds", "£5,000"),
        ("two thousand and six", "2006"),
        ("fifteen hundred", "1500"),
        ("a hundred and ten", "110"),
        ("two million three hundred thousand and one", "2,300,001"),
        ("three point one four", "3.14"),
        ("$1.5 million", "$1500000"),
        ("the twelfth of october", "the 12th of October"),
        ("twenty first of March", "21st of March"),
        ("four zero nine one five five two seven", "409-15527"),
        ("five five five zero", "5, 5, 5, 0"),
        ("double five oh three", "5503"),
        ("triple zero seven", "0007"),
        ("eight oh five", "805"),
        ("nineteen eighty four", "1984"),
        ("twenty percent", "20%"),
        ("twenty per cent", "20 %"),
        ("twenty milligrams", "20mg"),
        ("only one of them", "only 1 of them"),
    ],
)
def test_spoken_numbers_are_read_as_digits(words: str, digits: str) -> None:
    assert "".join(keys(words)) == "".join(keys(digits))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sixteen pounds", "60 pounds"),
        ("four hundred and fifty", "four 150"),
        ("one hundred and thirty", "100 and 30"),
        ("twenty one", "20, 1"),
        ("five five five", "5, 5"),
        ("two thousand and six", "2600"),
        ("the third of March", "the 30th of March"),
        ("half past six", "6:30"),
        ("two men", "to men"),
    ],
)
def test_numbers_that_are_not_the_same_stay_apart(one: str, other: str) -> None:
    assert keys(one) != keys(other)


def test_a_full_stop_ends_a_number() -> None:
    assert keys("at nine. Two men") == ["at", "9", "2", "men"]


def test_oh_is_zero_beside_digits_only() -> None:
    assert keys("oh no") == ["oh", "no"]


def test_rows_of_digits_are_joined_in_speech_only() -> None:
    assert keys("1, 2, 3", speech=False) == ["1", "2", "3"]
    assert keys("1, 2, 3") == ["123"]


def test_a_number_spans_all_its_words() -> None:
    text = "pay four hundred and fifty pounds now"
    words = with_numbers_read(words_of(text))
    assert text[words.starts[1] : words.ends[1]] == "four hundred and fifty pounds"
