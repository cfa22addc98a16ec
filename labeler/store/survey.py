"""Counts over the whole store, for status and checks. They read much; no screen waits for them."""

from __future__ import annotations

from dataclasses import dataclass

from labeler.domain.items import Modality
from labeler.domain.verdicts import State
from labeler.store.connected import Connected
from labeler.store.folding import state_of


@dataclass(frozen=True, slots=True)
class Left:
    """A part of a queue: how many items are in it, and how many of them still lack verdicts."""

    key: str
    value: str
    queued: int
    open: int


class Survey(Connected):
    """What is there in all."""

    def event_count(self) -> int:
        return int(self.connection.execute("SELECT count(*) FROM events").fetchone()[0])

    def decision_count(self) -> int:
        return int(self.connection.execute("SELECT count(*) FROM decisions").fetchone()[0])

    def verdict_counts(self, release: str) -> dict[str, int]:
        """How many verdicts in force each person has given on a release."""
        rows = self.connection.execute(
            "SELECT person_id, count(*) FROM judgements WHERE release_id = ? AND standing = 1 AND kind = 'verdict' "
            "GROUP BY person_id",
            (release,),
        )
        return dict(rows.fetchall())

    def left_by_modality(self, release: str) -> list[Left]:
        rows = self.connection.execute(
            "SELECT 'modality', modality, queued, open FROM queue_counts WHERE release_id = ? ORDER BY modality",
            (release,),
        )
        return [Left(*row) for row in rows]

    def left_by_tier(self, release: str) -> list[Left]:
        """By the tier of the resolution, else the one that most verdicts give; `unknown` before any.

        SQLite would take the index by person, which holds the tier, and read all verdicts for every item.
        """
        rows = self.connection.execute(
            """SELECT 'tier', coalesce(
                   (SELECT tier FROM resolutions AS r WHERE r.release_id = q.release_id AND r.item_id = q.item_id
                    AND r.standing = 1),
                   (SELECT tier FROM judgements AS j INDEXED BY judgements_standing
                    WHERE j.release_id = q.release_id AND j.item_id = q.item_id AND j.standing = 1
                      AND j.kind = 'verdict' GROUP BY tier ORDER BY count(*) DESC, tier LIMIT 1),
                   'unknown') AS tier, count(*), sum(open)
               FROM queue AS q WHERE release_id = ? GROUP BY 2 ORDER BY 2""",
            (release,),
        )
        return [Left(*row) for row in rows]

    def left_by_slice(self, release: str, most_values: int) -> list[Left]:
        """By each slice that has at most so many values."""
        rows = self.connection.execute(
            """WITH listed AS (SELECT key FROM slices GROUP BY key HAVING count(DISTINCT value) <= ?)
               SELECT s.key, s.value, count(*), sum(q.open) FROM slices AS s
               JOIN queue AS q ON q.release_id = ? AND q.item_id = s.item_id
               WHERE s.key IN (SELECT key FROM listed) GROUP BY s.key, s.value ORDER BY s.key, s.value""",
            (most_values, release),
        )
        return [Left(*row) for row in rows]

    def resolved_by_modality(self, release: str) -> dict[Modality, int]:
        rows = self.connection.execute(
            "SELECT modality, count(*) FROM resolutions AS r JOIN items ON items.id = r.item_id "
            "WHERE release_id = ? AND standing = 1 GROUP BY modality",
            (release,),
        )
        return {Modality(modality): count for modality, count in rows}

    def state(self) -> State:
        """What the tables say is in force; `domain.verdicts.fold` of all events is what they should say."""
        return state_of(self.connection)
