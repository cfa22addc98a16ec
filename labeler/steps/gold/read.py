"""Reading a lead's desk for a window: what takes seconds runs in a child, so that the window's own process is free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from labeler.steps.executor import Executor, Here, Processes
from labeler.steps.gold.desk import Asked, Desk, ReadAt, read_at, read_desk
from labeler.steps.opening import open_project

WORTH_A_CHILD = 1_000
"""Items from which on reading takes longer than to start a child."""


@dataclass(frozen=True, slots=True)
class _Task:
    folder: Path
    person: str
    at: datetime
    asked: Asked


def read_beside(
    folder: Path,
    person: str,
    at: datetime,
    asked: Asked,
    known: ReadAt | None = None,
    executor: Executor | None = None,
) -> Desk | None:
    """As `read_desk`, in a child where there is much to read; None where everything is as it was at `known`."""
    with open_project(folder, read_only=True) as project:
        if known is not None and read_at(project) == known:
            return None
        if executor is None:
            executor = Processes(1) if project.store.item_count() >= WORTH_A_CHILD else Here()
    return next(iter(executor.map(_read, [_Task(folder, person, at, asked)])))


def _read(task: _Task) -> Desk:
    return read_desk(task.folder, task.person, task.at, task.asked)
