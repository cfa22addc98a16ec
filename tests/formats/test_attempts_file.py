from __future__ import annotations

from pathlib import Path

import pytest

from labeler.domain.gate.attempts import Attempt, Series
from labeler.errors import LabelerError
from labeler.formats.gate.attempts import append_attempt, read_attempts


def test_attempts_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "attempts.jsonl"
    assert list(read_attempts(path)) == []
    attempts = [
        Attempt(
            Series("g", ("text m 1",)), n, ("text m 2",), f"sha256:{n}", "sha256:g", "block", "2026-09-01T08:00:00Z"
        )
        for n in (1, 2)
    ]
    for attempt in attempts:
        append_attempt(path, attempt)
    assert list(read_attempts(path)) == attempts


def test_a_ledger_that_cannot_be_read_stops_the_gate(tmp_path: Path) -> None:
    path = tmp_path / "attempts.jsonl"
    path.write_text('{"attempt": 1}\n')
    with pytest.raises(LabelerError, match=r"attempts\.jsonl:1: not an attempt"):
        list(read_attempts(path))
