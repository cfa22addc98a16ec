"""What was said of many items, read together: one after the other, each takes several questions to the store."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, TypeVar

import orjson

from labeler.domain.items import Modality
from labeler.domain.verdict_json import resolution_from, verdict_from
from labeler.domain.verdicts import ResolvedBy, Right
from labeler.store.catalogue import slice_text
from labeler.store.log import event_of
from labeler.store.verdict_state import StoredResolution, StoredVerdict, VerdictState

TOGETHER = 250
"""Items a question. A thread that reads lets go of the interpreter between any two."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class InShort:
    """What a list says of an item."""

    modality: Modality
    kind: str
    """Its slice `kind`, or empty."""
    critical: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """What a list says of a resolution in force; the names are those of the resolution and of its event."""

    item_id: str
    event_id: str
    at: str
    by: ResolvedBy
    right: Right
    rubric: str
    policy: str
    gap: str


class AtOnce(VerdictState):
    """Reads of whole releases."""

    def verdicts_by_item(
        self, release: str, items: Collection[str] | None = None
    ) -> Iterator[tuple[str, list[StoredVerdict]]]:
        """Every item with verdicts in force, in order of id, as `verdicts` gives them; of these `items` alone."""
        people, history = {person.id: person for person in self.people()}, self.rubric_history
        wanted = self.judged_items(release) if items is None else sorted(items)
        for some in parts(wanted):
            rows = self.connection.execute(
                """SELECT j.item_id, e.id, e.hash, e.data FROM json_each(?1) AS wanted
                   CROSS JOIN judgements AS j ON j.release_id = ?2 AND j.item_id = wanted.value
                        AND j.standing = 1 AND j.kind = 'verdict'
                   JOIN events AS e ON e.id = j.event_id ORDER BY j.item_id, j.person_id""",
                (orjson.dumps(some).decode(), release),
            ).fetchall()
            privates = self._privates_of(row[1] for row in rows)
            for item_id, group in groupby(rows, key=lambda row: str(row[0])):
                said = []
                for _, event_id, stored, data in group:
                    event = event_of(stored, data)
                    verdict = self.in_todays_codes(verdict_from(event.body, privates.get(event_id, {})), history)
                    said.append(StoredVerdict(event, verdict, people.get(event.author) or self.person_of(event.author)))
                yield item_id, said

    def resolutions(self, release: str) -> Iterator[StoredResolution]:
        """The resolutions in force, in order of item."""
        history = self.rubric_history
        for some in parts(self.standing_resolutions(release).values()):
            rows = self.connection.execute(
                "SELECT e.id, e.hash, e.data FROM json_each(?) AS wanted CROSS JOIN events AS e ON e.id = wanted.value",
                (orjson.dumps(some).decode(),),
            ).fetchall()
            privates = self._privates_of(row[0] for row in rows)
            for event_id, stored, data in rows:
                event = event_of(stored, data)
                resolution = resolution_from(event.body, privates.get(event_id, {}))
                yield StoredResolution(event, self.in_todays_codes(resolution, history))

    def decided(self, release: str) -> list[Decided]:
        """The resolutions in force in short, in order of item."""
        rows = self.connection.execute(
            "SELECT r.item_id, r.event_id, r.at, r.outcome, json_extract(CAST(e.data AS TEXT), "
            "'$.body.by', '$.body.rubric', '$.body.policy', '$.body.gap') "
            "FROM resolutions AS r JOIN events AS e ON e.id = r.event_id "
            "WHERE r.release_id = ? AND r.standing = 1 ORDER BY r.item_id",
            (release,),
        )
        found = []
        for item_id, event_id, at, outcome, said in rows:
            by, rubric, policy, gap = orjson.loads(said)
            found.append(
                Decided(item_id, event_id, at, ResolvedBy(by), Right(outcome), rubric, policy or "", gap or "")
            )
        return found

    def standing_resolutions(self, release: str) -> dict[str, str]:
        """By item, in order of id, the event of the resolution in force."""
        rows = self.connection.execute(
            "SELECT item_id, event_id FROM resolutions WHERE release_id = ? AND standing = 1 ORDER BY item_id",
            (release,),
        )
        return dict(rows.fetchall())

    def outcomes(self, release: str) -> list[tuple[str, str, str]]:
        """(item, person, which output is right) of every verdict in force, in order of item and person."""
        rows: list[tuple[str, str, str]] = self.connection.execute(
            "SELECT item_id, person_id, outcome FROM judgements WHERE release_id = ? AND standing = 1 "
            "AND kind = 'verdict' ORDER BY item_id, person_id",
            (release,),
        ).fetchall()
        return rows

    def in_short(self, items: Iterable[str]) -> dict[str, InShort]:
        """What a list says of these items."""
        found: dict[str, InShort] = {}
        for some in parts(items):
            rows = self.connection.execute(
                "SELECT i.id, i.modality, json_extract(CAST(i.data AS TEXT), '$.critical', '$.slices.kind') "
                "FROM json_each(?) AS wanted CROSS JOIN items AS i ON i.id = wanted.value",
                (orjson.dumps(some).decode(),),
            )
            for item_id, modality, said in rows:
                critical, kind = orjson.loads(said)
                found[item_id] = InShort(Modality(modality), "" if kind is None else slice_text(kind), bool(critical))
        return found

    def _privates_of(self, events: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The private values of events, by event and field."""
        found: dict[str, dict[str, Any]] = {}
        wanted: Sequence[str] = list(events)
        rows = self.connection.execute(
            "SELECT p.event_id, p.field, p.value FROM json_each(?) AS wanted "
            "CROSS JOIN privates AS p ON p.event_id = wanted.value",
            (orjson.dumps(wanted).decode(),),
        )
        for event_id, field, value in rows:
            found.setdefault(event_id, {})[field] = orjson.loads(value)
        return found


def parts(every: Iterable[T]) -> Iterator[list[T]]:
    """In lists of so many as one question asks for."""
    rest = iter(every)
    while part := list(islice(rest, TOGETHER)):
        yield part
