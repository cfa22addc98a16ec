from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from labeler.domain.pace import Pace, pace_of


def test_the_interval_of_a_count_is_garwoods() -> None:
    """Exact Poisson limits of 10 and of 0, as Garwood (1936) and every table since have them."""
    ten, none = Pace(10, 1).interval, Pace(0, 1).interval
    assert (round(ten.low, 2), round(ten.high, 2)) == (4.80, 18.39)
    assert (none.low, round(none.high, 2)) == (0.0, 3.69)


@given(st.dictionaries(st.sampled_from([f"2026-03-{day:02d}" for day in range(1, 15)]), st.integers(0, 300)))
def test_days_without_a_verdict_are_no_working_days(by_day: dict[str, int]) -> None:
    pace = pace_of(by_day)
    assert pace.verdicts == sum(by_day.values())
    assert pace.days == sum(count > 0 for count in by_day.values())
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
