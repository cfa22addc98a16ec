"""Importing outputs: what models produced for the items."""

from __future__ import annotations

from pathlib import Path

import orjson

from labeler.domain.items import ModelVersion
from labeler.domain.people import Person
from labeler.formats.outputs import check_output, judged_sha256
from labeler.formats.row import Row
from labeler.steps.bring.media import MediaSource
from labeler.steps.bring.records import FileReport, Kind, import_records
from labeler.steps.progress import OnProblem, Tell, ignore, silent
from labeler.steps.project import Now, Project, now_utc
from labeler.store import OutputRow


def import_outputs(
    project: Project,
    path: Path,
    author: Person,
    *,
    now: Now = now_utc,
    tell: Tell = silent,
    on_problem: OnProblem = ignore,
) -> FileReport:
    """Import an outputs file, of one or several models; the report names them.

    Raises LabelerError when the file cannot be read at all.
    """
    source = MediaSource(path.resolve().parent, project.folder, frozenset(project.settings.allowed_hosts))
    models: set[ModelVersion] = set()

    def read(row: Row) -> OutputRow:
        raw, data = row.raw, row.data
        model = check_output(raw)
        if raw.get("media") is not None:
            brought = source.bring(raw["media"], raw.get("sha256"))
            raw, data = {**raw, "media": brought.media, "sha256": brought.sha256}, None
        models.add(model)
        return OutputRow(raw["item_id"], model, raw.get("sample") or 0, judged_sha256(raw), data or orjson.dumps(raw))

    kind = Kind("outputs", read, project.store.store_outputs, lambda row: row.item_id)
    return import_records(
        project, path, kind, author, now=now, tell=tell, on_problem=on_problem, models=lambda: tuple(models)
    )
