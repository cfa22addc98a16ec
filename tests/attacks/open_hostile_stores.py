"""Opens damaged and crafted stores one after the other, in little time and memory: run by `test_hostile_stores`.

Every store is read, checked, exported, opened for review and judged in. What is neither done nor refused with a
LabelerError within `SECONDS` goes to standard output, one line a store.
"""

from __future__ import annotations

import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from labeler.domain.rubric import Tier
from labeler.errors import LabelerError
from labeler.sessions.projects import card, open_review
from labeler.sessions.review.draft import Choice
from labeler.steps.backup import back_up_project
from labeler.steps.check import check_project
from labeler.steps.exchange import export_verdicts
from labeler.steps.opening import open_project
from labeler.steps.status import project_status
from labeler.store import FILE_NAME
from labeler.store.connection import DatabaseError
from labeler.store.engine import open_file

SECONDS = 10
MEMORY = 2 * 1024**3
_HEAVY = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT"
CRAFTED: tuple[str, ...] = (
    f"CREATE VIEW bomb AS {_HEAVY} count(*) FROM n",
    f"ALTER TABLE items RENAME TO kept; CREATE VIEW items AS {_HEAVY} i AS id, 'text' AS modality, x'' AS data FROM n",
    f"CREATE TRIGGER bomb AFTER INSERT ON events BEGIN INSERT INTO facts {_HEAVY} i, i FROM n; END",
    f"CREATE TRIGGER bomb BEFORE UPDATE ON queue BEGIN SELECT ({_HEAVY} count(*) FROM n); END",
    "DROP TRIGGER events_are_never_changed",
    "DROP INDEX queue_in_order",
    "ALTER TABLE items ADD COLUMN heavy AS (hex(zeroblob(500000000)))",
    "ALTER TABLE items ADD COLUMN more TEXT DEFAULT 'x'",
    "CREATE VIRTUAL TABLE found USING fts5(text)",
    "CREATE TABLE stranger (x)",
    "CREATE INDEX slow ON items (hex(randomblob(1000)))",
    "PRAGMA user_version = 0",
    "PRAGMA user_version = 1",
    "PRAGMA user_version = 99",
    "PRAGMA user_version = -5",
    "PRAGMA application_id = 0",
    f"PRAGMA user_version = 99; DROP TABLE facts; CREATE VIEW facts AS {_HEAVY} i AS key, i AS value FROM n",
    "PRAGMA user_version = 99; ALTER TABLE facts ADD COLUMN heavy AS (hex(zeroblob(500000000)))",
    "PRAGMA user_version = 99; ALTER TABLE facts RENAME COLUMN value TO other",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'TEXT', 'BLOB') WHERE name = 'items'",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'items'",
    "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'events'",
    "UPDATE facts SET value = 'many' WHERE key = 'overlap'",
    "UPDATE facts SET value = '999999999999999999999999' WHERE key = 'overlap'",
    "UPDATE facts SET value = '../../etc' WHERE key = 'device'",
    "DELETE FROM facts",
    "UPDATE items SET data = x'ff'",
    "UPDATE items SET data = CAST('[]' AS BLOB)",
    "UPDATE items SET data = CAST('{}' AS BLOB)",
    "UPDATE items SET data = CAST(replace(CAST(data AS TEXT), 'content', 'media') AS BLOB)",
    "UPDATE items SET modality = 'smell'",
    "UPDATE items SET id = id || char(0) || '/../..'",
    "UPDATE outputs SET data = CAST('null' AS BLOB)",
    'UPDATE outputs SET data = \'{"item_id": 1, "text": {}}\'',
    "UPDATE outputs SET data = zeroblob(50000000) WHERE rowid = 1",
    "UPDATE comparisons SET data = CAST('{}' AS BLOB)",
    'UPDATE comparisons SET data = \'{"class": "flip", "differences": [1]}\'',
    "UPDATE comparisons SET class = 'huge'",
    "UPDATE queue SET why = 'because'",
    "UPDATE queue SET modality = 'smell'",
    "UPDATE queue SET rank = -9223372036854775808",
    "UPDATE queue SET open = 0",
    "DELETE FROM comparisons",
    "DELETE FROM outputs",
    "DELETE FROM releases",
    "DELETE FROM release_pairs",
    "UPDATE release_pairs SET modality = 'smell'",
    "UPDATE releases SET at = 'never'",
    "UPDATE people SET role = 'king'",
    "UPDATE people SET simulated = 1",
    "DELETE FROM people",
    "UPDATE privates SET value = '{'",
    "UPDATE privates SET value = '1e999'",
    "UPDATE privates SET salt = x''",
    "DELETE FROM privates",
    "UPDATE judgements SET person_id = 'x', standing = 1",
    "DROP TRIGGER events_are_never_changed; UPDATE events SET data = x'00'",
    "DROP TRIGGER events_are_never_changed; UPDATE events SET data = CAST('[]' AS BLOB)",
    "UPDATE slices SET value = zeroblob(10)",
    "INSERT INTO slices SELECT hex(randomblob(5000)), hex(randomblob(5000)), id FROM items",
)
EVENTS: tuple[str, ...] = (
    "UPDATE events SET data = CAST('{}' AS BLOB)",
    "UPDATE events SET data = CAST('null' AS BLOB)",
    "UPDATE events SET data = x'80'",
    "UPDATE events SET stream = 'nobody'",
    "UPDATE events SET at = 'noon'",
    "UPDATE events SET kind = 'surprise'",
    "UPDATE events SET id = position",
    "UPDATE events SET seq = seq + 9223372036854775000",
    "UPDATE events SET hash = ''",
    "UPDATE events SET data = CAST(replace(CAST(data AS TEXT), '\"body\":{', '\"body\":[{') AS BLOB)",
    "UPDATE events SET data = CAST(replace(CAST(data AS TEXT), 'item_id', 'itemid') AS BLOB)",
    "DELETE FROM events",
)
"""Changes of the log by somebody who puts the triggers back afterwards."""


