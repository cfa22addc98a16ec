"""The parts of the statements that read a queue: which places of it, whose, and in how small a table to look."""

from __future__ import annotations

from typing import Any

from labeler.domain.assignment import Turn
from labeler.domain.queue import QueueFilter
from labeler.store.catalogue import slice_text
from labeler.store.connected import Connected

_FEW = 5_000
"""Up to so many items of a slice are cheaper to sort than the whole queue is to walk."""

NOT_JUDGED = """
NOT EXISTS (SELECT 1 FROM judgements AS j WHERE j.release_id = q.release_id AND j.person_id = :person
            AND j.item_id = q.item_id AND j.standing = 1)
"""
TRAINED_ON = """
q.item_id IN (SELECT c.item_id FROM checks AS c CROSS JOIN releases AS this ON this.id = :release
              WHERE c.release_id IN (SELECT id FROM releases) AND c.person_id = :person AND c.kind = 'training'
                AND c.standing = 1 AND c.at >= this.at)
"""
"""The person was told how the item was settled since the release began: a sample of the backfill may bring it into the
queue afterwards, and then it is for others."""
NOT_SEEN = f"{NOT_JUDGED} AND NOT {TRAINED_ON}"
THEIRS = """
(SELECT count(DISTINCT t.person_id) FROM (
    SELECT person_id, until FROM reservations WHERE release_id = q.release_id AND item_id = q.item_id
    UNION ALL SELECT person_id, until FROM holds WHERE release_id = q.release_id AND item_id = q.item_id) AS t
 WHERE t.person_id != :person AND t.until > :now
   AND NOT EXISTS (SELECT 1 FROM judgements AS s WHERE s.release_id = q.release_id AND s.item_id = q.item_id
                   AND s.person_id = t.person_id AND s.standing = 1))
"""
"""How many others have the item open or reserved and have not judged it."""
FREE = f"q.verdicts + {THEIRS} < q.needed"
MINE = """
q.item_id IN (SELECT item_id FROM reservations
              WHERE release_id = :release AND person_id = :person AND until > :now)
"""
IN_ROUND = """
EXISTS (SELECT 1 FROM reservations AS t WHERE t.release_id = q.release_id AND t.item_id = q.item_id
        AND t.person_id = :person AND t.until > :now AND t.why LIKE 'round %')
"""
"""All judge the items of a calibration round before any others, also before what is reserved for them."""
OTHERS = """
q.item_id IN (SELECT item_id FROM reservations WHERE release_id = :release AND person_id != :person AND until > :now
              UNION SELECT item_id FROM holds WHERE release_id = :release AND person_id != :person AND until > :now)
"""
OF_SLICE = "EXISTS (SELECT 1 FROM slices AS s WHERE s.key = :{key} AND s.value = :{value} AND s.item_id = q.item_id)"
TIERED = """
(SELECT item_id FROM judgements WHERE release_id = :release AND standing = 1 AND tier = :tier
 UNION SELECT item_id FROM resolutions WHERE release_id = :release AND standing = 1 AND tier = :tier)
"""
OF_TIER = f"q.item_id IN {TIERED}"


class QueueParts(Connected):
    """Puts conditions together. `q` is the queue; `:release`, `:person` and `:now` are bound."""

    def _source(self, where: QueueFilter, few: int | None = _FEW) -> str:
        """The queue, or (for a tier, or a slice of at most `few` items) only those items' places in it.

        `few` None stands for any number.
        """
        if where.tier is not None:
            return f"{TIERED} AS tiered CROSS JOIN queue AS q ON q.item_id = tiered.item_id"
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

    def _conditions(
        self, release: str, person_id: str, where: QueueFilter, turn: Turn | None = None
    ) -> tuple[list[str], dict[str, Any]]:
        conditions = ["q.release_id = :release"]
        values: dict[str, Any] = {"release": release, "person": person_id}
        if where.modality is not None:
            conditions.append("q.modality = :modality")
            values["modality"] = str(where.modality)
        for n, (key, value) in enumerate(where.slices.items()):
            conditions.append(OF_SLICE.format(key=f"key{n}", value=f"value{n}"))
            values |= {f"key{n}": key, f"value{n}": slice_text(value)}
        if where.tier is not None:
            conditions.append(OF_TIER)
            values["tier"] = str(where.tier)
        if turn is not None:
            values["now"] = turn.now
            for n, (key, text) in enumerate(turn.kept_from):
                conditions.append(f"NOT {OF_SLICE.format(key=f'kept_key{n}', value=f'kept_value{n}')}")
                values |= {f"kept_key{n}": key, f"kept_value{n}": text}
        return conditions, values
