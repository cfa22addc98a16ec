from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from labeler.domain.events import EventKind, commit_to
from labeler.domain.people import Role
from labeler.store import LoggedEvent, Store
from labeler.store.connection import DatabaseError, IntegrityError

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "project")


def skip(item: str, release: str = "r-1") -> dict[str, str]:
    return {"kind": "skip", "item_id": item, "release": release, "reason": "x"}


def test_events_of_a_stream_form_a_chain_that_verifies(store: Store) -> None:
    stream = store.stream("ada")
    events = [store.append(stream, EventKind.SKIP, skip(f"i{n}"), NOON) for n in range(5)]
    assert [event.seq for event in events] == [1, 2, 3, 4, 5]
    assert [event.prev for event in events[1:]] == [event.hash for event in events[:-1]]
    assert [event.id for event in events] == sorted(event.id for event in events)
    assert store.chain_damage() == []


def test_an_event_id_is_a_uuid_of_version_7_with_the_events_time(store: Store) -> None:
    from uuid import UUID

    for n in range(3):
        made = UUID(store.append(store.stream("ada"), EventKind.SKIP, skip(f"i{n}"), NOON).id)
        assert (made.version, made.variant) == (7, "specified in RFC 4122")
        assert made.int >> 80 == int(NOON.timestamp() * 1000)


def test_a_clock_set_back_does_not_reorder_what_a_person_did(store: Store) -> None:
    stream = store.stream("ada")
    store.append(stream, EventKind.SKIP, skip("i1"), NOON)
    later = store.append(stream, EventKind.SKIP, skip("i1"), NOON - timedelta(hours=2))
    assert later.at == "2026-03-01T12:00:00.000Z"


def test_private_values_stand_outside_the_event_behind_a_salted_commitment(store: Store) -> None:
    event = store.append(
        store.stream("ada"), EventKind.SKIP, {**skip("i1"), "note": {"length": 3}}, NOON, {"note": "call Bob"}
    )
    assert b"Bob" not in event.data
    assert event.body["note"]["length"] == 3
    assert store.private_of(event.id) == {"note": "call Bob"}
    (private,) = store.privates_of(event.id)
    assert event.body["note"]["commitment"] == commit_to("note", "call Bob", private.salt).commitment


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE events SET at = 'x'",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT * FROM events",
        "REPLACE INTO events (position, stream, seq, id, kind, at, hash, data) "
        "SELECT position, stream, seq, id, 'other', at, hash, data FROM events",
        "INSERT INTO events SELECT * FROM events WHERE true ON CONFLICT (id) DO UPDATE SET kind = 'other'",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_event(store: Store, attempt: str) -> None:
    store.append(store.stream("ada"), EventKind.SKIP, skip("i1"), NOON)
    with pytest.raises(IntegrityError, match="never"):
        store.connection.execute(attempt)


def test_without_the_triggers_the_same_statement_would_succeed(store: Store) -> None:
    """A canary: the test above would fail if the triggers went missing."""
    store.append(store.stream("ada"), EventKind.SKIP, skip("i1"), NOON)
    store.connection.execute("DROP TRIGGER events_are_never_changed")
    store.connection.execute("UPDATE events SET kind = 'gold'")
    assert store.connection.execute("SELECT kind FROM events").fetchone() == ("gold",)


def test_an_altered_event_and_a_missing_one_are_found(store: Store) -> None:
    stream = store.stream("ada")
    for n in range(4):
        store.append(stream, EventKind.SKIP, skip(f"i{n}"), NOON)
    for trigger in ("events_are_never_changed", "events_are_never_removed"):
        store.connection.execute(f"DROP TRIGGER {trigger}")
    store.connection.execute("PRAGMA foreign_keys = OFF")
    store.connection.execute(
        "UPDATE events SET data = CAST(replace(CAST(data AS TEXT), 'i1', 'i9') AS BLOB) WHERE seq = 2"
    )
    store.connection.execute("DELETE FROM events WHERE seq = 3")
    assert {(damage.seq, damage.what) for damage in store.chain_damage()} == {
        (2, "its bytes do not match its hash"),
        (3, "event 3 is missing"),
        (4, "does not follow from the event before it"),
    }


def test_a_failed_transaction_leaves_nothing_behind(store: Store) -> None:
    def append_and_fail() -> None:
        with store.atomic():
            store.append(store.stream("ada"), EventKind.SKIP, skip("i1"), NOON)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        append_and_fail()
    assert list(store.events()) == []


