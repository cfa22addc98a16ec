"""Past decisions, and what is known of each: contested or not, and its status, which follows from the log alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import orjson

from labeler.domain.events import Event
from labeler.domain.items import Modality, ModelVersion, Scalar
from labeler.domain.verdicts import Right, fold


class Status(StrEnum):
    """What people found of a decision's old output. Nobody sets it: it follows from verdicts and resolutions."""

    NOT_REVIEWED = "not_reviewed"
    UNDER_REVIEW = "under_review"
    UPHELD = "upheld"
    WRONG = "wrong"
    UNDECIDABLE = "undecidable"

    @property
    def decided(self) -> bool:
        return self in (Status.UPHELD, Status.WRONG)


PUBLIC_KEYS = frozenset(
    {
        "decision_id",
        "item_id",
        "action",
        "decided_at",
        "model",
        "amount",
        "currency",
        "reversible",
        "jurisdiction",
        "customer_notified",
    }
)
"""Keys of a decision that say nothing about a person, and stay when it is erased."""


class Decision(NamedTuple):
    """An action that was taken on an old output: a checked line of a decisions file, read where it is looked at.

    Most of a hundred thousand are never looked at but for their amount.
    """

    line: Mapping[str, Any]
    """As `formats.decisions.check_decision` passed it."""

    @property
    def id(self) -> str:
        return str(self.line["decision_id"])

    @property
    def item_id(self) -> str:
        return str(self.line["item_id"])

    @property
    def action(self) -> str:
        return str(self.line["action"])

    @property
    def decided_at(self) -> datetime:
        return datetime.fromisoformat(self.line["decided_at"])

    @property
    def model(self) -> ModelVersion | None:
        model = self.line.get("model")
        return model and ModelVersion(model["name"], model["version"])

    def is_of(self, old: ModelVersion) -> bool:
        """Whether it was taken on an output of this model, as it is where the file does not say."""
        model = self.line.get("model")
        return model is None or (model["name"] == old.name and model["version"] == old.version)

    @property
    def amount(self) -> float | None:
        """In `currency`; None is unknown, not zero."""
        return self.line.get("amount")

    @property
    def currency(self) -> str | None:
        return self.line.get("currency")

    @property
    def reversible(self) -> bool | None:
        return self.line.get("reversible")

    @property
    def jurisdiction(self) -> str | None:
        return self.line.get("jurisdiction")

    @property
    def customer_notified(self) -> bool | None:
        return self.line.get("customer_notified")

    @property
    def extra(self) -> dict[str, Any]:
        """Keys of the file that mean nothing here. They may name people, and leave the project only as commitments."""
        return {key: value for key, value in self.line.items() if key not in PUBLIC_KEYS}


class Resolved(NamedTuple):
    """A resolution by what is asked of every record; its event is read where it is looked at."""

    right: Right
    tier: str | None
    at: str
    hash: str
    data: bytes
    """The bytes of its event."""

    @property
    def event(self) -> Event:
        return Event(**orjson.loads(self.data), hash=self.hash, data=self.data)


class Found(NamedTuple):
    """What stands on an item at a time: the verdicts (event ids), and what was resolved if it was."""

    verdicts: tuple[str, ...] = ()
    resolved: Resolved | None = None

    @property
    def resolution(self) -> Event | None:
        return None if self.resolved is None else self.resolved.event

    @property
    def status(self) -> Status:
        if self.resolved is None:
            return Status.UNDER_REVIEW if self.verdicts else Status.NOT_REVIEWED
        return _STATUS[self.resolved.right]


_STATUS = {
    right: {None: Status.UNDECIDABLE, True: Status.UPHELD, False: Status.WRONG}[right.holds_for("old")]
    for right in Right
}
NOTHING_FOUND = Found()


class Record(NamedTuple):
    """A past decision of a release's old model. It is contested when the two outputs of its item differ materially."""

    decision: Decision
    modality: Modality
    contested: bool
    item_slices: bytes | str = b"{}"
    """As JSON: few plans and rules ask for them."""
    found: Found = NOTHING_FOUND
    simulated: bool = False
    """Whether its verdicts are those of simulated annotators."""
    codes_today: tuple[str, ...] = ()
    """What its failures are called by the rubric of today, where that was changed since."""

    @property
    def id(self) -> str:
        return self.decision.id

    @property
    def slices(self) -> dict[str, Scalar]:
        read: dict[str, Scalar] = orjson.loads(self.item_slices)
        return read

    @property
    def status(self) -> Status:
        return self.found.status

    @property
    def discovered_at(self) -> str | None:
        """When it was decided what the old output is worth."""
        return self.found.resolved.at if self.found.resolved else None

    @property
    def tier(self) -> str | None:
        return self.found.resolved.tier if self.found.resolved else None

    @property
    def failures(self) -> tuple[str, ...]:
        """Codes of the old output's failures, as resolved and as they are called today: a policy may name either."""
        resolution = self.found.resolution
        if resolution is None:
            return ()
        said = {f["code"] for f in resolution.body["failures"] if f["side"] == "old"}
        return tuple(sorted({*said, *self.codes_today}))


def found_as_of(events: Iterable[Event], release: str, as_of: str) -> dict[str, Found]:
    """What stood on each item of a release at a past time: that of the events up to `as_of` (RFC 3339, UTC, ms).

    What was withdrawn or reopened later stands; what came later is not there.
    """
    then = {event.id: event for event in events if event.at <= as_of}
    state = fold(then.values())
    verdicts: dict[str, list[str]] = {}
    for (of, item_id, _person), event_id in state.verdicts.items():
        if of == release:
            verdicts.setdefault(item_id, []).append(event_id)
    resolved = {
        item_id: _resolved(then[event_id]) for (of, item_id), event_id in state.resolutions.items() if of == release
    }
    return {
        item_id: Found(tuple(sorted(verdicts.get(item_id, ()))), resolved.get(item_id))
        for item_id in verdicts.keys() | resolved.keys()
    }


def _resolved(event: Event) -> Resolved:
    return Resolved(Right(event.body["right"]), event.body["tier"], event.at, event.hash, event.data)
