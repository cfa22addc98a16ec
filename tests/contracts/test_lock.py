"""The lock file holds what the project asks for, with hashes."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def asked_for() -> Iterator[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    for names in (project["project"]["dependencies"], *extras, project["dependency-groups"]["dev"]):
        yield from map(Requirement, names)


def locked() -> dict[str, list[tuple[str, str]]]:
    """By package: version and, after it, everything up to the next package."""
    found: dict[str, list[tuple[str, str]]] = {}
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for entry in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]:
        name, version = re.split(r"[ ;]", entry, maxsplit=1)[0].split("==")
        found.setdefault(canonicalize_name(name.partition("[")[0]), []).append((version, entry))
    return found


def test_everything_that_is_asked_for_is_locked_at_a_version_that_will_do() -> None:
    lock = locked()
    for wanted in asked_for():
        versions = [version for version, _ in lock[canonicalize_name(wanted.name)]]
        assert any(wanted.specifier.contains(version) for version in versions), str(wanted)


def test_every_locked_version_has_hashes() -> None:
    for name, entries in locked().items():
        assert all("--hash=sha256:" in entry for _, entry in entries), name


def test_every_dependency_has_its_reason_and_the_version_that_is_locked() -> None:
    lock, named = locked(), dict[str, str]()
    rows = re.findall(
        r"^\| ([^|]+) \|", (ROOT / "docs/dependencies.md").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    for name, version in re.findall(r"([a-z][a-z0-9-]+)(?: (\d[\d.]*))?", " ".join(rows)):
        named[canonicalize_name(name)] = version
    for wanted in asked_for():
        assert canonicalize_name(wanted.name) in named, f"{wanted.name} has no reason"
    for name, version in named.items():
        if version and name in lock:
            assert any(f"{held}.".startswith(f"{version}.") for held, _ in lock[name]), (
                f"{name} {version} is not locked"
            )


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ('{"name": "a", "version": "1", "vulns": []}', 0, "1 of 1 packages were asked about; 0 known holes"),
        ('{"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}', 1, "a 1: X-1, mended in 2"),
        ('{"name": "a", "skip_reason": "no connection"}', 2, "NOT KNOWN of 1 packages"),
        ("", 2, "not reached: nothing is known of any package"),
    ],
)
def test_an_audit_that_could_not_ask_does_not_pass(answer: str, status: int, said: str) -> None:
    command = [sys.executable, str(ROOT / ".ci/say-audit")]
    given = f'{{"dependencies": [{answer}]}}' if answer else "no answer"
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert said in done.stdout + done.stderr
