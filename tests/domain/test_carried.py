from __future__ import annotations

import pytest

from labeler.domain.carried import Carried, Said, carried
from labeler.domain.verdicts import Right

FIRST = Said({"old": "a", "new": "b"}, Right.NEW, (("old", "digit_misread"),))


@pytest.mark.parametrize(
    ("old", "new", "right", "failures"),
    [
        ("a", "b", Right.NEW, (("old", "digit_misread"),)),
        ("b", "a", Right.OLD, (("new", "digit_misread"),)),
        ("b", "b", Right.BOTH, ()),
        ("a", "a", Right.NEITHER, (("new", "digit_misread"), ("old", "digit_misread"))),
    ],
)
def test_what_was_said_of_an_output_holds_on_whichever_side_it_comes_back(
    old: str, new: str, right: Right, failures: tuple[tuple[str, str], ...]
) -> None:
    assert carried([FIRST], {"old": old, "new": new}) == Carried(right, failures)  # type: ignore[arg-type]  # sides


def test_two_releases_can_say_it_together_and_the_newer_word_counts() -> None:
    second = Said({"old": "b", "new": "c"}, Right.OLD, ())
    assert carried([FIRST, second], {"old": "a", "new": "c"}) == Carried(Right.NEITHER, (("old", "digit_misread"),))
    again = Said({"old": "b", "new": "c"}, Right.NEITHER, (("old", "row_missing"),))
    assert carried([FIRST, again], {"old": "b", "new": "b"}) == Carried(
        Right.NEITHER, (("new", "row_missing"), ("old", "row_missing"))
    )


def test_an_output_that_nobody_judged_or_could_judge_leaves_it_open() -> None:
    assert carried([FIRST], {"old": "b", "new": "d"}) is None
    assert carried([Said({"old": "a", "new": "b"}, Right.UNDECIDABLE, ())], {"old": "a", "new": "b"}) is None
