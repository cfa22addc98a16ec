"""Which verdicts and resolutions are in force, with everything that is known of them."""

from __future__ import annotations

from dataclasses import dataclass

from labeler.domain.events import Event
from labeler.domain.item_json import answer_from_json
from labeler.domain.items import Answer
from labeler.domain.people import Person
from labeler.domain.verdict_json import resolution_from, verdict_from
from labeler.domain.verdicts import Resolution, Verdict
from labeler.store.rubric_state import RubricState


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """A verdict in force, the event that holds it, and who gave it. Its codes are those of the rubric of today."""

    event: Event
    verdict: Verdict
    person: Person

    @property
    def simulated(self) -> bool:
        return self.person.simulated


@dataclass(frozen=True, slots=True)
class StoredResolution:
    """A resolution in force, and the event that holds it."""

    event: Event
    resolution: Resolution


class VerdictState(RubricState):
    """What people said, as it stands now."""

    def verdict_of(self, release: str, item_id: str, person_id: str) -> StoredVerdict | None:
        row = self.connection.execute(
            "SELECT event_id FROM judgements WHERE release_id = ? AND item_id = ? AND person_id = ? "
            "AND standing = 1 AND kind = 'verdict'",
            (release, item_id, person_id),
        ).fetchone()
        return None if row is None else self.stored_verdict(row[0])

    def verdicts(self, release: str, item_id: str) -> list[StoredVerdict]:
        """The verdicts in force on an item, in order of person."""
        rows = self.connection.execute(
            "SELECT event_id FROM judgements WHERE release_id = ? AND item_id = ? AND standing = 1 "
            "AND kind = 'verdict' ORDER BY person_id",
            (release, item_id),
        ).fetchall()
        return [self.stored_verdict(event_id) for (event_id,) in rows]

    def stored_verdict(self, event_id: str) -> StoredVerdict:
        """The verdict that an event holds, whether in force or not. Raises KeyError when there is no such verdict."""
        event = self.event(event_id)
        if event is None:
            raise KeyError(event_id)
        verdict = self.in_todays_codes(verdict_from(event.body, self.private_of(event_id)))
        return StoredVerdict(event, verdict, self.person_of(event.author))

    def skipped_by(self, release: str, person_id: str) -> list[str]:
        """Items that this person skipped and has not judged since, newest first."""
        rows = self.connection.execute(
            "SELECT item_id FROM judgements WHERE release_id = ? AND person_id = ? AND standing = 1 "
            "AND kind = 'skip' ORDER BY at DESC, event_id DESC",
            (release, person_id),
        )
        return [row[0] for row in rows]

    def resolution(self, release: str, item_id: str) -> StoredResolution | None:
        row = self.connection.execute(
            "SELECT event_id FROM resolutions WHERE release_id = ? AND item_id = ? AND standing = 1",
            (release, item_id),
        ).fetchone()
        return None if row is None else self._stored_resolution(row[0])

    def unresolved(self, release: str) -> list[str]:
        """Items with a verdict in force and no resolution, in order of id."""
        rows = self.connection.execute(
            """SELECT DISTINCT item_id FROM judgements AS j WHERE release_id = ? AND standing = 1 AND kind = 'verdict'
               AND NOT EXISTS (SELECT 1 FROM resolutions AS r WHERE r.release_id = j.release_id
                               AND r.item_id = j.item_id AND r.standing = 1)
               ORDER BY item_id""",
            (release,),
        )
        return [row[0] for row in rows]

    def judged_items(self, release: str) -> list[str]:
        """Items with a verdict in force, in order of id."""
        rows = self.connection.execute(
            "SELECT DISTINCT item_id FROM judgements WHERE release_id = ? AND standing = 1 AND kind = 'verdict' "
            "ORDER BY item_id",
            (release,),
        )
        return [row[0] for row in rows]

    def last_given(self, release: str) -> dict[str, str]:
        """When the newest verdict in force on each item was given."""
        rows = self.connection.execute(
            "SELECT item_id, max(at) FROM judgements WHERE release_id = ? AND standing = 1 AND kind = 'verdict' "
            "GROUP BY item_id",
            (release,),
        )
        return dict(rows.fetchall())

    def last_standing(self, stream: str) -> Event | None:
        """The newest verdict, check or skip of a stream that is in force: what its person would take back next."""
        row = self.connection.execute(
            """SELECT e.id FROM events AS e WHERE e.stream = ? AND (
                   EXISTS (SELECT 1 FROM judgements AS j WHERE j.event_id = e.id AND j.standing = 1)
                   OR EXISTS (SELECT 1 FROM checks AS c WHERE c.event_id = e.id AND c.standing = 1))
               ORDER BY e.seq DESC LIMIT 1""",
            (stream,),
        ).fetchone()
        return None if row is None else self.event(row[0])

    def last_resolution(self, stream: str) -> StoredResolution | None:
        """The newest resolution of a stream that is in force: what its lead would take back next."""
        row = self.connection.execute(
            """SELECT e.id FROM events AS e JOIN resolutions AS r ON r.event_id = e.id
               WHERE e.stream = ? AND r.standing = 1 AND r.by_lead = 1 ORDER BY e.seq DESC LIMIT 1""",
            (stream,),
        ).fetchone()
        return None if row is None else self._stored_resolution(row[0])

    def latest_judgement(self, release: str, item_id: str, person_id: str) -> str | None:
        """Id of a person's newest verdict or skip on an item, in force or not."""
        row = self.connection.execute(
            "SELECT event_id FROM judgements WHERE release_id = ? AND item_id = ? AND person_id = ? "
            "ORDER BY at DESC, event_id DESC LIMIT 1",
            (release, item_id, person_id),
        ).fetchone()
        return None if row is None else str(row[0])

    def reopened_by_lead(self, release: str, item_id: str) -> set[tuple[str, ...]]:
        """The verdicts (event ids) behind each decision on an item that a lead opened again."""
        rows = self.connection.execute(
            """SELECT DISTINCT r.event_id FROM resolutions AS r JOIN ended AS x ON x.event_id = r.event_id
               WHERE r.release_id = ? AND r.item_id = ? AND x.kind = 'reopening' AND x.by_lead = 1 AND x.allowed = 1""",
            (release, item_id),
        ).fetchall()
        return {self._stored_resolution(event_id).resolution.verdicts for (event_id,) in rows}

    def opened_by_lead(self, release: str) -> set[str]:
        """The items whose decision a lead opened again, and that have none since."""
        rows = self.connection.execute(
            """SELECT r.item_id FROM resolutions AS r JOIN ended AS x ON x.event_id = r.event_id
               WHERE r.release_id = ?1 AND x.kind = 'reopening' AND x.by_lead = 1 AND x.allowed = 1
                 AND NOT EXISTS (SELECT 1 FROM resolutions AS s
                                 WHERE s.release_id = ?1 AND s.item_id = r.item_id AND s.standing = 1)""",
            (release,),
        )
        return {item_id for (item_id,) in rows}

    def latest_resolution(self, release: str, item_id: str, person_id: str) -> str | None:
        """Id of a person's newest decision on an item as a lead, in force or not."""
        row = self.connection.execute(
            """SELECT r.event_id FROM resolutions AS r JOIN events AS e ON e.id = r.event_id
               WHERE r.release_id = ?1 AND r.item_id = ?2 AND r.by_lead = 1
                 AND substr(e.stream, 1, length(?3) + 1) = ?3 || '@'
               ORDER BY r.at DESC, r.event_id DESC LIMIT 1""",
            (release, item_id, person_id),
        ).fetchone()
        return None if row is None else str(row[0])

    def simulated_verdicts(self, release: str) -> int:
        """How many verdicts in force come from simulated annotators."""
        row = self.connection.execute(
            "SELECT count(*) FROM judgements JOIN people ON people.id = person_id "
            "WHERE release_id = ? AND standing = 1 AND kind = 'verdict' AND simulated = 1",
            (release,),
        ).fetchone()
        return int(row[0])

    def decided_answer(self, stored: StoredResolution) -> Answer | None:
        """The gold answer that was decided: a verdict's, or what the lead wrote; None where there is none, or none any
        more.
        """
        gold = self.private_of(stored.resolution.gold_from or stored.event.id).get("gold")
        return None if gold is None else answer_from_json(gold)

    def _stored_resolution(self, event_id: str) -> StoredResolution:
        event = self.event(event_id)
        if event is None:
            raise KeyError(event_id)
        resolution = resolution_from(event.body, self.private_of(event_id))
        return StoredResolution(event, self.in_todays_codes(resolution))
