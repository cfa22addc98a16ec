"""Lines that the program adds to its own files: whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from labeler.errors import LabelerError
from labeler.formats.kept_lines import append_kept, read_kept


def number_of(raw: Mapping[str, Any]) -> int:
    return int(raw["n"])


def test_lines_are_read_as_they_were_added(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    assert list(read_kept(path, number_of, "a number")) == []
    append_kept(path, {"n": 1})
    append_kept(path, {"n": 2})
    assert list(read_kept(path, number_of, "a number")) == [1, 2]


def test_a_line_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text('{"n": 1}\n{"half')
    with pytest.raises(LabelerError, match="jsonl:2: not a number") as refused:
        list(read_kept(path, number_of, "a number", "mend it"))
    assert refused.value.remedy == "mend it"


def test_what_the_disk_refuses_leaves_no_part_of_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own.jsonl"
    append_kept(path, {"n": 1})

    def full(handle: int) -> None:
        assert path.stat().st_size > 10, "the line was written"
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            append_kept(path, {"long": "x" * 100})
    assert path.read_bytes() == b'{"n":1}\n'
