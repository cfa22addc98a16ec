"""The tables, as a list of migrations. A released migration is never edited: a change of the schema is a new one.

`user_version` counts the migrations in force, so that a store of a newer program is known before anything is read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from labeler.store.engine import APPLICATION_ID

if TYPE_CHECKING:
    from sqlite_utils import Database

EVENTS = """
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    seq INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    hash TEXT NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (stream, seq)
) STRICT
"""

FIRST = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    EVENTS,
    "CREATE INDEX events_by_kind ON events (kind, position)",
    """
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END
""",
    """
CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never removed'); END
""",
    # What events commit to. Rows may be removed (erasure); the chain still verifies.
    """
CREATE TABLE privates (
    event_id TEXT NOT NULL REFERENCES events (id),
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    salt BLOB NOT NULL,
    PRIMARY KEY (event_id, field)
) STRICT, WITHOUT ROWID
""",
    "CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """
CREATE TABLE people (
    id TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    event_id TEXT NOT NULL REFERENCES events (id)
) STRICT, WITHOUT ROWID
""",
    """
CREATE TABLE items (
    id TEXT PRIMARY KEY,
    modality TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT
""",
    "CREATE INDEX items_by_modality ON items (modality)",
    """
CREATE TABLE slices (
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    item_id TEXT NOT NULL REFERENCES items (id),
    PRIMARY KEY (key, value, item_id)
) STRICT, WITHOUT ROWID
""",
    """
CREATE TABLE models (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    UNIQUE (name, version)
) STRICT
""",
    """
CREATE TABLE outputs (
    item_id TEXT NOT NULL REFERENCES items (id),
    model_id INTEGER NOT NULL REFERENCES models (id),
    sample INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (model_id, item_id, sample)
) STRICT
""",
    """
CREATE TABLE decisions (
    id TEXT PRIMARY KEY,
    item_id TEXT NOT NULL REFERENCES items (id),
    data BLOB NOT NULL
) STRICT
""",
    "CREATE INDEX decisions_by_item ON decisions (item_id)",
    # How far a file was read, so that an import goes on after a kill.
    """
CREATE TABLE imports (
    digest TEXT NOT NULL,
    what TEXT NOT NULL,
    records INTEGER NOT NULL,
    problems INTEGER NOT NULL,
    finished INTEGER NOT NULL CHECK (finished IN (0, 1)),
    models TEXT NOT NULL,
    PRIMARY KEY (digest, what)
) STRICT, WITHOUT ROWID
""",
    """
CREATE TABLE releases (
    id TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id)
) STRICT, WITHOUT ROWID
""",
    """
CREATE TABLE release_pairs (
    release_id TEXT NOT NULL REFERENCES releases (id),
    modality TEXT NOT NULL,
    old_model INTEGER NOT NULL REFERENCES models (id),
    new_model INTEGER NOT NULL REFERENCES models (id),
    PRIMARY KEY (release_id, modality)
) STRICT, WITHOUT ROWID
""",
    """
CREATE TABLE comparisons (
    release_id TEXT NOT NULL REFERENCES releases (id),
    item_id TEXT NOT NULL REFERENCES items (id),
    class TEXT NOT NULL,
    differences INTEGER NOT NULL,
    weight REAL NOT NULL,
    old_sha256 TEXT NOT NULL,
    new_sha256 TEXT NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (release_id, item_id)
) STRICT
""",
    "CREATE INDEX comparisons_by_item ON comparisons (item_id, release_id)",
    "CREATE INDEX comparisons_by_class ON comparisons (release_id, class)",
    # `verdicts` counts those of real people that are in force; `open` is 1 while they are fewer than the overlap.
    """
CREATE TABLE queue (
    release_id TEXT NOT NULL REFERENCES releases (id),
    item_id TEXT NOT NULL REFERENCES items (id),
    modality TEXT NOT NULL,
    why TEXT NOT NULL,
    p REAL NOT NULL CHECK (p > 0 AND p <= 1),
    rank INTEGER NOT NULL,
    verdicts INTEGER NOT NULL DEFAULT 0,
    open INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),
    PRIMARY KEY (release_id, item_id)
) STRICT, WITHOUT ROWID
""",
    "CREATE INDEX queue_in_order ON queue (release_id, rank) WHERE open = 1",
    "CREATE INDEX queue_by_modality ON queue (release_id, modality, rank) WHERE open = 1",
    # How many places of a queue there are and are open; counting a million would take longer than a person waits.
    """
