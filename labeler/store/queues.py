"""The queue of a release, in its stored order, and how far a person has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from labeler.domain.differences.model import ItemClass
from labeler.domain.items import Modality
from labeler.domain.queue import Progress, QueueEntry, QueueFilter, Why
from labeler.store.catalogue import slice_text
from labeler.store.connected import Connected

EVERYTHING = QueueFilter()
_FEW = 5_000
"""Up to so many items of a slice are cheaper to sort than the whole queue is to walk."""

_NOT_SEEN = """
NOT EXISTS (SELECT 1 FROM judgements AS j WHERE j.release_id = q.release_id AND j.person_id = :person
            AND j.item_id = q.item_id AND j.standing = 1)
"""
_OF_SLICE = "EXISTS (SELECT 1 FROM slices AS s WHERE s.key = :key{n} AND s.value = :value{n} AND s.item_id = q.item_id)"
_OF_TIER = """
(EXISTS (SELECT 1 FROM resolutions AS r WHERE r.release_id = q.release_id AND r.item_id = q.item_id
         AND r.standing = 1 AND r.tier = :tier)
 OR EXISTS (SELECT 1 FROM judgements AS t WHERE t.release_id = q.release_id AND t.item_id = q.item_id
            AND t.standing = 1 AND t.tier = :tier))
"""


_UNDRAWN = """
SELECT c.item_id, items.modality, c.class, EXISTS (
    SELECT 1 FROM comparisons AS e
    WHERE e.item_id = c.item_id AND e.release_id != c.release_id
      AND (e.old_sha256 = c.old_sha256 AND e.new_sha256 = c.new_sha256
           OR e.old_sha256 = c.new_sha256 AND e.new_sha256 = c.old_sha256)
      AND (EXISTS (SELECT 1 FROM resolutions AS r
                   WHERE r.release_id = e.release_id AND r.item_id = e.item_id AND r.standing = 1)
           OR :overlap <= (SELECT count(*) FROM judgements AS j JOIN people ON people.id = j.person_id
                           WHERE j.release_id = e.release_id AND j.item_id = e.item_id AND j.standing = 1
                             AND j.kind = 'verdict' AND people.simulated = 0)))
FROM comparisons AS c JOIN items ON items.id = c.item_id
WHERE c.release_id = :release AND c.item_id > :after
  AND NOT EXISTS (SELECT 1 FROM queue AS q WHERE q.release_id = c.release_id AND q.item_id = c.item_id)
ORDER BY c.item_id LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A compared item that may come into the queue. `judged`: people judged these very outputs in another release."""

    item_id: str
    modality: Modality
    item_class: ItemClass
    judged: bool


class Queues(Connected):
    """What is to be judged next."""

    def queue(
        self, release: str, person_id: str, where: QueueFilter = EVERYTHING, limit: int = 20, after: int = -1
    ) -> list[QueueEntry]:
        """The next items that this person has neither judged nor skipped and that still lack verdicts.

        In order of rank, beginning behind the rank `after`.
        """
        conditions, values = self._conditions(release, person_id, where)
        rows = self.connection.execute(
            f"SELECT q.item_id, q.modality, q.why, q.p, q.rank FROM {self._source(where)} "
            f"WHERE {' AND '.join([*conditions, 'q.open = 1', 'q.rank > :after', _NOT_SEEN])} "
            "ORDER BY q.rank LIMIT :limit",
            {**values, "after": after, "limit": limit},
        )
        return [QueueEntry(item_id, Modality(m), Why(why), p, rank) for item_id, m, why, p, rank in rows]

    def progress(self, release: str, person_id: str, where: QueueFilter = EVERYTHING) -> Progress:
        """How many items of this part of the queue the person has judged, and how many wait besides."""
        conditions, values = self._conditions(release, person_id, where)
        here = " AND ".join(conditions)
        mine = (
            "FROM judgements AS m JOIN queue AS q ON q.release_id = m.release_id AND q.item_id = m.item_id "
            f"WHERE m.release_id = :release AND m.person_id = :person AND m.standing = 1 AND {here}"
        )
        done, seen = self.connection.execute(
            f"SELECT count(*) FILTER (WHERE m.kind = 'verdict'), count(*) FILTER (WHERE q.open = 1) {mine}",
            values,
        ).fetchone()
        waiting = self.connection.execute(
            f"SELECT count(*) FROM {self._source(where)} WHERE q.open = 1 AND {here}",
            values,
        ).fetchone()[0]
        return Progress(done, done + waiting - seen)

    def entry(self, release: str, item_id: str) -> QueueEntry | None:
        """Why an item is in a release's queue; None when it is not."""
        row = self.connection.execute(
            "SELECT item_id, modality, why, p, rank FROM queue WHERE release_id = ? AND item_id = ?",
            (release, item_id),
        ).fetchone()
        return None if row is None else QueueEntry(row[0], Modality(row[1]), Why(row[2]), row[3], row[4])

    def store_queue(self, release: str, entries: Iterable[QueueEntry]) -> int:
        """Add entries to a release's queue; those that are there stay as they are. The answer: how many are new."""
        with self.atomic():
            before = self.connection.total_changes
            self.connection.executemany(
                "INSERT OR IGNORE INTO queue (release_id, item_id, modality, why, p, rank) VALUES (?, ?, ?, ?, ?, ?)",
                ((release, e.item_id, str(e.modality), str(e.why), e.p, e.rank) for e in entries),
            )
            return self.connection.total_changes - before

    def undrawn(self, release: str, after: str, limit: int) -> list[Candidate]:
        """The next compared items, in order of id, that are not in the release's queue."""
        rows = self.connection.execute(
            _UNDRAWN, {"release": release, "after": after, "limit": limit, "overlap": self.overlap}
        )
        return [Candidate(item_id, Modality(m), ItemClass(c), bool(judged)) for item_id, m, c, judged in rows]

    @property
    def overlap(self) -> int:
        """How many people judge an item before it leaves the queue."""
        return int(self._fact("overlap") or 1)

    def set_overlap(self, people: int) -> None:
        """Say how many people judge an item; opens or closes every place in the queue accordingly."""
        if people == self.overlap:
            return
        with self.atomic():
            self._set_fact("overlap", str(people))
            self.connection.execute("UPDATE queue SET open = verdicts < ?1 WHERE open != (verdicts < ?1)", (people,))

    def _source(self, where: QueueFilter) -> str:
        """The queue, or (for a slice of few items) only those items' places in it."""
        for n, (key, value) in enumerate(where.slices.items()):
            counted = self.connection.execute(
                "SELECT count(*) FROM (SELECT 1 FROM slices WHERE key = ? AND value = ? LIMIT ?)",
                (key, slice_text(value), _FEW + 1),
            )
            if counted.fetchone()[0] <= _FEW:
                return (
                    f"slices AS few CROSS JOIN queue AS q ON few.key = :key{n} AND few.value = :value{n} "
                    "AND q.item_id = few.item_id"
                )
        return "queue AS q"

    def _conditions(self, release: str, person_id: str, where: QueueFilter) -> tuple[list[str], dict[str, Any]]:
        conditions = ["q.release_id = :release"]
        values: dict[str, Any] = {"release": release, "person": person_id}
        if where.modality is not None:
            conditions.append("q.modality = :modality")
            values["modality"] = str(where.modality)
        for n, (key, value) in enumerate(where.slices.items()):
            conditions.append(_OF_SLICE.format(n=n))
            values |= {f"key{n}": key, f"value{n}": slice_text(value)}
        if where.tier is not None:
            conditions.append(_OF_TIER)
            values["tier"] = str(where.tier)
        return conditions, values
