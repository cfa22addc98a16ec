"""Importing a file of records: streamed, in transactions of a batch each, resumable, idempotent.

How far a file was read is stored with each batch under the SHA-256 of the file, so that the same file goes on where a
kill left it. A file that was read to its end without a problem is not read again; one with problems is, since its
items may have come in the meantime, and everything that is there already changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from labeler.domain.events import EventKind
from labeler.domain.items import ModelVersion
from labeler.domain.people import Person
from labeler.errors import LabelerError
from labeler.formats.row import RecordFile, Refusal, RefusedError, Row
from labeler.formats.rows import open_rows
from labeler.steps.progress import OnProblem, Problem, Tell
from labeler.steps.project import Now, Project
from labeler.store import ImportState, Stored

BATCH_RECORDS = 5_000
BATCH_BYTES = 8 * 1024 * 1024
"""Of a transaction: large enough to seldom wait for the disk, small enough that a save beside it hardly waits."""


class Record(Protocol):
    """What a batch holds: rows of the store."""

    @property
    def data(self) -> bytes: ...


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Kind(Generic[R]):
    """One kind of file: how a row becomes a record, how a batch is stored, and what to say of what is not."""

    what: str
    read: Callable[[Row], R]
    store: Callable[[Sequence[R]], Stored]
    name: Callable[[R], str]
    """What a record is about, by which one that is not in the project is missed."""
    own: Callable[[R], str] | None = None
    """A record's own name, where that is another."""


@dataclass(slots=True)
class FileReport:
    """What importing one file changed."""

    path: Path
    what: str
    digest: str
    new: int = 0
    known: int = 0
    changed: int = 0
    refused: int = 0
    skipped: int = 0
    """Records that an earlier run had stored."""
    models: tuple[ModelVersion, ...] = ()

    @property
    def records(self) -> int:
        return self.new + self.known + self.changed + self.refused + self.skipped


@dataclass(slots=True)
class _Batch(Generic[R]):
    records: list[R]
    lines: list[int]
    bytes: int = 0

    def add(self, record: R, line: int) -> None:
        self.records.append(record)
        self.lines.append(line)
        self.bytes += len(record.data)

    @property
    def full(self) -> bool:
        return len(self.records) >= BATCH_RECORDS or self.bytes >= BATCH_BYTES


def import_records(
    project: Project,
    path: Path,
    kind: Kind[R],
    author: Person,
    *,
    now: Now,
    tell: Tell,
    on_problem: OnProblem,
    models: Callable[[], tuple[ModelVersion, ...]] = lambda: (),
) -> FileReport:
    """Import one file and append the event that says so. Raises LabelerError when the file cannot be read at all."""
    report = FileReport(path, kind.what, sha256_of(path))
    before = project.store.import_state(report.digest, kind.what)
    if before is not None and before.problems == 0:
        report.skipped, report.models = before.records, before.models
        if before.finished:
            return report
    run = _Run(project, kind, report, on_problem, models)
    run.go_through(open_rows(path, report.skipped), tell)
    if report.new or before is None:
        body = {
            "kind": "imported",
            "what": kind.what,
            "digest": f"sha256:{report.digest}",
            "records": report.records,
            "new": report.new,
            "refused": report.refused + report.changed,
        }
        project.store.append(project.store.stream(author.id), EventKind.IMPORTED, body, now())
    return report


class _Run(Generic[R]):
    """One pass through a file."""

    def __init__(
        self,
        project: Project,
        kind: Kind[R],
        report: FileReport,
        on_problem: OnProblem,
        models: Callable[[], tuple[ModelVersion, ...]],
    ) -> None:
        self.store = project.store
        self.kind = kind
        self.report = report
        self.on_problem = on_problem
        self.models = models
        self.earlier = report.models

    def go_through(self, rows: RecordFile, tell: Tell) -> None:
        batch: _Batch[R] = _Batch([], [])
        for row in rows:
            if isinstance(row, Refusal):
                self.refuse(row.line, row.reason)
                continue
            try:
                batch.add(self.kind.read(row), row.line)
            except RefusedError as refused:
                self.refuse(row.line, str(refused))
            if batch.full:
                self.put(batch, finished=False)
                batch = _Batch([], [])
                tell(self.report.path.name, rows.done, rows.total)
        self.put(batch, finished=True)
        tell(self.report.path.name, rows.total, rows.total)

    def put(self, batch: _Batch[R], *, finished: bool) -> None:
        report = self.report
        with self.store.atomic():
            stored = self.kind.store(batch.records)
            report.new += stored.new
            report.known += stored.known
            report.models = tuple(sorted({*self.earlier, *self.models()}))
            for n in stored.unknown_item:
                self.refuse(batch.lines[n], f"there is no item {self.kind.name(batch.records[n])} in this project")
            for n in stored.changed:
                report.changed += 1
                said = (
                    f"{(self.kind.own or self.kind.name)(batch.records[n])} is there with other content, which was kept"
                )
                self.on_problem(Problem(report.path, batch.lines[n], "changed", said))
            problems = report.refused + report.changed
            state = ImportState(report.records, problems, finished, report.models)
            self.store.note_import(report.digest, self.kind.what, state)

    def refuse(self, line: int, reason: str) -> None:
        self.report.refused += 1
        self.on_problem(Problem(self.report.path, line, "refused", reason))


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hex. Raises LabelerError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as problem:
        raise LabelerError(f"{path}: cannot be read: {problem.strerror or problem}") from None
