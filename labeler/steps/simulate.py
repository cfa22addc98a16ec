"""Letting simulated annotators judge a part of a release, so that a demo has verdicts to show.

They write to streams of their own, on a device of their own, with ids, salts and times that follow from the project's
seed: the same project gives the same bytes. Their people are marked as simulated in the log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any
from uuid import UUID

from labeler.domain.consensus import consensus
from labeler.domain.events import GENESIS, Event, EventKind, commit_to, seal, stream_name
from labeler.domain.items import Output, Release, Side
from labeler.domain.people import Role
from labeler.domain.queue import QueueFilter
from labeler.domain.simulation.annotators import ANNOTATORS, SimulatedAnnotator
from labeler.domain.simulation.chance import digest, uniform
from labeler.domain.simulation.judging import Task, simulated_verdict
from labeler.domain.simulation.mistakes import chances_of_mistake, fault_to_see
from labeler.domain.simulation.truth import truth_of
from labeler.domain.verdict_json import resolution_body, verdict_body
from labeler.domain.verdicts import Verdict
from labeler.errors import LabelerError
from labeler.steps.bring.release import Files, bring
from labeler.steps.exchange import export_verdicts
from labeler.steps.opening import create_project
from labeler.steps.project import Project, person_called
from labeler.steps.review import evidence
from labeler.store import LoggedEvent

DEVICE = "simulation"
_PAUSE = timedelta(seconds=4)


@dataclass(frozen=True, slots=True)
class Simulated:
    """What simulating appended: how many verdicts on how many items, and how many of these they settled."""

    verdicts: int
    items: int
    settled: int


def simulate(
    project: Project,
    *,
    start: datetime,
    share: float = 2 / 3,
    annotators: Sequence[SimulatedAnnotator] = ANNOTATORS,
) -> Simulated:
    """Let simulated annotators judge a `share` of each modality's items, each beginning at `start`.

    What all of them agree on is settled by consensus. Raises LabelerError when there is no release, or when it was
    simulated before with another outcome.
    """
    release = project.store.latest_release()
    if release is None:
        raise LabelerError(f"{project.folder} has no release to judge", remedy="import outputs of two models first")
    tasks = tasks_of(project, release, share)
    streams = {a.id: _Stream(stream_name(a.id, DEVICE), project.settings.seed) for a in annotators}
    for annotator in annotators:
        _join(streams[annotator.id], annotator, start)
    given: dict[str, list[_Given]] = {task.item.id: [] for task in tasks}
    for annotator in annotators:
        for one in _work_through(annotator, tasks, project.settings.seed, start):
            given[one.verdict.item_id].append(one)
    settled = _append_in_time(streams, given)
    adopted = project.store.adopt(event for stream in streams.values() for event in stream.events)
    if adopted.damage:
        raise LabelerError(
            f"{project.folder} holds other verdicts of simulated annotators",
            kept="everything that was there",
            remedy="simulate in a fresh copy of the project",
        )
    return Simulated(sum(map(len, given.values())), len(given), settled)


def make_verdicts(demo: Path, scratch: Path, to: Path, *, start: datetime) -> Simulated:
    """Import the demo's items and outputs into a new project in `scratch`, simulate there, and export to `to`.

    Only the streams of the simulated annotators are written.
    """
    scratch.mkdir()
    for name in ("project.toml", "rubric.toml"):
        copyfile(demo / name, scratch / name)
    with create_project(scratch, now=lambda: start) as project:
        files = Files(demo / "items.jsonl", demo / "outputs-old.jsonl", demo / "outputs-new.jsonl")
        bring(project, files, person_called(project, "Importer", now=lambda: start), now=lambda: start)
        made = simulate(project, start=start)
        export_verdicts(project.store, to, streams=[stream_name(a.id, DEVICE) for a in ANNOTATORS])
    return made


def judge_all(
    annotators: Sequence[SimulatedAnnotator], tasks: Sequence[Task], seed: int, start: datetime
) -> dict[str, dict[str, Verdict]]:
    """What each annotator says of each task, without a store: item to annotator to verdict."""
    said: dict[str, dict[str, Verdict]] = {task.item.id: {} for task in tasks}
    for annotator in annotators:
        for one in _work_through(annotator, tasks, seed, start):
            said[one.verdict.item_id][one.annotator] = one.verdict
    return said


@dataclass(frozen=True, slots=True)
class _Given:
    """A verdict, who gave it and when."""

    at: datetime
    annotator: str
    verdict: Verdict


def tasks_of(project: Project, release: Release, share: float) -> list[Task]:
    """As many of each modality's queue as the share asks for, in the queue's order."""
    store, found = project.store, []
    for modality in sorted(release.pairs):
        count = round(share * store.item_count(modality))
        for entry in store.queue(release.id, ANNOTATORS[0].id, QueueFilter(modality), limit=count):
            case = evidence(store, release, entry.item_id)
            outputs: dict[Side, Output] = {"old": case.old, "new": case.new}
            truth = truth_of(case.item, outputs, case.comparison)
            task = Task(case.item, outputs, case.comparison, truth, project.rubrics[modality], release.id)
            found.append((entry.rank, task))
    return [task for _, task in sorted(found, key=lambda ranked: ranked[0])]


def _work_through(annotator: SimulatedAnnotator, tasks: Sequence[Task], seed: int, start: datetime) -> Iterator[_Given]:
    """The annotator's verdicts, one after the other, with a short pause and now and then a long one between them."""
    wrong = chances_of_mistake(annotator.wrong, [fault_to_see(t.truth, t.comparison) for t in tasks])
    at = start
    for task, chance in zip(tasks, wrong, strict=True):
        verdict = simulated_verdict(annotator, task, seed, chance)
        rest = timedelta(minutes=round(20 * uniform("rest", annotator.id, task.item.id, seed) ** 8))
        at += timedelta(milliseconds=verdict.duration_ms) + _PAUSE + rest
        yield _Given(at, annotator.id, verdict)


