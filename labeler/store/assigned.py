"""Whose an item is for the time being, what was skipped and why, and the checks that people were given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from labeler.domain.assignment import Turn
from labeler.domain.checks import CheckKind
from labeler.domain.events import Event
from labeler.domain.queue import QueueFilter
from labeler.store.queues import EVERYTHING, Queues
from labeler.store.role_state import is_allowed
from labeler.store.survey import Left

_RULES_TAKEN = "rules_taken"


@dataclass(frozen=True, slots=True)
class Reservation:
    """An item that is somebody's until a time (RFC 3339, UTC); `why` names the round, if it is of one."""

    item_id: str
    person_id: str
    until: str
    why: str
    done: bool
    """The person has judged or skipped it."""


@dataclass(frozen=True, slots=True)
class Skip:
    """A skip in force."""

    event_id: str
    item_id: str
    person_id: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check that was answered or skipped (`outcome` empty) and not taken back."""

    event_id: str
    item_id: str
    person_id: str
    kind: CheckKind
    of_event: str
    outcome: str
    at: str


class Assigned(Queues):
    """Reads what the log says of assignment."""

    def reservations(self, release: str, now: str = "") -> list[Reservation]:
        """Those that are not over at `now`, or all, by person and item."""
        rows = self.connection.execute(
            """SELECT item_id, person_id, until, why, EXISTS (
                   SELECT 1 FROM judgements AS j WHERE j.release_id = r.release_id AND j.item_id = r.item_id
                   AND j.person_id = r.person_id AND j.standing = 1)
               FROM reservations AS r WHERE release_id = ? AND until > ? ORDER BY person_id, item_id""",
            (release, now),
        )
        return [Reservation(item, person, until, why, bool(done)) for item, person, until, why, done in rows]

    def skips(self, release: str) -> list[Skip]:
        """Skips in force, newest first."""
        rows = self.connection.execute(
            """SELECT j.event_id, j.item_id, j.person_id, CAST(e.data AS TEXT) ->> '$.body.reason', j.at
               FROM judgements AS j JOIN events AS e ON e.id = j.event_id
               WHERE j.release_id = ? AND j.standing = 1 AND j.kind = 'skip' ORDER BY j.at DESC, j.event_id DESC""",
            (release,),
        )
        return [Skip(event, item, person, reason or "", at) for event, item, person, reason, at in rows]

    def judged_by(self, release: str, person_id: str) -> frozenset[str]:
        """Items with a verdict of this person in force; hidden checks do not count."""
        rows = self.connection.execute(
            "SELECT item_id FROM judgements WHERE release_id = ? AND person_id = ? AND standing = 1 "
            "AND kind = 'verdict'",
            (release, person_id),
        )
        return frozenset(row[0] for row in rows)

    def skipped_checks(self, release: str, person_id: str) -> list[Skip]:
        """The hidden checks that a person skipped and that are in force, as skips, newest first."""
        rows = self.connection.execute(
            """SELECT c.event_id, c.item_id, c.person_id, CAST(e.data AS TEXT) ->> '$.body.skipped', c.at
               FROM checks AS c JOIN events AS e ON e.id = c.event_id
               WHERE c.release_id = ? AND c.person_id = ? AND c.standing = 1 AND c.outcome = '' AND c.kind != 'training'
               ORDER BY c.at DESC, c.event_id DESC""",
            (release, person_id),
        )
        return [Skip(event, item, person, reason or "", at) for event, item, person, reason, at in rows]

    def turns_taken(self, release: str, person_id: str) -> int:
        """How many items of the release the person has judged or skipped, checks among them."""
        row = self.connection.execute(
            """SELECT (SELECT count(*) FROM judgements WHERE release_id = ?1 AND person_id = ?2 AND standing = 1)
                    + (SELECT count(*) FROM checks WHERE release_id = ?1 AND person_id = ?2 AND standing = 1
                       AND kind != 'training')""",
            (release, person_id),
        ).fetchone()
        return int(row[0])

    def checks(self, release: str, person_id: str | None = None) -> list[CheckRow]:
        """The checks in force, in order of time; of one person, or of all."""
        rows = self.connection.execute(
            """SELECT event_id, item_id, person_id, kind, of_event, outcome, at FROM checks
               WHERE release_id = ?1 AND standing = 1 AND person_id = coalesce(?2, person_id) ORDER BY at, event_id""",
            (release, person_id),
        )
        return [CheckRow(e, i, p, CheckKind(k), of, outcome, at) for e, i, p, k, of, outcome, at in rows]

    def checks_of(self, release: str, item_id: str) -> list[CheckRow]:
        """The checks in force on an item, in order of time."""
        rows = self.connection.execute(
            """SELECT event_id, item_id, person_id, kind, of_event, outcome, at FROM checks
               WHERE release_id = ?1 AND item_id = ?2 AND standing = 1 ORDER BY at, event_id""",
            (release, item_id),
        )
        return [CheckRow(e, i, p, CheckKind(k), of, outcome, at) for e, i, p, k, of, outcome, at in rows]

    def asked_for_more(self, release: str) -> frozenset[str]:
        """Items that one more person was asked to judge and that still lack a verdict."""
        rows = self.connection.execute(
            "SELECT q.item_id FROM queue AS q WHERE q.release_id = ?1 AND q.open = 1 AND EXISTS "
            "(SELECT 1 FROM asks WHERE asks.release_id = ?1 AND asks.item_id = q.item_id AND asks.allowed = 1)",
            (release,),
        )
        return frozenset(row[0] for row in rows)

    @property
    def several_people(self) -> bool:
        """Whether more than one person, simulated ones aside, works on this project."""
        row = self.connection.execute("SELECT count(*) FROM (SELECT 1 FROM people WHERE simulated = 0 LIMIT 2)")
        return int(row.fetchone()[0]) > 1

    def is_qualified(self, person_id: str) -> bool:
        """Whether a lead let the person begin."""
        row = self.connection.execute(
            """SELECT 1 FROM events WHERE kind = 'qualification' AND CAST(data AS TEXT) ->> '$.body.person' = ?""",
            (person_id,),
        ).fetchone()
        return row is not None

    def allows(self, event: Event) -> bool:
        """Whether the role that its author had then allows an event."""
        return bool(is_allowed(self.connection, event))

    def verdicts_left(self, release: str) -> int:
        """How many verdicts are still needed."""
        row = self.connection.execute(
            "SELECT coalesce(sum(needed - verdicts), 0) FROM queue WHERE release_id = ? AND open = 1", (release,)
        )
        return int(row.fetchone()[0])

    def verdicts_by_person(self, release: str) -> dict[str, list[int]]:
        """By person (not simulated ones): how many verdicts in force on each day (UTC) with any, newest day first."""
        rows = self.connection.execute(
            """SELECT j.person_id, count(*) FROM judgements AS j JOIN people ON people.id = j.person_id
               WHERE j.release_id = ? AND j.standing = 1 AND j.kind = 'verdict' AND people.simulated = 0
               GROUP BY j.person_id, substr(j.at, 1, 10) ORDER BY substr(j.at, 1, 10) DESC""",
            (release,),
        )
        found: dict[str, list[int]] = {}
        for person, count in rows:
            found.setdefault(person, []).append(count)
        return found

    def left_for(self, release: str, person_id: str, turn: Turn, most_values: int = 12) -> list[Left]:
        """By modality and slice, of what this person judged or may judge: items, and how many wait for the person.

        Not by tier: others' tiers would lead.
        """
        conditions, values = self._conditions(release, person_id, EVERYTHING, turn)
        rows = self.connection.execute(
            f"""WITH mine AS (
                    SELECT q.item_id, q.modality, j.event_id IS NULL AS waits FROM queue AS q
                    LEFT JOIN judgements AS j ON j.release_id = q.release_id AND j.item_id = q.item_id
                         AND j.person_id = :person AND j.standing = 1
                    WHERE {" AND ".join(conditions)} AND (q.open = 1 OR j.event_id IS NOT NULL)),
                listed AS (SELECT key FROM slices GROUP BY key HAVING count(DISTINCT value) <= :most)
                SELECT 'modality', modality, count(*), sum(waits), '' FROM mine GROUP BY modality
                UNION ALL
                SELECT s.key, s.value, count(*), sum(waits), s.key FROM slices AS s JOIN mine USING (item_id)
                WHERE s.key IN (SELECT key FROM listed) GROUP BY s.key, s.value
                ORDER BY 5, 1, 2""",
            {**values, "most": most_values},
        )
        return [Left(*row[:4]) for row in rows]

    def checks_on(self, item_id: str) -> list[str]:
        """Events of every check on an item, in force or not."""
        rows = self.connection.execute("SELECT event_id FROM checks WHERE item_id = ? ORDER BY event_id", (item_id,))
        return [row[0] for row in rows]

    @property
    def rules_taken(self) -> frozenset[str]:
        """Events whose rules stand in this copy's `project.toml`, or did until somebody wrote others there."""
        return frozenset((self._fact(_RULES_TAKEN) or "").split())

    def take_rules(self, events: Iterable[str]) -> None:
        self._set_fact(_RULES_TAKEN, " ".join(sorted(events)))

    def to_settle_again(self, release: str) -> list[str]:
        """Items that people judged and no lead settled, where the number of people that an item needs was changed:
        enough of them and nothing decided, or decided by fewer.
        """
        rows = self.connection.execute(
            """SELECT q.item_id FROM queue AS q LEFT JOIN resolutions AS r
                 ON r.release_id = q.release_id AND r.item_id = q.item_id AND r.standing = 1
               WHERE q.release_id = ? AND q.verdicts > 0 AND coalesce(r.by_lead, 0) = 0
                 AND (q.verdicts >= q.needed) = (r.item_id IS NULL) ORDER BY q.item_id""",
            (release,),
        )
        return [row[0] for row in rows]

    def checks_done(self, release: str, person_id: str, where: QueueFilter) -> int:
        """How many hidden checks of this part of the queue the person has answered."""
        conditions, values = self._conditions(release, person_id, where)
        conditions += ["c.person_id = :person", "c.standing = 1", "c.outcome != ''", "c.kind != 'training'"]
        sql = (
            "SELECT count(*) FROM checks AS c JOIN queue AS q ON q.release_id = c.release_id AND q.item_id = c.item_id "
            f"WHERE {' AND '.join(conditions)}"
        )
        return int(self.connection.execute(sql, values).fetchone()[0])

    def checks_outside_queue(self, release: str, person_id: str) -> list[str]:
        """Items of checks that the person has answered and that are in no queue: earlier releases settled them."""
        rows = self.connection.execute(
            """SELECT c.item_id FROM checks AS c
               WHERE c.release_id = ?1 AND c.person_id = ?2 AND c.standing = 1 AND c.outcome != ''
                 AND c.kind != 'training' AND NOT EXISTS (
                     SELECT 1 FROM queue AS q WHERE q.release_id = c.release_id AND q.item_id = c.item_id)""",
            (release, person_id),
        )
        return [row[0] for row in rows]

    def timed_events(self, person_id: str) -> list[str]:
        """Verdicts and checks of a person that say how long they took, and their guesses."""
        rows = self.connection.execute(
            """SELECT p.event_id FROM privates AS p JOIN events AS e ON e.id = p.event_id
               WHERE (p.field = 'duration_ms' AND p.value != '0' OR p.field = 'guess')
                     AND substr(e.stream, 1, ?) = ? ORDER BY p.event_id""",
            (len(person_id) + 1, f"{person_id}@"),
        )
        return [row[0] for row in rows]
