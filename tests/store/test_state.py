"""The state tables say what `domain.verdicts.fold` says, whatever happened and in whatever order it arrived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from labeler.domain.assignment import ask_body, requeue_body, reservation_body
from labeler.domain.checks import Check, CheckKind
from labeler.domain.events import Event, EventKind, in_utc
from labeler.domain.items import Answer
from labeler.domain.people import Role
from labeler.domain.rubric import Severity, Tier
from labeler.domain.verdict_json import check_verdict_body, reopening_body, resolution_body, verdict_body
from labeler.domain.verdicts import (
    At,
    Checked,
    DifferenceVerdict,
    Failure,
    Gold,
    Resolution,
    ResolvedBy,
    Right,
    Verdict,
    fold,
)
from labeler.errors import LabelerError
from labeler.store import LoggedEvent, Store
from labeler.store.folding import refold

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
PEOPLE = ("ada", "bob")
ITEMS = ("i1", "i2")


def verdict(item: str, right: Right = Right.NEW) -> Verdict:
    return Verdict(
        item_id=item,
        release="r-1",
        right=right,
        tier=Tier.HARD,
        tier_before_outputs=True,
        checked=Checked.WHOLE,
        shown={"A": "old", "B": "new"},
        rubric="1",
        outputs={"old": "sha256:a", "new": "sha256:b"},
        differences=(DifferenceVerdict("d1", Right.NEW),),
        failures=(Failure("old", "value_misread", Severity.MAJOR, (At(box=(1.0, 2.0, 3.0, 4.0)), At(span=(0, 2)))),),
        gold=Gold(Answer(text="262.80"), ("d1:new",), 1),
        note="hard to read",
        duration_ms=1234,
        exposed=("raw_text",),
    )


def resolution(item: str, by: ResolvedBy = ResolvedBy.LEAD) -> Resolution:
    return Resolution(
        item_id=item,
        release="r-1",
        right=Right.NEW,
        tier=Tier.EASY,
        failures=(),
        verdicts=(),
        by=by,
        gold_from=None,
        checked=Checked.WHOLE,
        outputs={"old": "sha256:a", "new": "sha256:b"},
        rubric="1",
        reason="both cards agree",
    )


Step = tuple[str, str, str, int, int]
"""What, who, on which item, after how many milliseconds, and which earlier event a withdrawal names, or which person
gets a role."""

steps: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(
        st.sampled_from(
            ["verdict", "verdict", "skip", "withdrawal", "requeue", "check", "ask", "reservation"]
            + [f"{what} {role}" for what in ("joined", "role") for role in Role]
            + [f"{what} by {who}" for what in ("resolution", "reopening") for who in ResolvedBy]
        ),
        st.sampled_from(PEOPLE),
        st.sampled_from(ITEMS),
        st.integers(0, 2),
        st.integers(0, 20),
    ),
    max_size=14,
)


def play(store: Store, script: list[Step]) -> list[Event]:
    made: list[Event] = []
    at = START
    for what, who, item, later, named in script:
        at += timedelta(milliseconds=later)
        stream = f"{who}@device"
        if what == "verdict":
            body, private = verdict_body(verdict(item))
            made.append(store.append(stream, EventKind.VERDICT, body, at, private))
        elif what.startswith("resolution"):
            body, private = resolution_body(resolution(item, ResolvedBy(what.rpartition(" ")[2])))
            made.append(store.append(stream, EventKind.RESOLUTION, body, at, private))
        elif what == "skip":
            body = {"kind": "skip", "item_id": item, "release": "r-1", "reason": ""}
            made.append(store.append(stream, EventKind.SKIP, body, at))
        elif what.startswith("joined"):
            body = {"kind": "joined", "person": who, "role": what.split()[1], "simulated": False}
            made.append(store.append(stream, EventKind.JOINED, body, at))
        elif what.startswith("role"):
            body = {"kind": "role", "person": PEOPLE[named % len(PEOPLE)], "role": what.split()[1]}
            made.append(store.append(stream, EventKind.ROLE, body, at))
        elif what == "check":
            body, private = check_verdict_body(verdict(item), Check(CheckKind.REPEAT, "of"))
            made.append(store.append(stream, EventKind.CHECK, body, at, private))
        elif what == "ask":
            made.append(store.append(stream, EventKind.ASK, ask_body("r-1", item, 1 + named % 3), at))
        elif what == "reservation":
            body = reservation_body(
                "r-1", PEOPLE[named % 2], [item], in_utc(START + timedelta(days=named)), by_lead=later > 0
            )
            made.append(store.append(stream, EventKind.RESERVATION, body, at))
        elif made and what == "requeue":
            body = requeue_body(made[named % len(made)].id, by_lead=later > 0)
            made.append(store.append(stream, EventKind.REQUEUE, body, at))
        elif made and what == "withdrawal":
            body = {"kind": what, "event": made[named % len(made)].id}
            made.append(store.append(stream, EventKind.WITHDRAWAL, body, at))
        elif made:
            body = reopening_body(made[named % len(made)].id, ResolvedBy(what.rpartition(" ")[2]))
            made.append(store.append(stream, EventKind.REOPENING, body, at))
    return made


def assigned(store: Store) -> list[list[tuple[object, ...]]]:
    """What the tables say of reservations, checks and what was asked for."""
    return [sorted(store.connection.execute(f"SELECT * FROM {t}")) for t in ("asks", "checks", "reservations")]


class Forgiving(Store):
    """Seals what a store refuses: a file can hold anything."""

    def refuse(self, kind: EventKind, body: Mapping[str, Any], role: Role) -> None:
        pass


@contextmanager
def new_store(*, leads: tuple[str, ...] = ()) -> Iterator[Store]:
    with TemporaryDirectory() as folder, Forgiving.create(Path(folder) / "p") as store:
        for lead in leads:
            store.add_person(lead, Role.LEAD, at=START, person_id=lead)
        store.connection.execute("PRAGMA synchronous = OFF")  # nobody pulls the plug here
        yield store


quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(steps)
@example(  # what ada may do, says nothing of bob's word on what she said
    [
        ("resolution by consensus", "ada", "i1", 0, 0),
        ("reopening by consensus", "bob", "i1", 0, 0),
        ("joined auditor", "bob", "i1", 1, 0),
        ("joined lead", "ada", "i1", 1, 0),
    ]
)
def test_the_tables_are_what_the_events_mean(script: list[Step]) -> None:
    with new_store() as store:
        play(store, script)
        assert store.state() == fold(store.events())


@quick
@given(steps, st.randoms(use_true_random=False))
def test_events_mean_the_same_in_whatever_order_they_arrive(script: list[Step], chance: object) -> None:
    with new_store() as store:
        made = play(store, script)
        logged = [LoggedEvent(event, store.privates_of(event.id)) for event in made]
        wanted, dealt = store.state(), assigned(store)
    streams = {f"{who}@device" for who in PEOPLE}
    with new_store() as other:
        for stream in sorted(streams, reverse=True):
            own = [entry for entry in logged if entry.event.stream == stream]
            chance.shuffle(own)  # type: ignore[attr-defined]  # hypothesis types it as Random only at run time
            assert other.adopt(own).damage == ()
        assert other.state() == wanted == fold(other.events())
        assert assigned(other) == dealt


def test_a_verdict_comes_back_as_it_was_given() -> None:
    with new_store() as store:
        play(store, [("verdict", "ada", "i1", 0, 0)])
        stored = store.verdict_of("r-1", "i1", "ada")
        assert stored is not None
        assert stored.verdict == verdict("i1")
        assert store.verdicts("r-1", "i1") == [stored]
        assert store.unresolved("r-1") == ["i1"]


def test_an_erased_verdict_keeps_its_judgement_and_loses_what_was_private() -> None:
    with new_store() as store:
        play(store, [("verdict", "ada", "i1", 0, 0)])
        store.connection.execute("DELETE FROM privates")
        stored = store.verdict_of("r-1", "i1", "ada")
        assert stored is not None
        assert (stored.verdict.right, stored.verdict.gold, stored.verdict.note) == (Right.NEW, None, "")


def test_a_withdrawal_brings_back_the_verdict_before() -> None:
    with new_store() as store:
        first, second = play(store, [("verdict", "ada", "i1", 0, 0), ("verdict", "ada", "i1", 5, 0)])
        play(store, [])
        body = {"kind": "withdrawal", "event": second.id}
        store.append("ada@device", EventKind.WITHDRAWAL, body, START + timedelta(seconds=1))
        stored = store.verdict_of("r-1", "i1", "ada")
        assert stored is not None
        assert stored.event.id == first.id


def test_nobody_takes_back_what_another_person_said() -> None:
    with new_store(leads=("bob",)) as store:
        (hers,) = play(store, [("verdict", "ada", "i1", 0, 0)])
        for ending in ({"kind": "withdrawal", "event": hers.id}, reopening_body(hers.id, ResolvedBy.LEAD)):
            store.append("bob@device", EventKind(ending["kind"]), ending, START)
        assert store.state() == fold(store.events())
        assert store.verdict_of("r-1", "i1", "ada") is not None
        store.append("ada@laptop", EventKind.WITHDRAWAL, {"kind": "withdrawal", "event": hers.id}, START)
        assert store.verdict_of("r-1", "i1", "ada") is None


def test_a_leads_resolution_stands_until_a_lead_reopens_it() -> None:
    with new_store(leads=("bob",)) as store:
        play(store, [("verdict", "ada", "i1", 0, 0), ("resolution by lead", "bob", "i1", 5, 0)])
        stored = store.resolution("r-1", "i1")
        assert stored is not None
        assert stored.resolution == resolution("i1")
        assert store.unresolved("r-1") == []
        assert [found.resolution.item_id for found in store.resolutions("r-1")] == ["i1"]
        reopen = partial(reopening_body, stored.event.id)
        store.append("ada@device", EventKind.REOPENING, reopen(ResolvedBy.CONSENSUS), START)
        assert store.resolution("r-1", "i1") == stored
        store.append("bob@device", EventKind.REOPENING, reopen(ResolvedBy.LEAD), START)
        assert store.resolution("r-1", "i1") is None
        assert store.unresolved("r-1") == ["i1"]


def test_a_later_consensus_does_not_undo_a_leads_resolution() -> None:
    """As when a machine that had not heard of the lead's decision reached a consensus after it."""
    with new_store(leads=("bob",)) as store:
        play(store, [("resolution by lead", "bob", "i1", 0, 0), ("resolution by consensus", "ada", "i1", 5, 0)])
        stored = store.resolution("r-1", "i1")
        assert stored is not None
        assert stored.resolution.by is ResolvedBy.LEAD


