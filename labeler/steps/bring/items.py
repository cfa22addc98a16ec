"""Importing items: what is under review."""

from __future__ import annotations

from pathlib import Path

import orjson

from labeler.domain.people import Person
from labeler.formats.items import check_item, from_cells
from labeler.formats.row import Row
from labeler.steps.bring.media import MediaSource
from labeler.steps.bring.records import FileReport, Kind, import_records
from labeler.steps.progress import OnProblem, Tell, ignore, silent
from labeler.steps.project import Now, Project, now_utc
from labeler.store import ItemRow


def import_items(
    project: Project,
    path: Path,
    author: Person,
    *,
    now: Now = now_utc,
    tell: Tell = silent,
    on_problem: OnProblem = ignore,
) -> FileReport:
    """Import an items file; media beside it are copied into the project, those inside it stay where they are.

    Raises LabelerError when the file cannot be read at all.
    """
    source = MediaSource(path.resolve().parent, project.folder, frozenset(project.settings.allowed_hosts))
    cells = path.suffix.lower() == ".csv"

    def read(row: Row) -> ItemRow:
        raw = from_cells(row.raw) if cells else row.raw
        check_item(raw)
        raw = {key: value for key, value in raw.items() if value is not None}
        if "media" in raw:
            brought = source.bring(raw["media"], raw.get("sha256"))
            raw["media"] = brought.media
            if brought.sha256 is not None:
                raw["sha256"] = brought.sha256
        data = orjson.dumps(raw, option=orjson.OPT_SORT_KEYS)
        return ItemRow(raw["id"], raw["modality"], data, raw.get("slices") or {})

    kind = Kind("items", read, project.store.store_items, lambda row: row.id)
    return import_records(project, path, kind, author, now=now, tell=tell, on_problem=on_problem)
