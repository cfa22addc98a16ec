from __future__ import annotations

from labeler.steps.check import check_project
from labeler.steps.project import Project


def damage(project: Project) -> list[tuple[str, str]]:
    return [(finding.part, finding.what) for finding in check_project(project).findings]


def test_a_sound_project_is_found_sound(demo: Project) -> None:
    found = check_project(demo)
    assert found.findings == ()
    assert (found.media, found.elsewhere) == (120, 0)
    assert found.events == demo.store.event_count()


def test_an_altered_and_a_missing_medium_are_named(demo: Project) -> None:
    altered, missing = demo.folder / "media/images/img-001.png", demo.folder / "media/audio/aud-001.flac"
    content = altered.read_bytes()
    altered.unlink()  # the fixture's media are hard links
    altered.write_bytes(content + b"x")
    missing.unlink()
    assert damage(demo) == [
        ("media", "item aud-001: media/audio/aud-001.flac is missing from the project's folder"),
        ("media", "item img-001: media/images/img-001.png is not the file that was imported"),
    ]


def test_a_table_that_says_something_else_than_the_events_is_named(demo: Project) -> None:
    row = demo.store.connection.execute(
        "SELECT event_id, release_id, item_id, person_id FROM judgements WHERE standing = 1 LIMIT 1"
    ).fetchone()
    demo.store.connection.execute("UPDATE judgements SET standing = 0 WHERE event_id = ?", row[:1])
    assert damage(demo) == [("state", f"verdicts of {' / '.join(row[1:])}: the tables are not what the events mean")]


def test_a_forged_note_and_a_forged_event_are_named(demo: Project) -> None:
    connection = demo.store.connection
    event = connection.execute("SELECT event_id FROM privates WHERE field = 'note' LIMIT 1").fetchone()[0]
    connection.execute("UPDATE privates SET value = '\"forged\"' WHERE event_id = ? AND field = 'note'", (event,))
    connection.execute("DROP TRIGGER events_are_never_changed")
    connection.execute(
        "UPDATE events SET data = CAST(replace(CAST(data AS TEXT), '\"sure\":true', '\"sure\":false') AS BLOB) "
        "WHERE kind = 'verdict' AND seq = 5"
    )
    said = damage(demo)
    assert ("events", f"note beside event {event} is not what the event committed to") in said
    assert any(part == "events" and what.endswith("event 5: its bytes do not match its hash") for part, what in said)


def test_a_damaged_database_file_is_said_and_does_not_crash(demo: Project) -> None:
    connection = demo.store.connection
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("DELETE FROM items WHERE id = 'aud-001'")
    assert ("database", "a row of outputs refers to a missing row of items") in damage(demo)


def test_an_altered_and_a_missing_file_that_a_model_made_are_named(painted: Project) -> None:
    assert damage(painted) == []
    media = {one.item_id: one.media for one in painted.store.made_media()}
    (painted.folder / media["p1"]).write_bytes(b"another picture")
    (painted.folder / media["p3"]).unlink()
    assert damage(painted) == [
        ("media", f"output of p1: {media['p1']} is not the file that was imported"),
        ("media", f"output of p3: {media['p3']} is missing from the project's folder"),
    ]
