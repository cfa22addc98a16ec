"""Past decisions, and what is known of each: contested or not, and its status, which follows from the log alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Decision:
    """An action that was taken on an old output. `amount` is in `currency`; None is unknown, not zero."""

    id: str
    item_id: str
    action: str
    decided_at: datetime
    model: ModelVersion | None = None
    amount: float | None = None
    currency: str | None = None
    reversible: bool | None = None
    jurisdiction: str | None = None
    customer_notified: bool | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the file that mean nothing here. They may name people, and leave the project only as commitments."""


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


def decision_from_json(raw: Mapping[str, Any]) -> Decision:
    """A decision from a checked line of a decisions file (`formats.decisions.check_decision`)."""
    model = raw.get("model")
    return Decision(
        id=raw["decision_id"],
        item_id=raw["item_id"],
        action=raw["action"],
        decided_at=datetime.fromisoformat(raw["decided_at"]),
        model=model and ModelVersion(model["name"], model["version"]),
        amount=raw.get("amount"),
        currency=raw.get("currency"),
        reversible=raw.get("reversible"),
        jurisdiction=raw.get("jurisdiction"),
        customer_notified=raw.get("customer_notified"),
        extra={key: value for key, value in raw.items() if key not in PUBLIC_KEYS},
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What stands on an item at a time: the verdicts (event ids), and the resolution's event if there is one."""

    verdicts: tuple[str, ...] = ()
    resolution: Event | None = None

    @property
    def status(self) -> Status:
        if self.resolution is None:
            return Status.UNDER_REVIEW if self.verdicts else Status.NOT_REVIEWED
        right = Right(self.resolution.body["right"]).holds_for("old")
        return Status.UNDECIDABLE if right is None else Status.UPHELD if right else Status.WRONG


NOTHING_FOUND = Found()


@dataclass(frozen=True, slots=True)
class Record:
    """A past decision of a release's old model. It is contested when the two outputs of its item differ materially."""

    decision: Decision
    modality: Modality
    contested: bool
    slices: Mapping[str, Scalar]
    found: Found = NOTHING_FOUND
    simulated: bool = False
    """Whether its verdicts are those of simulated annotators."""
    codes_today: tuple[str, ...] = ()
    """What its failures are called by the rubric of today, where that was changed since."""

    @property
    def id(self) -> str:
        return self.decision.id

    @property
    def status(self) -> Status:
        return self.found.status

    @property
    def discovered_at(self) -> str | None:
        """When it was decided what the old output is worth."""
        return self.found.resolution.at if self.found.resolution else None

    @property
    def tier(self) -> str | None:
        return self.found.resolution.body["tier"] if self.found.resolution else None

    @property
    def failures(self) -> tuple[str, ...]:
        """Codes of the old output's failures, as resolved and as they are called today: a policy may name either."""
        if self.found.resolution is None:
            return ()
        said = {f["code"] for f in self.found.resolution.body["failures"] if f["side"] == "old"}
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
    resolved = {item_id: then[event_id] for (of, item_id), event_id in state.resolutions.items() if of == release}
    return {
        item_id: Found(tuple(sorted(verdicts.get(item_id, ()))), resolved.get(item_id))
        for item_id in verdicts.keys() | resolved.keys()
    }
