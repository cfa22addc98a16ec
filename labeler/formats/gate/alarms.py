"""signed-alarms.jsonl: cliff alarms that a lead answered for, one a line, appended and never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from labeler.domain.gate.alarms import SignedAlarm
from labeler.domain.items import Modality
from labeler.errors import unwritable
from labeler.formats.kept_lines import append_kept, read_kept

FILE_NAME = "signed-alarms.jsonl"


def read_alarms(path: Path) -> Iterator[SignedAlarm]:
    """Nothing where there is no file. Raises LabelerError at a line that is no signed alarm."""
    return read_kept(path, _alarm, "a signed alarm")


def _alarm(raw: Mapping[str, Any]) -> SignedAlarm:
    date.fromisoformat(raw["expires"])
    texts = [str(raw[key]) for key in ("gold_digest", "new_outputs", "by", "reason", "expires", "at")]
    return SignedAlarm(Modality(raw["modality"]), *texts)


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
        append_kept(path, line)
    except OSError as problem:
        raise unwritable(path, problem) from None
