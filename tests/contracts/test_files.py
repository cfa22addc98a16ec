"""The files of the project: fit for every machine, and shipped with the right to ship them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "projects" / "demo"
TEXT = {".py", ".toml", ".md", ".yaml", ".qss", ".jsonl", ".json", ".csv", ".txt", ""}


def written_files() -> Iterator[Path]:
    """Text that people wrote: not media, not caches."""
    for path in ROOT.iterdir():
        if path.is_file() and path.suffix in TEXT and path.name != ".git":  # a file where this is a linked working copy
            yield path
    for folder in ("labeler", "tests", "docs", "resources", ".ci", "projects/demo"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in TEXT and not {"__pycache__", "cache"} & set(path.parts):
                yield path


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    somebodys = re.compile(r"(?<![\w.~/-])/(?:home|root|Users|work|mnt)/\w")
    found = [path for path in written_files() if somebodys.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_every_medium_of_the_demo_has_the_hash_and_licence_that_its_item_states() -> None:
    for line in (DEMO / "items.jsonl").read_bytes().splitlines():
        item = json.loads(line)
        assert hashlib.sha256((DEMO / item["media"]).read_bytes()).hexdigest() == item["sha256"], item["id"]
        assert item["license"], item["id"]


@pytest.mark.parametrize("folder", ["fonts", "icons"])
def test_what_others_made_comes_with_its_licence_and_is_named_in_the_notice(folder: str) -> None:
    licences = list((ROOT / "resources" / folder).glob("LICENSE-*.txt"))
    notice = (ROOT / "NOTICE").read_text()
    assert licences
    assert all(f"resources/{folder}/{licence.name}" in notice for licence in licences)


def test_the_demo_names_its_licences() -> None:
    notice = (DEMO / "NOTICE").read_text()
    licences = {json.loads(line)["license"] for line in (DEMO / "items.jsonl").read_bytes().splitlines()}
    assert licences
    assert [licence for licence in licences if licence not in notice] == []
