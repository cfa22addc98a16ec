"""The program opens no connection: whatever it does, no socket is made and no name is looked up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.attacks.nasty import judge_nasty, make_nasty

PROGRAM = """
import os, sys
opened = []
def watch(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
        opened.append((event, repr(arguments)[:200]))
sys.addaudithook(watch)
from labeler.cli.app import run
project, to = sys.argv[1:]
def window(folder, person):
    import time
    from datetime import UTC, datetime
    from labeler.gui.app import application
    from labeler.gui.screens import SCREENS
    from labeler.gui.theme import Theme
    from labeler.gui.window import ProjectWindow
    from labeler.sessions.projects import open_review
    qt = application()
    shown = ProjectWindow(Theme(), open_review(folder, person, lambda: datetime.now(UTC), time.monotonic), {})
    shown.show()
    for line in SCREENS:
        shown.go_to(line.id)
        until = time.monotonic() + 0.1
        while time.monotonic() < until:
            qt.processEvents()
            time.sleep(0.01)
    shown.close()
    return 0
for command in (
    ["status", project],
    ["check", project],
    ["export", project, "--verdicts", to + "/out.jsonl"],
    ["import", project, "--verdicts", to + "/out.jsonl"],
    ["backup", project],
    ["restore", project],
    ["doctor"],
    ["report", project, "--report", to + "/page.html"],
    ["agreement", project],
    ["backfill", "records", project, "--as", "ada"],
    ["backfill", "plan", project, "--queue", "--as", "ada"],
    ["backfill", "ledger", project, "--to", to + "/ledger", "--as", "ada"],
    ["check", "--ledger", to + "/ledger"],
    ["open", project, "--as", "ada"],
):
    status = run(command, window)
    assert status in (0, 1, 3), (command, status)
print("opened", opened)
"""


def test_no_command_and_no_window_opens_a_connection(tmp_path: Path) -> None:
    """The project's texts name hosts, in links and pictures, wherever a text may stand."""
    folder = judge_nasty(make_nasty(tmp_path), tmp_path)
    command = [sys.executable, "-c", PROGRAM, str(folder), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.splitlines()[-1] == "opened []"
