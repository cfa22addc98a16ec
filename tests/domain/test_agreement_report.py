"""Agreement of verdicts: each question's distance, the slices and pairs that are worst, and what is confused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

import numpy as np
import pytest
from numpy.typing import NDArray

from labeler.domain.agreement.answers import Question, differ, gold_text
from labeler.domain.agreement.distances import codes_apart, overlap, pins_apart, text_apart
from labeler.domain.agreement.groups import agree_on
from labeler.domain.agreement.matrices import codes_apart_each, pins_apart_each, texts_apart_each
from labeler.domain.agreement.report import AgreementReport, agreement_report
from labeler.domain.blind import Letter
from labeler.domain.items import Answer, Side
from labeler.domain.quality_report import quality_report
from labeler.domain.rubric import Severity, Tier
from labeler.domain.verdicts import At, Failure, Gold, Right, Verdict
from tests.store.test_state import verdict
from tests.whole_verdicts import Judged, answered

V = TypeVar("V")
Floats = NDArray[np.float64]
BOX = At(box=(0.0, 0.0, 10.0, 10.0))


def said(right: Right, tier: Tier = Tier.HARD, text: str = "same", at: At = BOX, letter: str = "A") -> Verdict:
    failure = Failure("old", "value_misread", Severity.MAJOR, (at,))
    shown: dict[Letter, Side] = {"A": "new", "B": "old"} if letter == "B" else {"A": "old", "B": "new"}
    return replace(verdict("i", right), tier=tier, gold=Gold(Answer(text=text)), failures=(failure,), shown=shown)


def items(*pairs: tuple[Right, Right], **slices: str) -> list[Judged]:
    return [
        Judged(f"{'-'.join(slices.values())}{n}", slices, {"ann": said(one), "bea": said(other)})
        for n, (one, other) in enumerate(pairs)
    ]


def reported(judged: list[Judged]) -> AgreementReport:
    return agreement_report({question: answered(question, judged) for question in Question})


AGREED = [(Right.OLD, Right.OLD), (Right.NEW, Right.NEW)] * 4
DISPUTED = [(Right.OLD, Right.NEW), (Right.NEW, Right.NEW)] * 4


def test_the_worst_slice_and_what_is_confused_come_first() -> None:
    report = reported([*items(*AGREED, kind="table"), *items(*DISPUTED, kind="chart")])
    assert [s.value for s in report.slices] == ["chart", "table"]
    assert report.slices[1].right.alpha == 1.0
    first = report.confusions[0]
    assert (first.one, first.other, first.items) == (Right.OLD, Right.NEW, ("chart0", "chart2", "chart4", "chart6"))
    assert [(p.one, p.other, p.right.units) for p in report.pairs] == [("ann", "bea", 16)]


def test_a_slice_of_a_few_items_is_not_reported() -> None:
    assert reported(items(*AGREED[:4], kind="table")).slices == ()


def test_verdicts_without_a_gold_answer_do_not_count_for_it() -> None:
    pair = {"ann": said(Right.OLD), "bea": replace(said(Right.OLD), gold=None)}
    assert agree_on(Question.GOLD, answered(Question.GOLD, [Judged("i", {}, pair)])).units == 0


def test_form_alone_does_not_set_gold_answers_apart() -> None:
    one, other = Answer(table=(("Total", "4,50"),)), Answer(table=(("total ", "4,50"),))
    assert gold_text(one) == gold_text(other)
    assert gold_text(one) != gold_text(Answer(table=(("total", "45,0"),)))


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [((), (), 0.0), (("a",), (), 1.0), (("a", "b"), ("a",), 0.5), (("a", "b"), ("a", "b"), 0.0)],
)
def test_codes_are_apart_by_the_share_that_only_one_names(one: str, other: str, apart: float) -> None:
    sets = [frozenset(("old", code) for code in codes) for codes in (one, other)]
    assert codes_apart(sets[0], sets[1]) == pytest.approx(apart)


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        (BOX, BOX, 1.0),
        (BOX, At(box=(5.0, 0.0, 15.0, 10.0)), 1 / 3),
        (BOX, At(box=(10.0, 0.0, 20.0, 10.0)), 0.0),
        (BOX, At(polygon=((0.0, 0.0), (10.0, 0.0), (10.0, 10.0))), 1.0),
        (At(time_s=(1.0, 2.0)), At(time_s=(1.5, 2.5)), 1 / 3),
        (At(time_s=(1.0, 1.0)), At(time_s=(1.0, 1.0)), 1.0),
        (At(span=(0, 4)), At(span=(2, 4)), 0.5),
        (BOX, At(time_s=(0.0, 1.0)), 0.0),
    ],
)
def test_places_overlap_by_area_or_length(one: At, other: At, share: float) -> None:
    assert overlap(one, other) == pytest.approx(share)
    assert overlap(other, one) == pytest.approx(share)


def test_a_pin_on_the_other_side_is_no_overlap() -> None:
    assert pins_apart(frozenset({("old", BOX)}), frozenset({("new", BOX)})) == 1.0
    assert pins_apart(frozenset(), frozenset()) == 0.0
    assert pins_apart(frozenset({("old", BOX)}), frozenset()) == 1.0


def test_the_very_same_places_are_not_apart() -> None:
    """By their lengths alone these two are 2e-16 apart, which put agreed items on the list of those that differ."""
    same = frozenset({("old", At(time_s=(0.03, 4.12))), ("new", At(box=(0.1, 0.2, 0.7, 0.9)))})
    assert pins_apart(same, same) == 0.0
    filled = frozenset({("old", At(polygon=((0.1, 0.2), (0.7, 0.2), (0.7, 0.9), (0.1, 0.9))))})
    assert not differ(Question.PINS, [filled, frozenset({("old", At(box=(0.1, 0.2, 0.7, 0.9)))})])


def a_place(chance: Random) -> At:
    first, second, third, fourth = (round(chance.uniform(0, 9), 1) for _ in range(4))
    match chance.randrange(4):
        case 0:
            return At(box=(first, second, first + third, second + fourth), page=chance.randrange(2))
        case 1:
            return At(polygon=((first, second), (third, second), (third, fourth)))
        case 2:
            return At(time_s=(first, first + second))
        case _:
            return At(span=(int(first), int(first) + int(second)))


def as_two_by_two(each: Callable[[Sequence[V]], Floats], two: Callable[[V, V], float], values: Sequence[V]) -> bool:
    some = values[:100]
    wanted = [[two(one, other) for other in some] for one in some]
    found = each(values)
    return found.shape == (len(values), len(values)) and np.allclose(found[:100, :100], wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_answers_are_as_far_apart_together_as_two_by_two(seed: int) -> None:
    chance = Random(seed)
    codes = [frozenset((chance.choice(["old", "new"]), chance.choice("abc")) for _ in range(n % 4)) for n in range(30)]
    pins = [frozenset((chance.choice(["old", "new"]), a_place(chance)) for _ in range(n % 5)) for n in range(300)]
    texts = ["".join(chance.choice("ab ") for _ in range(n % 9)) for n in range(40)]
    assert as_two_by_two(codes_apart_each, codes_apart, codes)
    assert as_two_by_two(pins_apart_each, pins_apart, pins)
    assert as_two_by_two(texts_apart_each, text_apart, texts)
    for each in (codes_apart_each, pins_apart_each, texts_apart_each):
        assert each([]).shape == (0, 0)


def test_texts_are_apart_by_their_edits() -> None:
    assert text_apart("262.80", "292.80") == pytest.approx(1 / 6)


def test_a_person_who_always_finds_a_right_stands_out() -> None:
    judged = []
    for n in range(60):
        true, letter = (Right.OLD if n % 2 else Right.NEW), "AB"[n % 4 // 2]
        careless = said(Right.OLD if letter == "A" else Right.NEW, letter=letter)
        judged.append(Judged(f"i{n}", {"kind": "table"}, {
            "ann": said(true, letter=letter), "bea": said(true, letter=letter),
            "cal": replace(careless, duration_ms=200),
        }))  # fmt: skip
    ann, _, cal = quality_report(judged, {"i0": Right.NEW}, resamples=40)
    assert ann.findings == ()
    assert (ann.settled.hits, ann.settled.n) == (1, 1)
    assert (cal.chose_a, cal.chose_b) == (60, 0)
    assert [finding.split()[0] for finding in cal.findings] == ["right", "found", "60"]
