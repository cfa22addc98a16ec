"""Guesses at the new side, against chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from labeler.domain.blind import Letter, sides
from labeler.domain.guesses import Guess, GuessFigures, GuessReport, guess_report, is_asked


def guesses(person: str, hits: int, misses: int, unknown: int = 0) -> list[Guess]:
    said: list[Letter | None] = [*["A"] * hits, *["B"] * misses, *[None] * unknown]  # type: ignore[list-item]  # letters
    return [Guess(person, "A", one) for one in said]


@pytest.mark.parametrize(("hits", "n"), [(5, 5), (6, 6), (14, 20), (15, 20), (58, 100), (61, 100), (0, 0)])
def test_the_interval_is_the_exact_one(hits: int, n: int) -> None:
    found = GuessFigures(hits, n)
    if n:
        oracle = binomtest(hits, n).proportion_ci(0.95, "exact")
        assert (found.interval.low, found.interval.high) == pytest.approx((oracle.low, oracle.high), abs=1e-9)
    assert found.beat_chance is ((hits, n) in [(6, 6), (15, 20), (61, 100)])


def test_who_cannot_tell_counts_neither_for_nor_against() -> None:
    found = guess_report(guesses("bo", 6, 0, unknown=40))
    assert (found.everyone.hits, found.everyone.n, found.everyone.open) == (6, 6, 40)
    assert "6 of 6 guesses (95 % 54% to 100%)" in found.warning


def test_one_of_many_people_needs_more_to_be_named_and_all_together_warn() -> None:
    alone = guess_report(guesses("bo", 15, 5))
    assert alone.people["bo"].beat_chance
    five = guess_report([one for name in "abcde" for one in guesses(name, 15, 5)])
    assert not any(one.beat_chance for one in five.people.values())
    assert five.everyone.beat_chance
    assert guess_report([]).warning == ""


def test_a_person_with_a_habit_and_no_idea_seldom_beats_chance() -> None:
    """Whoever always says A is right as often as A is new: by chance."""
    alarms = 0
    for seed in range(400):
        told = [Guess("bo", sides(f"i{n}", "bo", seed).letter("new"), "A") for n in range(40)]
        alarms += guess_report(told).everyone.beat_chance
    assert binomtest(alarms, 400, 0.025, "greater").pvalue > 0.001


def test_three_in_four_right_is_found_in_most_of_40_guesses() -> None:
    chance = np.random.default_rng(5)
    found = [GuessReport(GuessFigures(int(chance.binomial(40, 0.75)), 40), {}).warning != "" for _ in range(500)]
    assert np.mean(found) > 0.85


def test_so_many_items_are_asked_about_as_the_project_says() -> None:
    asked = sum(is_asked("bo", f"i{n}", 7, 0.02) for n in range(20_000))
    assert binomtest(asked, 20_000, 0.02).pvalue > 0.001
    assert not any(is_asked("bo", f"i{n}", 7, 0.0) for n in range(1_000))
