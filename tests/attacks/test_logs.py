"""What the program tells of its faults quotes nothing of a project, and still says which fault it was and where."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks.quoting import SECRET
from tests.attacks.secret_words import make_secret

FAULTS = [
    *("CommandFault", "SqlFault", "SlotFault", "PaintFault", "WorkFault", "AnswerFault", "CallbackFault"),
    *("ThreadFault", "EndFault", "CauseFault", "GroupedFault", "LoggedFault", "ChildFault", "PipeFault"),
    *("SecretWarning", "ValidationError", "QtWarningMsg", "QtCriticalMsg", "WARNING of library"),
]
"""All of these stand on standard error at the end, or the attack did not take place."""
SHORT = ("check", "import", "gold")


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "after", [[9], pytest.param(list(range(0, 60, 3)), marks=pytest.mark.soak)], ids=["one", "all"]
)
def test_no_stream_and_no_file_outside_the_project_quotes_it_whatever_fails(tmp_path: Path, after: list[int]) -> None:
    project, home = tmp_path / "letters", tmp_path / "home"
    make_secret(project)
    home.mkdir()
    commands = [line for line in _commands(project, tmp_path / "out") if len(after) > 1 or line[0] in SHORT]
    given = {"project": str(project), "commands": commands, "after": after}
    # No module that is run: each child process would begin by importing it.
    program = f"from tests.attacks.fail_everywhere import fail_everywhere; fail_everywhere({given!r})"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=False,
        env=_environment(home),
    )
    said = done.stderr.decode()
    assert done.returncode == 0, said[-3000:]
    assert [fault for fault in FAULTS if fault not in said] == []
    assert said.count("attacks/fail_") > len(FAULTS), "nobody could say where it failed"
    assert not _quotes(done.stderr), said
    assert not _quotes(done.stdout)
    assert [file for file in home.rglob("*") if file.is_file() and _quotes(file.read_bytes())] == []


def _quotes(told: bytes) -> bool:
    return any(SECRET.lower().encode(coding) in told.lower() for coding in ("utf-8", "utf-16-le"))


def _commands(project: Path, out: Path) -> list[list[str]]:
    """Those of which none prints contents when it succeeds."""
    at, given = str(project), project.with_name(f"{project.name}-given")
    old, new = (str(given / f"{name}.jsonl") for name in ("old", "new"))
    return [
        ["status", at],
        ["check", at],
        ["export", at, "--verdicts", f"{out}.jsonl"],
        ["import", at, "--old", old, "--new", new, "--items", str(given / "items.jsonl"), "--as", "ada"],
        ["report", at, "--report", f"{out}.html"],
        ["agreement", at],
        ["quality", at, "--as", "ada"],
        ["settle", at, "--as", "ada"],
        ["gold", "build", at, "--to", f"{out}-gold", "--as", "ada"],
        ["backfill", "plan", at, "--queue", "--as", "ada"],
        ["backfill", "ledger", at, "--to", f"{out}-ledger", "--as", "ada"],
        ["backup", at],
        ["assign", at, "--as", "ada"],
        ["people", at],
        ["rubric", "show", at],
    ]


def _environment(home: Path) -> dict[str, str]:
    """Everything that is written outside the project goes below `home`."""
    folders = {"XDG_CONFIG_HOME": ".config", "XDG_CACHE_HOME": ".cache", "XDG_DATA_HOME": ".local", "TMPDIR": "tmp"}
    made = {name: home / folder for name, folder in folders.items()}
    for folder in made.values():
        folder.mkdir()
    own = {"HOME": str(home), "QT_QPA_PLATFORM": "offscreen", **{name: str(folder) for name, folder in made.items()}}
    return {**os.environ, **own}
