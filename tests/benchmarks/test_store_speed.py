"""How fast outputs come in and verdicts are saved, as ratios to bare loops over the same rows in the same run."""

from __future__ import annotations

import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from labeler.domain.events import EventKind
from labeler.domain.items import Answer
from labeler.domain.people import Person, Role
from labeler.domain.project import ProjectSettings
from labeler.domain.rubric import Severity, Tier
from labeler.domain.verdict_json import verdict_body
from labeler.domain.verdicts import At, Checked, DifferenceVerdict, Failure, Gold, Right, Verdict
from labeler.shipped import DEMO_PROJECT
from labeler.steps.bring.items import import_items
from labeler.steps.bring.outputs import import_outputs
from labeler.steps.opening import create_project
from labeler.steps.project import Project
from labeler.store import Store
from labeler.store.engine import connect

COPIES = 100
"""Of the demo's 120 outputs: 12,000 lines, 26 MB."""
ROUNDS = 3


def many(folder: Path, copies: int = COPIES) -> tuple[Path, Path]:
    """An items file and an outputs file of the demo's content, copied under new ids."""
    folder.mkdir(exist_ok=True)
    items, outputs = folder / "items.jsonl", folder / "outputs.jsonl"
    raw_items = [orjson.loads(line) for line in (DEMO_PROJECT / "items.jsonl").read_bytes().splitlines()]
    raw_outputs = [orjson.loads(line) for line in (DEMO_PROJECT / "outputs-new.jsonl").read_bytes().splitlines()]
    with items.open("wb") as file:
        for n in range(copies):
            for raw in raw_items:
                text = {"id": f"{raw['id']}-{n}", "modality": "text", "content": "x"}
                file.write(orjson.dumps(text) + b"\n")
    with outputs.open("wb") as file:
        for n in range(copies):
            for raw in raw_outputs:
                file.write(orjson.dumps({**raw, "item_id": f"{raw['item_id']}-{n}"}) + b"\n")
    return items, outputs


def empty_project(folder: Path) -> tuple[Project, Person]:
    project = create_project(folder, settings=ProjectSettings("P", "2026-01-01T00:00:00Z", seed=1))
    return project, project.store.add_person("Ana", Role.LEAD, at=datetime.now(UTC))


def seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def bare_loop(outputs: Path, into: Path) -> None:
    """What the import is measured against: read, parse, insert."""
    connection = connect(into, read_only=False)
    connection.execute("CREATE TABLE outputs (item_id TEXT, data BLOB) STRICT")
    with outputs.open("rb") as file:
        rows = [(orjson.loads(line)["item_id"], line) for line in file]
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO outputs VALUES (?, ?)", rows)
        connection.execute("COMMIT")
    connection.close()


def test_importing_outputs_against_a_bare_loop(tmp_path: Path, benchmark: Any) -> None:
    """At least a quarter of the rate of `orjson.loads` and `executemany`, with every line checked and hashed."""
    items, outputs = many(tmp_path)
    ratios = []
    for n in range(ROUNDS):
        project, author = empty_project(tmp_path / f"p{n}")
        with project:
            import_items(project, items, author)
            ours = seconds(partial(import_outputs, project, outputs, author))
        ratios.append(ours / seconds(partial(bare_loop, outputs, tmp_path / f"bare{n}.db")))
    benchmark.extra_info["times_the_bare_loop"] = statistics.median(ratios)
    benchmark.pedantic(bare_loop, args=(outputs, tmp_path / "again.db"), rounds=1)
    assert statistics.median(ratios) <= 4.0


PEAK = r"""
import re, sys
from pathlib import Path
from tests.benchmarks.test_store_speed import empty_project
from labeler.steps.bring.items import import_items
from labeler.steps.bring.outputs import import_outputs
project, author = empty_project(Path(sys.argv[1]))
import_items(project, Path(sys.argv[2]), author)
import_outputs(project, Path(sys.argv[3]), author)
# Not ru_maxrss: that begins at what the parent process held.
print(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])
"""


