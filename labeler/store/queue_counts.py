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
_WEIGHT = """
coalesce((SELECT weight / (1 + weight) FROM comparisons
          WHERE comparisons.item_id = queue.item_id AND comparisons.release_id = queue.release_id), 0)
"""
_REAL = """
FROM judgements AS j JOIN people ON people.id = j.person_id
WHERE j.release_id = queue.release_id AND j.item_id = queue.item_id AND j.standing = 1 AND j.kind = 'verdict'
  AND people.simulated = 0
"""
_TELLING = f"""
    CASE WHEN (SELECT count(DISTINCT outcome) {_REAL}) > 1 THEN 2 + {_WEIGHT}
         WHEN EXISTS (SELECT 1 {_REAL} AND j.sure = 0) THEN 1 + {_WEIGHT}
         WHEN EXISTS (SELECT 1 {_REAL}) THEN {_WEIGHT} / 2 ELSE {_WEIGHT} END
"""
"""How much the next verdict tells: people differ, someone doubts, else how much the outputs differ; less where one
person was sure."""
UNSETTLED = """
NOT EXISTS (SELECT 1 FROM resolutions AS r WHERE r.release_id = queue.release_id AND r.item_id = queue.item_id
            AND r.standing = 1 AND r.by_lead = 1)
"""
"""No lead has settled the item: what is settled needs nobody's verdict any more."""
REFRESH = f"""
UPDATE queue SET verdicts = (SELECT count(*) {_REAL}), needed = {NEEDED}, telling = {_TELLING},
    open = (SELECT count(*) {_REAL}) < {NEEDED} AND {UNSETTLED}
WHERE release_id = ?1
"""
"""Counts the verdicts of a release's items again and opens or closes their places."""
_REFRESH_ONE = f"{REFRESH} AND item_id = ?2"


def refresh_queue(connection: sqlite3.Connection, release: str, item_id: str) -> None:
    """Count an item's verdicts again and open or close its place in the queue."""
    connection.execute(_REFRESH_ONE, (release, item_id))
