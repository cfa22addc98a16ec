"""What is built is what people get: the wheel holds the program, its resources and the demo, and works without Qt."""

from __future__ import annotations

import email
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]

# Refuses what `pip install labeler` without extras does not bring, as an environment without it would.
WITHOUT_DESKTOP = """
import importlib.abc, sys

ABSENT = {"PySide6", "shiboken6", "pyqtgraph", "PIL", "python_stretch", "sounddevice", "soundfile"}

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds what the wheel installs."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(site: Path, program: str, *arguments: str) -> str:
    """Run a program against the installed wheel, not the checkout, and return what it prints."""
    environment = {**os.environ, "PYTHONPATH": str(site), "NO_COLOR": "1"}
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=site,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def requirements(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(metadata)).get_all("Requires-Dist", [])


def test_the_wheel_holds_every_resource_and_the_whole_demo(installed: Path) -> None:
    written_by_use = {"labels.db", "labels.db-wal", "labels.db-shm", "cache", "drafts", "backups"}
    shipped = [
        path.relative_to(ROOT)
        for folder in ("resources", "projects/demo")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not written_by_use & set(path.parts)
    ]
    assert [path for path in shipped if not (installed / "labeler/_shipped" / path).is_file()] == []


def test_the_wheel_holds_nothing_but_the_program(installed: Path) -> None:
    assert {path.name.split("-")[0] for path in installed.iterdir()} == {"labeler"}
    assert not list(installed.rglob("labels.db*"))
    assert not list(installed.rglob("*.pyc"))


def test_shipped_files_are_found_inside_an_installed_wheel(installed: Path) -> None:
    program = "from labeler.shipped import DEMO_PROJECT, RESOURCES; print(RESOURCES, DEMO_PROJECT, sep='\\n')"
    resources, demo = map(Path, run(installed, program).split())
    assert resources == installed / "labeler/_shipped/resources"
    assert (resources / "fonts/Inter-Regular.ttf").is_file()
    assert (demo / "items.jsonl").is_file()


def test_only_the_desktop_extra_brings_qt_sound_and_the_keyring(wheel: Path) -> None:
    window = {"pyside6-essentials", "pyqtgraph", "pillow", "python-stretch", "sounddevice", "soundfile"}
    desktop_only = {"cryptography", "keyring", *window}
    for requirement in requirements(wheel):
        name = Requirement(requirement).name.lower()
        assert (name in desktop_only) == ("extra == 'desktop'" in requirement), requirement


@pytest.mark.parametrize(
    "command", [["--help"], ["gate", "--help"], ["gold", "--help"], ["import", "--help"], ["check", "--help"]]
)
def test_commands_run_where_there_is_no_qt(installed: Path, command: list[str]) -> None:
    program = WITHOUT_DESKTOP + "from labeler.__main__ import main; main()"
    assert "Usage" in run(installed, program, *command)


def test_a_project_is_made_and_checked_where_there_is_no_qt(installed: Path, tmp_path: Path) -> None:
    program = WITHOUT_DESKTOP + "from labeler.__main__ import main; main()"
    demo = installed / "labeler/_shipped/projects/demo"
    files = [
        f"--{role}={demo / file}"
        for role, file in [("items", "items.jsonl"), ("old", "outputs-old.jsonl"), ("new", "outputs-new.jsonl")]
    ]
    run(installed, program, "new", str(tmp_path / "project"), *files)
    run(installed, program, "check", str(tmp_path / "project"))
