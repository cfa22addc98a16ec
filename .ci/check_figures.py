"""Prints the figures of docs/people.md: simulated annotators judge the demo in Review, with hidden checks among it."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

from labeler.domain.simulation.annotators import ANNOTATORS, CARELESS
from labeler.sessions.rehearsal import Judged, judged_demo
from labeler.steps.quality import Quality

START = datetime(2026, 12, 1, tzinfo=UTC)
PEOPLE = (*ANNOTATORS, CARELESS)


def main() -> None:
    """With a number as argument so many runs are made; each draws everybody's mistakes anew."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    found: list[tuple[Quality, Judged]] = []
    for seed in range(runs):
        with tempfile.TemporaryDirectory() as scratch:
            found.append(judged_demo(Path(scratch) / "demo", seed, START, PEOPLE))
    for annotator in PEOPLE:
        say(annotator.name, annotator.id, found)
    for quality, _ in found:
        print(quality.power.words if quality.power else "")  # noqa: T201
    error = [quality.error for quality, _ in found]
    print(f"caught {sum(e.caught[0] for e in error)} of {sum(e.caught[1] for e in error)}, "  # noqa: T201 - as below
          f"passed {sum(e.passed[0] for e in error)} of {sum(e.passed[1] for e in error)}")  # fmt: skip


def say(name: str, person: str, found: list[tuple[Quality, Judged]]) -> None:
    mine = [next(one for one in quality.people if one.person.id == person) for quality, _ in found]
    print(name)  # noqa: T201 - what the command is for
    for question in ("known", "repeats", "followed"):
        shares = [getattr(one.checks, question) for one in mine if one.checks]
        hits, n = sum(s.hits for s in shares), sum(s.n for s in shares)
        print(f"  {question}: {hits} of {n} ({hits / n if n else 0:.0%}), {n / len(found):.1f} a run")  # noqa: T201
    named = Counter(bool(one.checks and one.checks.findings) for one in mine)
    print(f"  stands out by checks: {named[True]} of {len(found)} runs")  # noqa: T201 - as above
    together = [one.care.p for one in mine if one.care is not None]
    print(f"  less careful by all together: {sum(bool(o.care and o.care.warning) for o in mine)} of {len(found)} runs, "  # noqa: T201
          f"p {min(together):.1g} to {max(together):.1g}")  # fmt: skip
    print(f"  stands out by anything: {sum(bool(one.findings) for one in mine)} of {len(found)} runs")  # noqa: T201
    print(f"  verdicts a run: {mean(one.work.verdicts if one.work else 0 for one in mine):.1f}")  # noqa: T201


if __name__ == "__main__":
    main()
