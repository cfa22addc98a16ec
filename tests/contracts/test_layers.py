"""The contracts of import-linter hold, and each of them can fail: a check that cannot is worth nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = [
    contract["id"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
]

CANARIES = {
    "layers": [
        ("domain", "labeler.steps"),
        ("store", "labeler.formats"),  # neighbours
        ("steps", "labeler.sessions"),
        ("sessions", "labeler.gui"),
        ("cli", "labeler.gui"),
        ("errors", "labeler.domain"),
    ],
    "qt": [("sessions", "PySide6.QtCore"), ("cli", "pyqtgraph")],
    "sql": [("steps", "sqlite3"), ("cli", "sqlite_utils"), ("gui", "pysqlite3")],
    "media": [("sessions", "PIL.Image"), ("steps", "soundfile"), ("formats", "sounddevice")],
    "domain": [("domain", "time"), ("domain", "random"), ("domain", "pathlib"), ("domain", "pyarrow")],
    "gui-store": [("gui", "labeler.store"), ("gui", "labeler.steps")],
    "processes": [("gui", "threading"), ("sessions", "subprocess"), ("store", "multiprocessing")],
}
"""For each contract, imports that must break it: where, and of what."""


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Check the package in `folder`."""
    program = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache", "--no-logo", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PYTHONUTF8": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def plant(package: Path, place: str, imported: str, number: int) -> str:
    """Add an import at the place and return it in import-linter's words."""
    if (package / place).is_dir():
        name = f"labeler.{place}.canary{number}"
        module = package / place / f"canary{number}.py"
    else:
        name = f"labeler.{place}"
        module = package / f"{place}.py"
    with module.open("a") as code:
        code.write(f"\nimport {imported}\n")
    return f"{name} -> {imported if imported.startswith('labeler.') else imported.split('.', maxsplit=1)[0]}"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package and its contracts in which things may be planted."""
    shutil.copytree(ROOT / "labeler", tmp_path / "labeler", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_has_a_canary() -> None:
    assert {*CANARIES, "circles"} == set(CONTRACTS)


def test_all_contracts_hold(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("contract", CANARIES)
def test_planted_imports_break_their_contract(copy: Path, contract: str) -> None:
    planted = [plant(copy / "labeler", *canary, number) for number, canary in enumerate(CANARIES[contract])]
    result = lint(copy, "--contract", contract)
    assert result.returncode == 1
    for found in planted:
        assert found in result.stdout, result.stdout + result.stderr


def test_a_planted_circle_breaks_its_contract(copy: Path) -> None:
    plant(copy / "labeler", "steps", "labeler.steps.canary1", 0)
    plant(copy / "labeler", "steps", "labeler.steps.canary0", 1)
    result = lint(copy, "--contract", "circles")
    assert result.returncode == 1
    assert "canary" in result.stdout
