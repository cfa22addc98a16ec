"""Counting who is right: the gold set and the outputs files side by side, all in order of item, held nowhere whole."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Literal

from labeler.domain.gate_tally import Judged, Outcome, Tallies
from labeler.domain.gold import GoldRecord
from labeler.domain.item_json import output_from_json
from labeler.domain.items import Modality
from labeler.domain.match import matches
from labeler.domain.policy import Policy
from labeler.errors import LabelerError
from labeler.formats.gold import check_whole, read_records
from labeler.formats.gold_manifest import Manifest
from labeler.formats.outputs import judged_sha256
from labeler.formats.rows import Row
from labeler.steps.gate_outputs import OutOfOrderError, ascending_outputs, model_of, once, sorted_outputs
from labeler.steps.progress import Tell

MOST_NODES = 2_000
_NAMED = 5


@dataclass(slots=True)
class OutputsSeen:
    """What one side's file held: its models per modality, and a digest of what was judged, apart from its order."""

    models: dict[Modality, set[str]] = field(default_factory=dict)
    digest: str = ""
    missing: int = 0
    missing_ids: list[str] = field(default_factory=list)


Version = Literal["old", "new", "best"]
VERSIONS: tuple[Version, ...] = ("old", "new", "best")
"""`best` is the best version shipped so far, where the call names one."""


@dataclass(frozen=True, slots=True)
class Counted:
    """`anchor` is the same count with the best version so far in the old one's place."""

    tallies: Tallies
    anchor: Tallies | None
    manifest: Manifest
    seen: Mapping[Version, OutputsSeen]


Rows = Callable[[Path], Iterator[Row]]


def count_gold(gold: Path, files: Mapping[Version, Path], policy: Policy, tell: Tell) -> Counted:
    """Judge every record's outputs. Raises LabelerError as `run_gate` says."""
    manifest = check_whole(gold, media=False)
    try:
        counted = _count_all(gold, manifest, files, policy, ascending_outputs, tell)
    except OutOfOrderError:
        with tempfile.TemporaryDirectory(prefix="labeler-gate-") as scratch:
            places = {path: Path(tempfile.mkdtemp(dir=scratch)) for path in files.values()}
            counted = _count_all(gold, manifest, files, policy, lambda path: sorted_outputs(path, places[path]), tell)
    for version, seen in counted.seen.items():
        _refuse_mixed(files[version], seen)
        _refuse_missing(files[version], seen, manifest.records)
    return counted


def _count_all(
    gold: Path, manifest: Manifest, files: Mapping[Version, Path], policy: Policy, rows: Rows, tell: Tell
) -> Counted:
    """Walk the gold set and all files side by side, all in order of item."""
    tallies, anchor = Tallies(), Tallies() if "best" in files else None
    streams = {version: _Stream(once(rows(path), path)) for version, path in files.items()}
    for number, record in enumerate(read_records(gold), 1):
        found = {version: stream.find(record) for version, stream in streams.items()}
        old, new, best = (found.get(version) for version in VERSIONS)
        if old is not None and new is not None:
            _compare_match(tallies, record, old, new)
            _count(tallies, record, old, new, policy)
        if best is not None and new is not None and anchor is not None:
            _count(anchor, record, best, new, policy)
        if number % 1000 == 0:
            tell("judging outputs", number, manifest.records)
    tell("judging outputs", manifest.records, manifest.records)
    return Counted(tallies, anchor, manifest, {version: stream.finish() for version, stream in streams.items()})


@dataclass(frozen=True, slots=True)
class _Found:
    """One side's output of a record, and whether it is right; `match_says` besides, where people said it."""

    sha256: str
    judged: Judged
    match_says: bool | None


class _Stream:
    """One outputs file, walked along with the gold set."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._next = next(rows, None)
        self._seen = OutputsSeen()
        self._digest = sha256()

    def find(self, record: GoldRecord) -> _Found | None:
        """The record's output; outputs of items that are not in the gold set are passed over."""
        while self._next is not None and self._next.raw["item_id"] < record.id:
            self._next = next(self._rows, None)
        if self._next is None or self._next.raw["item_id"] != record.id:
            self._seen.missing += 1
            if len(self._seen.missing_ids) < _NAMED:
                self._seen.missing_ids.append(record.id)
            return None
        raw = self._next.raw
        self._seen.models.setdefault(record.modality, set()).add(model_of(raw))
        digest = judged_sha256(raw)
        self._digest.update(f"{record.id}\0{digest}\n".encode())
        if raw.get("error") is not None:
            return _Found(digest, Judged(right=False, by="error"), None)
        match_says = matches(output_from_json(raw), record.match, record.answer, record.accept)
        said = next((judged.right for judged in record.judged if judged.output_sha256 == digest), None)
        if said is None:
            return _Found(digest, Judged(match_says, "match"), None)
        return _Found(digest, Judged(said, "people"), match_says)

    def finish(self) -> OutputsSeen:
        """What the file held, once it was read to its end (so that a bad line behind the last record is found)."""
        for _ in self._rows:
            pass
        self._seen.digest = "sha256:" + self._digest.hexdigest()
        return self._seen


def _compare_match(tallies: Tallies, record: GoldRecord, old: _Found, new: _Found) -> None:
    for found in (old, new) if old.sha256 != new.sha256 else (new,):
        if found.match_says is not None:
            tallies.compare_match(record.modality, found.match_says, found.judged.right)


def _count(tallies: Tallies, record: GoldRecord, old: _Found, new: _Found, policy: Policy) -> None:
    outcome = Outcome(
        item_id=record.id,
        modality=record.modality,
        tier=record.tier,
        slices=record.slices,
        old=old.judged,
        new=new.judged,
        weight=1 / record.drawn.p,
        flip=record.drawn.why == "flip",
        critical=record.critical,
    )
    try:
        tallies.add(outcome, policy.cells(record.slices))
    except ValueError as problem:
        raise LabelerError(str(problem), remedy="add the slice to [bins] of the policy") from None
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
