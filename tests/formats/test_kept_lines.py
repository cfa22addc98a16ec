"""Lines that the program adds to its own files: whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
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


TAKE_NUMBERS = """
import sys
from pathlib import Path
from labeler.formats.kept_lines import alone_in, append_kept, read_kept

if sys.argv[2] == "without fcntl":
    import fcntl, types

    class Windows(types.ModuleType):
        LK_NBLCK, LK_UNLCK = 2, 0

        @staticmethod
        def locking(opened, how, size):
            fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB if how else fcntl.LOCK_UN, size)

    sys.modules["msvcrt"], sys.modules["fcntl"] = Windows("msvcrt"), None
path = Path(sys.argv[1]) / "own.jsonl"
for _ in range(60):
    with alone_in(path.parent):
        append_kept(path, {"n": 1 + max(read_kept(path, lambda raw: raw["n"], "a number"), default=0)})
"""


@pytest.mark.parametrize("system", ["with fcntl", "without fcntl"])
def test_two_who_take_numbers_at_once_take_each_once(tmp_path: Path, system: str) -> None:
    """Without fcntl as in Windows, whose locks are stood in for by those of this system."""
    call = [sys.executable, "-c", TAKE_NUMBERS, str(tmp_path), system]
    both = [subprocess.Popen(call) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    assert list(read_kept(tmp_path / "own.jsonl", number_of, "a number")) == list(range(1, 121))
