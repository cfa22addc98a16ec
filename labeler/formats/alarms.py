"""signed-alarms.jsonl: cliff alarms that a lead answered for, one a line, appended and never changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import orjson

from labeler.domain.alarms import SignedAlarm
from labeler.domain.items import Modality
from labeler.errors import LabelerError

FILE_NAME = "signed-alarms.jsonl"


def read_alarms(path: Path) -> Iterator[SignedAlarm]:
    """Nothing where there is no file. Raises LabelerError at a line that is no signed alarm."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                raw = orjson.loads(line)
                date.fromisoformat(raw["expires"])
                texts = [str(raw[key]) for key in ("gold_digest", "new_outputs", "by", "reason", "expires", "at")]
                yield SignedAlarm(Modality(raw["modality"]), *texts)
            except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as problem:
                raise LabelerError(f"{path}:{number}: not a signed alarm: {problem}") from None


def append_alarm(path: Path, alarm: SignedAlarm) -> None:
    """Raises LabelerError when it cannot be written."""
    line = {
        "at": alarm.at,
        "modality": str(alarm.modality),
        "gold_digest": alarm.gold_digest,
        "new_outputs": alarm.new_outputs,
        "by": alarm.by,
        "reason": alarm.reason,
        "expires": alarm.expires,
    }
    try:
        with path.open("ab") as file:
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    except OSError as problem:
        raise LabelerError(f"{path} cannot be written: {problem.strerror or problem}") from None
