"""What people answer to each question that agreement is measured on, item by item."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any, TypeVar, cast

from labeler.domain.agreement.distances import Codes, Places, codes_of, pins_apart, places_of
from labeler.domain.fold import fold
from labeler.domain.items import Answer
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Right, Verdict

T = TypeVar("T", bound=Hashable)


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
class Answers:
    """What people answer to one question, item by item, in columns of equal length.

    An object for each item and answer would be so many that Python stops everything, the window too, to look for what
    can be thrown away; and of many items the very same is said.
    """

    items: Sequence[str]
    slices: Sequence[Mapping[str, str]]
    people: Sequence[tuple[str, ...]]
    """Who judged the item, in order of id."""
    said: Sequence[tuple[Hashable | None, ...]]
    """What each of them answers; None where a verdict leaves it open."""

    def at(self, places: Sequence[int]) -> Answers:
        """Of these items alone."""
        return Answers(
            [self.items[n] for n in places],
            [self.slices[n] for n in places],
            [self.people[n] for n in places],
            [self.said[n] for n in places],
        )

    def of(self, people: tuple[str, ...], places: Sequence[int]) -> Answers:
        """Of these items, and these of the people who judged each of them."""
        known = Same()
        said = []
        for n in places:
            answers = dict(zip(self.people[n], self.said[n], strict=True))
            said.append(known.one(tuple(answers[person] for person in people)))
        return Answers([self.items[n] for n in places], [self.slices[n] for n in places], [people] * len(places), said)


class Same:
    """Gives one object for all that are equal."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def one(self, value: T) -> T:
        found: T = self._known.setdefault(value, value)
        return found


def answer_to(question: Question, verdict: Verdict) -> Hashable | None:
    match question:
        case Question.RIGHT:
            return verdict.right
        case Question.TIER:
            return verdict.tier
        case Question.FAILURES:
            return codes_of(verdict.failures)
        case Question.GOLD:
            return None if verdict.gold is None else gold_text(verdict.gold.answer)
        case Question.PINS:
            return places_of(verdict.failures)


def gold_text(answer: Answer) -> str:
    """A gold answer as one text without its form, for how far two are apart."""
    parts = [answer.text or "", answer.label or ""]
    parts += [" ".join(row) for row in answer.table or ()]
    parts += [f"{key} {value}" for key, value in sorted((answer.values or {}).items())]
    return " ".join(fold("\n".join(filter(None, parts))).text.split())


def differ(question: Question, answers: Collection[Hashable]) -> bool:
    """Whether any two of these answers to a question are not the same."""
    if question is Question.PINS:
        # A box and a polygon that fills it are the same place.
        places = cast("set[Places]", set(answers))
        return any(pins_apart(one, other) > 0 for one, other in combinations(places, 2))
    return len(set(answers)) > 1


def opposed(question: Question, answers: Collection[Hashable]) -> list[tuple[str, str]]:
    """Which answers stand against each other here; a failure that not everyone names stands alone. Gold answers and
    pins have none in common that could be named.
    """
    match question:
        case Question.RIGHT | Question.TIER:
            order: list[Hashable] = list(Right if question is Question.RIGHT else Tier)
            return [(str(a), str(b)) for a, b in combinations(sorted(set(answers), key=order.index), 2)]
        case Question.FAILURES:
            named = [frozenset(code for _, code in codes) for codes in cast("Collection[Codes]", answers)]
            return [(code, "") for code in sorted(frozenset.union(*named) - frozenset.intersection(*named))]
        case _:
            return []
