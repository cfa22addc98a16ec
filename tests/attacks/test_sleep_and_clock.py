"""Laptops that sleep in the middle of a save, and clocks that jump by days: nothing lost, order by sequence."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random

import pytest

from labeler.domain.events import EventKind
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Right, fold
from labeler.sessions.projects import open_review
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.session import ReviewSession
from labeler.steps.backup import backups_of, restore_project
from labeler.steps.check import check_project
from labeler.steps.exchange import export_verdicts, import_verdicts
from labeler.steps.opening import open_project
from labeler.steps.review import save_verdict, skip
from labeler.store import Store
from tests.attacks import write_beside_others
from tests.attacks.texts import make_texts, verdict_on

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
STOPPABLE = pytest.mark.skipif(sys.platform == "win32", reason="a program cannot be stopped there")


def jumping(chance: Random) -> Callable[[], datetime]:
    """A clock that goes on by seconds and is set by up to two days, back and forth."""
    at = NOON

    def now() -> datetime:
        nonlocal at
        at += timedelta(seconds=chance.uniform(0, 5))
        return at + timedelta(days=chance.uniform(-2, 2)) if chance.random() < 0.5 else at

    return now


def judge(session: ReviewSession) -> str:
    item = session.state.evidence.item
    assert item is not None
    if session.state.judgement.draft.tier is None:
        session.set_tier(Tier.HARD)
    for _ in session.state.evidence.walk:
        session.judge(Choice.A)
    session.save()
    assert session.state.screen.message.text == f"Saved {item.id}"
    return item.id


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.soak) for n in range(1, 40))])
def test_a_clock_that_jumps_by_days_changes_no_order_and_loses_nothing(tmp_path: Path, seed: int) -> None:
    folder = tmp_path / "texts"
    make_texts(folder, 40)
    seconds, chance = count(1), Random(seed)
    judged: list[str] = []
    for _ in range(3):  # three days of work, each with a clock of its own mind
        opened = open_review(folder, "Ada", jumping(chance), lambda: float(next(seconds)))
        for _ in range(12):
            if judged and chance.random() < 0.3:
                opened.session.undo()
                opened.session.undo() if opened.session.state.screen.message.text == "Undone" else None
                assert opened.session.state.screen.message.text == f"Taken back: {judged[-1]}"
                judged.pop()
            else:
                judged.append(judge(opened.session))
        opened.tidy()
        opened.session.close()
        opened.close()
    with open_project(folder) as project:
        store = project.store
        assert {item for _, item, _ in store.state().verdicts} == set(judged)
        assert store.state() == fold(store.events())
        for stream in store.streams():
            events = list(store.events(stream))
            assert [event.seq for event in events] == list(range(1, len(events) + 1))
            assert [event.at for event in events] == sorted(event.at for event in events)
            assert [event.id for event in events] == sorted(event.id for event in events)
        assert check_project(project).findings == ()
        wanted = store.event_count()
    assert backups_of(folder), "a clock that was set back ended the daily copies"
    restore_project(folder)
    with open_project(folder) as project:
        assert check_project(project).findings == ()
        assert project.store.event_count() <= wanted


@STOPPABLE
@pytest.mark.timeout(600)
@pytest.mark.parametrize("asleep_s", [0.3, pytest.param(60.0, marks=pytest.mark.soak)])
def test_programs_that_sleep_together_go_on_where_they_were(tmp_path: Path, asleep_s: float) -> None:
    """Two windows and an import; all are stopped at once at random moments, as a lid that is closed does it."""
    folder = tmp_path / "texts"
    make_texts(folder, 50)
    events = 15 if asleep_s < 1 else 200
    programs = list(started(folder, [("window", "Ada"), ("window", "Bob")], events))
    chance = Random(1)
    naps = 0
    while any(program.poll() is None for program in programs):
        time.sleep(chance.uniform(0.05, 0.4) if asleep_s > 1 else chance.uniform(0.01, 0.1))
        naps += nap(programs, asleep_s if naps < 4 else 0.05)
    assert [program.communicate()[1] for program in programs] == ["", ""]
    assert [program.returncode for program in programs] == [0, 0]
    assert naps > 1
    sound(folder, {"ada": events, "Bob": events})


@STOPPABLE
@pytest.mark.timeout(600)
def test_a_program_that_sleeps_while_it_writes_is_waited_for_and_then_told_of(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    make_texts(folder, 10)
    holding = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True)
    assert holding.stdout is not None
    assert holding.stdout.readline() == "writing\n"
    os.kill(holding.pid, signal.SIGSTOP)
    seconds = count(1)
    with open_project(folder, read_only=True) as reader:
        assert reader.store.item_count() == 10, "reading goes on"
    opened = open_review(folder, "ada", lambda: datetime.now(UTC), lambda: float(next(seconds)))
    opened.project.store.connection.execute("PRAGMA busy_timeout = 300")  # a person waits for half a minute
    session = opened.session
    item = session.state.evidence.item
    assert item is not None
    session.set_tier(Tier.HARD)
    for _ in session.state.evidence.walk:
        session.judge(Choice.A)
    session.save()
    message = session.state.screen.message
    assert message.serious
    assert "another program has been writing" in message.text
    assert session.state.evidence.item == item
    assert session.state.judgement.draft.tier is Tier.HARD
    os.kill(holding.pid, signal.SIGCONT)
    holding.communicate()
    session.save()
    assert session.state.screen.message.text == f"Saved {item.id}"
    opened.close()


HOLD = """
import sys, time
from pathlib import Path
from datetime import UTC, datetime
from labeler.domain.people import Role
from labeler.store import Store
with Store.open(Path(sys.argv[1])) as store, store.atomic():
    store.add_person("Eve", Role.ANNOTATOR, at=datetime.now(UTC))
    print("writing", flush=True)
    time.sleep(0.2)
