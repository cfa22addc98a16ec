"""What people are checked and trained with: items whose answer is known, and a person's own, judged before."""

from __future__ import annotations

from labeler.domain.queue import QueueFilter
from labeler.store.assigned import Assigned


class Checking(Assigned):
    """Reads which items could be somebody's next check."""

    def has_met(self, person_id: str, item_id: str) -> bool:
        """Whether the person ever judged, skipped or was checked on this item, in any release."""
        row = self.connection.execute(
            # Naming the releases, few as they are, lets the index find the rows.
            "SELECT EXISTS (SELECT 1 FROM judgements WHERE release_id IN (SELECT id FROM releases) "
            "               AND person_id = ?1 AND item_id = ?2) "
            "OR EXISTS (SELECT 1 FROM checks WHERE release_id IN (SELECT id FROM releases) "
            "           AND person_id = ?1 AND item_id = ?2 AND standing = 1)",
            (person_id, item_id),
        ).fetchone()
        return bool(row[0])

    def training_answers(self, person_id: str) -> list[bool]:
        """Whether each training item that the person judged was judged as it was settled, in order of time."""
        rows = self.connection.execute(
            """SELECT c.outcome = r.outcome FROM checks AS c JOIN resolutions AS r ON r.event_id = c.of_event
               WHERE c.person_id = ? AND c.kind = 'training' AND c.standing = 1 AND c.outcome != ''
               ORDER BY c.at, c.event_id""",
            (person_id,),
        )
        return [bool(agreed) for (agreed,) in rows]

    def known_for(self, release: str, person_id: str, where: QueueFilter, limit: int = 1) -> list[tuple[str, str]]:
        """Items, with their resolutions' events, that a lead settled and the person has not met."""
        conditions, values = self._conditions(release, person_id, where)
        sql = f"""
            SELECT q.item_id, r.event_id FROM resolutions AS r
            CROSS JOIN queue AS q ON q.release_id = r.release_id AND q.item_id = r.item_id
            WHERE r.release_id = :release AND r.standing = 1 AND r.by_lead = 1 AND r.outcome != 'undecidable'
              AND {" AND ".join(conditions)} AND {_UNTOUCHED}
            ORDER BY q.rank LIMIT :limit"""
        rows = self.connection.execute(sql, {**values, "limit": limit})
        return [(item, event) for item, event in rows]

    def own_for(self, release: str, person_id: str, where: QueueFilter, apart: int) -> list[tuple[str, str]]:
        """An item (with the verdict's event) that this person judged, at least `apart` items ago, to be judged again.

        None whose settlement the person may have seen, and none twice.
        """
        conditions, values = self._conditions(release, person_id, where)
        sql = f"""
            SELECT q.item_id, j.event_id FROM (
                SELECT event_id, item_id FROM judgements WHERE release_id = :release AND person_id = :person
                AND standing = 1 AND kind = 'verdict' ORDER BY at DESC, event_id DESC LIMIT -1 OFFSET :apart) AS j
            CROSS JOIN queue AS q ON q.release_id = :release AND q.item_id = j.item_id
            WHERE {" AND ".join(conditions)}
              AND NOT EXISTS (SELECT 1 FROM checks AS c WHERE c.release_id = q.release_id AND c.person_id = :person
                              AND c.item_id = q.item_id AND c.standing = 1)
              AND NOT EXISTS (SELECT 1 FROM resolutions AS r WHERE r.release_id = q.release_id
                              AND r.item_id = q.item_id AND r.standing = 1 AND r.by_lead = 1)
            ORDER BY q.rank % 1000003 LIMIT 1"""
        rows = self.connection.execute(sql, {**values, "apart": apart - 1})
        return [(item, event) for item, event in rows]

    def known_earlier(self, release: str, person_id: str, limit: int) -> list[tuple[str, str]]:
        """As `known_for`, of earlier releases: each item with the newest lead's decision on it, as it was then.

        Only items that do not wait in this release's queue: who was told how one was settled must not judge it now,
        nor learn which of its outputs is an old acquaintance.
        """
        rows = self.connection.execute(
            """SELECT r.item_id, r.event_id, max(earlier.at || earlier.event_id) FROM resolutions AS r
               JOIN releases AS this ON this.id = ?1
               JOIN releases AS earlier ON earlier.id = r.release_id
                    AND (earlier.at, earlier.event_id) < (this.at, this.event_id)
               JOIN comparisons AS c ON c.release_id = r.release_id AND c.item_id = r.item_id
               LEFT JOIN queue AS was ON was.release_id = r.release_id AND was.item_id = r.item_id
               WHERE r.standing = 1 AND r.by_lead = 1 AND r.outcome != 'undecidable'
                 AND NOT EXISTS (SELECT 1 FROM queue AS q WHERE q.release_id = ?1 AND q.item_id = r.item_id)
                 AND NOT EXISTS (SELECT 1 FROM judgements AS j WHERE j.release_id IN (SELECT id FROM releases)
                                 AND j.item_id = r.item_id AND j.person_id = ?2)
                 AND NOT EXISTS (SELECT 1 FROM checks AS k WHERE k.release_id IN (SELECT id FROM releases)
                                 AND k.item_id = r.item_id AND k.person_id = ?2 AND k.standing = 1)
               GROUP BY r.item_id ORDER BY was.rank, r.item_id LIMIT ?3""",
            (release, person_id, limit),
        )
        return [(item, event) for item, event, _ in rows]


_UNTOUCHED = """
NOT EXISTS (SELECT 1 FROM judgements AS j WHERE j.release_id = q.release_id AND j.item_id = q.item_id
            AND j.person_id = :person)
AND NOT EXISTS (SELECT 1 FROM checks AS c WHERE c.release_id = q.release_id AND c.person_id = :person
                AND c.item_id = q.item_id AND c.standing = 1)
"""
