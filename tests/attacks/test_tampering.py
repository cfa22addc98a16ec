"""Whatever is changed in a log is found, by `labeler check` and by a program that knows nothing of Labeler."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from labeler.domain.canonical import canonical
from labeler.domain.events import event_hash
from labeler.steps.check import check_project
from labeler.steps.exchange import export_verdicts
from labeler.steps.gold.build import build_gold
from labeler.steps.opening import open_project
from labeler.steps.review import save_verdict, skip, withdraw_last
from labeler.store import FILE_NAME
from labeler.store.engine import open_file
from tests.attacks.texts import START, make_texts, verdict_on

VERIFIER = Path(__file__).parents[2] / "docs" / "verify.py"
Row = list[Any]
"""position, stream, seq, id, kind, at, hash, data"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two people's chains, and what others have seen of them: an export."""
    folder = tmp_path_factory.mktemp("tampering") / "texts"
    make_texts(folder, 20)
    with open_project(folder) as opened:
        store = opened.store
        store.add_person("Bob", at=START, person_id="bob")
        release = store.releases()[0].id
        for n in range(1, 11):
            for person in ("ada", "bob"):
                save_verdict(store, store.stream(person), verdict_on(f"t{n:04}", release), START)
        skip(store, store.stream("bob"), release, "t0015", "mine", START)
        withdraw_last(store, store.stream("ada"), START)
        export_verdicts(store, folder / "seen.jsonl")
    return folder


def rechain(rows: list[Row], stream: str) -> list[Row]:
    """Number, link and hash a stream anew, as one would who knows how it is done."""
    prev, seq = "0" * 64, 0
    for row in rows:
        if row[1] == stream:
            seq += 1
            event = {**json.loads(row[7]), "seq": seq, "prev": prev}
            row[2], row[7] = seq, canonical(event)
            row[6] = prev = event_hash(row[7])
    return rows


def flip_a_bit(rows: list[Row], chance: Random) -> list[Row]:
    row = chance.choice(rows)
    data = bytearray(row[7])
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(7)
    row[7] = bytes(data)
    return rows


def flip_a_bit_and_hash_again(rows: list[Row], chance: Random) -> list[Row]:
    before = [row[7] for row in rows]
    flip_a_bit(rows, chance)
    for row, data in zip(rows, before, strict=True):
        if row[7] != data:
            row[6] = event_hash(row[7])
    return rows


def change_a_verdict(rows: list[Row], chance: Random) -> list[Row]:
    row = chance.choice([row for row in rows if row[4] == "verdict"])
    event = json.loads(row[7])
    event["body"][chance.choice(["right", "tier", "item_id", "checked"])] = chance.choice(["old", "hard", "t0003"])
    row[7] = canonical(event)
    return rows


def change_a_verdict_and_chain_again(rows: list[Row], chance: Random) -> list[Row]:
    change_a_verdict(rows, chance)
    for stream in {row[1] for row in rows}:
        rechain(rows, stream)
    return rows


def swap_two(rows: list[Row], chance: Random) -> list[Row]:
    stream = chance.choice(rows)[1]
    one, other = chance.sample([row for row in rows if row[1] == stream], 2)
    one[2], other[2] = other[2], one[2]
    return rows


def swap_two_and_chain_again(rows: list[Row], chance: Random) -> list[Row]:
    stream = chance.choice(rows)[1]
    one, other = chance.sample([n for n, row in enumerate(rows) if row[1] == stream], 2)
    rows[one], rows[other] = rows[other], rows[one]
    return rechain(rows, stream)


def remove_one(rows: list[Row], chance: Random) -> list[Row]:
    rows.remove(chance.choice(rows))
    return rows


def remove_one_and_chain_again(rows: list[Row], chance: Random) -> list[Row]:
    row = chance.choice(rows)
    rows.remove(row)
    return rechain(rows, row[1])


def cut_the_end(rows: list[Row], chance: Random) -> list[Row]:
    stream = chance.choice(rows)[1]
    last = max(row[2] for row in rows if row[1] == stream)
    first = chance.randint(1, last)
    return [row for row in rows if row[1] != stream or row[2] < first]


def file_under_another(rows: list[Row], chance: Random) -> list[Row]:
    row = chance.choice(rows)
    column = chance.choice([1, 3, 4, 5, 6])
    row[column] = (
        f"{row[column]}x" if column in (1, 3) else {4: "gold", 5: "2020-01-01T00:00:00.000Z", 6: "0" * 64}[column]
    )
    return rows


def move_to_another_stream(rows: list[Row], chance: Random) -> list[Row]:
    streams = sorted({row[1] for row in rows})
    row = chance.choice(rows)
    row[1] = chance.choice([stream for stream in streams if stream != row[1]])
    row[2] = 1 + max(other[2] for other in rows if other[1] == row[1])
    return rows


Mutation = Callable[[list[Row], Random], list[Row]]
MUTATIONS: tuple[Mutation, ...] = (
    flip_a_bit,
    flip_a_bit_and_hash_again,
    change_a_verdict,
    change_a_verdict_and_chain_again,
    swap_two,
    swap_two_and_chain_again,
    remove_one,
    remove_one_and_chain_again,
    cut_the_end,
    file_under_another,
    move_to_another_stream,
)


