"""What people say of an item: verdicts, skips, withdrawals, resolutions; and the state that follows from the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from labeler.domain.events import Event, EventKind
from labeler.domain.items import Answer, Box, Polygon, Side, Span, TimeSpan
from labeler.domain.roles import Roles, roles_of
from labeler.domain.rubric import Severity, Tier


class Right(StrEnum):
    """Which output is right; right is an output without a failure of major severity."""

    OLD = "old"
    NEW = "new"
    BOTH = "both"
    NEITHER = "neither"
    UNDECIDABLE = "undecidable"

    def holds_for(self, side: Side) -> bool | None:
        """Whether the side's output is right; None when nobody could tell."""
        if self is Right.UNDECIDABLE:
            return None
        return self is Right.BOTH or self.value == side


def right_of(holds: Mapping[Side, bool]) -> Right:
    """The answer that says so of both sides."""
    if holds["old"]:
        return Right.BOTH if holds["new"] else Right.OLD
    return Right.NEW if holds["new"] else Right.NEITHER


class Checked(StrEnum):
    """How much of the item was looked at. Only whole-checked answers become gold."""

    DIFFERENCES = "differences"
    WHOLE = "whole"


class Prefill(StrEnum):
    """What stood in the gold answer before the annotator touched it."""

    BUILT = "built"
    EMPTY = "empty"
    SEEDED_WRONG = "seeded_wrong"


@dataclass(frozen=True, slots=True)
class At:
    """A place a failure is pinned to: exactly one of the four."""

    box: Box | None = None
    polygon: Polygon | None = None
    time_s: TimeSpan | None = None
    span: Span | None = None
    page: int = 0
    """Of a box or polygon: on which page of the picture, from 0."""


@dataclass(frozen=True, slots=True)
class Failure:
    side: Side
    code: str
    severity: Severity
    at: tuple[At, ...] = ()


@dataclass(frozen=True, slots=True)
class DifferenceVerdict:
    """Which reading is right at one difference; `neither` when the truth is a third one."""

    id: str
    right: Right


@dataclass(frozen=True, slots=True)
class Gold:
    """The answer left behind. `sources` are `d1:new`, …; `edits` counts what was typed over the proposal."""

    answer: Answer
    sources: tuple[str, ...] = ()
    edits: int = 0
    prefill: Prefill = Prefill.BUILT


@dataclass(frozen=True, slots=True)
class Verdict:
    """One annotator's judgement of one item in one release. Gold, note and duration are private (see `events`)."""

    item_id: str
    release: str
    right: Right
    tier: Tier
    tier_before_outputs: bool
    checked: Checked
    shown: Mapping[Literal["A", "B"], Side]
    rubric: str
    outputs: Mapping[Side, str]
    differences: tuple[DifferenceVerdict, ...] = ()
    failures: tuple[Failure, ...] = ()
    closer: Side | None = None
    sure: bool = True
    reason: str | None = None
    """Why it is undecidable."""
    gold: Gold | None = None
    note: str = ""
    duration_ms: int = 0
    heard_s: float | None = None
    """Seconds of the recording that were played; where outputs are recordings, of any on their clock."""
    heard_of_s: Mapping[Side, float] = field(default_factory=dict)
    """The same of each output that is a recording."""
    exposed: tuple[str, ...] = ()
    """What was on the screen before saving and could lead: `verdicts`, `models`, `reference`, `raw_text`,
    `own_verdict` (a second judgement after undo), `answer` (a lead's, to a question about the item)."""


class ResolvedBy(StrEnum):
    CONSENSUS = "consensus"
    LEAD = "lead"
    ELSEWHERE = "elsewhere"
    """Of gold records alone: they came with a gold set that was not made here."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The decided verdict of an item in a release, and the verdict events that it rests on."""

    item_id: str
    release: str
    right: Right
    tier: Tier
    failures: tuple[Failure, ...]
    verdicts: tuple[str, ...]
    by: ResolvedBy
    gold_from: str | None
    """Id of the event whose private gold answer is the decided one; None when the item has no gold answer."""
    checked: Checked
    """Whole where who decided checked the whole item, or somebody did who left the very answer that is decided."""
    outputs: Mapping[Side, str]
    rubric: str
    reason: str = ""
    gold: Answer | None = None
    """What a lead wrote where no verdict's gold answer was right (`gold_from` is None then). Private, as the reason."""
    policy: str = ""
    """By which policy a consensus decided that was not unanimous, as `posterior 0.95`."""
    exposed: tuple[str, ...] = ()
    """`models` where their names were on the screen before it was saved."""
    gap: str = ""
    """What of the rubric a lead found to blame: a failure code, `tier`, `right` or `other`; empty for nothing."""


