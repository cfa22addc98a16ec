"""Reading past decisions, against the floor of that work: the same rows out of SQLite, and each line parsed once."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from labeler.domain.events import EventKind, event_hash
from labeler.domain.items import Modality, ModelVersion, Pair
from labeler.domain.people import Role
from labeler.domain.project import ProjectSettings, release_of
from labeler.steps.backfill.records import read_records
from labeler.steps.opening import create_project
from labeler.steps.project import Project
from tests.steps.judged_project import Clock

RECORDS = 10_000
RELEASE = release_of({Modality.IMAGE: Pair(ModelVersion("reader", "1"), ModelVersion("reader", "2"))})
_ROWS = (
    "SELECT d.data, d.at, i.modality, i.data ->> '$.slices', c.class FROM decisions AS d "
    "JOIN items AS i ON i.id = d.item_id JOIN comparisons AS c ON c.item_id = d.item_id",
    "SELECT item_id, event_id FROM judgements",
    "SELECT e.data, r.item_id FROM resolutions AS r JOIN events AS e ON e.id = r.event_id",
    "SELECT data FROM events WHERE kind = 'disposition'",
)
_PARSED = (0, 3)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A real store, filled by its tables: a half is judged, and a quarter has a disposition."""
    settings = ProjectSettings("many", "2026-09-01T08:00:00Z", seed=1)
    made = create_project(tmp_path / "project", now=Clock(), settings=settings)
    made.store.add_person("Lea", Role.LEAD, at=Clock()(), person_id="p")
    store = made.store.connection
    store.execute("PRAGMA foreign_keys = OFF")
    store.execute("BEGIN")
    for n in (0, 1):
        store.execute("INSERT INTO models VALUES (?, 'reader', ?)", (n, str(n + 1)))
    store.execute("INSERT INTO releases VALUES (?, '2026-09-01T08:00:00Z', 'e0')", (RELEASE.id,))
    store.execute("INSERT INTO release_pairs VALUES (?, 'image', 0, 1)", (RELEASE.id,))
    for number in range(RECORDS):
        _fill(store, number)
    store.execute("COMMIT")
    return made


def _fill(store: object, number: int) -> None:
    run = store.execute  # type: ignore[attr-defined]  # SQLite's or pysqlite3's
    item, at = f"i-{number:06}", "2026-09-02T08:00:00.000Z"
    run("INSERT INTO items VALUES (?, 'image', ?)", (item, orjson.dumps({"id": item, "slices": {"kind": "table"}})))
    run("INSERT INTO comparisons VALUES (?, ?, 'flip', 1, 1.0, 'a', 'b', ?)", (RELEASE.id, item, b"{}"))
    decision = {
        "decision_id": f"d-{number:06}",
        "item_id": item,
        "decided_at": "2026-08-01T10:00:00Z",
        "action": "pay",
        "amount": number / 7,
        "currency": "EUR",
        "model": {"name": "reader", "version": "1"},
        "reversible": number % 2 == 0,
        "jurisdiction": "DE",
        "customer": f"Customer {number}",
    }
    run("INSERT INTO decisions VALUES (?, ?, ?, ?)", (decision["decision_id"], item, orjson.dumps(decision), at))
    if number % 2:
        run(
            "INSERT INTO judgements (event_id, release_id, item_id, person_id, kind, tier, at, standing) "
            "VALUES (?, ?, ?, 'p', 'verdict', 'easy', ?, 1)",
            (f"v{number}", RELEASE.id, item, at),
        )
        _event(run, number, EventKind.RESOLUTION, {"item_id": item, "right": "new", "tier": "easy", "failures": []})
        run(
            "INSERT INTO resolutions (event_id, release_id, item_id, tier, at, standing, outcome) "
            "VALUES (?, ?, ?, 'easy', ?, 1, 'new')",
            (f"resolution-{number}", RELEASE.id, item, at),
        )
    if number % 4 == 1:
        said = {"disposition": "correct", "by": "policy", "rule": "r", "policy": "sha256:0", "steps": ["notified"]}
        body = {**said, "decision_id": decision["decision_id"], "due": None, "four_eyes": False, "status": "wrong"}
        _event(run, number, EventKind.DISPOSITION, body)


def _event(run: Callable[..., object], number: int, kind: EventKind, body: dict[str, object]) -> None:
    stream, at, event_id = f"p@{kind}", "2026-09-02T08:00:00.000Z", f"{kind}-{number}"
    whole = {"stream": stream, "seq": number, "id": event_id, "kind": kind, "at": at, "prev": ""}
    data = orjson.dumps({**whole, "body": {"kind": kind, "release": RELEASE.id, **body}})
    run(
        "INSERT INTO events (stream, seq, id, kind, at, hash, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (stream, number, event_id, str(kind), at, event_hash(data), data),
    )


def test_reading_records_takes_little_more_than_reading_their_rows(project: Project) -> None:
    """3 to 3.5 times the floor; 7.5 times while each record was made of models and the collector ran meanwhile."""
    records = read_records(project)
    assert (len(records.records), len(records.handling)) == (RECORDS, RECORDS // 4)

    def floor() -> None:
        for place, sql in enumerate(_ROWS):
            rows = project.store.connection.execute(sql).fetchall()
            if place in _PARSED:
                for row in rows:
                    orjson.loads(row[0])

    took = {work: min(_cpu(work) for _ in range(5)) for work in (floor, lambda: read_records(project))}
    rows, read = took.values()
    print(f"{read / rows:.2f} times the floor; {read / RECORDS * 1e6:.1f} µs a record")  # noqa: T201
    assert read <= 5 * rows


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
