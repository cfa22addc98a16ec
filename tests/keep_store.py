"""Keeps a store of today's schema for the tests: `python -m tests.keep_store`, once before a release with a new schema.

`tests/data/stores/NNNN.db.gz` is a project's store as that schema left it, `NNNN.jsonl` what was exported from it.
"""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from labeler.domain.items import Side
from labeler.domain.people import Role
from labeler.domain.project import ProjectSettings
from labeler.domain.rubric import Severity
from labeler.domain.verdicts import At, Failure, Right, Verdict
from labeler.steps.bring.release import bring
from labeler.steps.exchange import export_verdicts
from labeler.steps.opening import create_project
from labeler.steps.project import Project
from labeler.steps.review import save_verdict, skip, withdraw_last
from labeler.store import FILE_NAME
from labeler.store.schema import MIGRATIONS
from tests.given_texts import Line, given_files, text_item, text_output, verdict_on_text

STORES = Path(__file__).parent / "data" / "stores"
START = datetime(2026, 1, 1, tzinfo=UTC)
ITEMS = [f"t{n}" for n in range(1, 9)]


def main() -> None:
    name = f"{len(MIGRATIONS):04}"
    STORES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "project"
        with _make(folder, Path(scratch)) as project:
            export_verdicts(project.store, STORES / f"{name}.jsonl")
        (STORES / f"{name}.db.gz").write_bytes(gzip.compress((folder / FILE_NAME).read_bytes(), mtime=0))


def _make(folder: Path, given: Path) -> Project:
    """Eight texts of which six flip; verdicts, a skip, one taken back, a consensus, and one that fell apart again."""
    items = [text_item(item, slices={"topic": item[1:]}) for item in ITEMS]
    old, new = ([_answer(item, version) for item in ITEMS] for version in ("1", "2"))
    files = given_files(given, items, old, new)
    settings = ProjectSettings("Kept", "2026-01-01T00:00:00Z", seed=7, random_share=0.5, overlap=2)
    project = create_project(folder, settings=settings, now=lambda: START)
    store = project.store
    ada = store.add_person("Ada Lead", Role.LEAD, at=START, person_id="ada")
    store.add_person("Bob", at=START, person_id="bob")
    bring(project, files, ada, now=lambda: START)
    release = store.releases()[0].id
    moments = (START + timedelta(minutes=n) for n in range(1, 100))
    for person, item, right in (
        ("ada", "t1", Right.NEW),
        ("bob", "t1", Right.NEW),
        ("ada", "t2", Right.OLD),
        ("bob", "t2", Right.NEITHER),
        ("ada", "t3", Right.BOTH),
        ("bob", "t3", Right.BOTH),
        ("ada", "t4", Right.NEW),
    ):
        save_verdict(store, store.stream(person), _verdict(release, item, right), next(moments))
    withdraw_last(store, store.stream("ada"), next(moments))
    withdraw_last(store, store.stream("bob"), next(moments))
    skip(store, store.stream("bob"), release, "t5", "It cannot be opened", next(moments))
    return project


def _answer(item: str, version: str) -> Line:
    number = item[1:] if version == "1" or item > "t6" else f"{item[1:]}0"
    return text_output(item, version, f"the sum is {number} pounds")


def _verdict(release: str, item: str, right: Right) -> Verdict:
    outputs: dict[Side, str] = {"old": f"sha256:{item}", "new": f"sha256:{item}0"}
    failed = (Failure("old", "value_misread", Severity.MAJOR, (At(span=(0, 2)),)),) if right is Right.NEW else ()
    said = verdict_on_text(item, release, right, outputs, f"the sum is {item[1:]} pounds")
    return replace(said, failures=failed, note="a note that names Zoë", duration_ms=1234)


if __name__ == "__main__":
    main()