CREATE TABLE queue_counts (
    release_id TEXT NOT NULL REFERENCES releases (id),
    modality TEXT NOT NULL,
    queued INTEGER NOT NULL,
    open INTEGER NOT NULL,
    PRIMARY KEY (release_id, modality)
) STRICT, WITHOUT ROWID
""",
    """
CREATE TRIGGER queue_counts_place AFTER INSERT ON queue BEGIN
    INSERT INTO queue_counts VALUES (new.release_id, new.modality, 1, new.open)
    ON CONFLICT DO UPDATE SET queued = queued + 1, open = open + new.open;
END
""",
    """
CREATE TRIGGER queue_counts_opening AFTER UPDATE OF open ON queue WHEN old.open != new.open BEGIN
    UPDATE queue_counts SET open = open + new.open - old.open
    WHERE release_id = new.release_id AND modality = new.modality;
END
""",
    # Every verdict and skip of the log; `standing` is 1 for the newest of a person and item that was not withdrawn.
    """
CREATE TABLE judgements (
    event_id TEXT PRIMARY KEY REFERENCES events (id),
    release_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    tier TEXT,
    at TEXT NOT NULL,
    standing INTEGER NOT NULL CHECK (standing IN (0, 1))
) STRICT, WITHOUT ROWID
""",
    "CREATE INDEX judgements_by_item ON judgements (release_id, item_id, person_id, at, event_id)",
    "CREATE INDEX judgements_by_person ON judgements (release_id, person_id, item_id, kind, tier) WHERE standing = 1",
    """
CREATE TABLE resolutions (
    event_id TEXT PRIMARY KEY REFERENCES events (id),
    release_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    tier TEXT NOT NULL,
    at TEXT NOT NULL,
    standing INTEGER NOT NULL CHECK (standing IN (0, 1))
) STRICT, WITHOUT ROWID
""",
    "CREATE INDEX resolutions_by_item ON resolutions (release_id, item_id, at, event_id)",
    "CREATE UNIQUE INDEX resolutions_standing ON resolutions (release_id, item_id) WHERE standing = 1",
    # Events that a withdrawal or a reopening names; they may arrive before what they end.
    "CREATE TABLE ended (event_id TEXT NOT NULL, by_event TEXT NOT NULL REFERENCES events (id), "
    "PRIMARY KEY (event_id, by_event)) STRICT, WITHOUT ROWID",
)

# Who ended an event decides whether it is ended; the tables are filled from the log again (`folding.refold`).
ENDINGS_WITH_AUTHORS = (
    "DROP TABLE ended",
    """
CREATE TABLE ended (
    event_id TEXT NOT NULL,
    by_event TEXT NOT NULL REFERENCES events (id),
    kind TEXT NOT NULL,
    author TEXT NOT NULL,
    by_lead INTEGER NOT NULL CHECK (by_lead IN (0, 1)),
    PRIMARY KEY (event_id, by_event)
) STRICT, WITHOUT ROWID
""",
    "ALTER TABLE resolutions ADD COLUMN by_lead INTEGER NOT NULL DEFAULT 0 CHECK (by_lead IN (0, 1))",
    "DROP INDEX resolutions_by_item",
    "CREATE INDEX resolutions_by_item ON resolutions (release_id, item_id, by_lead, at, event_id)",
)

# What was decided stands beside the decision, so that insights into 100,000 items need not parse their events; the
# tables are filled from the log again (`folding.refold`).
RESOLUTIONS_WITH_OUTCOMES = (
    "ALTER TABLE resolutions ADD COLUMN outcome TEXT NOT NULL DEFAULT ''",
    # The failures as a JSON list of [side, code], sorted, each once.
    "ALTER TABLE resolutions ADD COLUMN failures TEXT NOT NULL DEFAULT '[]'",
)
# What was known when can be asked of a past time: a decision is known from when it was brought.
DECISIONS_WITH_TIME = ("ALTER TABLE decisions ADD COLUMN at TEXT NOT NULL DEFAULT ''",)

# What its author's role does not allow stands in the log and counts for nothing; filled from the log again.
ROLES = (
    """