def test_adopting_is_idempotent_and_needs_no_order(store: Store, tmp_path: Path) -> None:
    stream = store.stream("ada")
    for n in range(4):
        store.append(stream, EventKind.SKIP, {**skip(f"i{n}"), "note": None}, NOON, {"note": f"n{n}"})
    logged = [LoggedEvent(event, store.privates_of(event.id)) for event in store.events()]
    with Store.create(tmp_path / "other") as other:
        first = other.adopt(reversed(logged))
        again = other.adopt(logged)
        assert (first.added, first.known, first.damage) == (4, 0, ())
        assert (again.added, again.known, again.damage) == (0, 4, ())
        assert [event.hash for event in other.events(stream)] == [entry.event.hash for entry in logged]
        assert [other.private_of(entry.event.id) for entry in logged] == [{"note": f"n{n}"} for n in range(4)]


def test_a_gap_in_a_stream_is_reported_and_what_follows_is_left_out(store: Store, tmp_path: Path) -> None:
    stream = store.stream("ada")
    events = [store.append(stream, EventKind.SKIP, skip(f"i{n}"), NOON) for n in range(4)]
    with Store.create(tmp_path / "other") as other:
        adoption = other.adopt(LoggedEvent(event) for event in (events[0], events[2], events[3]))
        assert adoption.added == 1
        assert [(damage.seq, damage.what) for damage in adoption.damage] == [(3, "event 2 is missing before it")]
        assert other.adopt(map(LoggedEvent, events)).added == 3


def test_two_stores_that_hold_different_events_in_one_place_are_told_apart(store: Store, tmp_path: Path) -> None:
    stream = store.stream("ada")
    store.append(stream, EventKind.SKIP, skip("i1"), NOON)
    with Store.create(tmp_path / "other") as other:
        fork = other.append(stream, EventKind.SKIP, skip("i2"), NOON)
        adoption = store.adopt([LoggedEvent(fork)])
    assert adoption.added == 0
    assert "holds another event" in adoption.damage[0].what


def test_a_private_value_that_was_not_committed_to_is_refused(store: Store, tmp_path: Path) -> None:
    event = store.append(store.stream("ada"), EventKind.SKIP, {**skip("i1"), "note": None}, NOON, {"note": "a"})
    forged = LoggedEvent(event, (commit_to("note", "b", b"salt"),))
    with Store.create(tmp_path / "other") as other:
        assert "not what it committed to" in other.adopt([forged]).damage[0].what


def test_a_body_that_its_kind_does_not_have_is_refused(store: Store, tmp_path: Path) -> None:
    with Store.create(tmp_path / "other") as other:
        stream = store.stream("ada")
        bad = store.append(stream, EventKind.GOLD, {"kind": "verdict"}, NOON)
        from labeler.domain.events import GENESIS, seal

        sealed = seal(stream, 1, bad.id, EventKind.VERDICT, NOON, GENESIS, {"kind": "verdict"})
        adoption = other.adopt([LoggedEvent(sealed)])
        assert "body is not that of a verdict" in adoption.damage[0].what
        assert list(other.events()) == []


def test_a_read_only_store_says_why_nothing_can_be_saved(store: Store) -> None:
    store.close()
    from labeler.errors import LabelerError

    with Store.open(store.folder, read_only=True) as reading:
        with pytest.raises(LabelerError, match="opened for reading"):
            reading.append(reading.stream("ada"), EventKind.SKIP, skip("i1"), NOON)
        with pytest.raises(DatabaseError):
            reading.connection.execute("DELETE FROM privates")


def test_what_was_erased_before_it_came_is_never_kept(store: Store, tmp_path: Path) -> None:
    ada, bob = store.add_person("Ada", Role.LEAD, at=NOON), store.add_person("Bob", at=NOON)
    said = store.append(store.stream(bob.id), EventKind.SKIP, skip("i1"), NOON, {"note": "call me"})
    bobs = [LoggedEvent(event, store.privates_of(event.id)) for event in store.events(store.stream(bob.id))]
    body = {"kind": "erasure", "release": "r-1", "decision_id": "d-1", "events": [said.id]}
    store.append(store.stream(ada.id), EventKind.ERASURE, body, NOON, {"reason": "asked"})
    adas = [LoggedEvent(event, store.privates_of(event.id)) for event in store.events(store.stream(ada.id))]
    with Store.create(tmp_path / "other") as other:
        assert other.adopt(adas).erased.values == 0
        adopted = other.adopt(bobs)
        assert (adopted.damage, adopted.erased.values) == ((), 1)
        assert other.event(said.id) == said
        assert other.private_of(said.id) == {}
        assert other.chain_damage() == []
        assert other.adopt(bobs).added == 0
        assert other.private_of(said.id) == {}, "who has not heard of it brings it again"
