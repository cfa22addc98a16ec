from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from labeler.domain.pace import DAYS, Pace, pace_of


def test_the_interval_of_a_count_is_garwoods() -> None:
    """Exact Poisson limits of 10 and of 0, as Garwood (1936) and every table since have them."""
    ten, none = Pace(10, 1).interval, Pace(0, 1).interval
    assert (round(ten.low, 2), round(ten.high, 2)) == (4.80, 18.39)
    assert (none.low, round(none.high, 2)) == (0.0, 3.69)


@given(st.lists(st.integers(1, 300), max_size=DAYS))
def test_the_pace_lies_in_its_interval(by_day: list[int]) -> None:
    pace = pace_of(by_day)
    if pace.per_day is not None:
        assert pace.interval.low <= pace.per_day <= pace.interval.high


@given(st.integers(1, 500), st.integers(1, 14), st.integers(0, 10_000))
def test_the_likely_time_lies_between_the_fastest_and_the_slowest(verdicts: int, days: int, left: int) -> None:
    found = Pace(verdicts, days).days_left(left)
    assert found is not None
    middle, fastest, slowest = found
    assert fastest <= middle
    assert slowest is None or middle <= slowest


def test_without_verdicts_nothing_is_said_of_the_time() -> None:
    assert Pace(0, 0).days_left(5) is None
    assert Pace(0, 0).days_left(0) == (0, 0, 0)


def test_what_is_left_is_said_in_days_of_work() -> None:
    pace = pace_of([30, 10, 20])
    assert pace == Pace(60, 3)
    assert (pace.days_for(0), pace.days_for(1), pace.days_for(20), pace.days_for(21)) == (0, 1, 1, 2)
    assert pace.words(41) == (
        "3 more days of work at the pace of the last 3 days on which anybody judged (20 verdicts a day)"
    )
    assert pace.words(0) == ""


def test_without_a_verdict_there_is_no_pace() -> None:
    assert pace_of([]).days_for(5) is None
    assert pace_of([]).words(5) == ""


def test_only_the_newest_days_count() -> None:
    assert pace_of([5] * DAYS + [500]) == Pace(5 * DAYS, DAYS)
