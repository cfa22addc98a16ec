"""How many verdicts an item of the queue has, how many it needs, and how much the next one tells: as SQL."""

from __future__ import annotations

import sqlite3

NEEDED = """
    CASE WHEN (queue.rank & 1048575) < (SELECT CAST(value AS INTEGER) FROM facts WHERE key = 'shared_below')
         THEN max((SELECT CAST(value AS INTEGER) FROM facts WHERE key = 'overlap'),
                  (SELECT CAST(value AS INTEGER) FROM facts WHERE key = 'shared_by'))
         ELSE coalesce((SELECT CAST(value AS INTEGER) FROM facts WHERE key = 'overlap'), 1) END
    + coalesce((SELECT sum(people) FROM asks
                WHERE asks.release_id = queue.release_id AND asks.item_id = queue.item_id AND asks.allowed = 1), 0)
"""
"""How many people an item needs: `domain.assignment.needed`, as SQL."""
UNSETTLED = """
NOT EXISTS (SELECT 1 FROM resolutions AS r WHERE r.release_id = queue.release_id AND r.item_id = queue.item_id
            AND r.standing = 1 AND r.by_lead = 1)
"""
"""No lead has settled the item: what is settled needs nobody's verdict any more."""
REFRESH = f"""
UPDATE queue SET (verdicts, needed, telling, open) = (
    SELECT said.verdicts, wanted.needed,
        CASE WHEN said.outcomes > 1 THEN 2 + weighed.weight
             WHEN said.doubts > 0 THEN 1 + weighed.weight
             WHEN said.verdicts > 0 THEN weighed.weight / 2 ELSE weighed.weight END,
        said.verdicts < wanted.needed AND {UNSETTLED}
    FROM (SELECT count(*) AS verdicts, count(DISTINCT j.outcome) AS outcomes, count(nullif(j.sure, 1)) AS doubts
          FROM judgements AS j JOIN people ON people.id = j.person_id
          WHERE j.release_id = queue.release_id AND j.item_id = queue.item_id AND j.standing = 1
            AND j.kind = 'verdict' AND people.simulated = 0) AS said,
         (SELECT {NEEDED} AS needed) AS wanted,
         (SELECT coalesce((SELECT weight / (1 + weight) FROM comparisons
                           WHERE comparisons.item_id = queue.item_id
                             AND comparisons.release_id = queue.release_id), 0) AS weight) AS weighed
)
WHERE release_id = ?1
"""
"""Counts the verdicts of a release's items again, says how much the next one tells (people differ, someone doubts,
else how much the outputs differ; less where one person was sure), and opens or closes their places. One walk over an
item's verdicts: it is done with every save."""
_REFRESH_ONE = f"{REFRESH} AND item_id = ?2"


def refresh_queue(connection: sqlite3.Connection, release: str, item_id: str) -> None:
    """Count an item's verdicts again and open or close its place in the queue."""
    connection.execute(_REFRESH_ONE, (release, item_id))
