"""A whole file as text."""

from __future__ import annotations

from pathlib import Path

from labeler.errors import LabelerError


def text_of_file(path: Path) -> str:
    """The file's text. Raises LabelerError when it cannot be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise LabelerError(f"{path}: cannot be read: {problem.strerror or problem}") from None
    except UnicodeDecodeError as problem:
        raise LabelerError(f"{path}: not UTF-8 at byte {problem.start}") from None
