from __future__ import annotations

from labeler.domain.backfill.pace import DAYS, Pace, pace_of


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
