"""Importing past decisions: actions that were taken on old outputs."""

from __future__ import annotations

from pathlib import Path

import orjson

from labeler.domain.events import in_utc
from labeler.domain.people import Person
from labeler.formats.decisions import check_decision, from_cells
from labeler.formats.row import Row
from labeler.steps.bring.records import FileReport, Kind, import_records
from labeler.steps.progress import OnProblem, Tell, ignore, silent
from labeler.steps.project import Now, Project, now_utc
from labeler.store import DecisionRow


def import_decisions(
    project: Project,
    path: Path,
    author: Person,
    *,
    now: Now = now_utc,
    tell: Tell = silent,
    on_problem: OnProblem = ignore,
) -> FileReport:
    """Import a decisions file. Raises LabelerError when the file cannot be read at all."""
    cells = path.suffix.lower() == ".csv"
    brought = in_utc(now())

    def read(row: Row) -> DecisionRow:
        raw = from_cells(row.raw) if cells else row.raw
        check_decision(raw)
        data = orjson.dumps({k: v for k, v in raw.items() if v is not None}, option=orjson.OPT_SORT_KEYS)
        return DecisionRow(raw["decision_id"], raw["item_id"], data, brought)

    kind = Kind("decisions", read, project.store.store_decisions, lambda row: row.item_id, lambda row: row.id)
    return import_records(project, path, kind, author, now=now, tell=tell, on_problem=on_problem)
