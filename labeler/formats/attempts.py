"""attempts.jsonl: one line an attempt at the gate, appended and never changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson

from labeler.domain.attempts import Attempt, Series
from labeler.errors import LabelerError

FILE_NAME = "attempts.jsonl"


def read_attempts(path: Path) -> Iterator[Attempt]:
    """Nothing where there is no file yet. Raises LabelerError at a line that is no attempt."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                raw = orjson.loads(line)
                yield Attempt(
                    Series(raw["gold"], tuple(raw["old_models"])),
                    int(raw["attempt"]),
                    tuple(raw["new_models"]),
                    raw["new_outputs"],
                    raw["gold_digest"],
                    raw["decision"],
                    raw["at"],
                    raw.get("by", ""),
                )
            except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as problem:
                raise LabelerError(
                    f"{path}:{number}: not an attempt: {problem}",
                    remedy="take the ledger from where it was kept; a gate does not go on without it",
                ) from None


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
        with path.open("ab") as file:
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    except OSError as problem:
        raise LabelerError(
            f"{path}: the attempt cannot be written down: {problem.strerror or problem}",
            remedy="say where it can be: --ledger F; or look without deciding: --preview",
        ) from None
