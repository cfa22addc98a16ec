"""What agreement and people's quality are counted from, read for a whole release and in short.

Whole verdicts of thousands of items hold a hundred times as much: every region of every gold answer among it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import orjson

from labeler.domain.item_json import answer_from_json
from labeler.domain.items import Answer, Modality
from labeler.domain.verdicts import Failure, failure_from_json
from labeler.store.at_once import AtOnce, parts
from labeler.store.catalogue import slice_text

Given = tuple[str, str, str, str, str]
"""A verdict in force in short: item, person, event, which output is right, tier. Text alone, which Python's collector
passes over: of a hundred thousand objects it would make the window wait."""


class Answers(AtOnce):
    """Reads of what many verdicts answer. Each lets go of the interpreter every few hundred rows."""

    def verdicts_in_short(self, release: str) -> list[Given]:
        """Every verdict in force, in order of item and person."""
        rows: list[Given] = self.connection.execute(
            "SELECT item_id, person_id, event_id, outcome, tier FROM judgements WHERE release_id = ? AND standing = 1 "
            "AND kind = 'verdict' ORDER BY item_id, person_id",
            (release,),
        ).fetchall()
        return rows

    def slices_of_items(self, items: Collection[str]) -> dict[str, dict[str, str]]:
        """By item: its slices as text, the modality among them."""
        found = {}
        for some in parts(items):
            rows = self.connection.execute(
                "SELECT i.id, i.modality, i.data FROM json_each(?) AS wanted "
                "CROSS JOIN items AS i ON i.id = wanted.value",
                (orjson.dumps(some).decode(),),
            ).fetchall()
            for item_id, modality, data in rows:
                slices = orjson.loads(data).get("slices") or {}
                found[item_id] = {"modality": modality, **{key: slice_text(value) for key, value in slices.items()}}
        return found

    def bodies_of(self, events: Collection[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """What these events hold, by event."""
        for some in parts(events):
            rows = self.connection.execute(
                "SELECT e.id, e.data FROM json_each(?) AS wanted CROSS JOIN events AS e ON e.id = wanted.value",
                (orjson.dumps(some).decode(),),
            ).fetchall()
            for event_id, data in rows:
                yield event_id, orjson.loads(data)["body"]

    def failures_of(self, events: Mapping[str, Modality]) -> list[tuple[tuple[Failure, ...], list[str]]]:
        """The failures that these verdicts name, in today's codes: what is said of many items once, and the events
        that say it. Given: the modality of each one's item.
        """
        history = self.rubric_history
        known: dict[tuple[bytes, Modality, str], list[str]] = {}
        for event_id, body in self.bodies_of(events):
            said = (orjson.dumps(body["failures"]), events[event_id], body["rubric"])
            known.setdefault(said, []).append(event_id)
        found = []
        for (raw, modality, version), said_by in known.items():
            failures = tuple(failure_from_json(failure) for failure in orjson.loads(raw))
            if failures and history.changes_anything:
                failures = history.failures(modality, version, failures)
            found.append((failures, said_by))
        return found

    def private_values(self, events: Collection[str], field: str) -> Iterator[tuple[str, str]]:
        """One private value of these events as JSON, by event; nothing of those that have none, or no longer."""
        for some in parts(events):
            yield from self.connection.execute(
                "SELECT p.event_id, p.value FROM json_each(?) AS wanted "
                "CROSS JOIN privates AS p ON p.event_id = wanted.value AND p.field = ?",
                (orjson.dumps(some).decode(), field),
            ).fetchall()

    def gold_answers_of(self, events: Collection[str]) -> list[tuple[Answer, list[str]]]:
        """The gold answers that these verdicts left, each once, and the events that left it. Regions and segments,
        which are most of an answer, are left out.
        """
        known: dict[str, list[str]] = {}
        for event_id, value in self.private_values(events, "gold"):
            known.setdefault(value, []).append(event_id)
        return [
            (answer_from_json({**orjson.loads(value), "regions": None, "segments": None}), left)
            for value, left in known.items()
        ]
