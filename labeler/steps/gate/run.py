"""The gate: a gold set and two models' outputs -> who is right on every record -> a decision, once an attempt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from labeler.domain.gate.alarms import SignedAlarm, in_force
from labeler.domain.gate.attempts import Attempt, Series, alpha_share, attempt_number
from labeler.domain.gate.decide import decide
from labeler.domain.gate.policy import Policy
from labeler.domain.gate.report import Decision, GateReport
from labeler.domain.gold.publications import Look, looks_at
from labeler.errors import Exit
from labeler.formats.gate.attempts import append_attempt, read_attempts
from labeler.formats.gold.manifest import Manifest
from labeler.formats.gold.publications import LOOKS, append_look, is_draft, read_looks
from labeler.formats.kept_lines import alone_in
from labeler.steps.gate.counting import Counted, OutputsSeen, count_gold
from labeler.steps.gate.counts import Version
from labeler.steps.progress import Tell, silent

_PREVIEW = "it would ship; a preview spends no attempt and never ships (labeler gate without --preview)"
_DRAFT = "is a draft: a second person must publish it (labeler gold publish), as others of this gold set were"
EXIT = {Decision.SHIP: Exit.DONE, Decision.BLOCK: Exit.NO, Decision.INSUFFICIENT: Exit.INSUFFICIENT}


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where attempts are written down. A `preview` reads it and writes nothing into it; who looked is kept beside the
    versions, since a gold set could be tried until it says what one wants."""

    path: Path
    at: datetime
    preview: bool = False
    by: str = ""
    beside: Path | None = None
    """Where the gold set's versions lie and looks are kept, where that is not around the folder that is judged."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Which attempt at its release a run was, and the error that it could spend."""

    number: int
    alpha: float
    preview: bool


@dataclass(frozen=True, slots=True)
class GateRun:
    """A decision and what it was made from. `spent` is None where attempts are not counted."""

    report: GateReport
    gold: Manifest
    seen: Mapping[Version, OutputsSeen]
    spent: Spent | None = None
    draft: bool | None = None
    """Whether nobody published the version, although others beside it are; None where none ever was, or not asked."""
    noted: bool = True
    """Whether the look at it could be noted; a gold set may lie where nobody writes."""

    @property
    def answer(self) -> GateReport:
        """The report as it is answered: a preview that would ship ships nothing."""
        if self.spent and self.spent.preview and self.report.decision is Decision.SHIP:
            return replace(self.report, decision=Decision.INSUFFICIENT, grounds=(_PREVIEW,))
        return self.report

    @property
    def exit_status(self) -> Exit:
        return EXIT[self.answer.decision]


def run_gate(
    gold: Path,
    files: Mapping[Version, Path],
    policy: Policy,
    ledger: Ledger | None = None,
    tell: Tell = silent,
    alarms: Iterable[SignedAlarm] = (),
) -> GateRun:
    """Judge the outputs files of the old and new models by the gold set in `gold`, the folder of one version.

    With a file for `best` the new models must not be inferior to those either, so that small losses do not add up.
    Without one for `old` the new models are set against themselves: each item's first sample against its second.
    With a ledger the non-inferiority test gets its attempt's share of the policy's alpha, the attempt is written
    down, and `alarms` that another person signed for these outputs do not block; the same outputs again are the same
    attempt. Raises LabelerError when the gold set is damaged (exit 4), a line cannot be read, an item of the gold set
    has no output, the policy cuts by a slice that makes too many cells, or the attempt cannot be written down (exit 2).
    """
    counted = count_gold(gold, files, policy, tell)
    manifest, seen = counted.manifest, counted.seen
    if ledger is None or "old" not in files:
        return GateRun(decide(counted.tallies, policy, counted.anchor), manifest, seen)
    with alone_in(ledger.path.resolve().parent):
        return _decided(gold, counted, policy, ledger, alarms)


def _decided(gold: Path, counted: Counted, policy: Policy, ledger: Ledger, alarms: Iterable[SignedAlarm]) -> GateRun:
    """The decision of the attempt that these outputs are, which is written down before anybody hears of it."""
    manifest, seen = counted.manifest, counted.seen
    signed = in_force(alarms, manifest.digest, seen["new"].digest, ledger.by, ledger.at.date().isoformat())
    series = Series(manifest.name, _models(seen["old"]))
    attempts = list(read_attempts(ledger.path))
    number = attempt_number(attempts, series, seen["new"].digest)
    alpha = policy.alpha * alpha_share(number)
    report = decide(counted.tallies, replace(policy, alpha=alpha), counted.anchor, signed)
    draft = is_draft(gold, manifest.digest)
    if draft and report.decision is Decision.SHIP:
        report = replace(report, decision=Decision.INSUFFICIENT, grounds=(f"{manifest.version} {_DRAFT}",))
    noted = True
    if ledger.preview or any((a.series, a.number) == (series, number) for a in attempts):
        noted = _note_look(gold, manifest, seen["new"], report, ledger, attempts)
    else:
        append_attempt(ledger.path, _attempt(series, number, counted, report, ledger))
    return GateRun(report, manifest, seen, Spent(number, alpha, ledger.preview), draft, noted)


def _note_look(
    gold: Path, manifest: Manifest, new: OutputsSeen, report: GateReport, ledger: Ledger, attempts: list[Attempt]
) -> bool:
    """Keep beside the versions who has seen this answer, once; the same outputs on another version are no attempt."""
    path = (ledger.beside or gold.resolve().parent) / LOOKS
    how = "preview" if ledger.preview else "attempt"
    look = Look(manifest.digest, new.digest, str(report.decision), ledger.by, _written(ledger.at), how)
    known = looks_at(manifest.digest, attempts, read_looks(path))
    same = any((one.new_outputs, one.by, one.how) == (look.new_outputs, look.by, how) for one in known)
    return same or append_look(path, look)


def _attempt(series: Series, number: int, counted: Counted, report: GateReport, ledger: Ledger) -> Attempt:
    new = counted.seen["new"]
    decision, at = str(report.decision), _written(ledger.at)
    return Attempt(series, number, _models(new), new.digest, counted.manifest.digest, decision, at, ledger.by)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _models(seen: OutputsSeen) -> tuple[str, ...]:
    return tuple(f"{modality} {model}" for modality in sorted(seen.models) for model in sorted(seen.models[modality]))


def title(run: GateRun) -> str:
    """`image reader 3.1 → 3.2, audio …, on invoices v0003`."""
    pairs = []
    for modality in sorted(run.seen["new"].models):
        sides = (run.seen[version].models.get(modality, ()) for version in ("old", "new") if version in run.seen)
        names = [", ".join(sorted(models)) for models in sides]
        pairs.append(f"{modality} {' → '.join(names) if len(names) > 1 else f'{names[0]} against itself'}")
    return f"{', '.join(pairs)}, on {run.gold.name} {run.gold.version}"


def provenance(run: GateRun) -> dict[str, object]:
    """What the decision was made from, for reports that programs read."""
    spent = run.spent
    return {
        "attempt": spent and {"number": spent.number, "alpha": spent.alpha, "preview": spent.preview},
        "gold": {
            "name": run.gold.name,
            "version": run.gold.version,
            "digest": run.gold.digest,
            "records": run.gold.records,
            "simulated": run.gold.simulated,
        },
        "outputs": {
            version: {
                "models": {str(modality): sorted(models) for modality, models in sorted(seen.models.items())},
                "judged_sha256": seen.digest,
            }
            for version, seen in run.seen.items()
        },
    }
