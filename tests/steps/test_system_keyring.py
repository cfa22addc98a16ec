"""The keyring of the account itself: GNOME's, on a session bus of its own, opened, locked, and not there at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from labeler.steps.opening import create_project
from tests.steps.judged_project import JudgedProject

PROGRAMS = ("dbus-run-session", "gnome-keyring-daemon")
OPENED = "printf secret | gnome-keyring-daemon --unlock --components=secrets > /dev/null"
LOCKED = "gnome-keyring-daemon --start --components=secrets > /dev/null"
LACKING = [name for name in PROGRAMS if shutil.which(name) is None]
needs_keyring = pytest.mark.skipif(bool(LACKING), reason=f"not installed: {', '.join(LACKING)}")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = JudgedProject(tmp_path / "judged", 3)
    made.judge("i-00", who="bo")
    made.project.store.close()
    return made.project.folder


def export(project: Path, to: Path, home: Path, daemon: str) -> str:
    """What `labeler export --as bo` says, in an account whose home this is, once that keyring runs."""
    return labeler(f'export "{project}" --verdicts "{to}" --as bo', home, daemon)


def labeler(call: str, home: Path, daemon: str) -> str:
    for folder in (home, home / "run"):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
    own = {"HOME": home, "XDG_RUNTIME_DIR": home / "run", "XDG_DATA_HOME": home / "share", "LC_ALL": "C.UTF-8"}
    environment = {k: v for k, v in os.environ.items() if k != "PYTHON_KEYRING_BACKEND"} | {
        key: str(value) for key, value in own.items()
    }
    script = f"{daemon}; {sys.executable} -m labeler {call}"
    done = subprocess.run(
        ("dbus-run-session", "--", "sh", "-c", script),
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs_keyring
def test_a_key_is_kept_in_the_accounts_keyring_and_in_no_file(project: Path, tmp_path: Path) -> None:
    said = export(project, tmp_path / "v.jsonl", tmp_path / "home", OPENED)
    assert said.rstrip().endswith(", signed")
    first = (tmp_path / "v.jsonl.sig").read_text()
    # Another day: a keyring that is started again has it still.
    said = export(project, tmp_path / "again.jsonl", tmp_path / "home", OPENED)
    assert said.rstrip().endswith(", signed")
    public = first.split('"key": "')[1].split('"')[0]
    assert public in (tmp_path / "again.jsonl.sig").read_text()
    with create_project(tmp_path / "lead") as lead:
        from labeler.steps.exchange import import_verdicts

        merged = import_verdicts(lead.store, tmp_path / "again.jsonl")
        assert any(stream.startswith("p-bo@") for stream in merged.signed)
        assert merged.damage == ()


@pytest.mark.soak
@needs_keyring
def test_a_locked_keyring_and_another_account_are_said(project: Path, tmp_path: Path) -> None:
    export(project, tmp_path / "v.jsonl", tmp_path / "home", OPENED)
    said = export(project, tmp_path / "v.jsonl", tmp_path / "home", LOCKED)
    assert "not signed: the keyring is locked: unlock it, and export again" in said
    assert "locked: exports are not signed" in labeler("doctor", tmp_path / "home", LOCKED)
    assert "signs what you export" in labeler("doctor", tmp_path / "home", OPENED)
    said = export(project, tmp_path / "v.jsonl", tmp_path / "other", OPENED)
    assert "not signed: the key of this copy lies in the keyring of another account" in said


def test_without_a_keyring_it_is_said(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from labeler.cli.app import run

    command = ["export", str(project), "--verdicts", str(tmp_path / "v.jsonl"), "--as", "bo"]
    assert run(command, lambda _folder, _name: 0) == 0
    assert "not signed: this machine has no keyring that a key could be kept in" in capsys.readouterr().out
    assert not (tmp_path / "v.jsonl.sig").exists()
