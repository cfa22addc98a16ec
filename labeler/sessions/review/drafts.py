"""Unsaved work on disk: it survives a crash, and a draft of a saved verdict stays dead.

One small file an item in the project's `drafts/` folder. Replacing a file is atomic; it is not synced, since a draft
has to outlive the program and not a power cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from labeler.sessions.review.state import Draft


@dataclass(frozen=True, slots=True)
class _Kept:
    release: str
    item_id: str
    latest: str | None
    """The person's newest event on the item when the draft was made."""
    draft: Draft


_KEPT = TypeAdapter(_Kept)


class DraftFolder:
    """The drafts of one person in one release."""

    def __init__(self, folder: Path, release: str) -> None:
        self._folder = folder
        self._release = release

    def keep(self, item_id: str, latest: str | None, draft: Draft) -> None:
        """Write the draft in place of an older one. Raises OSError when the disk refuses."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(item_id)
        beside = path.with_suffix(".part")
        beside.write_bytes(_KEPT.dump_json(_Kept(self._release, item_id, latest, draft)))
        beside.replace(path)

    def load(self, item_id: str, latest: str | None) -> Draft | None:
        """The draft of this item, unless something was saved since it was made, or the file is damaged."""
        try:
            kept = _KEPT.validate_json(self._path(item_id).read_bytes())
        except (FileNotFoundError, ValidationError):
            return None
        alive = (kept.release, kept.item_id, kept.latest) == (self._release, item_id, latest)
        return kept.draft if alive else None

    def drop(self, item_id: str) -> None:
        self._path(item_id).unlink(missing_ok=True)

    def _path(self, item_id: str) -> Path:
        # An item's id can be anything; a file's name can not.
        return self._folder / f"{sha256(f'{self._release}/{item_id}'.encode()).hexdigest()[:32]}.json"
