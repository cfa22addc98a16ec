"""Sessions that the operating system ends at a moment of its own: run by `test_kills`, one process a batch of kills.

For each kill a child works on a copy of a project until its timer ends it, in the middle of whatever it does, and says
on a pipe what it was told. The reports go to standard output, one JSON object a kill.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import orjson

from labeler.domain.rubric import Tier
from labeler.sessions.projects import open_review
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.session import ReviewSession
from labeler.steps.backfill.erase import erase
from labeler.steps.backfill.records import read_records
from labeler.steps.backup import restore_project
from labeler.steps.bring.release import Files, bring
from labeler.steps.opening import create_or_go_on, open_project
from labeler.steps.project import person_called

LONGEST_S = {"review": 0.35, "new": 0.25, "old": 0.05, "put_back": 0.05, "erase_item": 0.4}
"""By what is done: reviewing, making a project with its first release, opening one of an old schema, restoring,
erasing.
"""


class Worker:
    """A person without pause, whose saves are put off, and wait for the disk on a thread, while the next is judged."""

    def __init__(self, session: ReviewSession, pipe: int, chance: Random) -> None:
        self.session = session
        self.pipe = pipe
        self.chance = chance
        self.disk = ThreadPoolExecutor(1)
        session.outbox.commit_with = self.commit
        session.outbox.soon = lambda _: None  # a painting that takes its time: see `step`
        self.doing: list[tuple[str, str, str]] = []
        """What was done and is not told yet, in order."""
        self.done: list[str] = []
        """Items that were saved or skipped, in order; undo takes them back from the end."""

    def commit(self, commit: Callable[[], None], _answered: Callable[[], None]) -> None:
        """The answer is asked for by whoever settles."""
        self.disk.submit(commit)

    def settle(self) -> None:
        """Tell what has reached the disk."""
        assert self.session.settle()
        for doing in self.doing:
            self.done.append(doing[1])
            self.tell(*doing)
        self.doing = []

    def tell(self, what: str, item: str, note: str) -> None:
        os.write(self.pipe, orjson.dumps([what, item, note]) + b"\n")

    def step(self) -> None:
        session = self.session
        item = session.state.evidence.item
        if item is None:
            self.settle()
            self.tell("undoing", self.done.pop(), "")
            session.undo()
            return
        if session.state.judgement.draft.tier is None:
            session.set_tier(Tier.HARD)
        note = f"{item.id} {self.chance.random()}"
        session.edit_note(note)
        self.tell("draft", item.id, note)
        if self.chance.random() < 0.5:
            self.session.outbox.flush()  # the item is painted
        if self.chance.random() < 0.5:
            self.settle()
        fate = self.chance.random()
        if fate < 0.1:
            self.doing.append(("skipped", item.id, note))
            session.ask_skip()
            session.answer(1)
        elif fate < 0.2:
            self.settle()
            for loosened in (item.id, *self.done[-1:]):  # told before it happens: then either state is right
                self.tell("undoing", loosened, "")
            while session.state.evidence.item == item and session.state.screen.can_undo:
                session.undo()
            del self.done[-1:]
        else:
            for _ in session.state.evidence.walk:
                session.judge(Choice.A)
            self.doing.append(("saved", item.id, note))
            session.save()


def main() -> None:
    what, template, scratch, seed, kills = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], sys.argv[5]
    chance = Random(int(seed))
    for n in range(int(kills)):
        folder = scratch / f"{what}-{n}"
        shutil.copytree(template, folder)
        reading, writing = os.pipe()
        seconds, own_seed = chance.uniform(0.001, LONGEST_S[what]), chance.random()
        child = os.fork()
        if child == 0:
            os.close(reading)
            # By the processor's clock a busy machine changes nothing; by the wall's, waits are cut as well.
            signal.setitimer(signal.ITIMER_REAL if n % 4 == 0 else signal.ITIMER_PROF, seconds)
            WORK[what](folder, writing, Random(own_seed))
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            told = [orjson.loads(line) for line in pipe.read().splitlines()]
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGALRM, signal.SIGPROF)
        ended = "killed" if killed else str(status)
        sys.stdout.buffer.write(orjson.dumps({"folder": str(folder), "ended": ended, "told": told}) + b"\n")
        sys.stdout.buffer.flush()


def review(folder: Path, pipe: int, chance: Random) -> None:
    opened = open_review(folder, "Ada", lambda: datetime.now(UTC), time.monotonic)
    worker = Worker(opened.session, pipe, chance)
    while True:
        worker.step()
        if chance.random() < 0.1:
            opened.tidy()


def new(folder: Path, pipe: int, chance: Random) -> None:
    """As `labeler new` does it. The folder holds the files to import."""
    with create_or_go_on(folder / "project") as project:
        bring(project, files_in(folder), person_called(project, "Ada"))


def old(folder: Path, pipe: int, chance: Random) -> None:
    with open_project(folder) as project:
        list(project.store.events())


def put_back(folder: Path, pipe: int, chance: Random) -> None:
    restore_project(folder)


def erase_item(folder: Path, pipe: int, chance: Random) -> None:
    """Whom the timer spares is ended when one of the files goes, or when all are gone."""
    removals = iter(range(chance.randrange(5)))

    def end(event: str, _arguments: tuple[object, ...]) -> None:
        if event == "os.remove" and next(removals, None) is None:
            os.kill(os.getpid(), signal.SIGALRM)

    with open_project(folder) as project:
        ada, records = person_called(project, "Ada Lead"), read_records(project)
        sys.addaudithook(end)
        erase(project, records, "k1", "asked", ada, content=True)


def files_in(folder: Path) -> Files:
    return Files(folder / "items.jsonl", folder / "old.jsonl", folder / "new.jsonl")


WORK: Mapping[str, Callable[[Path, int, Random], None]] = {
    "review": review,
    "new": new,
    "old": old,
    "put_back": put_back,
    "erase_item": erase_item,
}

if __name__ == "__main__":
    main()
