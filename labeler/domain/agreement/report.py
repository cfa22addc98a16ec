"""Agreement on verdicts: on each question, in each slice, between each two people, and what they confuse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labeler.domain.agreement.alpha import Agreement
from labeler.domain.agreement.answers import Answers, Question
from labeler.domain.agreement.groups import Grouping, groups
from labeler.domain.verdicts import Right


@dataclass(frozen=True, slots=True)
class Confusion:
    """Two answers that stood against each other, and on which items."""

    one: Right
    other: Right
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SliceAgreement:
    key: str
    value: str
    right: Agreement


@dataclass(frozen=True, slots=True)
class PairAgreement:
    one: str
    other: str
    right: Agreement


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """What `labeler agreement` and the Agreement screen show. Slices and pairs come worst first."""

    questions: Mapping[Question, Agreement]
    slices: tuple[SliceAgreement, ...]
    pairs: tuple[PairAgreement, ...]
    confusions: tuple[Confusion, ...]


def agreement_report(asked: Mapping[Question, Answers], *, seed: int = 0) -> AgreementReport:
    """Everything that is to be said of agreement on these items, from what was answered to each question."""
    right = asked[Question.RIGHT]
    every = {question: groups(asked[question], question, Grouping.ALL, seed=seed) for question in Question}
    slices, pairs = (groups(right, Question.RIGHT, cut, seed=seed) for cut in (Grouping.SLICES, Grouping.PAIRS))
    return AgreementReport(
        questions={question: group.agreement for question, found in every.items() for group in found},
        slices=tuple(SliceAgreement(key, value, group.agreement) for group in slices for key, value in (group.name,)),
        pairs=tuple(PairAgreement(one, other, group.agreement) for group in pairs for one, other in (group.name,)),
        confusions=tuple(
            Confusion(Right(driver.one), Right(driver.other), driver.items)
            for group in every[Question.RIGHT]
            for driver in group.drivers
        ),
    )
