"""Agreement cut in one way at a time: all of it, by slice, by pair of people, week by week; and what drives it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations

from labeler.domain.agreement import Agreement
from labeler.domain.agreement_distances import codes_apart, codes_of, pins_apart, places_of, text_apart
from labeler.domain.agreement_report import FEWEST, Judged, Question, agree_on, gold_text
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Right, Verdict


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
    judged: Sequence[Judged],
    question: Question,
    grouping: Grouping,
    *,
    given: Mapping[str, str] | None = None,
    seed: int = 0,
) -> tuple[Group, ...]:
    """Figures for one question, worst first; weeks in order of time. Groups of fewer than `FEWEST` items are left out.

    `given` says when the last verdict of each item was given (RFC 3339), which weeks need.
    """
    several = [one for one in judged if len(one.verdicts) > 1]
    cut = _cut(several, grouping, given or {})
    found = [
        _group(name, members, question, seed)
        for name, members in sorted(cut.items())
        if grouping is Grouping.ALL or len(members) >= FEWEST
    ]
    if grouping is Grouping.WEEKS:
        return tuple(found)
    return tuple(sorted(found, key=lambda g: 1.0 if g.agreement.alpha is None else g.agreement.alpha))


def _cut(
    several: Sequence[Judged], grouping: Grouping, given: Mapping[str, str]
) -> Mapping[tuple[str, ...], list[Judged]]:
    cut: dict[tuple[str, ...], list[Judged]] = defaultdict(list)
    for one in several:
        match grouping:
            case Grouping.ALL:
                cut[()].append(one)
            case Grouping.SLICES:
                for pair in one.slices.items():
                    cut[pair].append(one)
            case Grouping.PAIRS:
                for two in combinations(sorted(one.verdicts), 2):
                    cut[two].append(replace(one, verdicts={person: one.verdicts[person] for person in two}))
            case Grouping.WEEKS:
                if one.item_id in given:
                    cut[(monday(given[one.item_id]),)].append(one)
    return cut


def monday(at: str) -> str:
    """The first day of the week of a time."""
    day = date.fromisoformat(at[:10])
    return (day - timedelta(days=day.weekday())).isoformat()


def _group(name: tuple[str, ...], members: Sequence[Judged], question: Question, seed: int) -> Group:
    differing = tuple(one.item_id for one in members if differ(question, list(one.verdicts.values())))
    return Group(name, agree_on(question, members, seed=seed), differing, drivers(question, members))


def differ(question: Question, verdicts: Sequence[Verdict]) -> bool:
    """Whether any two of these verdicts on one item answer the question otherwise."""
    pairs = combinations(verdicts, 2)
    match question:
        case Question.RIGHT:
            return len({v.right for v in verdicts}) > 1
        case Question.TIER:
            return len({v.tier for v in verdicts}) > 1
        case Question.FAILURES:
            return any(codes_apart(codes_of(a.failures), codes_of(b.failures)) > 0 for a, b in pairs)
        case Question.GOLD:
            texts = [gold_text(v.gold.answer) for v in verdicts if v.gold is not None]
            return any(text_apart(a, b) > 0 for a, b in combinations(texts, 2))
        case Question.PINS:
            return any(pins_apart(places_of(a.failures), places_of(b.failures)) > 0 for a, b in pairs)


def drivers(question: Question, members: Sequence[Judged]) -> tuple[Driver, ...]:
    """Which answers stand against each other, most items first. Gold answers and pins have no answers in common."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in members:
        for pair in _opposed(question, list(one.verdicts.values())):
            found[pair].append(one.item_id)
    ordered = sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return tuple(Driver(*pair, tuple(items)) for pair, items in ordered)


def _opposed(question: Question, verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    match question:
        case Question.RIGHT:
            return [(a, b) for a, b in combinations(sorted({v.right for v in verdicts}, key=list(Right).index), 2)]
        case Question.TIER:
            return [(a, b) for a, b in combinations(sorted({v.tier for v in verdicts}, key=list(Tier).index), 2)]
        case Question.FAILURES:
            named = [frozenset(code for _, code in codes_of(v.failures)) for v in verdicts]
            return [(code, "") for code in sorted(frozenset.union(*named) - frozenset.intersection(*named))]
        case _:
            return []
