"""Checking a project: the database file, the chain of events, the state that follows from it, and the media."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from labeler.domain.verdicts import fold
from labeler.errors import LabelerError
from labeler.formats.gold.folder import check_whole
from labeler.formats.row import Refusal
from labeler.formats.verdicts import read_events
from labeler.steps.bring.records import sha256_of
from labeler.steps.progress import Tell, silent
from labeler.steps.project import Project
from labeler.store import UNREADABLE, DatabaseError, Unfinished, words


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is damaged: `part` is `database`, `events`, `state`, `outputs`, `erasures` or `media`."""

    part: str
    what: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what is damaged. `elsewhere` media are URIs, which were not looked at."""

    events: int
    media: int
    elsewhere: int
    findings: tuple[Finding, ...]


def check_project(project: Project, *, seen: Iterable[Path] = (), tell: Tell = silent) -> Checked:
    """Look at everything that can be damaged without anyone noticing. Changes nothing.

    `seen` are files that somebody got from this project earlier (verdicts files, gold sets): the log must still hold
    every event that they name. Raises LabelerError for such a file that cannot be read.
    """
    store = project.store
    findings = list[Finding]()
    for part, look in (
        ("database", store.integrity_damage),
        ("database", store.value_damage),
        ("events", lambda: [f"{d.stream}, event {d.seq}: {d.what}" for d in store.chain_damage()]),
        ("events", store.column_damage),
        ("events", store.commitment_damage),
        ("events", lambda: [said for path in seen for said in _unlike_seen(project, path)]),
        ("state", lambda: _state(project) or store.derived_damage()),
        ("outputs", store.output_damage),
        ("erasures", lambda: [_unfinished(one) for one in store.unfinished_erasures()]),
    ):
        findings += _look(part, look)
    media = _Media()
    findings += _look("media", lambda: media.look(project, tell))
    return Checked(store.event_count(), media.looked, media.elsewhere, tuple(findings))


def _unfinished(one: Unfinished) -> str:
    return (
        f"that of {one.decision_id} was stopped before its files were removed and labels.db was written anew; whoever "
        "opens the project to work in it finishes that"
    )


def _look(part: str, look: Callable[[], list[str]]) -> list[Finding]:
    """What a look finds; where what it looks at cannot even be read, that is the finding."""
    try:
        return [Finding(part, said) for said in look()]
    except (*UNREADABLE, DatabaseError) as problem:
        return [Finding(part, f"cannot be read: {words(problem)}")]


def _unlike_seen(project: Project, path: Path) -> Iterator[str]:
    """Events that a file names and the log does not hold as they were."""
    for stream, seq, digest in _seen_events(path):
        held = project.store.hash_at(stream, seq)
        if held is None:
            yield f"{stream}, event {seq}: {path} names it, and it is missing here"
        elif held != digest:
            yield f"{stream}, event {seq}: is another one than in {path}"


def _seen_events(path: Path) -> Iterator[tuple[str, int, str]]:
    if path.is_dir():
        for stream, head in check_whole(path).heads.items():
            yield stream, head.seq, head.hash
        return
    for line, entry in read_events(path):
        if isinstance(entry, Refusal):
            raise LabelerError(f"{path}:{line}: {entry.reason}")
        yield entry[0].stream, entry[0].seq, entry[0].hash


def _state(project: Project) -> list[str]:
    """Where the tables say something else than the events mean, by the rule as the domain states it."""
    meant, held = fold(project.store.events()), project.store.state()
    return [
        f"{name} of {' / '.join(key)}: the tables are not what the events mean"
        for name in ("verdicts", "skips", "resolutions")
        for key in _unlike(getattr(meant, name), getattr(held, name))
    ]


def _unlike(one: Mapping[tuple[str, ...], str], other: Mapping[tuple[str, ...], str]) -> list[tuple[str, ...]]:
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


@dataclass(slots=True)
class _Media:
    """How many media were looked at, and how many are elsewhere."""

    looked: int = 0
    elsewhere: int = 0

    def look(self, project: Project, tell: Tell) -> list[str]:
        found = []
        total, erased = project.store.item_count(), project.store.erased_items()
        for n, item in enumerate(project.store.items(), 1):
            if item.media is None or item.id in erased:
                continue
            if "://" in item.media:
                self.elsewhere += 1
                continue
            self.looked += 1
            said = _medium(project, item.media, item.sha256)
            if said:
                found.append(f"item {item.id}: {said}")
            tell("Checking media", n, total)
        return found + self._look_at_outputs(project, erased)

    def _look_at_outputs(self, project: Project, erased: frozenset[str]) -> list[str]:
        found = []
        for made in project.store.made_media():
            if made.item_id in erased:
                continue
            if "://" in made.media:
                self.elsewhere += 1
                continue
            self.looked += 1
            if said := _medium(project, made.media, made.sha256):
                found.append(f"output of {made.item_id}: {said}")
        return found


def _medium(project: Project, media: str, sha256: str | None) -> str:
    path, problem = project.file_of(media)
    if path is None:
        return f"{media} {problem}"
    try:
        changed = sha256 is not None and sha256_of(path) != sha256.removeprefix("sha256:")
    except LabelerError as unreadable:
        return unreadable.what
    return f"{media} is not the file that was imported" if changed else ""
