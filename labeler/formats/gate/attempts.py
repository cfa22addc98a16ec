"""attempts.jsonl: one line an attempt at the gate, appended and never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from labeler.domain.gate.attempts import Attempt, Series
from labeler.errors import LabelerError
from labeler.formats.kept_lines import append_kept, read_kept

FILE_NAME = "attempts.jsonl"


def read_attempts(path: Path) -> Iterator[Attempt]:
    """Nothing where there is no file yet. Raises LabelerError at a line that is no attempt."""
    remedy = "take the ledger from where it was kept; a gate does not go on without it"
    return read_kept(path, _attempt, "an attempt", remedy)


def _attempt(raw: Mapping[str, Any]) -> Attempt:
    return Attempt(
        Series(raw["gold"], tuple(raw["old_models"])),
        int(raw["attempt"]),
        tuple(raw["new_models"]),
        raw["new_outputs"],
        raw["gold_digest"],
        raw["decision"],
        raw["at"],
        raw.get("by", ""),
    )


def append_attempt(path: Path, attempt: Attempt) -> None:
    """Raises LabelerError when it cannot be written: an attempt that leaves no trace must not ship anything."""
    line = {
        "at": attempt.at,
        "attempt": attempt.number,
        "gold": attempt.series.gold,
        "gold_digest": attempt.gold_digest,
        "old_models": list(attempt.series.old_models),
        "new_models": list(attempt.new_models),
        "new_outputs": attempt.new_outputs,
        "decision": attempt.decision,
        "by": attempt.by,
    }
    try:
        append_kept(path, line)
    except OSError as problem:
        raise LabelerError(
            f"{path}: the attempt cannot be written down: {problem.strerror or problem}",
            remedy="say where it can be: --ledger F; or look without deciding: --preview",
        ) from None
