"""The lock file holds what the project asks for, with hashes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

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
