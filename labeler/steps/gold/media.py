"""The files that a gold set takes along: each item's picture or recording, and the answer's where it is one itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from labeler.domain.gold.records import GoldRecord
from labeler.domain.items import Item, Output
from labeler.formats.gold.folder import GoldWriter
from labeler.formats.gold.manifest import MEDIA, file_sha256
from labeler.steps.project import Project
from labeler.store import Store

ANSWER_MEDIA = "answer_media"
"""Key of a record whose answer is a file that was copied: where that lies in the gold set."""


def with_media_of(project: Project, writer: GoldWriter, record: GoldRecord) -> tuple[GoldRecord, bool]:
    """The record with its medium copied beside it, named by its content; or as it was, and true.

    Where the answer is a picture or a recording itself, that one comes along, too.
    """
    if record.media is None and record.answer.media_sha256 is None:
        return record, False
    item = project.store.item(record.id)
    if item.pii or item.residency:
        return record, True
    held = False
    if record.answer.media_sha256 is not None:
        name = _add_answer(project, writer, item, record.answer.media_sha256)
        held = name is None
        if name is not None:
            record = replace(record, extra={**record.extra, ANSWER_MEDIA: f"{MEDIA}/{name}"})
    if record.media is None:
        return record, held
    source, _ = project.medium(item)
    if source is None:
        return record, True
    return replace(record, media=f"{MEDIA}/{_add_file(writer, source, record.media)}"), held


def _add_answer(project: Project, writer: GoldWriter, item: Item, sha256: str) -> str | None:
    """The name of the file that the answer is, which is copied; None where it no longer lies here as it was judged."""
    for output in _outputs_of(project.store, item):
        if output.media is None or output.media_sha256 != sha256:
            continue
        source, _ = project.file_of(output.media)
        if source is not None and file_sha256(source).removeprefix("sha256:") == sha256:
            return _add_file(writer, source, output.media)
    return None


def _outputs_of(store: Store, item: Item) -> Iterator[Output]:
    """What the models of any release made of the item."""
    for release in store.releases():
        pair = release.pairs.get(item.modality)
        for model in (pair.old, pair.new) if pair else ():
            output = store.output(item.id, model)
            if output is not None:
                yield output


def _add_file(writer: GoldWriter, source: Path, called: str) -> str:
    """Copy a medium under the name of its content, which is given back; it keeps the kind that its name says."""
    name = file_sha256(source).removeprefix("sha256:") + PurePosixPath(called).suffix.lower()
    writer.add_medium(source, name)
    return name