def _join(stream: _Stream, annotator: SimulatedAnnotator, at: datetime) -> None:
    body = {"kind": "joined", "person": annotator.id, "role": str(Role.ANNOTATOR), "simulated": True}
    stream.append(EventKind.JOINED, body, {"name": annotator.name}, at)


def _append_in_time(streams: Mapping[str, _Stream], given: Mapping[str, Sequence[_Given]]) -> int:
    """Append all verdicts in the order of time; the last one of an item brings its resolution, if all agree."""
    said: dict[str, list[tuple[str, Verdict]]] = {item_id: [] for item_id in given}
    settled = 0
    for one in sorted((g for verdicts in given.values() for g in verdicts), key=lambda g: (g.at, g.annotator)):
        stream, verdicts = streams[one.annotator], said[one.verdict.item_id]
        event = stream.append(EventKind.VERDICT, *verdict_body(one.verdict), one.at)
        verdicts.append((event.id, one.verdict))
        decided = consensus(verdicts, needed=len(streams))
        if decided is not None:
            stream.append(EventKind.RESOLUTION, *resolution_body(decided), one.at)
            settled += 1
    return settled


@dataclass(slots=True)
class _Stream:
    """A chain of events whose ids and salts follow from a seed, and not from chance as those of people do."""

    name: str
    seed: int
    events: list[LoggedEvent] = field(default_factory=list)

    def append(self, kind: EventKind, body: Mapping[str, Any], private: Mapping[str, Any], at: datetime) -> Event:
        seq = len(self.events) + 1
        salted = tuple(
            commit_to(name, value, digest("salt", self.name, seq, name, self.seed)[:16])
            for name, value in private.items()
        )
        sealed = dict(body)
        for value in salted:
            sealed[value.field] = {**(sealed.get(value.field) or {}), "commitment": value.commitment}
        prev = self.events[-1].event.hash if self.events else GENESIS
        event = seal(self.name, seq, self._id(seq, at), kind, at, prev, sealed)
        self.events.append(LoggedEvent(event, salted))
        return event

    def _id(self, seq: int, at: datetime) -> str:
        """A UUIDv7 (RFC 9562): the time, the number in the stream for the order, and a hash in place of chance."""
        milliseconds = int(at.timestamp() * 1000)
        low = int.from_bytes(digest("id", self.name, seq, self.seed)[:8]) >> 2
        return str(UUID(int=milliseconds << 80 | 7 << 76 | (seq & 0xFFF) << 64 | 2 << 62 | low))
