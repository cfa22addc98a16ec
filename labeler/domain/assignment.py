"""Who judges what: how many people an item needs, whose it is, in which order each person comes to the items.

All of it follows from settings, seed and log, so that every laptop deals out the same items without asking another,
and all of it can be changed at any time: nothing here is written into what was judged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from labeler.domain.events import EventKind

ARCS = 256
"""A person's own order goes through so many equal parts of the shuffled queue, in an order of that person's own."""
_ARC_BITS = 62 - 8
SHARE_STEPS = 1 << 20
"""Shares are drawn by the lowest bits of an item's rank, which say nothing of its place in the queue."""
AT_RANDOM = 0.2
"""So much of a queue ordered by information is drawn at random, else estimates would rest on disputed items alone."""


class Order(StrEnum):
    """In which order a person comes to the items.

    `same`: everyone goes through one shuffle, so that items get their verdicts soon. `random`: everyone through
    another, so that people do not meet on the same items. `information`: where people differ or doubt first, then
    where the outputs differ most, and every fifth at random.
    """

    SAME = "same"
    RANDOM = "random"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Route:
    """Items with this slice go to these people (by name or id) and to nobody else."""

    slice: tuple[str, str]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """The table `[assignment]` of `project.toml`."""

    shared: float = 0.0
    """Share of the items that `shared_by` people judge, so that agreement can be measured; the rest, `overlap`."""
    shared_by: int = 2
    order: Order = Order.SAME
    hold_minutes: int = 30
    """How long an item that someone has open is kept from others; after that it counts as left behind."""
    routes: tuple[Route, ...] = ()

    @property
    def shared_below(self) -> int:
        """Items whose rank's lowest bits lie below are shared; a greater share only adds items."""
        return round(self.shared * SHARE_STEPS)

    def kept_from(self, names: Collection[str]) -> tuple[tuple[str, str], ...]:
        """The slices whose items are other people's than the one with these names."""
        mine = {route.slice for route in self.routes if set(route.people) & set(names)}
        return tuple(sorted({route.slice for route in self.routes} - mine))


def needed(rank: int, overlap: int, shared_by: int, shared_below: int, asked: int = 0) -> int:
    """How many people judge an item of this rank; `asked` more were asked for."""
    return (max(overlap, shared_by) if rank % SHARE_STEPS < shared_below else overlap) + asked


def arcs(person: str, seed: int) -> tuple[int, ...]:
    """The parts of the queue, each once, in a person's own order."""
    return tuple(sorted(range(ARCS), key=lambda arc: sha256(f"arc/{seed}/{person}/{arc}".encode()).digest()))


def arc_bounds(arc: int) -> tuple[int, int]:
    """First and last rank of a part."""
    return arc << _ARC_BITS, ((arc + 1) << _ARC_BITS) - 1


def at_random(turn: int, person: str, seed: int) -> bool:
    """Whether a person's item number `turn` is drawn at random where the order is by information."""
    return int.from_bytes(sha256(f"at random/{seed}/{person}/{turn}".encode()).digest()[:8]) < AT_RANDOM * 2**64


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person's queue obeys now: the time (RFC 3339, UTC), other people's slices, and the order."""

    now: str
    kept_from: tuple[tuple[str, str], ...] = ()
    order: Order = Order.SAME
    arcs: tuple[int, ...] = ()


def reservation_body(
    release: str, person: str, items: Collection[str], until: str, why: str = "", *, by_lead: bool = False
) -> dict[str, Any]:
    """These items are this person's until then. A later one of the same person and item takes its place."""
    return {
        "kind": "reservation",
        "release": release,
        "person": person,
        "items": sorted(items),
        "until": until,
        "why": why,
        "by": _whose(by_lead),
    }


def ask_body(release: str, item_id: str, people: int) -> dict[str, Any]:
    """So many more people than the project's settings say judge the item."""
    return {"kind": "ask", "release": release, "item_id": item_id, "people": people}


