"""Backups of a project's store: made on demand, listed, and put back."""

from __future__ import annotations

from pathlib import Path

from labeler.errors import LabelerError
from labeler.steps.project import Now, now_utc
from labeler.store import FILE_NAME, Backup, Restored, Store, Why, back_up, backups, restore


def back_up_project(folder: Path, to: Path | None = None, *, now: Now = now_utc) -> Backup:
    """A verified copy among the project's backups, or in a file. Raises LabelerError when none could be made."""
    if not Store.lies_in(folder):
        raise LabelerError(f"{folder} holds no project", remedy="labeler new makes one")
    if to is not None and to.exists():
        raise LabelerError(f"{to} is there already", remedy="choose another name")
    return back_up(folder / FILE_NAME, now(), Why.ASKED, to)


def backups_of(folder: Path) -> list[Backup]:
    """Newest first."""
    return backups(folder)


def restore_project(folder: Path, backup: Path | None = None, *, now: Now = now_utc) -> Restored:
    """Put a backup (by its path, or its name among the project's; else the newest) in the place of the store.

    Raises LabelerError, and changes nothing, when there is none, it is damaged, or the project is open.
    """
    chosen = _chosen(folder, backup)
    return restore(folder / FILE_NAME, chosen, now())


def _chosen(folder: Path, backup: Path | None) -> Path:
    known = backups(folder)
    if backup is None:
        own = [one for one in known if one.why is not Why.REPLACED]
        if not own:
            raise LabelerError(f"{folder} has no backups", remedy="name a file: labeler restore PROJECT FILE")
        return own[0].path
    named = next((one.path for one in known if one.path.name == backup.name and backup.name == str(backup)), backup)
    if not named.is_file():
        raise LabelerError(f"{backup}: there is no such backup", remedy="labeler restore PROJECT --list shows them")
    return named
