"""Taking in what `labeler export` wrote on another machine: verdicts, rules of a lead, erasures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labeler.domain.people import Role
from labeler.steps.erased import Erased, finish_erasures
from labeler.steps.exchange import Merged, import_verdicts, settle_merged
from labeler.steps.progress import OnProblem, ignore
from labeler.steps.project import Now, Project, now_utc, person_called, user_name
from labeler.steps.rules import take_rules


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file of verdicts brought, and what followed from it here."""

    merged: Merged
    settled: int
    """Items that the verdicts of all machines settle together."""
    gone: Erased
    """What erasures of other copies removed."""
    rules: int
    """How many of the project's rules a lead had changed elsewhere."""


def bring_verdicts(
    project: Project, path: Path, name: str | None, *, now: Now = now_utc, on_problem: OnProblem = ignore
) -> Brought:
    """Merge the file; the same one again changes nothing. `name`: who does it; by default the account's. What the
    verdicts settle together is not settled in the name of an auditor.

    Raises LabelerError where the file cannot be read.
    """
    store = project.store
    merged = import_verdicts(store, path, on_problem=on_problem)
    gone, rules, settled = finish_erasures(project, merged.erased), take_rules(project), 0
    if merged.judged:
        person = person_called(project, user_name(name), now=now)
        if person.role is not Role.AUDITOR:
            settled = settle_merged(store, store.stream(person.id), merged, now())
    return Brought(merged, settled, gone, rules)
