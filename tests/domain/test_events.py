"""The chain: an event is its bytes, and any change of them is found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.domain.events import GENESIS, Event, EventKind, commit_to, read_event, seal, stream_name, verify_chain

AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


def chain(length: int) -> list[Event]:
    events: list[Event] = []
    for n in range(1, length + 1):
        prev = events[-1].hash if events else GENESIS
        body = {"kind": "skip", "item_id": f"i{n}", "release": "r", "reason": "é"}
        events.append(seal("ana@laptop", n, f"e{n}", EventKind.SKIP, AT + timedelta(seconds=n), prev, body))
    return events


def rows(events: Sequence[Event]) -> list[tuple[str, int, str, bytes]]:
    return [(e.stream, e.seq, e.hash, e.data) for e in events]


def test_an_event_reads_back_as_it_was_sealed() -> None:
    (event,) = chain(1)
    assert read_event(event.data) == event
    assert event.author == "ana"


def test_times_are_written_in_utc() -> None:
    there = datetime(2026, 11, 25, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    assert seal("a@b", 1, "e", EventKind.SKIP, there, GENESIS, {}).at == "2026-11-25T09:30:00.000Z"
    with pytest.raises(ValueError, match="zone"):
        seal("a@b", 1, "e", EventKind.SKIP, datetime(2026, 11, 25), GENESIS, {})  # noqa: DTZ001 - naive on purpose


def test_a_whole_chain_is_sound() -> None:
    assert verify_chain(rows(chain(5))) == []


@given(st.integers(0, 4), st.data())
def test_one_changed_byte_is_found(which: int, data: st.DataObject) -> None:
    events = rows(chain(5))
    stream, seq, stored, raw = events[which]
    place = data.draw(st.integers(0, len(raw) - 1))
    changed = bytearray(raw)
    changed[place] ^= data.draw(st.integers(1, 255))
    events[which] = (stream, seq, stored, bytes(changed))
    assert any(d.seq == seq for d in verify_chain(events))


def test_a_missing_swapped_or_rehashed_event_is_found() -> None:
    events = chain(4)
    assert verify_chain(rows([*events[:1], *events[2:]]))
    assert verify_chain(rows([events[0], events[2], events[1], events[3]]))
    forged = seal("ana@laptop", 2, "e2", EventKind.SKIP, AT, events[0].hash, {"kind": "skip", "item_id": "other"})
    found = verify_chain(rows([events[0], forged, *events[2:]]))
    assert [d.seq for d in found] == [3]


def test_a_commitment_needs_its_salt() -> None:
    assert commit_to("note", "x", b"1").commitment != commit_to("note", "x", b"2").commitment
    assert commit_to("note", "x", b"1").commitment == commit_to("note", "x", b"1").commitment


def test_a_stream_has_a_readable_name() -> None:
    assert stream_name("p-1", "d-2") == "p-1@d-2"
    with pytest.raises(ValueError, match="not a stream"):
        stream_name("Ana Müller", "d-2")
