"""One of several programs that write to one project at once; `test_writers` tells it what to do."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random

from labeler.domain.rubric import Tier
from labeler.errors import LabelerError
from labeler.sessions.projects import open_review
from labeler.sessions.review.draft import Choice
from labeler.sessions.review.session import ReviewSession
from labeler.steps.exchange import import_verdicts
from labeler.steps.opening import open_project


def window(folder: Path, person: str, events: int) -> None:
    """Judges, skips and takes back in a session; every word that the session says is looked at."""
    opened = open_review(folder, person, lambda: datetime.now(UTC), time.monotonic)
    session, chance = opened.session, Random(person)
    for n in range(events):
        step(session, chance)
        if session.state.screen.message.serious or "lock" in session.state.screen.message.text:
            raise LabelerError(session.state.screen.message.text)
        if n % 50 == 0:
            opened.tidy()
    opened.close()


def step(session: ReviewSession, chance: Random) -> None:
    """Exactly one event."""
    if session.state.evidence.item is None or (session.state.place.progress.done > 3 and chance.random() < 0.6):
        session.undo()
    elif chance.random() < 0.3:
        session.ask_skip()
        session.answer(1)
    else:
        session.set_tier(Tier.HARD)
        for _ in session.state.evidence.walk:
            session.judge(Choice.A)
        session.save()


def command(folder: Path, verdicts: str, _: int) -> None:
    """Imports one file after the other, as `labeler import --verdicts` does."""
    for path in sorted(Path(verdicts).iterdir()):
        with open_project(folder) as project:
            merged = import_verdicts(project.store, path)
            assert merged.damage == ()
            assert merged.refused == 0


def main() -> None:
    what, folder, who, events = islice(sys.argv, 1, 5)
    {"window": window, "command": command}[what](Path(folder), who, int(events))


if __name__ == "__main__":
    main()
