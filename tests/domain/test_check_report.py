from __future__ import annotations

from dataclasses import replace

import pytest

from labeler.domain.check_report import Answered, check_figures, reviewer_error
from labeler.domain.checks import CheckKind
from labeler.domain.items import Answer
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Checked, Gold, Prefill, Right, Verdict

VERDICT = Verdict(
    "i", "r", Right.NEW, Tier.EASY, True, Checked.WHOLE, {"A": "old", "B": "new"}, "1", {"old": "a", "new": "b"}
)


def answered(
    person: str,
    said: Right,
    known: Right = Right.NEW,
    kind: CheckKind = CheckKind.KNOWN,
    gold: Gold | None = None,
) -> Answered:
    return Answered(person, kind, replace(VERDICT, right=said, gold=gold), known)


def many(person: str, hits: int, n: int, kind: CheckKind = CheckKind.KNOWN) -> list[Answered]:
    return [answered(person, Right.NEW if k < hits else Right.OLD, kind=kind) for k in range(n)]


def test_the_careless_one_is_named_with_figures_and_nobody_else() -> None:
    said = [*many("ada", 29, 30), *many("bob", 28, 30), *many("eve", 14, 30)]
    ada, bob, eve = check_figures(said)
    assert eve.findings == ("judged 14 of 30 settled items as they were settled, the others 95%",)
    assert (ada.findings, bob.findings) == ((), ())
    assert eve.known.interval.high < ada.known.interval.low


@pytest.mark.parametrize("hits", [(0, 2, 2), (8, 9, 10)])
def test_few_checks_or_small_differences_name_nobody(hits: tuple[int, int, int]) -> None:
    n = max(hits)
    found = check_figures([*many("ada", hits[0], n), *many("bob", hits[1], n), *many("eve", hits[2], n)])
    assert [one.findings for one in found] == [(), (), ()]


def test_who_says_something_else_the_second_time_is_named() -> None:
    kind = CheckKind.REPEAT
    ada, eve = check_figures([*many("ada", 38, 40, kind), *many("eve", 20, 40, kind)])
    assert eve.findings == ("said the same again of 20 of 40 items, the others of 95%",)
    assert (ada.known.n, ada.known.rate, ada.repeats.n) == (0, None, 40)


def test_proposals_are_followed_where_most_seeded_mistakes_stay_in_the_answer() -> None:
    def gold(edits: int, prefill: Prefill = Prefill.SEEDED_WRONG) -> Gold:
        return Gold(Answer(text="x"), (), edits, prefill)

    blind = [answered("bob", Right.NEW, gold=gold(0 if n < 6 else 2)) for n in range(8)]
    sees = [answered("ada", Right.NEW, gold=gold(1)) for _ in range(8)]
    unseeded = [answered("ada", Right.NEW, gold=gold(0, Prefill.BUILT))]
    ada, bob = check_figures([*blind, *sees, *unseeded])
    assert (bob.followed.hits, bob.followed.n) == (6, 8)
    assert bob.findings == ("left 6 of 8 seeded mistakes in the gold answer",)
    assert (ada.followed.hits, ada.followed.n, ada.findings) == (0, 8, ())


def test_training_counts_for_nothing() -> None:
    assert check_figures(many("ada", 1, 30, CheckKind.TRAINING)) == ()
    assert not reviewer_error(many("ada", 1, 30, CheckKind.TRAINING)).known


def test_the_reviewers_error_is_that_on_old_outputs_alone() -> None:
    said = [
        answered("ada", Right.NEW, Right.NEW),  # old is wrong, and called wrong
        answered("ada", Right.NEITHER, Right.NEW),  # as well, whatever was said of the new one
        answered("bob", Right.BOTH, Right.NEITHER),  # not caught
        answered("bob", Right.OLD, Right.BOTH),  # old is right, and called right
        answered("bob", Right.NEW, Right.OLD),  # not passed
        answered("bob", Right.UNDECIDABLE, Right.OLD),  # says neither
        answered("bob", Right.OLD, Right.OLD, CheckKind.REPEAT),  # compared with oneself: tells nothing of the truth
    ]
    error = reviewer_error(said)
    assert (error.caught, error.passed) == ((2, 3), (1, 2))
