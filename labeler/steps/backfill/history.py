"""What happened to a record, in words and in the order of time."""

from __future__ import annotations

from collections.abc import Iterable

from labeler.domain.backfill.handling import Handling
from labeler.domain.backfill.records import Record
from labeler.domain.backfill.words import STATUS_WORDS
from labeler.domain.events import Event, EventKind, in_utc
from labeler.formats.dossier_html import Entry
from labeler.steps.project import Project

_RIGHT = {
    "old": "the old output is right, the new one is not",
    "new": "the new output is right, the old one is not",
    "both": "both outputs are right",
    "neither": "neither output is right",
    "undecidable": "nobody could tell",
}


def history_of(project: Project, record: Record, handling: Handling) -> list[Entry]:
    """From the decision to the last step. Looks are part of it: who saw a record is to be known."""
    decision = record.decision
    by = f"by {decision.model}" if decision.model else "on an output of the old model"
    entries = [Entry(in_utc(decision.decided_at), "", f"decided {by}: {decision.action}")]
    found = [project.store.event(event_id) for event_id in record.found.verdicts]
    events: Iterable[Event | None] = (*found, record.found.resolution, *handling.history)
    for event in sorted((e for e in events if e is not None), key=lambda e: (e.at, e.id)):
        person = project.store.person_of(event.author)
        name = f"{person.name} (simulated)" if person.simulated else person.name
        entries.append(Entry(event.at, name, _said(event, project.store.private_of(event.id))))
    if handling.due and not handling.closed:
        entries.append(Entry(handling.due, "", "everything is due"))
    return entries


def _said(event: Event, private: dict[str, object]) -> str:
    body = event.body
    match event.kind:
        case EventKind.VERDICT:
            return f"verdict: {_RIGHT[body['right']]}"
        case EventKind.RESOLUTION:
            return f"resolved by {body['by']}: {_RIGHT[body['right']]}"
        case EventKind.DISPOSITION:
            ground = f"policy rule “{body['rule']}”" if body["by"] == "policy" else "a lead"
            reason = f" ({private['reason']})" if private.get("reason") else ""
            return f"{ground}: {body['disposition']}{reason}"
        case EventKind.APPROVAL:
            return "approved by a second pair of eyes"
        case EventKind.STEP:
            said = [str(private[key]) for key in ("to", "text") if private.get(key)]
            return " · ".join(filter(None, (body["step"], body["channel"], *said)))
        case EventKind.LOOKED:
            return f"looked at it ({body['where']})"
        case EventKind.HOLD:
            return "legal hold set" if body["on"] else "legal hold lifted"
        case EventKind.ERASURE:
            return "personal values erased"
        case _:
            return event.kind


def status_sentence(record: Record) -> str:
    """What is known of a record, in one sentence."""
    resolution = record.found.resolution
    if resolution is not None:
        day = resolution.at[:10]
        how = f"consensus of {len(record.found.verdicts)}" if resolution.body["by"] == "consensus" else "a lead"
        return f"Resolved {day} by {how}: {_RIGHT[resolution.body['right']]}."
    verdicts = len(record.found.verdicts)
    return (
        f"{STATUS_WORDS[record.status].capitalize()}: {verdicts} {'verdict' if verdicts == 1 else 'verdicts'} so far."
    )
