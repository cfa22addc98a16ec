"""Exporting the ledger of a release: every record with its evidence, verdicts, disposition and history, and proof."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labeler.domain.backfill.handling import Handling
from labeler.domain.backfill.ledger import FORMAT, LedgerChain, Slot
from labeler.domain.backfill.records import Record
from labeler.domain.events import Event, EventKind, in_utc
from labeler.domain.item_json import output_to_json
from labeler.domain.items import SIDES, Item
from labeler.domain.people import Person
from labeler.domain.project import pairs_to_json
from labeler.errors import LabelerError
from labeler.formats.dossier_html import dossier_to_html
from labeler.formats.ledger import LEDGER, TABLE, dossier_name, table_of, write_file, write_lines
from labeler.steps.backfill.exhibit import Exhibits
from labeler.steps.backfill.history import history_of
from labeler.steps.backfill.records import Records
from labeler.steps.progress import Tell, silent
from labeler.steps.project import Now, Project, now_utc


@dataclass(frozen=True, slots=True)
class ExportedLedger:
    """Where a ledger was written, and its digest: whoever holds the digest can tell any other ledger from this one."""

    folder: Path
    records: int
    digest: str


def export_ledger(
    project: Project, records: Records, to: Path, author: Person, *, now: Now = now_utc, tell: Tell = silent
) -> ExportedLedger:
    """Write the contested records to a new folder and append the event that says so, with the digest.

    Raises LabelerError when the folder is there and not empty, or cannot be written.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise LabelerError(f"{to} is there already", kept="it was not touched", remedy="name a new folder")
    store, at = project.store, in_utc(now())
    chain = LedgerChain()
    lines = [chain.seal("head", _head(project, records, at), {})]
    files: dict[str, str] = {}
    contested = records.contested
    with Exhibits(project, records.release) as exhibits:
        for n, record in enumerate(contested, 1):
            handling = records.handled(record.id)
            line = chain.seal("record", *_record(project, records, record, handling))
            lines.append(line)
            name = dossier_name(record.id)
            page = dossier_to_html(line, exhibits.of(record), history_of(project, record, handling))
            files[name] = write_file(to, name, page)
            tell("Writing dossiers", n, len(contested))
    files[TABLE] = write_file(to, TABLE, table_of(lines[1:]))
    lines.append(chain.seal("end", {"records": len(contested), "files": files}, {}))
    write_lines(to / LEDGER, lines)
    body = {"kind": "ledger", "release": records.release.id, "records": len(contested), "digest": chain.digest}
    store.append(store.stream(author.id), EventKind.LEDGER, body, now())
    return ExportedLedger(to, len(contested), chain.digest)


def write_dossier(project: Project, records: Records, record: Record, to: Path) -> Path:
    """One record's dossier, of no ledger, in a folder where it may be deleted. Raises LabelerError where it cannot."""
    handling = records.handled(record.id)
    line = LedgerChain().seal("record", *_record(project, records, record, handling))
    with Exhibits(project, records.release) as exhibits:
        page = dossier_to_html(line, exhibits.of(record), history_of(project, record, handling), in_ledger=False)
    name = dossier_name(record.id)
    write_file(to, name, page)
    return to / name


def was_exported(project: Project, digest: str) -> bool:
    """Whether this project exported a ledger with this digest."""
    return any(event.body["digest"] == digest for event in project.store.events(kinds=[EventKind.LEDGER]))


def _head(project: Project, records: Records, at: str) -> dict[str, Any]:
    """Where every stream of the log stood: a ledger can be held against the project that it came from."""
    streams: dict[str, dict[str, Any]] = {}
    for event in project.store.events():
        streams[event.stream] = {"seq": event.seq, "hash": event.hash}
    return {
        "format": FORMAT,
        "project": project.settings.name,
        "release": records.release.id,
        "pairs": pairs_to_json(records.release.pairs),
        "made_at": at,
        "streams": streams,
    }


def _record(
    project: Project, records: Records, record: Record, handling: Handling
) -> tuple[dict[str, Any], dict[str, Slot]]:
    item = project.store.item(record.decision.item_id)
    outputs, private = _outputs(project, records, item)
    if record.decision.extra:
        private["decision"] = Slot("decision", dict(record.decision.extra), secrets.token_bytes(16))
    events = list(_events_behind(project, record, handling))
    for event in events:
        for value in project.store.privates_of(event.id):
            private[f"event {event.id}/{value.field}"] = Slot(value.field, value.value, value.salt)
    body = {
        "decision": _decision(record),
        "contested": record.contested,
        "status": str(record.status),
        "simulated": record.simulated,
        "item": {"id": item.id, "modality": str(item.modality), "media_sha256": item.sha256},
        "outputs": outputs,
        "handling": _handling(handling),
        "events": [{"data": event.data.decode(), "hash": event.hash} for event in events],
    }
    return body, private


def _decision(record: Record) -> dict[str, Any]:
    decision = record.decision
    return {
        "decision_id": decision.id,
        "item_id": decision.item_id,
        "action": decision.action,
        "decided_at": in_utc(decision.decided_at),
        "amount": decision.amount,
        "currency": decision.currency,
        "reversible": decision.reversible,
        "jurisdiction": decision.jurisdiction,
        "customer_notified": decision.customer_notified,
    }


def _outputs(project: Project, records: Records, item: Item) -> tuple[dict[str, Any], dict[str, Slot]]:
    pair = records.release.pairs[item.modality]
    told: dict[str, Any] = {}
    private: dict[str, Slot] = {}
    for side, model in zip(SIDES, (pair.old, pair.new), strict=True):
        output = project.store.output(item.id, model)
        told[side] = {"model": str(model), "sha256": project.store.output_digest(item.id, model)}
        if output is not None:
            private[f"output {side}"] = Slot("output", output_to_json(output), secrets.token_bytes(16))
    return told, private


def _handling(handling: Handling) -> dict[str, Any]:
    return {
        "disposition": handling.name,
        "by": handling.disposition.body["by"] if handling.disposition else "",
        "due": handling.due,
        "owed": list(handling.owed),
        "done": [event.body["step"] for event in handling.steps],
        "closed": handling.closed,
    }


def _events_behind(project: Project, record: Record, handling: Handling) -> Iterator[Event]:
    """Verdicts, the resolution, and everything done about the record, in the order of time."""
    found = [project.store.event(event_id) for event_id in record.found.verdicts]
    events = [event for event in (*found, record.found.resolution, *handling.history) if event is not None]
    return iter(sorted(events, key=lambda event: (event.at, event.id)))


def personal_events(project: Project, record: Record, handling: Handling) -> list[str]:
    """Ids of the events about a record whose private values may name somebody; hidden checks on its item as well."""
    checks = project.store.checks_on(record.decision.item_id)
    return [*(event.id for event in _events_behind(project, record, handling)), *checks]
