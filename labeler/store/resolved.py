"""What was decided on the items of a release, row by row, for figures over all of them. It reads much at once."""

from __future__ import annotations

from collections.abc import Iterable

from labeler.domain.insights.rows import ResolvedRow
from labeler.store.connected import Connected

MOST_VALUES = 12
"""A slice with more values (a duration, a noise level) is not cut by value by value."""


class Resolved(Connected):
    """The resolutions in force, as rows."""

    def resolved_rows(self, release: str) -> list[ResolvedRow]:
        """Every resolution in force of a release, in order of item."""
        rows: list[ResolvedRow] = self.connection.execute(
            """SELECT r.item_id, coalesce(q.modality, (SELECT modality FROM items WHERE id = r.item_id)), r.tier,
                      r.outcome, r.failures, r.by_lead, coalesce(q.p, 1), coalesce(q.why, 'check'), r.at
               FROM resolutions AS r
               LEFT JOIN queue AS q ON q.release_id = r.release_id AND q.item_id = r.item_id
               WHERE r.release_id = ? AND r.standing = 1 ORDER BY r.item_id""",
            (release,),
        ).fetchall()
        return rows

    def last_position(self) -> int:
        """Grows with every event of the log: the same number, the same state."""
        return int(self.connection.execute("SELECT coalesce(max(position), 0) FROM events").fetchone()[0])

    def telling_slices(self) -> list[str]:
        """Keys of slices with at least two and at most `MOST_VALUES` values, in order."""
        rows = self.connection.execute(
            "SELECT key FROM slices GROUP BY key HAVING count(DISTINCT value) BETWEEN 2 AND ? ORDER BY key",
            (MOST_VALUES,),
        )
        return [row[0] for row in rows]

    def slice_rows(self, key: str) -> Iterable[tuple[str, str]]:
        """(value, item id) of every item that has this slice, in order of both."""
        rows: list[tuple[str, str]] = self.connection.execute(
            "SELECT value, item_id FROM slices WHERE key = ? ORDER BY value, item_id", (key,)
        ).fetchall()
        return rows

    def judged_rows(self, release: str) -> Iterable[tuple[str, str]]:
        """(person id, item id) of every verdict in force."""
        rows: list[tuple[str, str]] = self.connection.execute(
            "SELECT person_id, item_id FROM judgements WHERE release_id = ? AND standing = 1 AND kind = 'verdict'",
            (release,),
        ).fetchall()
        return rows

    def simulated_items(self, release: str) -> list[str]:
        """Items whose resolution rests on a simulated annotator's verdict, in order."""
        rows = self.connection.execute(
            """SELECT DISTINCT r.item_id FROM people
               JOIN judgements AS j ON j.person_id = people.id AND j.release_id = ?1 AND j.kind = 'verdict'
               JOIN resolutions AS r ON r.release_id = ?1 AND r.item_id = j.item_id AND r.standing = 1
               JOIN events AS e ON e.id = r.event_id
               WHERE people.simulated = 1
                 AND EXISTS (SELECT 1 FROM json_each(e.data, '$.body.verdicts') WHERE value = j.event_id)
               ORDER BY r.item_id""",
            (release,),
        )
        return [row[0] for row in rows]