def tamper(file: Path, mutation: Mutation, chance: Random) -> bool:
    """Change the log as somebody with the file in hands could. The answer is whether anything is different now."""
    with closing(open_file(file)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        before = [list(row) for row in connection.execute("SELECT * FROM events ORDER BY position")]
        after = mutation([list(row) for row in before], chance)
        connection.execute("DELETE FROM events")
        connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", after)
        for _, sql in triggers:
            connection.execute(sql)
    return sorted(map(repr, before)) != sorted(map(repr, after))


def found_by_check(folder: Path) -> bool:
    with open_project(folder, read_only=True) as opened:
        return bool(check_project(opened, seen=[folder / "seen.jsonl"]).findings)


def verifier() -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "verify"}
    exec(compile(VERIFIER.read_text(encoding="utf-8"), VERIFIER.name, "exec"), space)
    return space


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("mutations", [22, pytest.param(2_000, marks=pytest.mark.soak)])
def test_every_change_of_the_log_is_found_twice(project: Path, tmp_path: Path, mutations: int) -> None:
    chance, damage = Random(1), verifier()["damage"]
    folder = tmp_path / "texts"
    shutil.copytree(project, folder)
    sound = (folder / FILE_NAME).read_bytes()
    tried = 0
    while tried < mutations:
        (folder / FILE_NAME).write_bytes(sound)
        mutation = MUTATIONS[tried % len(MUTATIONS)]
        if not tamper(folder / FILE_NAME, mutation, chance):
            continue
        tried += 1
        assert found_by_check(folder), (mutation.__name__, tried)
        try:
            independently = list(damage(folder / FILE_NAME, [folder / "seen.jsonl"]))
        except (ValueError, KeyError, TypeError, sqlite3.Error):
            independently = ["it is not even readable"]
        assert independently, (mutation.__name__, tried)


PRIVATES_AND_TABLES = (
    "UPDATE privates SET value = '\"forged\"' WHERE field = 'note'",
    "UPDATE privates SET salt = zeroblob(16) WHERE event_id = (SELECT max(event_id) FROM privates)",
    "UPDATE judgements SET standing = 1 - standing",
    "UPDATE judgements SET tier = 'hard'",
    "UPDATE people SET role = 'lead'",
    "UPDATE resolutions SET tier = 'hard'",
    "DELETE FROM ended",
    "UPDATE queue SET open = 0",
    "UPDATE queue_counts SET open = 0",
    "UPDATE outputs SET data = CAST(replace(CAST(data AS TEXT), 'sum', 'Sum') AS BLOB) WHERE rowid = 3",
    "UPDATE outputs SET sha256 = 'sha256:0' WHERE rowid = 3",
    "UPDATE release_pairs SET old_model = new_model",
)


@pytest.mark.parametrize("sql", PRIVATES_AND_TABLES)
def test_every_change_beside_the_log_is_found(project: Path, tmp_path: Path, sql: str) -> None:
    folder = tmp_path / "texts"
    shutil.copytree(project, folder)
    with closing(open_file(folder / FILE_NAME)) as connection:
        connection.execute("PRAGMA recursive_triggers = OFF")
        connection.execute(sql)
    assert found_by_check(folder)
    if "privates" in sql:
        assert list(verifier()["damage"](folder / FILE_NAME, []))


def test_an_untouched_project_is_sound_to_both(project: Path, tmp_path: Path) -> None:
    assert not found_by_check(project)
    with open_project(project, read_only=True) as opened:
        gold = build_gold(opened, tmp_path / "gold", "texts").folder
        assert check_project(opened, seen=[gold]).findings == ()
    command = [sys.executable, str(VERIFIER), str(project / FILE_NAME), str(project / "seen.jsonl")]
    done = subprocess.run([*command, str(gold / "manifest.json")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "every event is as it was written\n", "")


def test_a_log_cut_below_a_published_gold_set_is_found(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    shutil.copytree(project, folder)
    with open_project(folder, read_only=True) as opened:
        gold = build_gold(opened, tmp_path / "gold", "texts").folder
    heads = orjson.loads((gold / "manifest.json").read_bytes())["heads"]
    stream, head = next(iter(heads.items()))
    assert tamper(
        folder / FILE_NAME, lambda rows, _: [r for r in rows if (r[1], r[2] >= head["seq"]) != (stream, True)], Random()
    )
    with open_project(folder, read_only=True) as opened:
        said = [finding.what for finding in check_project(opened, seen=[gold]).findings]
    assert f"{stream}, event {head['seq']}: {gold} names it, and it is missing here" in said
    assert any(str(gold) in line for line in verifier()["damage"](folder / FILE_NAME, [gold / "manifest.json"]))


def test_the_verifier_is_short_and_needs_nothing() -> None:
    lines = VERIFIER.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 100
    imported = {line.split()[1] for line in lines if line.startswith(("import ", "from "))}
    assert imported <= sys.stdlib_module_names
