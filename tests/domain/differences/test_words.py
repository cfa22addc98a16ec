from __future__ import annotations

import pytest

from labeler.domain.differences.words import key_of, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,000.00", "1000.00"),
        ("1'000.50", "1000.50"),
        ("1.234.567,00", "1,234,567.00"),
        ("12,34,567", "1234567"),
        ("4,20", "4.20"),
        ("(1,204.55)", "-1204.55"),
        ("Straße", "STRASSE"),
        ("don’t", "DONT"),
        ("ﬁne", "fine"),
        ("CO₂", "CO2"),
        ("１２", "12"),
        ("e\u0301t\u00e9", "été"),
        ("10–12", "10-12"),
        ("__Sensor__", "sensor"),
        ("&", "and"),
        ("٣", "3"),
        ("soft\u00adhyphen", "softhyphen"),
    ],
)
def test_words_that_differ_in_form_only_have_one_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.000", "1,000"),
        ("1.5", "15"),
        ("-5", "5"),
        ("£5", "$5"),
        ("10%", "10"),
        ("O7", "07"),
        ("l", "1"),
        ("10²", "102"),
        ("we'll", "well"),
        ("mW", "MW"),
        ("Müller", "Muller"),
        ("007", "7"),
        ("claims_team", "claimsteam"),
    ],
)
def test_words_that_say_another_thing_have_other_keys(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


def test_a_hyphen_is_a_sign_before_a_number_alone_and_not_inside_a_code() -> None:
    assert words_of("at -5 P-5 10-12").keys == ["at", "-5", "p", "5", "10-12"]


def test_marks_are_no_words_and_offsets_index_the_text() -> None:
    text = "| “Well,”she said — #46101 |"
    words = words_of(text)
    assert [text[s:e] for s, e in zip(words.starts, words.ends, strict=True)] == ["Well", "she", "said", "#", "46101"]


def test_scripts_without_spaces_are_compared_character_by_character() -> None:
    assert words_of("日本語").keys == ["日", "本", "語"]
