"""Bringing a release: items, the outputs of an old and a new model, their comparison and the queue."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from labeler.domain.events import EventKind
from labeler.domain.items import Modality, ModelVersion, Pair, Release
from labeler.domain.people import Person
from labeler.domain.project import pairs_to_json, release_of
from labeler.errors import LabelerError
from labeler.steps.bring.decisions import import_decisions
from labeler.steps.bring.items import import_items
from labeler.steps.bring.outputs import import_outputs
from labeler.steps.bring.records import FileReport
from labeler.steps.build_queue import Queued, build_queue
from labeler.steps.compare import Classes, compare_release
from labeler.steps.executor import Executor
from labeler.steps.progress import OnProblem, Tell, ignore, silent
from labeler.steps.project import Now, Project, now_utc
from labeler.steps.rubric import record_rubrics
from labeler.store import Store


@dataclass(frozen=True, slots=True)
class Files:
    """What to bring; None for what is not there. Without `old`, the newest release's new models are the old ones."""

    items: Path | None = None
    old: Path | None = None
    new: Path | None = None
    decisions: Path | None = None


@dataclass(slots=True)
class ImportReport:
    """What an import changed. `release` is None when no new outputs were brought."""

    files: list[FileReport] = field(default_factory=list)
    release: Release | None = None
    is_new_release: bool = False
    classes: dict[Modality, Classes] = field(default_factory=dict)
    queued: Queued | None = None
    left_out: tuple[str, ...] = ()
    """Modalities that the new model answered and no old model did."""

    @property
    def problems(self) -> int:
        return sum(file.refused + file.changed for file in self.files)


def bring(
    project: Project,
    files: Files,
    author: Person,
    *,
    now: Now = now_utc,
    tell: Tell = silent,
    on_problem: OnProblem = ignore,
    executor: Executor | None = None,
) -> ImportReport:
    """Import files in the order in which they need each other, then compare and queue what is new.

    Raises LabelerError when a file cannot be read at all or no release follows from the outputs; what was read
    before is kept. Of an auditor nothing is read.
    """
    project.store.refuse(EventKind.RELEASE, {}, author.role)
    report = ImportReport()
    record_rubrics(project, author, now=now)
    if files.items is not None:
        found = import_items(project, files.items, author, now=now, tell=tell, on_problem=on_problem)
        report.files.append(found)
    outputs = {}
    for side, path in (("old", files.old), ("new", files.new)):
        if path is not None:
            outputs[side] = import_outputs(project, path, author, now=now, tell=tell, on_problem=on_problem)
            report.files.append(outputs[side])
    if files.decisions is not None:
        found = import_decisions(project, files.decisions, author, now=now, tell=tell, on_problem=on_problem)
        report.files.append(found)
    if "new" in outputs:
        new = _models(project.store, outputs["new"])
        old = _models(project.store, outputs["old"]) if "old" in outputs else _newest(project.store, new)
        report.left_out = tuple(sorted(map(str, new.keys() - old.keys())))
        report.release = _release(project, old, new)
        report.is_new_release = project.store.release(report.release.id) is None
        if report.is_new_release:
            body = {
                "kind": "release",
                "release": report.release.id,
                "pairs": pairs_to_json(report.release.pairs),
            }
            project.store.append(project.store.stream(author.id), EventKind.RELEASE, body, now())
    _compare_and_queue(project, report, executor, tell)
    return report


def _compare_and_queue(project: Project, report: ImportReport, executor: Executor | None, tell: Tell) -> None:
    """Items brought late complete the newest release as well."""
    release = report.release or project.store.latest_release()
    if release is None:
        return
    report.classes = compare_release(project.store, release, executor=executor, tell=tell)
    report.queued = build_queue(project.store, release.id, project.settings)


def _models(store: Store, outputs: FileReport) -> dict[Modality, ModelVersion]:
    """The one model of each modality in an outputs file."""
    found: dict[Modality, ModelVersion] = {}
    for model in outputs.models:
        for modality in sorted(store.modalities_of(model)):
            if found.setdefault(modality, model) != model:
                raise LabelerError(
                    f"{outputs.path}: two models for {modality}: {found[modality]} and {model}",
                    kept="all outputs of both",
                    remedy="a release has one old and one new model a modality; bring one of them in a file of its own",
                )
    return found


def _newest(store: Store, new: dict[Modality, ModelVersion]) -> dict[Modality, ModelVersion]:
    """The newest new model of each modality; where that is the one that is brought again, the old one of its pair."""
    newest = {modality: pair for release in store.releases() for modality, pair in release.pairs.items()}
    return {modality: pair.old if pair.new == new.get(modality) else pair.new for modality, pair in newest.items()}


def _release(project: Project, old: dict[Modality, ModelVersion], new: dict[Modality, ModelVersion]) -> Release:
    pairs = {modality: Pair(old[modality], new[modality]) for modality in sorted(old.keys() & new.keys())}
    if not pairs:
        raise LabelerError(
            f"{project.folder}: no release follows: no modality has outputs of an old and of a new model",
            kept="all items and outputs that were read",
            remedy="bring both: --old F --new F, with outputs of items of this project",
        )
    same = [str(pair.old) for pair in pairs.values() if pair.old == pair.new]
    if same:
        raise LabelerError(
            f"old and new are the same model version: {', '.join(same)}",
            kept="all items and outputs that were read",
            remedy="give each version of a model its own name or version in the outputs file",
        )
    return release_of(pairs)
