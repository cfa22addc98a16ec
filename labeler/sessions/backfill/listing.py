"""Which records a filter leaves, and each as a row of the list and as a story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import overload

from labeler.domain.backfill.handling import Handling
from labeler.domain.backfill.records import Record, Status
from labeler.domain.backfill.words import STATUS_WORDS, amount, next_step
from labeler.formats.dossier_html import Entry
from labeler.sessions.backfill.state import Filter, Look, Row, Story, StoryLine, ToDo
from labeler.steps.backfill.overview import Overview

_LOOKS = {Status.WRONG: Look.WRONG, Status.UPHELD: Look.GOOD, Status.UNDECIDABLE: Look.OPEN}
_SOON = timedelta(days=7)


def select(read: Overview, chosen: Filter, today: str) -> tuple[Record, ...]:
    """The records that a filter leaves, in order of id; of a stratum its sample, whether contested or not."""
    if chosen.stratum is not None:
        return tuple(
            record
            for s in read.strata
            if chosen.stratum == (s.name if s.contested else f"{s.name}, not contested")
            for record in s.members
        )
    if chosen.rule is not None:
        return read.run.none if chosen.rule < 0 else read.run.taken[chosen.rule][1]
    if chosen.to_do is not None:
        return tuple(r for r in read.records.records if _is_left(read, r, chosen.to_do, today))
    return tuple(r for r in read.records.contested if chosen.status in (None, r.status))


def _is_left(read: Overview, record: Record, to_do: ToDo, today: str) -> bool:
    handling = read.records.handled(record.id)
    match to_do:
        case ToDo.DISPOSE:
            return record.contested and handling.disposition is None
        case ToDo.SECOND:
            return handling.awaits_second
        case ToDo.OVERDUE:
            return handling.overdue(today)
        case ToDo.DUE_SOON:
            soon = (date.fromisoformat(today) + _SOON).isoformat()
            return handling.due is not None and not handling.closed and today <= handling.due <= soon


def searched(read: Overview) -> Mapping[str, str]:
    """By record, the words that it can be found by."""
    found = read.records
    return {record.id: _words_of(record, found.handled(record.id)) for record in found.records}


def _words_of(record: Record, handling: Handling) -> str:
    decision = record.decision
    said = (
        record.id,
        decision.item_id,
        str(decision.line["decided_at"])[:10],
        decision.action,
        decision.action.replace("_", " "),
        amount(decision.amount, decision.currency),
        decision.jurisdiction or "",
        record.modality,
        STATUS_WORDS[record.status],
        handling.name,
        *handling.owed,
        *(f"{key}={value}" for key, value in record.slices.items()),
    )
    return "\n".join(said).casefold()


def having(records: Sequence[Record], typed: str, searched: Mapping[str, str]) -> tuple[Record, ...]:
    """Those that have every word that is typed somewhere."""
    words = typed.casefold().split()
    return tuple(record for record in records if all(word in searched[record.id] for word in words))


class Rows(Sequence[Row]):
    """The records as rows, each made when it is first looked at: of ten thousand a window shows thirty.

    Two of them are equal when they are the same one.
    """

    def __init__(self, read: Overview, records: Sequence[Record], today: str) -> None:
        self._read, self._records, self._today = read, records, today
        self._made: dict[int, Row] = {}

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, at: int | slice) -> Row | tuple[Row, ...]:
        if isinstance(at, slice):
            return tuple(self[place] for place in range(*at.indices(len(self))))
        if at not in self._made:
            record = self._records[at]
            self._made[at] = _row(record, self._read.records.handled(record.id), self._today)
        return self._made[at]


def _row(record: Record, handling: Handling, today: str) -> Row:
    decision = record.decision
    late = handling.overdue(today)
    look = Look.WRONG if late else Look.OPEN if handling.awaits_second else Look.PLAIN
    due = handling.due and _short(date.fromisoformat(handling.due), today)
    return Row(
        id=record.id,
        item=decision.item_id,
        date=_short(decision.decided_at.date(), today),
        action=decision.action.replace("_", " "),
        amount=amount(decision.amount, decision.currency),
        reversible={True: "yes", False: "no", None: "–"}[decision.reversible],
        status=STATUS_WORDS[record.status] + (" (sim.)" if record.simulated else ""),
        status_look=_LOOKS.get(record.status, Look.PLAIN),
        disposition=handling.name or "–",
        next=f"late: {next_step(handling, due)}" if late else next_step(handling, due),
        next_look=look,
    )


def _short(day: date, today: str) -> str:
    """A day in few letters; the year only where it is not this one."""
    return f"{day.day} {day:%b}" + ("" if str(day.year) == today[:4] else f" {day.year}")


def story(record: Record, handling: Handling, sentence: str, history: Sequence[Entry], today: str) -> Story:
    decision = record.decision
    about = amount(decision.amount, decision.currency)
    title = " · ".join((record.id, decision.action.replace("_", " "), *((about,) if about != "–" else ())))
    lines = tuple(
        StoryLine(entry.at[:10], f"{entry.what}{' · ' + entry.who if entry.who else ''}", serious=_late(entry, today))
        for entry in history
    )
    return Story(title, sentence, lines, handling.owed, handling.awaits_second)


def _late(entry: Entry, today: str) -> bool:
    return len(entry.at) == len("2026-11-26") and entry.at < today
