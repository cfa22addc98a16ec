from __future__ import annotations

from dataclasses import replace

from labeler.domain.differences import ItemClass, compare
from labeler.domain.differences.model import Kind
from tests.domain.differences.outputs import output, spoken, told


def test_words_have_their_time_and_their_place_in_the_text() -> None:
    old = spoken((0.0, 0.4, "pay"), (0.4, 1.0, "fifteen"), (1.0, 1.5, "now"))
    new = spoken((0.1, 0.4, "Pay"), (0.5, 1.1, "fifty"), (1.1, 1.5, "now."))
    difference = next(d for d in compare(old, new).differences if not d.cosmetic)
    assert difference.kind is Kind.NUMBER
    assert difference.old is not None
    assert difference.new is not None
    assert (difference.old.time_s, difference.old.span) == ((0.4, 1.0), (4, 11))
    assert (difference.new.time_s, difference.new.span) == ((0.5, 1.1), (4, 9))


def test_numbers_in_words_and_in_digits_are_form() -> None:
    old = spoken((0.0, 1.0, "four hundred and fifty"), (1.0, 1.5, "pounds"))
    assert compare(old, spoken((0.0, 1.2, "£450"))).item_class is ItemClass.COSMETIC


def test_one_place_in_time_is_one_difference() -> None:
    old = spoken((0.0, 0.5, "sister"), (0.5, 0.9, "in"), (0.9, 1.3, "glass"), (1.3, 1.6, "go"))
    new = spoken((0.0, 0.5, "sister"), (0.5, 0.9, "in"), (0.9, 1.6, "Glasgow"))
    assert told(compare(old, new)) == ["substituted glass go | Glasgow"]


def test_the_same_words_at_another_time_are_a_difference_of_timing() -> None:
    words = ["close", "my", "current", "account"]
    old = spoken(*((n * 0.5, n * 0.5 + 0.4, word) for n, word in enumerate(words)))
    new = spoken(*((n * 0.5 + 3, n * 0.5 + 3.4, word) for n, word in enumerate(words)))
    assert told(compare(old, new)) == ["timing close my current account | close my current account"]


def test_half_a_second_is_no_difference_of_timing() -> None:
    assert compare(spoken((0.0, 0.4, "yes")), spoken((0.7, 1.1, "yes"))).item_class is ItemClass.SAME


def test_a_long_word_that_is_elsewhere_as_a_whole_is_a_difference_though_it_overlaps() -> None:
    old = spoken((0.0, 1.4, "extraordinarily"), (1.4, 1.8, "yes"))
    assert told(compare(old, spoken((1.0, 2.4, "extraordinarily"), (2.4, 2.8, "yes")))) == [
        "timing extraordinarily yes | extraordinarily yes"
    ]
    assert told(compare(old, spoken((0.0, 2.4, "extraordinarily"), (1.9, 2.3, "yes")))) == []


def test_a_lone_word_far_away_is_not_the_same_word() -> None:
    old = spoken((0.0, 0.2, "the"), (0.2, 1.0, "cat"))
    new = spoken((0.0, 5.0, "dogs bark"), (5.0, 5.2, "the"))
    assert all(d.kind is not Kind.TIMING for d in compare(old, new).differences)


def test_speakers_are_compared_by_who_says_the_same() -> None:
    words = [(n * 0.5, n * 0.5 + 0.4, f"word{n}") for n in range(6)]
    old = spoken(*words, speakers=("S0", "S0", "S0", "S1", "S1", "S1"))
    new = spoken(*words, speakers=("B", "B", "A", "A", "A", "A"))
    found = compare(old, new)
    assert told(found) == ["speaker word2 | word2"]
    assert [(d.old.speaker, d.new.speaker) for d in found.differences if d.old and d.new] == [("S0", "A")]


def test_times_of_a_side_without_segments_are_estimated() -> None:
    timed = spoken((0.0, 0.5, "pay"), (0.5, 1.0, "fifty"), (1.0, 1.5, "now"))
    difference = compare(timed, output("pay sixty now")).differences[0]
    assert difference.new is not None
    assert (difference.new.time_s, difference.new.estimated) == ((0.5, 1.0), True)
    added = compare(timed, output("pay fifty paper notes now")).differences[0]
    assert added.new is not None
    assert (added.new.time_s, added.new.estimated) == ((1.0, 1.0), True)


def test_endless_repetition_without_length_is_compared() -> None:
    loop = spoken(*((1.0, 1.0, "the") for _ in range(2_000)))
    comparison = compare(spoken((0.0, 1.0, "hello"), (1.0, 1.0, "the")), loop)
    assert 1 <= len(comparison.differences) <= 2


def test_segments_that_are_not_in_the_text_have_no_time() -> None:
    old = spoken((0.0, 0.5, "pay"), (0.5, 1.0, "fifty"))
    new = replace(old, text="something else")
    assert compare(old, new).item_class is ItemClass.FLIP
