"""Counting who is right: the gold set and the outputs files side by side, all in order of item, held nowhere whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import current_thread, main_thread
from typing import Literal

from labeler.domain.gate.policy import Policy
from labeler.domain.gate.tally import Tallies, remember
from labeler.domain.items import Modality
from labeler.errors import LabelerError
from labeler.formats.gold.columns import blocks_of
from labeler.formats.gold.folder import check_whole
from labeler.formats.gold.manifest import COLUMNS, RECORDS, Manifest, read_manifest
from labeler.scratch import scratch_folder
from labeler.steps.executor import Executor, Here, Processes, cores
from labeler.steps.gate.counts import Counts, Task, Version
from labeler.steps.gate.cutting import first_lines_of, id_at, line_starts
from labeler.steps.gate.outputs import OutOfOrderError, Stretch, in_order
from labeler.steps.gate.stretch import count_stretch
from labeler.steps.progress import Tell

MOST_NODES = 2_000
STRETCH = 8 << 20
"""Bytes of records that are counted at a time."""
WORTH_PROCESSES = 300_000
"""Records from which on child processes are worth their start."""
MEASURED = 20_000
"""So many judged records are enough to measure how far the match can be trusted; of more, a share is compared."""
_NAMED = 5


@dataclass(slots=True)
class OutputsSeen:
    """What one side's file held: its models per modality, and a digest of what was judged, apart from its order."""

    models: dict[Modality, set[str]] = field(default_factory=dict)
    digest: str = ""
    missing: int = 0
    missing_ids: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Counted:
    """`anchor` is the same count with the best version so far in the old one's place."""

    tallies: Tallies
    anchor: Tallies | None
    manifest: Manifest
    seen: Mapping[Version, OutputsSeen]


def count_gold(
    gold: Path, files: Mapping[Version, Path], policy: Policy, tell: Tell, executor: Executor | None = None
) -> Counted:
    """Judge every record's outputs. Without a file of the old model the new one's samples are set against each other.

    Raises LabelerError as `run_gate` says.
    """
    manifest = read_manifest(gold)
    for path in files.values():
        if not path.is_file():
            raise LabelerError(f"{path}: there is no such file")
    if executor is None:
        # Beside a window the gate runs in a thread, and what that does for itself makes the window wait.
        alone = current_thread() is main_thread()
        large = manifest.records >= WORTH_PROCESSES and cores() > 1
        executor = Processes(here_too=alone) if large else Here()
    counting = _Counting(gold, manifest, policy, executor, tell)
    # The hashes of a large gold set take as long as a third of the counting, and need no interpreter.
    with scratch_folder() as scratch, ThreadPoolExecutor(1) as beside:
        whole = beside.submit(check_whole, gold, media=False)
        try:
            counted = counting.all_of(_as_they_lie(files), files, scratch)
        except Exception:
            whole.result()  # where the gold set is damaged, that is the reason
            raise
        whole.result()
    for version, seen in counted.seen.items():
        _refuse_mixed(files[version], seen)
        _refuse_missing(files[version], seen, manifest.records)
    return counted


def _as_they_lie(files: Mapping[Version, Path]) -> dict[Version, Path]:
    """The files that may be in order as they are."""
    return {version: path for version, path in files.items() if path.suffix.lower() in (".jsonl", ".ndjson")}


