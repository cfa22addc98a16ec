"""What was decided on the items of a release, row by row, for figures over all of them. It reads much at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from labeler.domain.insights.rows import JudgedBefore, ResolvedRow
from labeler.store.rubric_state import RubricState

MOST_VALUES = 12
"""A slice with more values (a duration, a noise level) is not cut by value by value."""

# `r.item_id` where `c.item_id` is the same: what that looks up is then looked up last, for the few rows that are left.
_JUDGED_BEFORE = """
SELECT c.item_id, items.modality, c.class, c.old_sha256, c.new_sha256,
       e.release_id, e.old_sha256, e.new_sha256, r.outcome, r.failures, r.tier, r.by_lead, r.at
FROM comparisons AS c
JOIN releases AS this ON this.id = c.release_id
JOIN comparisons AS e ON e.item_id = c.item_id AND e.release_id != c.release_id
JOIN releases AS earlier ON earlier.id = e.release_id AND (earlier.at, earlier.event_id) < (this.at, this.event_id)
JOIN resolutions AS r ON r.release_id = e.release_id AND r.item_id = e.item_id AND r.standing = 1
JOIN items ON items.id = r.item_id
WHERE c.release_id = ?1 {few}
  AND (c.old_sha256 IN (e.old_sha256, e.new_sha256)) + (c.new_sha256 IN (e.old_sha256, e.new_sha256)) >= ?2
  AND NOT EXISTS (SELECT 1 FROM queue AS q WHERE q.release_id = c.release_id AND q.item_id = r.item_id)
  AND NOT EXISTS (SELECT 1 FROM resolutions AS own
                  WHERE own.release_id = c.release_id AND own.item_id = r.item_id AND own.standing = 1)
ORDER BY c.item_id, earlier.at, earlier.event_id
"""
_FEW = """AND c.item_id IN (
    SELECT k.item_id FROM resolutions AS k WHERE k.release_id != ?1 AND k.standing = 1 AND k.by_lead = 1
    AND NOT EXISTS (SELECT 1 FROM queue AS q WHERE q.release_id = ?1 AND q.item_id = k.item_id) LIMIT ?3)"""


class Resolved(RubricState):
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
        failures = self._in_todays_words()
        if failures is None:
            return rows
        return [
            (item, modality, tier, outcome, failures(release, item, modality, said), by_lead, p, why, at)
            for item, modality, tier, outcome, said, by_lead, p, why, at in rows
        ]

    def _in_todays_words(self) -> Callable[[str, str, str, str], str] | None:
        """Turns the failures of a resolution (release, item, modality, as its table holds them) into today's codes.

        None where they are today's already.
        """
        if not self.rubric_history.changes_anything:
            return None
        versions = {
            (release, item): version
            for release, item, version in self.connection.execute(
                "SELECT r.release_id, r.item_id, e.data ->> '$.body.rubric' FROM resolutions AS r "
                "JOIN events AS e ON e.id = r.event_id WHERE r.standing = 1"
            )
        }
        followed: dict[tuple[str, str, str], str] = {}

        def follow(release: str, item: str, modality: str, said: str) -> str:
            key = (said, versions[release, item], modality)
            if key not in followed:
                followed[key] = self.failures_in_todays_codes(*key)
            return followed[key]

        return follow

    def resolved_tiers(self) -> Iterable[tuple[str, str, str]]:
        """(item id, modality, tier) of every item that is resolved in any release, by its newest resolution."""
        rows: list[tuple[str, str, str]] = self.connection.execute(
            """SELECT r.item_id, items.modality, r.tier FROM resolutions AS r JOIN items ON items.id = r.item_id
               WHERE r.standing = 1 ORDER BY r.item_id, r.at, r.event_id"""
        ).fetchall()
        return rows

    def judged_before(self, release: str, most: int | None = None, *, item_id: str | None = None) -> list[JudgedBefore]:
        """What earlier releases' resolutions say of compared items that are not in this release's queue; of so many
        items that leads settled, or of one item, if not of all.

        Only resolutions that say something of one of the outputs here; where there is but one earlier release, of both.
        """
        (releases,) = self.connection.execute("SELECT count(*) FROM releases").fetchone()
        narrowed = item_id if item_id is not None else most
        values = (release, 2 if releases == 2 else 1, *(() if narrowed is None else (narrowed,)))
        few = "AND c.item_id = ?3" if item_id is not None else "" if most is None else _FEW
        sql = _JUDGED_BEFORE.format(few=few)
        rows: list[JudgedBefore] = self.connection.execute(sql, values).fetchall()
        failures = self._in_todays_words()
        if failures is None:
            return rows
        return [(*row[:9], failures(row[5], row[0], row[1], row[9]), *row[10:]) for row in rows]

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
