"""Checking a project: the database file, the chain of events, the state that follows from it, and the media."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from labeler.domain.items import Item
from labeler.domain.verdicts import fold
from labeler.errors import LabelerError
from labeler.formats.gold import check_whole
from labeler.formats.rows import Refusal
from labeler.formats.verdicts import read_events
from labeler.steps.import_records import sha256_of
from labeler.steps.progress import Tell, silent
from labeler.steps.project import Project


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is damaged: `part` is `database`, `events`, `state`, `outputs` or `media`."""

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
    findings = [Finding("database", said) for said in store.integrity_damage()]
    findings += [
        Finding("events", f"{damage.stream}, event {damage.seq}: {damage.what}") for damage in store.chain_damage()
    ]
    findings += [Finding("events", said) for said in (*store.column_damage(), *store.commitment_damage())]
    findings += [Finding("events", said) for path in seen for said in _unlike_seen(project, path)]
    findings += _state(project) or [Finding("state", said) for said in store.derived_damage()]
    findings += [Finding("outputs", said) for said in store.output_damage()]
    media, elsewhere, broken = _media(project, tell)
    return Checked(store.event_count(), media, elsewhere, (*findings, *broken))


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


def _state(project: Project) -> list[Finding]:
    """Where the tables say something else than the events mean, by the rule as the domain states it."""
    try:
        meant, held = fold(project.store.events()), project.store.state()
    except (ValueError, KeyError, TypeError) as problem:
        return [Finding("state", f"an event is unreadable: {problem}")]
    return [
        Finding("state", f"{name} of {' / '.join(key)}: the tables are not what the events mean")
        for name in ("verdicts", "skips", "resolutions")
        for key in _unlike(getattr(meant, name), getattr(held, name))
    ]


def _unlike(one: Mapping[tuple[str, ...], str], other: Mapping[tuple[str, ...], str]) -> list[tuple[str, ...]]:
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


def _media(project: Project, tell: Tell) -> tuple[int, int, list[Finding]]:
    findings: list[Finding] = []
    looked = elsewhere = 0
    total = project.store.item_count()
    for n, item in enumerate(project.store.items(), 1):
        if item.media is None:
            continue
        if "://" in item.media:
            elsewhere += 1
            continue
        looked += 1
        said = _medium(project, item)
        if said:
            findings.append(Finding("media", f"item {item.id}: {said}"))
        tell("Checking media", n, total)
    return looked, elsewhere, findings


def _medium(project: Project, item: Item) -> str:
    path, problem = project.medium(item)
    if path is None:
        return problem
    try:
        changed = item.sha256 is not None and sha256_of(path) != item.sha256.removeprefix("sha256:")
    except LabelerError as unreadable:
        return unreadable.what
    return f"{item.media} is not the file that was imported" if changed else ""