def test_what_a_role_does_not_allow_counts_for_nothing() -> None:
    with new_store(leads=("bob",)) as store:
        play(store, [("joined annotator", "ada", "", 0, 0), ("resolution by lead", "ada", "i1", 1, 0)])
        assert store.resolution("r-1", "i1") is None
        play(store, [("role lead", "ada", "", 2, 0), ("resolution by lead", "ada", "i1", 3, 0)])  # her own word
        assert store.resolution("r-1", "i1") is None
        play(store, [("role lead", "bob", "", 40, 0), ("resolution by lead", "ada", "i2", 5, 0)])
        assert store.resolution("r-1", "i2") is not None
        assert store.resolution("r-1", "i1") is None
        play(store, [("role auditor", "bob", "", 90, 0), ("verdict", "ada", "i1", 7, 0)])
        assert store.verdict_of("r-1", "i1", "ada") is None
        assert store.resolution("r-1", "i2") is not None
        assert store.state() == fold(store.events())


def test_what_a_role_does_not_allow_is_refused_where_it_is_written(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        store.add_person("Bob", Role.LEAD, at=START, person_id="bob")
        store.add_person("Eve", Role.AUDITOR, at=START, person_id="eve")
        for who, step in (("eve", "verdict"), ("eve", "skip"), ("ada", "resolution by lead"), ("ada", "role lead")):
            with pytest.raises(LabelerError, match=r"nothing was saved: (an auditor looks|only a lead)"):
                play(store, [(step, who, "i1", 1, 0)])
        assert [event.kind for event in store.events()] == ["joined", "joined"]


def test_a_clock_that_is_behind_does_not_undo_a_role() -> None:
    with new_store(leads=("bob",)) as store:
        play(store, [("joined annotator", "ada", "", 0, 0), ("role lead", "bob", "", 60_000, 0)])
        (decided,) = play(store, [("resolution by lead", "ada", "i1", 5, 0)])
        assert decided.at > "2026-03-01T12:01:00"
        assert store.resolution("r-1", "i1") is not None


@quick
@given(steps)
def test_filling_the_tables_again_from_the_log_gives_the_same(script: list[Step]) -> None:
    with new_store() as store:
        play(store, script)
        wanted, dealt = store.state(), assigned(store)
        store.connection.execute("UPDATE judgements SET standing = 1 - standing")
        refold(store.connection)
        assert (store.state(), assigned(store)) == (wanted, dealt)


def test_a_store_filled_by_older_rules_is_filled_again_when_it_is_opened(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        play(store, [("verdict", "ada", "i1", 0, 0)])
        store.connection.execute("UPDATE judgements SET standing = 0")
        store.connection.execute("DELETE FROM facts WHERE key = 'fold'")
    with Store.open(tmp_path) as store:
        assert store.state() == fold(store.events())
        assert store.verdict_of("r-1", "i1", "ada") is not None
