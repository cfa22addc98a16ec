"""What an erasure in the store leaves to be removed beside it: files, drafts, what was decoded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from labeler.domain.insights.page import GoldVersion
from labeler.domain.items import Item
from labeler.formats.ledger import dossier_name
from labeler.modalities.audio.key import hashed
from labeler.steps.drafts import disposal_draft_name, draft_file_name, step_draft_name
from labeler.steps.project import Project
from labeler.store import CarriedOut, Unfinished


@dataclass(frozen=True, slots=True)
class Erased:
    """How many values and outputs are gone from the project, and from which ledgers the record's were erased."""

    values: int
    ledgers: tuple[Path, ...]
    outputs: int = 0
    medium: bool = False
    """Whether the item's file is gone as well."""
    scrubbed: bool = True
    """Whether the store's file was written anew; else its free pages may still hold what was erased."""
    gold: tuple[GoldVersion, ...] = ()
    """Versions of gold sets that were built while it was there: what is in them is not the program's to erase."""


def finish_erasures(project: Project, done: CarriedOut | None = None) -> Erased:
    """Remove the files of erasures that the store carried out, and write its own file anew; again, it changes nothing.

    Where a kill came between the two it is done when the project is opened next. `done` are erasures that came from
    another copy, or that a hold kept.
    """
    store = project.store
    done, left, erased = done or CarriedOut(), store.unfinished_erasures(), store.erased_items()
    gone = False
    for one in dict.fromkeys((*left, *(Unfinished(decision_id, item_id) for decision_id, item_id in done.items))):
        erase_beside(project, one.decision_id)
        # A store that somebody else wrote may name anything.
        if one.item_id is not None and one.item_id in erased:
            gone |= _erase_files(project, store.item(one.item_id), one.made)
    scrubbed = store.scrub() if left else True
    if left and scrubbed:
        store.forget_unfinished(left)
    return Erased(done.values, (), done.outputs, gone, scrubbed)


def erase_beside(project: Project, decision_id: str) -> None:
    """Remove what was typed of a step or a disposition, and the dossier that was looked at."""
    for draft in (step_draft_name(decision_id), disposal_draft_name(decision_id)):
        _remove_all(project.folder / "drafts", draft)
    _remove_all(project.folder / "cache", Path(dossier_name(decision_id)).name)


def _erase_files(project: Project, item: Item, outputs: Sequence[str]) -> bool:
    """Remove drafts, what the cache holds of the item, the files that its outputs were, and its medium.

    A file that another item or its outputs have stays. The answer is whether the medium is gone.
    """
    releases = [release.id for release in project.store.releases()]
    for name in (draft_file_name(release, item.id) for release in releases):
        _remove_all(project.folder / "drafts", f"{Path(name).stem}*")
    if _digest(item):
        _remove_all(project.folder / "cache", f"*{_digest(item)}*")
    shared = {other.media for other in project.store.items() if other.id != item.id}
    shared |= {other.media for other in project.store.made_media()}
    for media in outputs:
        if media not in shared and media != item.media:
            _remove(project, media)
    return item.media is not None and item.media not in shared and _remove(project, item.media)


def _remove_all(folder: Path, pattern: str) -> None:
    for file in folder.rglob(pattern):
        file.unlink(missing_ok=True)


def _remove(project: Project, media: str) -> bool:
    """Remove a file, and first what was decoded of it."""
    path, _ = project.file_of(media)
    if path is not None:
        _remove_all(project.folder / "cache", f"{hashed(path, path.stat().st_size)}*")
        path.unlink(missing_ok=True)
    return path is not None


def _digest(item: Item) -> str:
    return (item.sha256 or "").removeprefix("sha256:")
