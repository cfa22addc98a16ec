"""Agreement on verdicts: on each question, in each slice, between each two people, and what they confuse."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from labeler.domain import agreement
from labeler.domain.agreement import Agreement
from labeler.domain.agreement_distances import codes_apart, codes_of, pins_apart, places_of, text_apart
from labeler.domain.fold import fold
from labeler.domain.items import Answer
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Right, Verdict

FEWEST = 5
"""A slice or a pair with fewer items in common is not reported: the interval would be everything."""


class Question(StrEnum):
    """What is asked of an annotator, and how far two answers are apart."""

    RIGHT = "right"
    """Nominal: the same or not."""
    TIER = "tier"
    """Ordinal."""
    FAILURES = "failures"
    """Sets of (side, code); Jaccard distance."""
    GOLD = "gold"
    """Texts without case, punctuation and spacing; edits by the longer one's length."""
    PINS = "pins"
    """Places of failures; 1 − mean overlap with the nearest of the other's (IoU, or overlap in time)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An item that people judged: its slices as text, and each person's verdict in force."""

    item_id: str
    slices: Mapping[str, str]
    verdicts: Mapping[str, Verdict]


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


def agreement_report(judged: Sequence[Judged], *, seed: int = 0) -> AgreementReport:
    """Everything that is to be said of agreement on these items."""
    return AgreementReport(
        questions={question: agree_on(question, judged, seed=seed) for question in Question},
        slices=_slices(judged, seed),
        pairs=_pairs(judged, seed),
        confusions=_confusions(judged),
    )


def agree_on(question: Question, judged: Sequence[Judged], *, seed: int = 0) -> Agreement:
    """Agreement on one question. Verdicts that leave it open (no gold answer) do not count for it."""
    several = [list(one.verdicts.values()) for one in judged if len(one.verdicts) > 1]
    match question:
        case Question.RIGHT:
            return agreement.nominal([[v.right for v in unit] for unit in several], seed=seed)
        case Question.TIER:
            return agreement.ordinal([[v.tier for v in unit] for unit in several], list(Tier), seed=seed)
        case Question.FAILURES:
            return agreement.by_distance([[codes_of(v.failures) for v in u] for u in several], codes_apart, seed=seed)
        case Question.GOLD:
            texts = [[gold_text(v.gold.answer) for v in unit if v.gold is not None] for unit in several]
            return agreement.by_distance(texts, text_apart, seed=seed)
        case Question.PINS:
            pinned = [[places_of(v.failures) for v in unit] for unit in several]
            return agreement.by_distance([u for u in pinned if any(u)], pins_apart, seed=seed)


def gold_text(answer: Answer) -> str:
    """A gold answer as one text without its form, for how far two are apart."""
    parts = [answer.text or "", answer.label or ""]
    parts += [" ".join(row) for row in answer.table or ()]
    parts += [f"{key} {value}" for key, value in sorted((answer.values or {}).items())]
    return " ".join(fold("\n".join(filter(None, parts))).text.split())


def _slices(judged: Sequence[Judged], seed: int) -> tuple[SliceAgreement, ...]:
    groups: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for one in judged:
        if len(one.verdicts) > 1:
            for pair in one.slices.items():
                groups[pair].append(one)
    found = [
        SliceAgreement(key, value, agree_on(Question.RIGHT, group, seed=seed))
        for (key, value), group in sorted(groups.items())
        if len(group) >= FEWEST
    ]
    return tuple(sorted(found, key=lambda s: _worst_first(s.right)))


def _pairs(judged: Sequence[Judged], seed: int) -> tuple[PairAgreement, ...]:
    common: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for one in judged:
        for pair in combinations(sorted(one.verdicts), 2):
            common[pair].append(Judged(one.item_id, one.slices, {p: one.verdicts[p] for p in pair}))
    found = [
        PairAgreement(*pair, agree_on(Question.RIGHT, group, seed=seed))
        for pair, group in sorted(common.items())
        if len(group) >= FEWEST
    ]
    return tuple(sorted(found, key=lambda p: _worst_first(p.right)))


def _worst_first(found: Agreement) -> float:
    return 1.0 if found.alpha is None else found.alpha


def _confusions(judged: Sequence[Judged]) -> tuple[Confusion, ...]:
    """Which two answers stand against each other most often, counted once an item."""
    where: dict[tuple[Right, Right], list[str]] = defaultdict(list)
    for one in judged:
        for pair in combinations(sorted({v.right for v in one.verdicts.values()}, key=list(Right).index), 2):
            where[pair].append(one.item_id)
    count = Counter({pair: len(items) for pair, items in where.items()})
    return tuple(Confusion(*pair, tuple(where[pair])) for pair, _ in count.most_common())
