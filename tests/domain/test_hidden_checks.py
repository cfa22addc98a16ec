from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.domain.checks import Check, CheckKind, CheckSettings, Schedule, prefill_of, seeded_wrong
from labeler.domain.verdicts import Prefill

rates = st.floats(0.001, 0.5)


@given(rates, st.integers(1, 50), st.integers(0, 400), st.text(max_size=4), st.integers(0, 9))
def test_what_is_counted_before_an_item_is_what_one_meets(
    rate: float, after: int, turns: int, person: str, seed: int
) -> None:
    schedule = Schedule(CheckSettings(rate=rate, repeat_after=after), person, seed)
    met = [schedule.holds(turn) for turn in range(turns)]
    assert sum(met) == schedule.before(turns)
    assert not any(met[:after])


@given(rates, st.integers(0, 300), st.integers(0, 300))
def test_the_checks_among_what_is_left_are_those_that_come_until_it_is_done(rate: float, turn: int, left: int) -> None:
    schedule = Schedule(CheckSettings(rate=rate), "ada", 1)
    met, done, at = 0, 0, turn
    while done < left:
        holds = schedule.holds(at)
        met, done, at = met + holds, done + (not holds), at + 1
    assert schedule.among(turn, left) == met


@given(st.sampled_from([0.05, 0.08, 0.1, 1 / 3, 0.5]), st.text(max_size=4))
def test_the_rate_is_kept(rate: float, person: str) -> None:
    schedule = Schedule(CheckSettings(rate=rate), person, 5)
    assert abs(schedule.before(2_020) - 2_000 * rate) <= 1


def test_without_a_rate_there_is_no_check() -> None:
    assert not any(Schedule(CheckSettings(), "ada", 1).holds(turn) for turn in range(500))


def test_the_place_of_a_check_is_another_for_each_person() -> None:
    one, other = (Schedule(CheckSettings(rate=0.1), person, 1) for person in ("ada", "bob"))
    places = [[turn for turn in range(600) if schedule.holds(turn)] for schedule in (one, other)]
    assert places[0] != places[1]


def test_an_empty_answer_is_as_frequent_on_checks_as_elsewhere_and_a_wrong_one_comes_on_checks_alone() -> None:
    settings, check = CheckSettings(empty=0.2, wrong=0.3), Check(CheckKind.KNOWN, "e")
    on_checks = [prefill_of(settings, "ada", f"i{n}", 1, check) for n in range(4_000)]
    elsewhere = [prefill_of(settings, "ada", f"i{n}", 1, None) for n in range(4_000)]
    training = [prefill_of(settings, "ada", f"i{n}", 1, Check(CheckKind.TRAINING, "e")) for n in range(4_000)]
    assert on_checks.count(Prefill.EMPTY) == elsewhere.count(Prefill.EMPTY)
    assert abs(elsewhere.count(Prefill.EMPTY) - 800) < 4 * math.sqrt(4_000 * 0.16)
    assert abs(on_checks.count(Prefill.SEEDED_WRONG) - 1_200) < 4 * math.sqrt(4_000 * 0.21)
    assert Prefill.SEEDED_WRONG not in {*elsewhere, *training}


@given(st.text(), st.integers())
def test_a_seeded_mistake_is_the_same_each_time_and_as_long_as_the_text(text: str, seed: int) -> None:
    wrong = seeded_wrong(text, seed)
    assert wrong == seeded_wrong(text, seed)
    assert len(wrong) == len(text)
    unlike = sum(one != other for one, other in zip(text, wrong, strict=True))
    assert unlike in ((0, 1, 2) if not any(c in "0123456789" for c in text) else (1,))


@pytest.mark.parametrize("text", ["Toner 38.50", "please transfer", "a1", "Ab"])
def test_a_seeded_mistake_is_no_matter_of_form(text: str) -> None:
    assert all(seeded_wrong(text, seed).casefold() != text.casefold() for seed in range(50))
