"""The queue of a release, in its stored order, and how far a person has come."""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from labeler.domain.assignment import Assignment, Order, Turn, arc_bounds
from labeler.domain.differences.model import ItemClass
from labeler.domain.items import Modality, Side
from labeler.domain.queue import Progress, QueueEntry, QueueFilter, Why
from labeler.store.queue_counts import NEEDED, REFRESH, UNSETTLED
from labeler.store.queue_parts import FREE, IN_ROUND, MINE, NOT_JUDGED, NOT_SEEN, OTHERS, TRAINED_ON, QueueParts

EVERYTHING = QueueFilter()
ALIKE = Assignment()

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


class Queues(QueueParts):
    """What is to be judged next."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, read_only: str = "") -> None:
        super().__init__(folder, connection, read_only)
        self._low_waters: dict[Hashable, _LowWater] = {}

    def queue(
        self,
        release: str,
        person_id: str,
        where: QueueFilter = EVERYTHING,
        limit: int = 20,
        after: int = -1,
        turn: Turn | None = None,
    ) -> list[QueueEntry]:
        """The next items that this person has neither judged nor skipped and that still lack verdicts.

        With a `turn`, what is reserved for the person comes first, what is others' does not come, and the order is the
        turn's. Without one: in order of rank, beginning behind the rank `after`.
        """
        if turn is None:
            return self._in_order(release, person_id, where, limit, after)
        conditions, values = self._conditions(release, person_id, where, turn)
        found = self._entries([*conditions, MINE, NOT_SEEN], values, "queue AS q", f"{IN_ROUND} DESC, q.rank", limit)
        mine = {entry.item_id for entry in found}
        rest = [*conditions, "q.open = 1", NOT_SEEN]
        room = limit - len(found) + len(mine)
        if turn.order is Order.INFORMATION:
            more = self._entries([*rest, FREE], values, self._source(where), "q.telling DESC, q.rank", room)
        elif turn.order is Order.RANDOM:
            more = self._by_arcs(rest, values, where, turn, room)
        else:
            more = self._in_order(release, person_id, where, room, -1, turn)
        found += [entry for entry in more if entry.item_id not in mine]
        return found[:limit]

    def _in_order(
        self, release: str, person_id: str, where: QueueFilter, limit: int, after: int, turn: Turn | None = None
    ) -> list[QueueEntry]:
        conditions, values = self._conditions(release, person_id, where, turn)
        mark = self._low_water(release, person_id, where, turn)
        values = {**values, "after": max(after, mark.rank)}
        waiting = [*conditions, "q.open = 1", "q.rank > :after", NOT_SEEN]
        source = self._source(where)
        found = self._entries(waiting if turn is None else [*waiting, FREE], values, source, "q.rank", limit)
        if after < 0:
            # What others have open may come back: it is not passed over for good.
            first = found if turn is None else self._entries(waiting, values, source, "q.rank", 1)
            mark.rank = first[0].rank - 1 if first else mark.rank
        return found

    def _entries(
        self, conditions: list[str], values: dict[str, Any], source: str, order: str, limit: int
    ) -> list[QueueEntry]:
        rows = self.connection.execute(
            f"SELECT q.item_id, q.modality, q.why, q.p, q.rank FROM {source} "
            f"WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT :limit",
            {**values, "limit": limit},
        )
        return [QueueEntry(item_id, Modality(m), Why(why), p, rank) for item_id, m, why, p, rank in rows]

    def _by_arcs(
        self, conditions: list[str], values: dict[str, Any], where: QueueFilter, turn: Turn, limit: int
    ) -> list[QueueEntry]:
        """Part by part, in the person's own order of parts."""
        mark = self._low_water(values["release"], values["person"], where, turn)
        source, found = self._source(where), list[QueueEntry]()
        for number, arc in enumerate(turn.arcs[mark.rank + 1 :], mark.rank + 1):
            low, high = arc_bounds(arc)
            within = {**values, "low": low, "high": high}
            here = [*conditions, "q.rank BETWEEN :low AND :high"]
            got = self._entries([*here, FREE], within, source, "q.rank", limit - len(found))
            if number == mark.rank + 1 and not got and not self._entries(here, within, source, "q.rank", 1):
                mark.rank = number  # done with for good, unless something is put back
            found += got
            if len(found) >= limit:
                break
        return found

    def _low_water(self, release: str, person_id: str, where: QueueFilter, turn: Turn | None) -> _LowWater:
        """Behind which rank this person's next item lies, so that what was judged is not walked again each time."""
        kept = turn and turn.kept_from
        arcs = bool(turn and turn.order is Order.RANDOM)
        key = (release, person_id, where.modality, tuple(sorted(where.slices.items())), where.tier, kept, arcs)
        # `data_version` changes when another program writes to the store.
        state = (self.openings, self.connection.execute("PRAGMA data_version").fetchone()[0])
        mark = self._low_waters.get(key)
        if mark is None or mark.state != state:
            mark = self._low_waters[key] = _LowWater(state)
        return mark

    def progress(
        self, release: str, person_id: str, where: QueueFilter = EVERYTHING, turn: Turn | None = None
    ) -> Progress:
        """How many items of this part of the queue the person has judged, and how many wait besides."""
        conditions, values = self._conditions(release, person_id, where, turn)
        done, seen = self.connection.execute(
            "SELECT count(*) FILTER (WHERE m.kind = 'verdict'), count(*) FILTER (WHERE q.open = 1) "
            "FROM judgements AS m JOIN queue AS q ON q.release_id = m.release_id AND q.item_id = m.item_id "
            "WHERE m.release_id = :release AND m.person_id = :person AND m.standing = 1 "
            f"AND {' AND '.join(conditions)}",
            values,
        ).fetchone()
        left = self._open(where, conditions, values) - seen
        left -= self._count([*conditions, "q.open = 1", TRAINED_ON, NOT_JUDGED], values)
        if turn is not None:
            left += self._count([*conditions, "q.open = 0", MINE, NOT_SEEN], values)
            left -= self._count([*conditions, "q.open = 1", OTHERS, f"NOT ({FREE})", f"NOT ({MINE})", NOT_SEEN], values)
        return Progress(done, done + left)

    def _count(self, conditions: list[str], values: dict[str, Any]) -> int:
        sql = f"SELECT count(*) FROM queue AS q WHERE {' AND '.join(conditions)}"
        return int(self.connection.execute(sql, values).fetchone()[0])

    def _open(self, where: QueueFilter, conditions: list[str], values: dict[str, Any]) -> int:
        """How many places of this part of the queue are open."""
        if where.slices or where.tier is not None:
            source = self._source(where, few=None)
            sql = f"SELECT count(*) FROM {source} WHERE q.open = 1 AND {' AND '.join(conditions)}"
            return int(self.connection.execute(sql, values).fetchone()[0])
        sql = (
            "SELECT coalesce(sum(open), 0) FROM queue_counts WHERE release_id = :release "
            "AND modality = coalesce(:modality, modality)"
        )
        every = int(self.connection.execute(sql, {"modality": None, **values}).fetchone()[0])
        kept = [name for name in values if name.startswith("kept_key")]
        if not kept:
            return every
        # The few that are other people's are counted and taken off, not all the others counted.
        theirs = " UNION ".join(
            f"SELECT item_id FROM slices WHERE key = :kept_key{n} AND value = :kept_value{n}" for n in range(len(kept))
        )
        sql = (
            f"SELECT count(*) FROM ({theirs}) AS t CROSS JOIN queue AS q ON q.item_id = t.item_id "
            "WHERE q.release_id = :release AND q.open = 1 AND q.modality = coalesce(:modality, q.modality)"
        )
        return every - int(self.connection.execute(sql, {"modality": None, **values}).fetchone()[0])

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
            listed = list(entries)
            added = self.connection.executemany(
                "INSERT OR IGNORE INTO queue (release_id, item_id, modality, why, p, rank, needed) "
                "VALUES (?, ?, ?, ?, ?, ?, -1)",
                ((release, e.item_id, str(e.modality), str(e.why), e.p, e.rank) for e in listed),
            )
            fresh = "item_id IN (SELECT value FROM json_each(?2)) AND needed = -1"
            self.connection.execute(
                f"{REFRESH} AND {fresh}", (release, orjson.dumps([e.item_id for e in listed]).decode())
            )
            return added.rowcount

    def open_items(self, release: str) -> list[str]:
        """The items of a release's queue that still lack verdicts, in order of id."""
        rows = self.connection.execute(
            "SELECT item_id FROM queue WHERE release_id = ? AND open = 1 ORDER BY item_id", (release,)
        )
        return [row[0] for row in rows]

    def rerank(self, release: str, ranks: Iterable[tuple[str, int]]) -> None:
        """Give items of a release's queue another place; why they are in it and with which probability stays."""
        with self.atomic():
            self.openings += 1
            self.connection.executemany(
                "UPDATE queue SET rank = ? WHERE release_id = ? AND item_id = ?",
                ((place, release, item_id) for item_id, place in ranks),
            )

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

    def needed(self, release: str, item_id: str) -> int:
        """How many people judge this item; of one that is not queued, as many as of any."""
        row = self.connection.execute(
            "SELECT needed FROM queue WHERE release_id = ? AND item_id = ?", (release, item_id)
        ).fetchone()
        return self.overlap if row is None else int(row[0])

    def set_overlap(self, people: int, assignment: Assignment = ALIKE) -> None:
        """Say how many people judge an item; opens or closes every place in the queue accordingly."""
        said = {
            "overlap": str(people),
            "shared_by": str(assignment.shared_by),
            "shared_below": str(assignment.shared_below),
        }
        if all(self._fact(key) == value for key, value in said.items()):
            return
        with self.atomic():
            self.openings += 1
            for key, value in said.items():
                self._set_fact(key, value)
            self.connection.execute(
                f"UPDATE queue SET needed = {NEEDED}, open = verdicts < {NEEDED} AND {UNSETTLED} "
                f"WHERE needed != {NEEDED} OR open != (verdicts < {NEEDED} AND {UNSETTLED})"
            )

    def hold(self, release: str, item_id: str | None, person_id: str, until: str) -> None:
        """Say that a person has this item open, and no other one; None: none at all."""
        with self.atomic():
            self.connection.execute("DELETE FROM holds WHERE release_id = ? AND person_id = ?", (release, person_id))
            if item_id is not None:
                self.connection.execute("INSERT INTO holds VALUES (?, ?, ?, ?)", (release, item_id, person_id, until))
