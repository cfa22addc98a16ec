"""Several windows and commands write to one project at once: no event is lost or doubled, nobody reads "locked"."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from labeler.domain.events import EventKind
from labeler.domain.verdicts import fold
from labeler.steps.exchange import export_verdicts
from labeler.steps.opening import open_project
from labeler.store import Store
from tests.attacks import write_beside_others
from tests.attacks.texts import START, make_texts

A_FILE = 20


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("events", [40, pytest.param(2_000, marks=pytest.mark.soak)])
def test_four_programs_write_at_once(tmp_path: Path, events: int) -> None:
    """Two windows of one person, who share a stream, a window of another, and imports of what a third did elsewhere."""
    folder = tmp_path / "texts"
    make_texts(folder, 50)
    files = elsewhere(folder, tmp_path, events)
    with Store.open(folder) as store:
        before = store.event_count()
    programs = [("window", "Ada"), ("window", "Ada"), ("window", "Bob"), ("command", str(files))]
    running = [
        subprocess.Popen(
            [sys.executable, write_beside_others.__file__, what, str(folder), who, str(events)],
            stderr=subprocess.PIPE,
            text=True,
        )
        for what, who in programs
    ]
    assert [child.communicate()[1] for child in running] == [""] * 4
    assert [child.returncode for child in running] == [0] * 4
    with open_project(folder) as project:
        store = project.store
        kinds = [EventKind.VERDICT, EventKind.SKIP, EventKind.WITHDRAWAL]
        said = Counter(event.author for event in store.events(kinds=kinds))
        bob = store.person("Bob")
        assert bob is not None
        assert said == {"ada": 2 * events, bob.id: events, "eve": events}
        assert store.event_count() > before + 4 * events
        assert store.chain_damage() == []
        assert store.integrity_damage() == []
        assert store.state() == fold(store.events())


def elsewhere(folder: Path, scratch: Path, events: int) -> Path:
    """A folder of files with what Eve did on a copy of the project, each going on where the last one ended."""
    copy, files = scratch / "copy", scratch / "files"
    shutil.copytree(folder, copy)
    files.mkdir()
    with Store.open(copy) as store:
        eve = store.add_person("Eve", at=START, person_id="eve")
        release = store.releases()[0].id
        for n in range(events):
            body = {"kind": "skip", "item_id": f"t{n % 50 + 1:04}", "release": release, "reason": "mine"}
            store.append(store.stream(eve.id), EventKind.SKIP, body, START)
        export_verdicts(store, scratch / "all.jsonl", streams=[store.stream(eve.id)])
    lines = (scratch / "all.jsonl").read_bytes().splitlines(keepends=True)
    for start in range(0, len(lines), A_FILE):
        (files / f"{start:06}.jsonl").write_bytes(b"".join(lines[start : start + A_FILE]))
    return files
