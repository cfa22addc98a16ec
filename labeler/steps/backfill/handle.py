"""Doing something about a record: dispositions by policy or by a lead, approvals, steps, holds, looks, erasure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labeler.domain.backfill.policy import BackfillPolicy, Rule, dry_run
from labeler.domain.backfill.records import Record
from labeler.domain.events import Event, EventKind
from labeler.domain.people import Person, Role
from labeler.errors import LabelerError
from labeler.steps.backfill.records import Records
from labeler.steps.project import Now, Project, now_utc


@dataclass(frozen=True, slots=True)
class Applied:
    """How many records got a disposition, kept the one they had, are a lead's matter, or are taken by no rule."""

    given: int
    kept: int
    leads: int
    none: int


def apply_policy(
    project: Project, records: Records, policy: BackfillPolicy, author: Person, *, now: Now = now_utc
) -> Applied:
    """Give contested records the disposition of the rule that takes them. What a lead disposed of is left alone."""
    given = kept = leads = 0
    run = dry_run(policy, records.contested)
    with project.store.atomic():
        for rule, taken in run.taken:
            for record in taken:
                standing = records.handled(record.id).disposition
                body = _disposition(record, rule, policy)
                if standing is not None and standing.body["by"] == "lead":
                    leads += 1
                elif standing is not None and _same(standing.body, body):
                    kept += 1
                else:
                    _append(project, records, record.id, EventKind.DISPOSITION, body, author, now)
                    given += 1
    return Applied(given, kept, leads, len(run.none))


def _disposition(record: Record, rule: Rule, policy: BackfillPolicy) -> dict[str, Any]:
    return {
        "disposition": rule.disposition,
        "by": "policy",
        "rule": rule.name,
        "policy": policy.digest,
        "steps": list(rule.steps),
        "due": rule.due(record),
        "four_eyes": rule.four_eyes,
        "status": str(record.status),
    }


def _same(standing: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Another policy file that says the same of a record changes nothing about it."""
    return all(standing[key] == given[key] for key in ("disposition", "steps", "due", "four_eyes", "status"))


def dispose(
    project: Project,
    records: Records,
    decision_id: str,
    disposition: str,
    reason: str,
    author: Person,
    *,
    policy: BackfillPolicy,
    steps: tuple[str, ...] = (),
    due: str | None = None,
    four_eyes: bool = False,
    now: Now = now_utc,
) -> Event:
    """A lead's disposition, which goes before the policy's. Raises LabelerError for others, or without a reason.

    Where the policy asks for a second person, this one waits for somebody else too, whatever `four_eyes` says.
    """
    record = records.record(decision_id)
    if author.role is not Role.LEAD:
        raise LabelerError(f"{author.name} is no lead", remedy="a lead decides, or the policy does")
    if not reason.strip():
        raise LabelerError("a disposition that is not the policy's needs a reason", remedy="--reason TEXT")
    if not disposition.strip():
        raise LabelerError("a disposition needs a name", remedy="say what is to be done, such as: compensate")
    body = {
        "disposition": disposition.strip(),
        "by": "lead",
        "rule": None,
        "policy": "",
        "steps": list(steps),
        "due": due,
        "four_eyes": four_eyes or asks_for_second(records, record, policy),
        "status": str(record.status),
    }
    return _append(project, records, record.id, EventKind.DISPOSITION, body, author, now, {"reason": reason})


def asks_for_second(records: Records, record: Record, policy: BackfillPolicy) -> bool:
    """Whether the policy asks for four eyes on this record, now or when it was applied: no lead gets round them."""
    rule, standing = policy.rule_for(record), records.handled(record.id).disposition
    applied = standing is not None and standing.body["by"] == "policy" and standing.body["four_eyes"]
    return bool(applied) or (rule is not None and rule.four_eyes)


def approve(project: Project, records: Records, decision_id: str, author: Person, *, now: Now = now_utc) -> Event:
    """The second pair of eyes. Raises LabelerError when nothing waits for it, or these are the first pair."""
    handling = records.handled(records.record(decision_id).id)
    standing = handling.disposition
    if standing is None or not handling.awaits_second:
        raise LabelerError(f"decision {decision_id} does not wait for a second pair of eyes")
    if standing.author == author.id:
        raise LabelerError(
            f"{author.name} gave this disposition, and cannot approve it as well",
            remedy="somebody else approves it, in a window of their own or by a command with --as NAME",
        )
    return _append(project, records, decision_id, EventKind.APPROVAL, {"event": standing.id}, author, now)


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step that was taken: what was sent to whom by which channel stands outside the chain."""

    step: str
    done_at: str
    channel: str = ""
    to: str = ""
    text: str = ""


def record_step(
    project: Project, records: Records, decision_id: str, done: StepDone, author: Person, *, now: Now = now_utc
) -> Event:
    """Append a step. Raises LabelerError without a disposition, or when a second pair of eyes must look first."""
    handling = records.handled(records.record(decision_id).id)
    if handling.disposition is None:
        raise LabelerError(
            f"decision {decision_id} has no disposition yet", remedy="labeler backfill policy PROJECT --apply"
        )
    if handling.awaits_second:
        raise LabelerError(
            f"decision {decision_id} needs a second pair of eyes before anything is done",
            remedy=f"labeler backfill approve PROJECT {decision_id} --as NAME",
        )
    body = {"step": done.step, "done_at": done.done_at, "channel": done.channel}
    private = {"to": done.to, "text": done.text}
    return _append(project, records, decision_id, EventKind.STEP, body, author, now, private)


def note_look(
    project: Project, records: Records, decision_id: str, where: str, author: Person, *, now: Now = now_utc
) -> Event:
    """Append that somebody looked at a record's dossier, and where."""
    return _append(project, records, decision_id, EventKind.LOOKED, {"where": where}, author, now)


def note_listing(
    project: Project, records: Records, listed: int, where: str, author: Person, *, now: Now = now_utc
) -> Event:
    """Append that somebody looked at a list of records, which one (`where`), and how many were on it.

    One event for the list: it stands in the log, not in the history of each record.
    """
    return _append(project, records, "", EventKind.LOOKED, {"where": where, "records": listed}, author, now)


def hold(
    project: Project,
    records: Records,
    decision_id: str,
    author: Person,
    *,
    on: bool,
    reason: str = "",
    now: Now = now_utc,
) -> Event:
    """Forbid erasure of a record (legal hold), or allow it again. A lead's word."""
    if author.role is not Role.LEAD:
        raise LabelerError(f"{author.name} is no lead", remedy="a lead sets and lifts a legal hold")
    records.record(decision_id)
    return _append(project, records, decision_id, EventKind.HOLD, {"on": on}, author, now, {"reason": reason})


def _append(
    project: Project,
    records: Records,
    decision_id: str,
    kind: EventKind,
    body: Mapping[str, Any],
    author: Person,
    now: Now,
    private: Mapping[str, Any] | None = None,
) -> Event:
    whole = {"kind": str(kind), "release": records.release.id, "decision_id": decision_id, **body}
    store = project.store
    return store.append(store.stream(author.id), kind, whole, now(), private)