CREATE TABLE roles (
    person_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    event_id TEXT NOT NULL,
    role TEXT NOT NULL,
    by_person TEXT NOT NULL,
    PRIMARY KEY (person_id, number)
) STRICT, WITHOUT ROWID
""",
    *(
        f"ALTER TABLE {table} ADD COLUMN allowed INTEGER NOT NULL DEFAULT 1 CHECK (allowed IN (0, 1))"
        for table in ("judgements", "resolutions", "ended")
    ),
    "CREATE INDEX ended_by_author ON ended (author)",
)

# Who judges what: how many people an item needs, how much its next verdict tells, whose it is for the time being, and
# the checks hidden among a person's items. All but `holds` is filled from the log (`folding.refold`).
ASSIGNMENT = (
    "ALTER TABLE judgements ADD COLUMN outcome TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE judgements ADD COLUMN sure INTEGER NOT NULL DEFAULT 1 CHECK (sure IN (0, 1))",
    "ALTER TABLE queue ADD COLUMN needed INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE queue ADD COLUMN telling REAL NOT NULL DEFAULT 0",
    "CREATE INDEX queue_by_information ON queue (release_id, telling DESC, rank) WHERE open = 1",
    """
CREATE TABLE asks (
    event_id TEXT PRIMARY KEY REFERENCES events (id),
    release_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    people INTEGER NOT NULL,
    allowed INTEGER NOT NULL CHECK (allowed IN (0, 1))
) STRICT, WITHOUT ROWID
""",
    "CREATE INDEX asks_by_item ON asks (release_id, item_id)",
    """
CREATE TABLE reservations (
    release_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    until TEXT NOT NULL,
    why TEXT NOT NULL,
    at TEXT NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id),
    PRIMARY KEY (release_id, item_id, person_id)
) STRICT, WITHOUT ROWID
""",
    "CREATE INDEX reservations_by_person ON reservations (release_id, person_id, until)",
    # What somebody has open just now, in this copy of the store. It says nothing once its time is over.
    """
CREATE TABLE holds (
    release_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    until TEXT NOT NULL,
    PRIMARY KEY (release_id, item_id, person_id)
) STRICT, WITHOUT ROWID
""",
    # `outcome` is what was said, empty for a check that was skipped; `standing` is 0 once it was withdrawn.
    """
CREATE TABLE checks (
    event_id TEXT PRIMARY KEY REFERENCES events (id),
    release_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    of_event TEXT NOT NULL,
    outcome TEXT NOT NULL,
    at TEXT NOT NULL,
    allowed INTEGER NOT NULL CHECK (allowed IN (0, 1)),
    standing INTEGER NOT NULL CHECK (standing IN (0, 1))
) STRICT, WITHOUT ROWID
""",
    "CREATE INDEX checks_by_person ON checks (release_id, person_id, item_id)",
)

# What stands on one item was found by way of everything that stands in its release: 1.5 ms an item of 5,000.
STANDING_BY_ITEM = (
    "CREATE INDEX judgements_standing ON judgements (release_id, item_id, kind, person_id) WHERE standing = 1",
)

MIGRATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("0001_first", FIRST),
    ("0002_endings_with_authors", ENDINGS_WITH_AUTHORS),
    ("0003_resolutions_with_outcomes", RESOLUTIONS_WITH_OUTCOMES),
    ("0004_decisions_with_time", DECISIONS_WITH_TIME),
    ("0005_roles", ROLES),
    ("0006_assignment", ASSIGNMENT),
    ("0007_standing_by_item", STANDING_BY_ITEM),
)
"""Name and statements, oldest first. Append only."""


def version_of(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def migrate(connection: sqlite3.Connection) -> None:
    """Apply what is missing, each migration in one transaction with its record and the new `user_version`."""
    if version_of(connection) == len(MIGRATIONS):
        return  # importing sqlite-utils takes longer than opening a store
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    steps = Migrations("labeler")
    for number, (name, statements) in enumerate(MIGRATIONS, 1):
        steps(name=name)(_migration(number, statements))
    database = Database(connection, execute_plugins=False)
    connection.execute("BEGIN IMMEDIATE")  # two programs may open the same old store at once
    try:
        steps.apply(database)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _migration(number: int, statements: tuple[str, ...]) -> Callable[[Database], None]:
    def apply(database: Database) -> None:
        for statement in statements:
            database.conn.execute(statement)
        database.conn.execute(f"PRAGMA user_version = {number}")

    return apply
