"""Erasing what is personal about a record. The chain of events, every ledger and every gold set still verify."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from labeler.domain.backfill.records import Record
from labeler.domain.events import EventKind
from labeler.domain.insights.page import GoldVersion
from labeler.domain.people import Person, Role
from labeler.errors import LabelerError
from labeler.formats.ledger import erase_in_ledger
from labeler.steps.backfill.ledger import personal_events
from labeler.steps.backfill.records import Records
from labeler.steps.erased import Erased, erase_beside, finish_erasures
from labeler.steps.gold.versions import gold_versions
from labeler.steps.project import Now, Project, now_utc


def erase(
    project: Project,
    records: Records,
    decision_id: str,
    reason: str,
    author: Person,
    *,
    ledgers: Sequence[Path] = (),
    content: bool = False,
    now: Now = now_utc,
) -> Erased:
    """Remove notes, gold answers, reasons, addressees, texts, and the decision's own keys, here and in ledgers.

    With `content` also what the item shows, what any model made of it, drafts, and its medium where no other item has
    it. An answer that is erased leaves the next gold set with the reason `erased`; older versions still verify, and can
    no longer be built again. Raises LabelerError when a legal hold forbids it, for who is no lead, or without a reason.
    """
    record, handling = records.record(decision_id), records.handled(decision_id)
    if author.role is not Role.LEAD:
        raise LabelerError(f"{author.name} is no lead", remedy="a lead erases")
    if not reason.strip():
        raise LabelerError("an erasure needs a reason", remedy="--reason TEXT")
    held = [other.id for other in records.records if _shares(records, other.id, record.decision.item_id)]
    if held:
        raise LabelerError(
            f"a legal hold on {', '.join(held)} forbids erasure",
            kept="everything",
            remedy="labeler backfill hold PROJECT DECISION --off lifts it",
        )
    store = project.store
    events = personal_events(project, record, handling)
    with store.atomic():
        body = {
            "kind": "erasure",
            "release": records.release.id,
            "decision_id": decision_id,
            "events": events,
            **({"content_of": record.decision.item_id} if content else {}),
        }
        store.append(store.stream(author.id), EventKind.ERASURE, body, now(), {"reason": reason})
        values, outputs = store.erase_record(decision_id, events, record.decision.item_id if content else None)
    erase_beside(project, decision_id)
    erased_in = tuple(ledger for ledger in ledgers if erase_in_ledger(ledger, decision_id))
    return replace(
        finish_erasures(project), values=values, ledgers=erased_in, outputs=outputs, gold=_may_hold(project, record)
    )


def _may_hold(project: Project, record: Record) -> tuple[GoldVersion, ...]:
    """The versions built since the item was first judged; a version that came after an erasure leaves it out."""
    verdicts = [project.store.event(event_id) for event_id in record.found.verdicts]
    first = min((event.at for event in verdicts if event is not None), default="")
    return tuple(one for one in gold_versions(project.store) if first and one.at >= first)


def _shares(records: Records, decision_id: str, item_id: str) -> bool:
    """Whether a held record rests on the same item, whose verdicts an erasure would touch."""
    return records.handled(decision_id).held and records.record(decision_id).decision.item_id == item_id
