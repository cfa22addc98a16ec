"""Past decisions from a file, and what to say of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from labeler.domain.people import Person
from labeler.sessions.backfill.state import FileReport
from labeler.steps.bring.release import Files, bring
from labeler.steps.progress import Problem
from labeler.steps.project import Project

_SHOWN = 200


def bring_decisions(project: Project, path: Path, person: Person, now: Callable[[], datetime]) -> FileReport:
    """Import a file of decisions. Raises LabelerError when it cannot be read at all."""
    problems: list[Problem] = []
    (found,) = bring(project, Files(decisions=path), person, now=now, on_problem=problems.append).files
    counts = {
        "new": found.new,
        "known already": found.known + found.skipped,
        "there with other content, which was kept": found.changed,
        "refused": found.refused,
    }
    said = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count) or "no decision is in it"
    lines = [f"line {problem.line}: {problem.reason}" for problem in problems[:_SHOWN]]
    if len(problems) > _SHOWN:
        rest = len(problems) - _SHOWN
        lines.append(f"… and {rest:,} more; labeler import PROJECT --decisions F --report R.json lists all")
    remedy = ["Mend these lines and bring the file again: what is there already stays as it is."] if lines else []
    return FileReport(f"{path.name}: {said}", (*remedy, *lines))