def test_memory_does_not_grow_with_the_file(tmp_path: Path, benchmark: Any) -> None:
    """Four times the lines, and the peak of memory stays what it was, give or take a tenth.

    Both files are larger than the store's page cache, which is the only thing that may fill up.
    """

    def peak(copies: int) -> int:
        items, outputs = many(tmp_path / f"given{copies}", copies)
        command = [sys.executable, "-c", PEAK, str(tmp_path / f"p{copies}"), str(items), str(outputs)]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    ratio = peak(4 * COPIES) / peak(COPIES)
    benchmark.extra_info["ratio"] = ratio
    benchmark.pedantic(many, args=(tmp_path / "again", 1), rounds=1)
    assert ratio <= 1.1


def made_verdict(item_id: str, release: str) -> Verdict:
    return Verdict(
        item_id=item_id,
        release=release,
        right=Right.NEW,
        tier=Tier.MEDIUM,
        tier_before_outputs=True,
        checked=Checked.WHOLE,
        shown={"A": "old", "B": "new"},
        rubric="1",
        outputs={"old": "sha256:" + "0" * 64, "new": "sha256:" + "1" * 64},
        differences=(DifferenceVerdict("d1", Right.NEW), DifferenceVerdict("d2", Right.NEW)),
        failures=(Failure("old", "value_misread", Severity.MAJOR, (At(box=(1, 2, 30, 40)),)),),
        gold=Gold(Answer(text="the sum is 10 pounds"), ("d1:new", "d2:new")),
        note="seen",
        duration_ms=12_000,
    )


def test_saving_a_verdict_against_the_same_rows_in_one_raw_transaction(
    texts: Project, tmp_path: Path, benchmark: Any
) -> None:
    """At most twice one transaction of bare SQL that writes the very rows of each save into the same tables.

    A save counts the item's place in the queue as well, and looks up what the person's role allows.
    """
    store = texts.store
    (lead,) = store.people()
    stream = store.stream(lead.id)
    release = store.latest_release()
    assert release is not None
    verdict = made_verdict("t1", release.id)
    with Store.create(tmp_path / "bare") as other:
        raw = other.connection

        def save(n: int) -> str:
            body, private = verdict_body(replace(verdict, item_id=f"t{1 + n % 6}", note=str(n)))
            return store.append(stream, EventKind.VERDICT, body, datetime.now(UTC), private).id

        def rows_of(event_id: str, table: str, key: str) -> list[tuple[Any, ...]]:
            return store.connection.execute(f"SELECT * FROM {table} WHERE {key} = ?", (event_id,)).fetchall()

        pairs = []
        for n in range(60):  # ten on an item: nobody judges one two hundred times
            began = time.perf_counter()
            event_id = save(n)
            ours = time.perf_counter() - began
            written = [rows_of(event_id, table, key) for table, key in _WRITTEN]
            pairs.append((ours, seconds(partial(write_bare, raw, written))))
    ratio = statistics.median(o for o, _ in pairs) / statistics.median(b for _, b in pairs)
    benchmark.extra_info["ratio"] = ratio
    benchmark.pedantic(save, args=(1000,), rounds=1)
    assert ratio <= 2.0


_WRITTEN = (("events", "id"), ("privates", "event_id"), ("judgements", "event_id"))


def write_bare(connection: sqlite3.Connection, written: list[list[tuple[Any, ...]]]) -> None:
    events, privates, judgements = written
    connection.execute("BEGIN IMMEDIATE")
    _insert(connection, "events", events)
    _insert(connection, "privates", privates)
    (_, release, item, person, *_), *_ = judgements
    connection.execute(
        "UPDATE judgements SET standing = 0 WHERE release_id = ? AND item_id = ? AND person_id = ? AND standing = 1",
        (release, item, person),
    )
    _insert(connection, "judgements", judgements)
    connection.execute("COMMIT")


def _insert(connection: sqlite3.Connection, table: str, rows: list[tuple[Any, ...]]) -> None:
    for row in rows:
        connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
