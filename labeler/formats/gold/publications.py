"""published.jsonl and looks.jsonl beside the versions of a gold set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from labeler.domain.gold.publications import Look, Publication
from labeler.errors import LabelerError
from labeler.formats.kept_lines import append_kept, read_kept

PUBLISHED = "published.jsonl"
LOOKS = "looks.jsonl"


def read_publications(path: Path) -> Iterator[Publication]:
    """Nothing where there is no file yet. Raises LabelerError at a line that is no publication."""
    return read_kept(path, _publication, "a publication")


def read_looks(path: Path) -> Iterator[Look]:
    """Nothing where there is no file yet. Raises LabelerError at a line that is no look."""
    return read_kept(path, _look, "a look at a gold set")


def is_draft(folder: Path, digest: str) -> bool | None:
    """Whether nobody published the version although others beside it are; None where none ever was."""
    published = [one.digest for one in read_publications(folder.resolve().parent / PUBLISHED)]
    return digest not in published if published else None


def append_publication(path: Path, published: Publication) -> None:
    """Raises LabelerError when it cannot be written."""
    try:
        append_kept(path, publication_to_json(published))
    except OSError as problem:
        raise LabelerError(f"{path} cannot be written: {problem.strerror or problem}") from None


def append_look(path: Path, look: Look) -> bool:
    """Whether it could be written: a gold set may lie where nobody writes."""
    try:
        append_kept(path, look_to_json(look))
    except OSError:
        return False
    return True


def publication_to_json(published: Publication) -> dict[str, Any]:
    return {
        "version": published.version,
        "digest": published.digest,
        "built_by": published.built_by,
        "published_by": published.published_by,
        "at": published.at,
        "seen": [look_to_json(look) for look in published.seen],
    }


def look_to_json(look: Look) -> dict[str, Any]:
    return {
        "gold_digest": look.gold_digest,
        "new_outputs": look.new_outputs,
        "decision": look.decision,
        "by": look.by,
        "at": look.at,
        "how": look.how,
    }


def _publication(raw: Mapping[str, Any]) -> Publication:
    version, digest, built_by, published_by, at = (
        str(raw[key]) for key in ("version", "digest", "built_by", "published_by", "at")
    )
    return Publication(version, digest, built_by, published_by, at, tuple(map(_look, raw["seen"])))


def _look(raw: Mapping[str, Any]) -> Look:
    return Look(*(str(raw[key]) for key in ("gold_digest", "new_outputs", "decision", "by", "at", "how")))
