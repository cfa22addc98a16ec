"""Putting a copy in the place of a store. What it replaces is kept, sound or damaged."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from labeler.errors import LabelerError
from labeler.store.backup import BACKUPS, Why, damage_of, free_name
from labeler.store.connection import DatabaseError, OperationalError
from labeler.store.engine import open_file, remove_database
from labeler.whole_file import sync


@dataclass(frozen=True, slots=True)
class Restored:
    """`replaced` is where the state before lies now; None when there was none."""

    events: int
    replaced: Path | None


def restore(file: Path, backup: Path, at: datetime) -> Restored:
    """Put a copy in the place of a store, whose state is kept among the backups, sound or damaged.

    The store is either the old one or the restored one, whatever ends the program. It is given a device name of its
    own when it is opened next: other machines may hold events that this copy has not, under its numbers. Raises
    LabelerError, and changes nothing, when the copy is not sound or the project is open somewhere.
    """
    problems = damage_of(backup)
    if problems:
        raise LabelerError(
            f"{backup} cannot be restored: {problems[0]}", kept="the project was not touched", remedy="choose another"
        )
    ready = file.with_name(f".{file.name}.restoring")
    remove_database(ready)  # a journal that another try left would be played into this one
    try:
        shutil.copyfile(backup, ready)
        with closing(open_file(ready)) as copy:
            copy.execute("DELETE FROM facts WHERE key = 'copy'")
            events = int(copy.execute("SELECT count(*) FROM events").fetchone()[0])
        sync(ready)
        with _nobody_has_it_open(file):
            replaced = _keep_replaced(file, at)
            for beside in ("-wal", "-shm"):  # the old log must never be read into the restored file
                file.with_name(file.name + beside).unlink(missing_ok=True)
            ready.replace(file)
            sync(file.parent)
    except OSError as problem:
        raise LabelerError(
            f"{backup} could not be restored: {problem.strerror or problem}", kept="the state before, and the backup"
        ) from None
    finally:
        remove_database(ready)
    return Restored(events, replaced)


@contextmanager
def _nobody_has_it_open(file: Path) -> Iterator[None]:
    """Only who is alone can turn the write-ahead log off, which also brings what waits in it into the file.

    A file that is no database any more is left as it is, with its log: it is kept for whoever can still read it.
    """
    if _is_database(file):
        try:
            with closing(open_file(file, "mode=rw", wait_ms=2_000)) as alone:
                alone.execute("PRAGMA journal_mode = DELETE")
        except OperationalError as problem:
            if "locked" in str(problem):
                raise LabelerError(
                    f"{file.parent} is open in another program",
                    kept="it was not touched",
                    remedy="close its window, wait for its commands to end, then restore again",
                ) from None
        except DatabaseError:
            pass  # damaged further in: that is why somebody restores
    yield


def _is_database(file: Path) -> bool:
    if not file.exists():
        return False
    try:
        with closing(open_file(file, "mode=ro")) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema")
    except DatabaseError:
        return False
    return True


def _keep_replaced(file: Path, at: datetime) -> Path | None:
    """A second name for the store that is replaced, and for its write-ahead log where it could not be emptied."""
    if not file.exists():
        return None
    kept = free_name(file.parent / BACKUPS, at, Why.REPLACED)
    for beside in ("", "-wal"):
        part = file.with_name(file.name + beside)
        if part.exists():
            _second_name(part, kept.with_name(kept.name + beside))
    sync(kept.parent)
    return kept


def _second_name(path: Path, second: Path) -> None:
    with suppress(OSError):
        os.link(path, second)
        return
    shutil.copyfile(path, second)  # a file system without hard links
    sync(second)