@dataclass(slots=True)
class State:
    """What is in force after all events: the newest verdict a person and item that was not withdrawn, and so on.

    Keys are (release, item id) and (release, item id, author); values are event ids.
    """

    verdicts: dict[tuple[str, str, str], str] = field(default_factory=dict)
    skips: dict[tuple[str, str, str], str] = field(default_factory=dict)
    resolutions: dict[tuple[str, str], str] = field(default_factory=dict)


def fold(events: Iterable[Event]) -> State:
    """The state that a log means. Events may come in any order of streams; within a stream in order of `seq`.

    A verdict after a skip ends the skip and the other way round. A withdrawal ends the verdict or skip that it names,
    if that is its own author's, and what stood before it stands again: nobody takes back what another person said. A
    requeue ends the skip that it names, if it is a lead's or the skip's author's. A
    resolution stands until it is reopened or another one comes; where that one is reopened, it stands again, and
    `steps.settle` reopens it as well if the verdicts do not call for it. A lead's resolution goes before every
    consensus, and only a lead's reopening ends it: a consensus that was reached on a machine which had not heard of
    the lead's decision yet must not undo it. What its author's role does not allow means nothing (see `roles`). Across
    streams the later `at` wins, then the greater id, so that every machine that holds the same events holds the same
    state.
    """
    everything = sorted(events, key=lambda e: (e.at, e.id))
    roles = roles_of(everything)
    withdrawn, requeued, reopened = _ended(everything, roles)
    state = State()
    decided_by_lead: set[tuple[str, str]] = set()
    for event in filter(roles.allow, everything):
        match event.kind:
            case EventKind.VERDICT | EventKind.SKIP:
                own = (event.id, event.author)
                if own in withdrawn or (event.kind == EventKind.SKIP and {own, (event.id, "")} & requeued):
                    continue
                key = (event.body["release"], event.body["item_id"], event.author)
                state.verdicts.pop(key, None)
                state.skips.pop(key, None)
                (state.verdicts if event.kind == EventKind.VERDICT else state.skips)[key] = event.id
            case EventKind.RESOLUTION:
                item, by_lead = (event.body["release"], event.body["item_id"]), is_leads(event)
                if event.id in reopened and (reopened[event.id] or not by_lead):
                    continue
                if by_lead or item not in decided_by_lead:
                    state.resolutions[item] = event.id
                if by_lead:
                    decided_by_lead.add(item)
    return state


def is_leads(event: Event) -> bool:
    """Whether a resolution or reopening is a lead's word, and not what followed from the verdicts."""
    return bool(event.body.get("by") == ResolvedBy.LEAD)


def _ended(events: Iterable[Event], roles: Roles) -> tuple[set[tuple[str, str]], set[tuple[str, str]], dict[str, bool]]:
    """What is withdrawn and what is requeued (event, by whom; by a lead: by nobody), and what is reopened: event to
    whether a lead did it.
    """
    withdrawn: set[tuple[str, str]] = set()
    requeued: set[tuple[str, str]] = set()
    reopened: dict[str, bool] = {}
    for event in filter(roles.allow, events):
        if event.kind == EventKind.WITHDRAWAL:
            withdrawn.add((event.body["event"], event.author))
        elif event.kind == EventKind.REQUEUE:
            requeued.add((event.body["event"], "" if is_leads(event) else event.author))
        elif event.kind == EventKind.REOPENING:
            named = event.body["event"]
            reopened[named] = reopened.get(named, False) or is_leads(event)
    return withdrawn, requeued, reopened


def failure_to_json(failure: Failure) -> dict[str, Any]:
    return {
        "side": failure.side,
        "code": failure.code,
        "severity": str(failure.severity),
        "at": [at_to_json(at) for at in failure.at],
    }


def failure_from_json(raw: Mapping[str, Any]) -> Failure:
    """Raises KeyError or ValueError for what is not a failure."""
    places = tuple(at_from_json(at) for at in raw["at"])
    return Failure(raw["side"], raw["code"], Severity(raw["severity"]), places)


def at_to_json(at: At) -> dict[str, Any]:
    if at.box is not None:
        return {"box": list(at.box), **_page(at)}
    if at.polygon is not None:
        return {"polygon": [list(point) for point in at.polygon], **_page(at)}
    if at.time_s is not None:
        return {"time_s": list(at.time_s)}
    return {"span": list(at.span or (0, 0))}


def _page(at: At) -> dict[str, int]:
    return {"page": at.page} if at.page else {}


def at_from_json(raw: Mapping[str, Any]) -> At:
    box, polygon, time_s, span = (raw.get(k) for k in ("box", "polygon", "time_s", "span"))
    return At(
        box=box and (box[0], box[1], box[2], box[3]),
        polygon=polygon and tuple((x, y) for x, y in polygon),
        time_s=time_s and (time_s[0], time_s[1]),
        span=span and (span[0], span[1]),
        page=raw.get("page", 0),
    )
