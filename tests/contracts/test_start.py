"""A command starts with what it needs and nothing else: a gate in CI has no screen; nobody waits for a help text."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SLOW_OR_ABSENT = {
    "PySide6", "pyqtgraph",  # no screen
    "PIL", "sounddevice", "soundfile",  # no medium
    "sqlite3", "pysqlite3", "sqlite_utils",  # no store
    "scipy", "pyarrow",  # slow to import
}  # fmt: skip

PROGRAM = """
import json, sys
from labeler.__main__ import main
try:
    main()
except SystemExit:
    pass
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})), file=sys.stderr)
"""


def modules_after(*arguments: str) -> set[str]:
    result = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True)
    assert "Usage" in result.stdout
    return set(json.loads(result.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "command", [["--help"], ["gate", "--help"], ["gold", "--help"], ["compare", "--help"], ["import", "--help"]]
)
def test_a_help_text_loads_neither_qt_nor_sql_nor_media(command: list[str]) -> None:
    assert modules_after(*command) & SLOW_OR_ABSENT == set()
