"""Files that a manifest or a ledger names: they lie in its own folder or they are none of it."""

from __future__ import annotations

from pathlib import Path


def file_inside(folder: Path, name: str) -> Path | None:
    """The file of that name, or None where the name or a link leads out of the folder, or no file can have it."""
    try:
        path = folder / name
        path.is_file()  # raises for a name that is too long
        return path if path.resolve().is_relative_to(folder.resolve()) else None
    except (OSError, RuntimeError, ValueError):  # too long, links in circles, a NUL
        return None