"""


def started(folder: Path, who: list[tuple[str, str]], events: int) -> Iterator[subprocess.Popen[str]]:
    for what, name in who:
        command = [sys.executable, write_beside_others.__file__, what, str(folder), name, str(events)]
        yield subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def nap(programs: list[subprocess.Popen[str]], seconds: float) -> int:
    """Stop every program that runs; the answer is whether there was one."""
    running = [program for program in programs if program.poll() is None]
    for program in running:
        program.send_signal(signal.SIGSTOP)
    time.sleep(seconds)
    for program in running:
        program.send_signal(signal.SIGCONT)
    return int(bool(running))


def sound(folder: Path, said: dict[str, int]) -> None:
    """Every event of everyone is there, once."""
    kinds = [EventKind.VERDICT, EventKind.SKIP, EventKind.WITHDRAWAL]
    with Store.open(folder) as store:
        for name, events in said.items():
            person = store.person(name)
            assert person is not None
            assert sum(event.author == person.id for event in store.events(kinds=kinds)) == events
        assert store.chain_damage() == []
        assert store.state() == fold(store.events())


def test_what_a_person_says_last_stands_whatever_the_clock_of_their_other_machine_said(tmp_path: Path) -> None:
    """Judged on a laptop that is two days ahead, judged again at a desk: the second one stands on both."""
    make_texts(tmp_path / "desk", 3)
    shutil.copytree(tmp_path / "desk", tmp_path / "laptop")

    def carry(source: str, to: str) -> None:
        with Store.open(tmp_path / source) as store:
            export_verdicts(store, tmp_path / f"{source}.jsonl")
        with open_project(tmp_path / to) as project:
            assert import_verdicts(project.store, tmp_path / f"{source}.jsonl").damage == ()

    with Store.open(tmp_path / "laptop") as store:
        release = store.releases()[0].id
        ahead = datetime.now(UTC) + timedelta(days=2)  # what was brought is of today
        save_verdict(store, store.stream("ada"), verdict_on("t0001", release, Right.NEW), ahead)
        skip(store, store.stream("ada"), release, "t0002", "later", ahead)
    carry("laptop", "desk")
    with Store.open(tmp_path / "desk") as store:
        save_verdict(store, store.stream("ada"), verdict_on("t0001", release, Right.OLD), datetime.now(UTC))
        save_verdict(store, store.stream("ada"), verdict_on("t0002", release, Right.OLD), datetime.now(UTC))
    carry("desk", "laptop")
    for folder in ("desk", "laptop"):
        with Store.open(tmp_path / folder) as store:
            for item in ("t0001", "t0002"):
                stands = store.verdict_of(release, item, "ada")
                assert stands is not None, folder
                assert stands.verdict.right is Right.OLD, folder
            assert store.state() == fold(store.events())
            assert store.chain_damage() == []
            decided = store.resolution(release, "t0001")
            assert decided is not None
            assert decided.resolution.right is Right.OLD
