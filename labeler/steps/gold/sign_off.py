"""Publishing a gold set's version: a second person puts their name to it, and it is kept who had tried it."""

from __future__ import annotations

from pathlib import Path

from labeler.domain.events import Event, EventKind, in_utc
from labeler.domain.gold.publications import Publication, looks_at
from labeler.domain.people import Person
from labeler.errors import LabelerError
from labeler.formats.gate.attempts import FILE_NAME, read_attempts
from labeler.formats.gold.folder import check_whole
from labeler.formats.gold.publications import (
    LOOKS,
    PUBLISHED,
    append_publication,
    look_to_json,
    read_looks,
    read_publications,
)
from labeler.steps.project import Now, Project, now_utc
from labeler.store import Store


def publish_gold(
    project: Project, folder: Path, by: Person, *, ledger: Path | None = None, now: Now = now_utc
) -> Publication:
    """Put a second person's name to the version in `folder`: in the project's log, and in `published.jsonl` beside it.

    A version that is published already stays as it is. Raises LabelerError when it was not built from this project,
    when the person built it or is simulated, or when it is damaged (exit 4).
    """
    manifest = check_whole(folder, media=False, columns=True)
    series = folder.resolve().parent
    done = next((one for one in read_publications(series / PUBLISHED) if one.digest == manifest.digest), None)
    if done is not None:
        return done
    built = built_event(project.store, manifest.digest)
    if built is None:
        raise LabelerError(
            f"{folder} was not built from this project",
            remedy="publish it from the project that `labeler gold build` was called for",
        )
    if by.simulated or built.author == by.id:
        raise LabelerError(
            f"{by.name} {'is simulated' if by.simulated else 'built this version'}",
            kept="the version, as a draft",
            remedy="let a second person look at CHANGES.md and publish it: labeler gold publish … --as NAME",
        )
    seen = looks_at(manifest.digest, read_attempts(ledger or series / FILE_NAME), read_looks(series / LOOKS))
    builder = next((person.name for person in project.store.people() if person.id == built.author), built.author)
    at = now()
    published = Publication(manifest.version, manifest.digest, builder, by.name, in_utc(at), seen)
    body = {
        "kind": "publication",
        "gold": built.id,
        "name": manifest.name,
        "version": manifest.version,
        "digest": manifest.digest,
        # Names stay outside the chain: it holds how often, and what was seen.
        "seen": [{key: value for key, value in look_to_json(look).items() if key != "by"} for look in seen],
    }
    append_publication(series / PUBLISHED, published)
    project.store.append(
        project.store.stream(by.id), EventKind.PUBLICATION, body, at, {"seen_by": [look.by for look in seen]}
    )
    return published


def built_event(store: Store, digest: str) -> Event | None:
    """The event of who built the version; of several who built the same, the first."""
    events = store.events(kinds=[EventKind.GOLD])
    return next((event for event in events if event.body["digest"] == digest), None)
