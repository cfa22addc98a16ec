"""Judging past attempts' outputs on another version of their gold set: which answers of the gate would turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import product
from pathlib import Path

from labeler.domain.events import in_utc
from labeler.domain.gate.attempts import Attempt, alpha_share
from labeler.domain.gate.decide import decide
from labeler.domain.gate.policy import Policy
from labeler.domain.gate.report import Decision, GateReport
from labeler.domain.gold.publications import Look
from labeler.domain.gold.turned import Turned
from labeler.errors import LabelerError
from labeler.formats.gold.manifest import read_manifest
from labeler.formats.gold.publications import LOOKS, append_look
from labeler.formats.outputs import check_output
from labeler.formats.row import Refusal, RefusedError
from labeler.formats.rows import open_rows
from labeler.scratch import scratch_folder
from labeler.steps.gate.counting import Counted, count_gold
from labeler.steps.gate.counts import Version
from labeler.steps.progress import Tell, silent
from labeler.steps.project import Project

_NOT_AT_HAND = "its outputs are not at hand"


def turned_attempts(
    before: Path,
    after: Path,
    attempts: Iterable[Attempt],
    outputs: Sequence[Path],
    policy: Policy,
    tell: Tell = silent,
) -> tuple[Turned, ...]:
    """Every attempt of the ledger that was made on the version in `before`, judged on both versions.

    `outputs` are files among which those of the attempts are looked for: by their models, and by the hash of what they
    say. Both versions are asked with `policy` and the error that the attempt could spend. Raises LabelerError when a
    version is damaged (exit 4) or a file cannot be read.
    """
    manifest = read_manifest(before)
    mine = [attempt for attempt in attempts if attempt.gold_digest == manifest.digest]
    models = {path: _models_in(path) for path in outputs} if mine else {}
    return tuple(_turned(attempt, before, after, models, policy, tell) for attempt in mine)


def _turned(
    attempt: Attempt, before: Path, after: Path, models: Mapping[Path, frozenset[str]], policy: Policy, tell: Tell
) -> Turned:
    def holding(wanted: Iterable[str]) -> list[Path]:
        """`wanted` are `modality name version`."""
        names = {model.partition(" ")[2] for model in wanted}
        return [path for path, held in models.items() if names <= held]

    asked = replace(policy, alpha=policy.alpha * alpha_share(attempt.number))
    why = _NOT_AT_HAND
    for old, new in product(holding(attempt.series.old_models), holding(attempt.new_models)):
        files: dict[Version, Path] = {"old": old, "new": new}
        try:
            counted = count_gold(before, files, asked, tell)
            if counted.seen["new"].digest != attempt.new_outputs:
                continue
            first, second = _report(counted, asked), _report(count_gold(after, files, asked, tell), asked)
        except LabelerError as problem:
            why = problem.what
            continue
        return Turned(attempt, first.decision, second.decision, _why(first, second))
    return Turned(attempt, None, None, why)


def _report(counted: Counted, policy: Policy) -> GateReport:
    return decide(counted.tallies, policy, counted.anchor)


def _why(first: GateReport, second: GateReport) -> str:
    """The first ground that only the new version gives; for an answer that ships now, the first that is gone."""
    shown, other = (first, second) if second.decision is Decision.SHIP else (second, first)
    return next((ground for ground in shown.grounds if ground not in other.grounds), "")


def _models_in(path: Path) -> frozenset[str]:
    found = set[str]()
    for row in open_rows(path):
        if isinstance(row, Refusal):
            raise LabelerError(f"{path}:{row.line}: {row.reason}")
        try:
            found.add(str(check_output(row.raw)))
        except RefusedError as refused:
            raise LabelerError(f"{path}:{row.line}: {refused}") from None
    return frozenset(found)


def note_looks(after: Path, found: Iterable[Turned], by: str, at: datetime) -> None:
    """Keep beside the new version who has seen what it does to the gate, as far as one may write there."""
    digest = read_manifest(after).digest
    for one in found:
        if one.after is not None:
            look = Look(digest, one.attempt.new_outputs, str(one.after), by, in_utc(at), "diff")
            append_look(after.resolve().parent / LOOKS, look)


@contextmanager
def outputs_of(project: Project) -> Iterator[list[Path]]:
    """The outputs of every model of a project, each model pair's side as a file for the gate, until the end."""
    with scratch_folder() as scratch:
        found: dict[tuple[str, ...], Path] = {}
        for release in project.store.releases():
            for side in ("old", "new"):
                models = [getattr(pair, side) for pair in release.pairs.values()]
                name = tuple(sorted(map(str, models)))
                if name not in found:
                    found[name] = path = scratch / f"{len(found)}.jsonl"
                    with path.open("wb") as file:
                        file.writelines(line + b"\n" for line in project.store.output_lines(models))
        yield list(found.values())