class _Counting:
    """One run over a gold set, which is cut into stretches; each is counted by itself, maybe in a child process."""

    def __init__(self, gold: Path, manifest: Manifest, policy: Policy, executor: Executor, tell: Tell) -> None:
        self._records = gold / RECORDS
        self._manifest = manifest
        self._policy = policy
        self._executor = executor
        self._tell = tell

    def all_of(self, straight: Mapping[Version, Path], files: Mapping[Version, Path], scratch: Path) -> Counted:
        """Count with the files as they lie if they are in order, else with sorted copies in `scratch`."""
        if straight.keys() == files.keys():
            try:
                return self._count({version: _whole(path) for version, path in files.items()})
            except OutOfOrderError:
                pass
        copies: dict[Version, Stretch] = {}
        for version, path in files.items():
            place = scratch / version
            place.mkdir()
            copies[version] = _whole(in_order(path, place), path)
        return self._count(copies)

    def _count(self, files: Mapping[Version, Stretch]) -> Counted:
        tallies, anchor = Tallies(), Tallies() if "best" in files else None
        seen = {version: OutputsSeen() for version in files}
        digests = {version: sha256() for version in files}
        done = 0
        for counts in self._executor.map(count_stretch, self._tasks(files)):
            _add(tallies, counts, "old")
            if anchor is not None:
                _add(anchor, counts, "best")
            _refuse_too_many(tallies)
            for version, side in counts.sides.items():
                digests[version].update(side.judged)
                seen[version].missing += len(side.missing)
                seen[version].missing_ids += side.missing[: _NAMED - len(seen[version].missing_ids)]
                for modality, models in side.models.items():
                    seen[version].models.setdefault(modality, set()).update(models)
            done += counts.records
            self._tell("judging outputs", done, self._manifest.records)
        for version, digest in digests.items():
            seen[version].digest = "sha256:" + digest.hexdigest()
        return Counted(tallies, anchor, self._manifest, seen)

    def _tasks(self, files: Mapping[Version, Stretch]) -> Iterator[Task]:
        """The gold set in stretches, each with the stretches of the outputs files that hold the same items."""
        thin = max(1, self._manifest.records // MEASURED)
        parts = self._parts(thin)
        first_ids = [first for _, _, first in parts[1:]]
        bounds = {version: [0, *first_lines_of(file, first_ids), file.end] for version, file in files.items()}
        for number, (records, columns, first) in enumerate(parts):
            yield Task(
                records,
                {
                    version: Stretch(file.path, bounds[version][number], bounds[version][number + 1], file.original)
                    for version, file in files.items()
                },
                first if number else "",
                first_ids[number] if number < len(first_ids) else None,
                self._policy,
                thin,
                columns,
            )

    def _parts(self, thin: int) -> list[tuple[Stretch, Stretch | None, str]]:
        """Stretches of the records, the same by columns, and each one's first id.

        Columns spare the records only where few are compared with the match, which needs them.
        """
        columns = self._records.with_name(COLUMNS)
        if thin > 1 and COLUMNS in self._manifest.files:
            return [
                (
                    Stretch(self._records, block.records_start, block.records_end),
                    Stretch(columns, block.start, block.end),
                    block.first_id,
                )
                for block in blocks_of(columns)
            ]
        starts = [0, *line_starts(self._records, STRETCH)]
        ends = [*starts[1:], self._records.stat().st_size]
        ids = ["", *(id_at(self._records, start, "id") for start in starts[1:])]
        bounds = zip(starts, ends, ids, strict=True)
        return [(Stretch(self._records, start, end), None, first) for start, end, first in bounds]


def _whole(path: Path, original: Path | None = None) -> Stretch:
    return Stretch(path, 0, path.stat().st_size, original)


def _add(tallies: Tallies, counts: Counts, against: Literal["old", "best"]) -> None:
    for group, compared in counts.compared[against].items():
        for outcome, times in compared.outcomes():
            tallies.add(group.modality, group.tier, group.cells, outcome, times)
        for tally in tallies.tallies_of(group.modality, group.tier, group.cells):
            remember(tally.newly_wrong, compared.newly_wrong)
            remember(tally.unjudged, compared.unjudged)
            tally.leave_open(compared.open, compared.open_ids)
    if against == "old":
        for (modality, origin), agreement in counts.agreement.items():
            tallies.compare_match(modality, origin, agreement)
        tallies.critical += counts.critical
        tallies.critical_failed += counts.critical_failed
        tallies.critical_open += counts.critical_open
        remember(tallies.critical_wrong, counts.critical_wrong)


def _refuse_too_many(tallies: Tallies) -> None:
    if len(tallies.nodes) > MOST_NODES:
        raise LabelerError(
            f"the policy's slices make more than {MOST_NODES:,} cells",
            remedy="cut by slices with fewer values, or put numbers into [bins]",
        )


def _refuse_mixed(file: Path, seen: OutputsSeen) -> None:
    for modality, models in seen.models.items():
        if len(models) > 1:
            raise LabelerError(
                f"{file}: the {modality} items have outputs of {len(models)} models: {', '.join(sorted(models))}",
                remedy="give a file with one model a modality",
            )


def _refuse_missing(file: Path, seen: OutputsSeen, records: int) -> None:
    if seen.missing:
        some = ", ".join(seen.missing_ids)
        raise LabelerError(
            f"{file}: {seen.missing:,} of the {records:,} items of the gold set have no output: "
            f"{some}{', …' if seen.missing > _NAMED else ''}",
            remedy="run the model on them too; for an output that never came give a line with `error`",
        )
