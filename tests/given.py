"""A project made of lines and the files beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import orjson

from labeler.domain.people import Role
from labeler.domain.project import ProjectSettings
from labeler.steps.bring.release import Files, bring
from labeler.steps.opening import create_project
from labeler.steps.project import Project


def project_of(folder: Path, given: Path, files: Mapping[str, Sequence[Mapping[str, object]]]) -> Project:
    """Open, with one person, `Ada Lead`. `files`: lines of `items`, `old` and `new`; their media lie below `given`."""
    for name, lines in files.items():
        (given / f"{name}.jsonl").write_bytes(b"\n".join([orjson.dumps(line) for line in lines]))
    settings = ProjectSettings(folder.name.capitalize(), "2026-01-01T00:00:00Z", seed=7)
    project = create_project(folder, settings=settings)
    lead = project.store.add_person("Ada Lead", Role.LEAD, at=datetime(2026, 1, 1, tzinfo=UTC))
    bring(project, Files(*(given / f"{name}.jsonl" for name in ("items", "old", "new"))), lead)
    return project
