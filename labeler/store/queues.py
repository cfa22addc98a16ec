"""The queue of a release, in its stored order, and how far a person has come."""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labeler.domain.differences.model import ItemClass
from labeler.domain.items import Modality, Side
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
_TIERED = """
(SELECT item_id FROM judgements WHERE release_id = :release AND standing = 1 AND tier = :tier
 UNION SELECT item_id FROM resolutions WHERE release_id = :release AND standing = 1 AND tier = :tier)
"""
_OF_TIER = f"q.item_id IN {_TIERED}"


# A simulated annotator's word takes nothing out of a person's queue.
_OF_PEOPLE = """
NOT EXISTS (SELECT 1 FROM events AS v JOIN people AS p ON p.id = substr(v.stream, 1, instr(v.stream, '@') - 1)
            WHERE v.id = r.event_id AND p.simulated = 1)
"""


def _judged(side: Side) -> str:
    """Whether a resolution of another release says of this output whether it is right."""
    return f"""EXISTS (
    SELECT 1 FROM comparisons AS e JOIN resolutions AS r ON r.release_id = e.release_id AND r.item_id = e.item_id
    WHERE e.item_id = c.item_id AND e.release_id != c.release_id AND r.standing = 1 AND r.outcome != 'undecidable'
      AND c.{side}_sha256 IN (e.old_sha256, e.new_sha256) AND {_OF_PEOPLE})"""


# People looked at this very pair, on whichever side each output stood; or a resolution says of each by itself whether
# it is right.
_UNDRAWN = f"""
SELECT c.item_id, items.modality, c.class, EXISTS (
    SELECT 1 FROM comparisons AS e
    WHERE e.item_id = c.item_id AND e.release_id != c.release_id
      AND (e.old_sha256 = c.old_sha256 AND e.new_sha256 = c.new_sha256
           OR e.old_sha256 = c.new_sha256 AND e.new_sha256 = c.old_sha256)
      AND (EXISTS (SELECT 1 FROM resolutions AS r
                   WHERE r.release_id = e.release_id AND r.item_id = e.item_id AND r.standing = 1 AND {_OF_PEOPLE})
           OR :overlap <= (SELECT count(*) FROM judgements AS j JOIN people ON people.id = j.person_id
                           WHERE j.release_id = e.release_id AND j.item_id = e.item_id AND j.standing = 1
                             AND j.kind = 'verdict' AND people.simulated = 0)))
    OR {_judged("old")} AND {_judged("new")}
FROM comparisons AS c JOIN items ON items.id = c.item_id
WHERE c.release_id = :release AND c.item_id > :after
  AND NOT EXISTS (SELECT 1 FROM queue AS q WHERE q.release_id = c.release_id AND q.item_id = c.item_id)
ORDER BY c.item_id LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A compared item that may come into the queue. `judged`: people judged these very outputs in other releases."""

    item_id: str
    modality: Modality
    item_class: ItemClass
    judged: bool


@dataclass(slots=True)
class _LowWater:
    state: tuple[int, int]
    rank: int = -1


class Queues(Connected):
    """What is to be judged next."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, read_only: str = "") -> None:
        super().__init__(folder, connection, read_only)
        self._low_waters: dict[Hashable, _LowWater] = {}

    def queue(
        self, release: str, person_id: str, where: QueueFilter = EVERYTHING, limit: int = 20, after: int = -1
    ) -> list[QueueEntry]:
        """The next items that this person has neither judged nor skipped and that still lack verdicts.

        In order of rank, beginning behind the rank `after`.
        """
        conditions, values = self._conditions(release, person_id, where)
        mark = self._low_water(release, person_id, where)
        rows = self.connection.execute(
            f"SELECT q.item_id, q.modality, q.why, q.p, q.rank FROM {self._source(where)} "
            f"WHERE {' AND '.join([*conditions, 'q.open = 1', 'q.rank > :after', _NOT_SEEN])} "
            "ORDER BY q.rank LIMIT :limit",
            {**values, "after": max(after, mark.rank), "limit": limit},
        )
        found = [QueueEntry(item_id, Modality(m), Why(why), p, rank) for item_id, m, why, p, rank in rows]
        if found and after < 0:
            mark.rank = found[0].rank - 1
        return found

    def _low_water(self, release: str, person_id: str, where: QueueFilter) -> _LowWater:
        """Behind which rank this person's next item lies, so that what was judged is not walked again each time."""
        key = (release, person_id, where.modality, tuple(sorted(where.slices.items())), where.tier)
        # `data_version` changes when another program writes to the store.
        state = (self.openings, self.connection.execute("PRAGMA data_version").fetchone()[0])
        mark = self._low_waters.get(key)
        if mark is None or mark.state != state:
            mark = self._low_waters[key] = _LowWater(state)
        return mark

    def progress(self, release: str, person_id: str, where: QueueFilter = EVERYTHING) -> Progress:
        """How many items of this part of the queue the person has judged, and how many wait besides."""
        conditions, values = self._conditions(release, person_id, where)
        done, seen = self.connection.execute(
            "SELECT count(*) FILTER (WHERE m.kind = 'verdict'), count(*) FILTER (WHERE q.open = 1) "
            "FROM judgements AS m JOIN queue AS q ON q.release_id = m.release_id AND q.item_id = m.item_id "
            "WHERE m.release_id = :release AND m.person_id = :person AND m.standing = 1 "
            f"AND {' AND '.join(conditions)}",
            values,
        ).fetchone()
        return Progress(done, done + self._open(where, conditions, values) - seen)

    def _open(self, where: QueueFilter, conditions: list[str], values: dict[str, Any]) -> int:
        """How many places of this part of the queue are open."""
        if not where.slices and where.tier is None:
            sql = (
                "SELECT coalesce(sum(open), 0) FROM queue_counts WHERE release_id = :release "
                "AND modality = coalesce(:modality, modality)"
            )
            values = {"modality": None, **values}
        else:
            source = self._source(where, few=None)
            sql = f"SELECT count(*) FROM {source} WHERE q.open = 1 AND {' AND '.join(conditions)}"
        return int(self.connection.execute(sql, values).fetchone()[0])

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
            self.openings += 1
            added = self.connection.executemany(
                "INSERT OR IGNORE INTO queue (release_id, item_id, modality, why, p, rank) VALUES (?, ?, ?, ?, ?, ?)",
                ((release, e.item_id, str(e.modality), str(e.why), e.p, e.rank) for e in entries),
            )
            return added.rowcount

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
            self.openings += 1
            self._set_fact("overlap", str(people))
            self.connection.execute("UPDATE queue SET open = verdicts < ?1 WHERE open != (verdicts < ?1)", (people,))

    def _source(self, where: QueueFilter, few: int | None = _FEW) -> str:
        """The queue, or (for a tier, or a slice of at most `few` items) only those items' places in it.

        `few` None stands for any number.
        """
        if where.tier is not None:
            return f"{_TIERED} AS tiered CROSS JOIN queue AS q ON q.item_id = tiered.item_id"
        for n, (key, value) in enumerate(where.slices.items()):
            if few is None or self._has_at_most(few, key, slice_text(value)):
                return (
                    f"slices AS few CROSS JOIN queue AS q ON few.key = :key{n} AND few.value = :value{n} "
                    "AND q.item_id = few.item_id"
                )
        return "queue AS q"

    def _has_at_most(self, count: int, key: str, value: str) -> bool:
        row = self.connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM slices WHERE key = ? AND value = ? LIMIT ?)", (key, value, count + 1)
        ).fetchone()
        return int(row[0]) <= count

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
