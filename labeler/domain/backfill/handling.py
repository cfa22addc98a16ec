"""What is done about a record: its disposition, the steps owed and done, holds and erasures. A fold of the log.

A lead's disposition goes before the policy's, else the later one stands. Nothing is edited: a mistake is mended by a
further event, and both stay to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from labeler.domain.events import Event, EventKind

BACKFILL_KINDS = (
    EventKind.DISPOSITION,
    EventKind.APPROVAL,
    EventKind.STEP,
    EventKind.LOOKED,
    EventKind.HOLD,
    EventKind.ERASURE,
)


@dataclass(slots=True)
class Handling:
    """What stands for one record. Events are in the order of their time."""

    disposition: Event | None = None
    approvals: list[Event] = field(default_factory=list)
    """Of the disposition that stands, by others than who gave it."""
    steps: list[Event] = field(default_factory=list)
    looked: list[Event] = field(default_factory=list)
    held: bool = False
    erased: bool = False
    history: list[Event] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.disposition.body["disposition"]) if self.disposition else ""

    @property
    def awaits_second(self) -> bool:
        """Whether the policy asks for a second pair of eyes that have not looked yet."""
        return self.disposition is not None and bool(self.disposition.body["four_eyes"]) and not self.approvals

    @property
    def owed(self) -> tuple[str, ...]:
        """Steps that are still to be done, in the policy's order."""
        if self.disposition is None:
            return ()
        done = {event.body["step"] for event in self.steps}
        return tuple(step for step in self.disposition.body["steps"] if step not in done)

    @property
    def due(self) -> str | None:
        return self.disposition.body["due"] if self.disposition else None

    @property
    def closed(self) -> bool:
        return self.disposition is not None and not self.owed and not self.awaits_second

    def overdue(self, today: str) -> bool:
        """Whether the day (YYYY-MM-DD) by which all had to be done is past."""
        return self.due is not None and not self.closed and self.due < today


NOT_HANDLED = Handling()


def handle(events: Iterable[Event], release: str) -> dict[str, Handling]:
    """What stands for each decision of a release. Events of other kinds and releases are passed over."""
    found: dict[str, Handling] = {}
    ordered = sorted((e for e in events if e.kind in BACKFILL_KINDS), key=lambda e: (e.at, e.id))
    for event in ordered:
        take_in(found, event, release)
    return found


def take_in(found: dict[str, Handling], event: Event, release: str) -> None:
    """Let one more event count, which is later than all that did."""
    decision = event.body["decision_id"]
    if event.body["release"] == release and decision:  # none: a look at a list
        if decision not in found:
            found[decision] = Handling()
        _apply(found[decision], event)


def _apply(handling: Handling, event: Event) -> None:
    handling.history.append(event)
    match event.kind:
        case EventKind.DISPOSITION:
            standing = handling.disposition
            if standing is None or event.body["by"] == "lead" or standing.body["by"] != "lead":
                handling.disposition, handling.approvals = event, []
        case EventKind.APPROVAL:
            standing = handling.disposition
            if standing is not None and event.body["event"] == standing.id and event.author != standing.author:
                handling.approvals.append(event)
        case EventKind.STEP:
            handling.steps.append(event)
        case EventKind.LOOKED:
            handling.looked.append(event)
        case EventKind.HOLD:
            handling.held = event.body["on"]
        case EventKind.ERASURE:
            handling.erased = True


def check_backfill_body(kind: str, body: Mapping[str, Any]) -> None:
    """Raises KeyError, TypeError or ValueError for a body that is not what its kind promises."""
    texts = {
        EventKind.DISPOSITION: ("disposition", "by", "policy"),
        EventKind.APPROVAL: ("event",),
        EventKind.STEP: ("step", "done_at"),
    }
    for key in ("release", "decision_id", *texts.get(EventKind(kind), ())):
        if not isinstance(body[key], str):
            raise TypeError(f"{key} is not text")
    if kind == EventKind.DISPOSITION:
        if body["by"] not in ("policy", "lead"):
            raise ValueError(f"by: {body['by']!r} is neither policy nor lead")
        if not all(isinstance(step, str) for step in body["steps"]) or not isinstance(body["four_eyes"], bool):
            raise TypeError("steps or four_eyes are not what they should be")
        if body["due"] is not None and not isinstance(body["due"], str):
            raise TypeError("due is not a day")
    if kind == EventKind.HOLD and not isinstance(body["on"], bool):
        raise TypeError("on is neither true nor false")
