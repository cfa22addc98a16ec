from __future__ import annotations

import random

import pytest

from labeler.domain.differences import ItemClass, compare
from labeler.domain.differences.model import Kind
from tests.domain.differences.outputs import output, told, told_of


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Total 1,000.00 due", "total 1000.00 due."),
        ("1,000.00", "1 000,00"),
        ("“Well,” she said – then", '"Well," she said - then'),
        ("ﬁne", "fine"),
        ("5.00", "5"),
        ("$2.10", "$2.1"),
        ("USB cable 2 m", "USB cable 2m"),
        ("touch tone keypad", "touchtone keypad"),
        ("+353 1 496 0123", "+353 1496 0123"),
        ("14/10/2026 08:42", "14/10/202608:42"),
        ("cold-hearted", "cold hearted"),
        ("a  b", "a b"),
        ("—", "|"),
        ("", "..."),
        ("four hundred and fifty pounds", "£450"),
    ],
)
def test_form_alone_is_cosmetic(old: str, new: str) -> None:
    assert compare(output(old), output(new)).item_class is ItemClass.COSMETIC


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1.000", "1,000"),
        ("-5", "5"),
        ("(1,204.55)", "1,204.55"),
        ("10", "10 %"),
        ("can't", "can"),
        ("is", "is not"),
        ("P-O80", "P-080"),
        ("1l0", "110"),
        ("3.10", "3.1"),
        ("10-12", "1012"),
        ("18 19", "1819"),
        ("1234 5678", "12345 678"),
        ("2023 2024", "20232024"),
        ("5 mW", "5 MW"),
        ("<0.5", "0.5"),
        ("$48.70", "£48.70"),
        ("we'll go", "well go"),
        ("claims_team@example.org", "claims team@example.org"),
        ("10⁹/L", "109/L"),
        ("CAFÉ", "CAFE"),
    ],
)
def test_what_changes_the_meaning_is_never_cosmetic(old: str, new: str) -> None:
    assert compare(output(old), output(new)).item_class is ItemClass.FLIP


def test_one_number_is_one_number_difference() -> None:
    comparison = compare(output("Toner | 4 | 292.80"), output("Toner | 4 | 262.80"))
    assert told(comparison) == ["number 292.80 | 262.80"]
    old, new = comparison.differences[0].old, comparison.differences[0].new
    assert old is not None
    assert new is not None
    assert old.span == new.span == (12, 18)


def test_what_one_misreading_explains_is_one_difference() -> None:
    assert told_of("my sister in glass go today", "my sister in Glasgow today") == ["substituted glass go | Glasgow"]


def test_words_that_are_misread_each_by_itself_are_differences_of_their_own() -> None:
    assert told_of("the pain started behind", "the paint startet behind") == [
        "substituted pain | paint",
        "substituted started | startet",
    ]


def test_unrelated_texts_are_not_cut_at_accidental_matches() -> None:
    old = "nice try to stop also on thursday and that the league don't"
    new = "Please transfer 450 pounds to the savings account."
    assert len(told_of(old, new)) == 1


def test_a_block_that_stands_elsewhere_has_moved() -> None:
    comparison = compare(output("a b c d e f g h the quick brown fox"), output("the quick brown fox a b c d e f g h"))
    assert told(comparison) == ["moved the quick brown fox | the quick brown fox"]
    old, new = comparison.differences[0].old, comparison.differences[0].new
    assert old is not None
    assert new is not None
    assert (old.elsewhere, new.elsewhere) == (35, 0)


def test_a_lost_negation_counts_double() -> None:
    weights = [
        compare(output(old), output(new)).weight for old, new in (("he is ill", "he is not ill"), ("is", "is so"))
    ]
    assert weights == [2.0, 1.0]


def test_one_sided_readings_say_where_they_would_stand() -> None:
    difference = compare(output("the quick fox"), output("the fox")).differences[0]
    assert (difference.kind, difference.new, difference.gap) == (Kind.MISSING, None, 3)


def test_neighbouring_differences_of_form_are_one() -> None:
    assert told_of("eight of spades four of clubs", "Eight of spades, four of clubs") == [
        "(form eight of spades four | Eight of spades, four)"
    ]


def test_the_sides_of_a_sign_in_code_stay_together() -> None:
    assert told_of("assert 0.2 + 6.2 = 0.3", "assert 0.1 + 0.2 == 0.3")[-1] == "substituted = | =="


def test_endless_repetition_is_compared() -> None:
    assert len(told_of("the " * 50_000, "the " * 40_000)) == 1
    assert told_of("and then " + "the " * 5_000, "the " * 5_000) == ["missing and then | ∅"]


def test_fifty_thousand_words_keep_their_few_differences() -> None:
    words = [f"word{random.Random(n).randrange(4_000)}" for n in range(50_000)]
    other = list(words)
    other[10_000] = "misread"
    del other[30_000]
    assert told_of(" ".join(words), " ".join(other)) == [
        f"substituted {words[10_000]} | misread",
        f"missing {words[30_000]} | ∅",
    ]
