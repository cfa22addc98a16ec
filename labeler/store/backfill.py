"""Past decisions with what stands on their items, and the erasure of what may be personal."""

from __future__ import annotations

from typing import NamedTuple

import orjson

from labeler.domain.backfill.records import Decision, Found, Resolved
from labeler.domain.differences.model import ItemClass
from labeler.domain.items import Modality
from labeler.domain.verdicts import Right
from labeler.store.connected import Connected

# The order of the tables is that of the decisions' ids, which nothing has to sort then.
_DECISIONS = """
SELECT d.data, d.at, items.modality, items.data ->> '$.slices', c.class
FROM decisions AS d CROSS JOIN items ON items.id = d.item_id
CROSS JOIN comparisons AS c ON c.release_id = :release AND c.item_id = d.item_id
WHERE (:only IS NULL OR d.id = :only)
ORDER BY d.id
"""
_FLIP = str(ItemClass.FLIP)
_REAL = """
SELECT DISTINCT item_id FROM judgements JOIN people ON people.id = person_id
WHERE release_id = ? AND standing = 1 AND kind = 'verdict' AND simulated = 0
"""


class DecidedItem(NamedTuple):
    """A decision, its item, and whether the item's outputs differ materially in a release."""

    decision: Decision
    imported_at: str
    """Empty for what an older program imported."""
    modality: Modality
    slices: bytes | str
    """As JSON."""
    flips: bool


class Backfill(Connected):
    """What the old model decided."""

    def decided_items(self, release: str, decision_id: str | None = None) -> list[DecidedItem]:
        """Decisions whose item is compared in a release, in order of id; one of them if it is named."""
        rows = self.connection.execute(_DECISIONS, {"release": release, "only": decision_id})
        modalities = {str(modality): modality for modality in Modality}
        return [
            DecidedItem(Decision(orjson.loads(data)), at, modalities[modality], slices or b"{}", item_class == _FLIP)
            for data, at, modality, slices, item_class in rows
        ]

    def decided_item_ids(self) -> frozenset[str]:
        """Items on which past decisions rest."""
        return frozenset(row[0] for row in self.connection.execute("SELECT DISTINCT item_id FROM decisions"))

    def found_now(self, release: str) -> dict[str, Found]:
        """What stands on each item of a release now: `domain.backfill.records.found_as_of` of the whole log."""
        verdicts: dict[str, list[str]] = {}
        for item_id, event_id in self.connection.execute(
            "SELECT item_id, event_id FROM judgements WHERE release_id = ? AND standing = 1 AND kind = 'verdict' "
            "ORDER BY event_id",
            (release,),
        ):
            verdicts.setdefault(item_id, []).append(event_id)
        rights = {str(right): right for right in Right}
        resolved = {
            item_id: Resolved(rights[outcome], tier, at, stored, data)
            for item_id, outcome, tier, at, stored, data in self.connection.execute(
                "SELECT r.item_id, r.outcome, r.tier, r.at, e.hash, e.data FROM resolutions AS r "
                "JOIN events AS e ON e.id = r.event_id WHERE r.release_id = ? AND r.standing = 1",
                (release,),
            )
        }
        return {
            item_id: Found(tuple(verdicts.get(item_id, ())), resolved.get(item_id))
            for item_id in verdicts.keys() | resolved.keys()
        }

    def judged_by_people(self, release: str) -> frozenset[str]:
        """Items with a verdict in force that is not of a simulated annotator."""
        return frozenset(row[0] for row in self.connection.execute(_REAL, (release,)))

    def verdicts_by_day(self, release: str, days: int) -> list[int]:
        """How many verdicts in force of real people each of the newest days (UTC) with any had, newest first."""
        rows = self.connection.execute(
            """SELECT count(*) FROM judgements JOIN people ON people.id = person_id
               WHERE release_id = ? AND kind = 'verdict' AND standing = 1 AND simulated = 0
               GROUP BY substr(at, 1, 10) ORDER BY substr(at, 1, 10) DESC LIMIT ?""",
            (release, days),
        )
        return [int(row[0]) for row in rows]
