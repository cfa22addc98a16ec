"""Agreement cut in one way at a time: all of it, by slice, by pair of people, week by week; and what drives it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations
from typing import Any

from labeler.domain.agreement import alpha as agreement
from labeler.domain.agreement.alpha import Agreement
from labeler.domain.agreement.answers import Answers, Question, differ, opposed
from labeler.domain.agreement.matrices import codes_apart_each, pins_apart_each, texts_apart_each
from labeler.domain.rubric import Tier

FEWEST = 5
"""A slice or a pair with fewer items in common is not reported: the interval would be everything."""


class Grouping(StrEnum):
    ALL = "all"
    SLICES = "slices"
    PAIRS = "pairs"
    WEEKS = "weeks"


@dataclass(frozen=True, slots=True)
class Group:
    """Items (or two people's verdicts on them) that a figure is about."""

    name: tuple[str, ...]
    """Nothing for all; key and value of a slice; ids of two people; the Monday of a week (ISO)."""
    agreement: Agreement
    differing: tuple[str, ...]
    """Items on which people differ, in order of id."""
    drivers: tuple[Driver, ...]


@dataclass(frozen=True, slots=True)
class Driver:
    """Two answers that stood against each other. For failures `other` is empty: not everyone named the code."""

    one: str
    other: str
    items: tuple[str, ...]


def groups(
    asked: Answers,
    question: Question,
    grouping: Grouping,
    *,
    given: Mapping[str, str] | None = None,
    seed: int = 0,
) -> tuple[Group, ...]:
    """Figures for one question, worst first; weeks in order of time. Groups of fewer than `FEWEST` items are left out.

    `given` says when the last verdict of each item was given (RFC 3339), which weeks need.
    """
    parts = cut(asked, grouping, given or {})
    return in_order([group_of(name, members, question, seed) for name, members in parts.items()], grouping)


def in_order(found: Iterable[Group], grouping: Grouping) -> tuple[Group, ...]:
    """Groups as they are shown; those of one alpha in order of name."""
    by_name = sorted(found, key=lambda group: group.name)
    if grouping is Grouping.WEEKS:
        return tuple(by_name)
    # Beyond the ninth digit it is the order of adding up that tells two figures apart.
    return tuple(sorted(by_name, key=lambda g: 1.0 if g.agreement.alpha is None else round(g.agreement.alpha, 9)))


def cut(asked: Answers, grouping: Grouping, given: Mapping[str, str]) -> Mapping[tuple[str, ...], Answers]:
    """The items of each group that is large enough, in order of name. Only those that several people judged count."""
    several = [n for n, people in enumerate(asked.people) if len(people) > 1]
    if grouping is Grouping.ALL:
        return {(): asked.at(several)}
    parts: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for n in several:
        match grouping:
            case Grouping.SLICES:
                for pair in asked.slices[n].items():
                    parts[pair].append(n)
            case Grouping.PAIRS:
                for two in combinations(asked.people[n], 2):
                    parts[two].append(n)
            case Grouping.WEEKS:
                if asked.items[n] in given:
                    parts[(monday(given[asked.items[n]]),)].append(n)
    enough = {name: places for name, places in sorted(parts.items()) if len(places) >= FEWEST}
    by_two = grouping is Grouping.PAIRS
    return {name: asked.of(name, places) if by_two else asked.at(places) for name, places in enough.items()}


def monday(at: str) -> str:
    """The first day of the week of a time."""
    day = date.fromisoformat(at[:10])
    return (day - timedelta(days=day.weekday())).isoformat()


def group_of(name: tuple[str, ...], asked: Answers, question: Question, seed: int = 0) -> Group:
    """The figures of one group."""
    differing: list[str] = []
    against: dict[tuple[str, str], list[str]] = defaultdict(list)
    # Few different things are said of many items, and places are not compared in no time.
    known: dict[tuple[Hashable | None, ...], tuple[bool, list[tuple[str, str]]]] = {}
    for item_id, said in zip(asked.items, asked.said, strict=True):
        if said not in known:
            given = {answer for answer in said if answer is not None}
            known[said] = (differ(question, given), opposed(question, given)) if len(given) > 1 else (False, [])
        apart, pairs = known[said]
        if apart:
            differing.append(item_id)
        for pair in pairs:
            against[pair].append(item_id)
    ordered = sorted(against.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    drivers = tuple(Driver(*pair, tuple(items)) for pair, items in ordered)
    return Group(name, agree_on(question, asked, seed=seed), tuple(differing), drivers)


def agree_on(question: Question, asked: Answers, *, seed: int = 0) -> Agreement:
    """Agreement on one question. Verdicts that leave it open (no gold answer) do not count for it."""
    units: list[Any] = [tuple(answer for answer in said if answer is not None) for said in asked.said]
    match question:
        case Question.RIGHT:
            return agreement.nominal(units, seed=seed)
        case Question.TIER:
            return agreement.ordinal(units, list(Tier), seed=seed)
        case Question.FAILURES:
            return agreement.by_distance(units, codes_apart_each, seed=seed)
        case Question.GOLD:
            return agreement.by_distance(units, texts_apart_each, seed=seed)
        case Question.PINS:
            return agreement.by_distance([unit for unit in units if any(unit)], pins_apart_each, seed=seed)