def requeue_body(skip_event: str, *, by_lead: bool) -> dict[str, Any]:
    """A skip no longer counts: the item comes back to who skipped it. Only a lead's word brings back others' skips."""
    return {"kind": "requeue", "event": skip_event, "by": _whose(by_lead)}


def times_erased_body(person: str, events: Sequence[str], *, by_lead: bool) -> dict[str, Any]:
    """How long these verdicts of a person took is erased, here and wherever this arrives."""
    return {"kind": "times_erased", "person": person, "events": list(events), "by": _whose(by_lead)}


def question_body(release: str, item_id: str) -> dict[str, Any]:
    """Someone asks a lead about an item; the text is private."""
    return {"kind": "question", "release": release, "item_id": item_id}


def answer_body(question_event: str) -> dict[str, Any]:
    """A lead's answer; the text is private."""
    return {"kind": "answer", "question": question_event, "by": "lead"}


def _whose(by_lead: bool) -> str:
    return "lead" if by_lead else "self"


def qualification_body(person: str) -> dict[str, Any]:
    """A lead lets someone begin, whatever training said."""
    return {"kind": "qualification", "person": person}


@dataclass(frozen=True, slots=True)
class Term:
    """By when a person is to be done (a day, `2026-12-01`), and how many items a day that person can judge."""

    due: str | None = None
    per_day: int | None = None


def term_body(person: str, term: Term) -> dict[str, Any]:
    """Takes the place of the person's earlier one."""
    return {"kind": "term", "person": person, "due": term.due, "per_day": term.per_day}


def rule_body(rule: str, value: object) -> dict[str, Any]:
    """A lead changes a rule of `project.toml`, in all copies of the project: `overlap`, or `TABLE.KEY`."""
    return {"kind": "rule", "rule": rule, "value": value}


ASSIGNMENT_KINDS = frozenset(
    {
        EventKind.RESERVATION,
        EventKind.ASK,
        EventKind.REQUEUE,
        EventKind.QUALIFICATION,
        EventKind.TERM,
        EventKind.RULE,
        EventKind.TIMES_ERASED,
        EventKind.QUESTION,
        EventKind.ANSWER,
    }
)


_BY_WHOM = frozenset({EventKind.RESERVATION, EventKind.REQUEUE, EventKind.TIMES_ERASED})


def check_assignment_body(kind: str, body: Mapping[str, Any]) -> None:
    """Raises KeyError, TypeError or ValueError for a body that is not what its kind promises."""
    keys = {
        EventKind.RESERVATION: ("release", "person", "until", "why"),
        EventKind.ASK: ("release", "item_id"),
        EventKind.REQUEUE: ("event",),
        EventKind.QUALIFICATION: ("person",),
        EventKind.TERM: ("person",),
        EventKind.RULE: ("rule",),
        EventKind.TIMES_ERASED: ("person",),
        EventKind.QUESTION: ("release", "item_id"),
        EventKind.ANSWER: ("question",),
    }
    for key in keys[EventKind(kind)]:
        if not isinstance(body[key], str):
            raise TypeError(f"{key} is not text")
    if kind == EventKind.RULE:
        body["value"]  # what it can be follows from the rule; who takes it in looks
    if kind == EventKind.RESERVATION:
        datetime.fromisoformat(body["until"])
    listed = {EventKind.RESERVATION: "items", EventKind.TIMES_ERASED: "events"}.get(EventKind(kind))
    if listed and not (isinstance(body[listed], list) and all(isinstance(one, str) for one in body[listed])):
        raise TypeError(f"{listed} is not a list of ids")
    if kind in _BY_WHOM and body["by"] not in ("lead", "self"):
        raise ValueError("by is neither lead nor self")
    if kind == EventKind.TERM:
        if body["due"] is not None:
            date.fromisoformat(body["due"])
        if body["per_day"] is not None and (type(body["per_day"]) is not int or body["per_day"] < 1):
            raise ValueError("per_day is not a number from 1")
    if kind == EventKind.ASK and (type(body["people"]) is not int or not 1 <= body["people"] <= 100):
        raise ValueError("people is not a number from 1 to 100")