def damage(file: Path, chance: Random, number: int) -> str:
    """Damage a store in the way that its number says; the answer says how."""
    if number < len(CRAFTED):
        craft(file, CRAFTED[number])
        return CRAFTED[number]
    if number < len(CRAFTED) + len(EVENTS):
        craft_events(file, EVENTS[number - len(CRAFTED)])
        return EVENTS[number - len(CRAFTED)]
    content = bytearray(file.read_bytes())
    if chance.random() < 0.1:
        del content[chance.randrange(len(content)) :]
    for _ in range(chance.choice([1, 2, 5, 40, 400])):
        at = (
            min(len(content) - 1, chance.choice([chance.randrange(100), chance.randrange(len(content))]))
            if content
            else 0
        )
        if content:
            content[at] = chance.choice([0, 255, chance.randrange(256)])
    file.write_bytes(content)
    return f"bytes, number {number}"


def craft(file: Path, statements: str) -> None:
    with closing(open_file(file)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements.split("; ") if "BEGIN" not in statements else [statements]:
            with suppress(DatabaseError):  # what this SQLite does not let anyone do needs no defence
                connection.execute(statement)


def craft_events(file: Path, statement: str) -> None:
    with closing(open_file(file)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        with suppress(DatabaseError):
            connection.execute(statement)
        for _, sql in triggers:
            connection.execute(sql)


def read(folder: Path) -> None:
    with open_project(folder, read_only=True) as project:
        project_status(project)
        export_verdicts(project.store, folder / "out.jsonl")


def check(folder: Path) -> None:
    with open_project(folder, read_only=True) as project:
        check_project(project)


def review(folder: Path) -> None:
    opened = open_review(folder, "Ada", lambda: datetime.now(UTC), time.monotonic)
    try:
        session = opened.session
        for _ in range(3):
            session.set_tier(Tier.HARD)
            for _ in session.state.evidence.walk:
                session.judge(Choice.A)
            session.save()
            session.undo()
    except Exception as fault:
        opened.project.store.blame(fault)  # as the window does
        raise
    finally:
        opened.close()


USES: tuple[Callable[[Path], object], ...] = (
    lambda folder: card(folder, "Ada"),
    read,
    check,
    back_up_project,
    review,
)


def main() -> None:
    template, scratch, count, step = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, _too_long)
    for number in range(0, count, step):
        folder = scratch / f"hostile-{number}"
        shutil.copytree(template, folder)
        how = damage(folder / FILE_NAME, Random(number), number)
        for use in USES:
            signal.alarm(SECONDS)
            try:
                use(folder)
            except LabelerError:
                pass
            except BaseException as fault:
                where = traceback.extract_tb(fault.__traceback__)[-1]
                said = (
                    f"{how} / {use.__name__}: {type(fault).__name__}: {fault!s:.200} at {where.filename}:{where.lineno}"
                )
                sys.stdout.write(said.replace("\n", " ") + "\n")
            finally:
                signal.alarm(0)
        shutil.rmtree(folder)


def _too_long(_: int, __: object) -> None:
    raise TimeoutError(f"more than {SECONDS} s")


if __name__ == "__main__":
    main()
