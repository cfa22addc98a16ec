from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from labeler.cli.app import run
from labeler.errors import Exit
from labeler.steps.opening import open_project


def say(capsysbinary: pytest.CaptureFixture[bytes], *arguments: object) -> tuple[int, str]:
    status = run([str(argument) for argument in arguments], lambda _project, _person: 0)
    found = capsysbinary.readouterr()
    return status, (found.out + found.err).decode()


def as_json(capsysbinary: pytest.CaptureFixture[bytes], *arguments: object) -> Any:
    status = run([*(str(argument) for argument in arguments), "--json"], lambda _project, _person: 0)
    assert status == Exit.DONE
    return orjson.loads(capsysbinary.readouterr().out)


@pytest.fixture
def folder(demo_folder: Path) -> Path:
    """The demo, in which Bo and Cleo annotate."""
    from labeler.steps.project import now_utc

    with open_project(demo_folder) as project:
        for name in ("Bo", "Cleo"):
            project.store.add_person(name, at=now_utc(), person_id=f"p-{name.lower()}")
    return demo_folder


def test_what_is_assigned_is_said_and_can_be_read_by_programs(
    folder: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    lead = ("--as", "Ada Lead")
    assert (
        "5 items are Bo's until"
        in say(capsysbinary, "assign", "reserve", folder, "--items", 5, "--for", "Bo", *lead)[1]
    )
    made = as_json(
        capsysbinary, "assign", "round", folder, "first", "--items", 2, "--with", "Bo", "--with", "Cleo", *lead
    )
    assert (len(made["items"]), made["judged"], made["complete"]) == (2, {"p-bo": 0, "p-cleo": 0}, False)
    item = made["items"][0]["item_id"]
    assert say(capsysbinary, "assign", "ask", folder, item, *lead)[1] == f"{item}: 3 people judge it\n"
    term = ("assign", "term", folder, "--for", "Bo", "--due", "2026-12-01", "--per-day", 80, *lead)
    assert say(capsysbinary, *term)[1] == "Bo: due 2026-12-01, 80 items a day\n"
    found = as_json(capsysbinary, "assign", "show", folder)
    assert {r["person"] for r in found["reservations"]} == {"p-bo", "p-cleo"}
    assert found["terms"] == {"p-bo": {"due": "2026-12-01", "per_day": 80}}
    assert "Round first: 2 items" in say(capsysbinary, "assign", "show", folder)[1]
    assert say(capsysbinary, "assign", "give-back", folder, "--for", "Bo", *lead)[0] == Exit.DONE
    left = as_json(capsysbinary, "assign", "show", folder)
    assert {(r["person"], r["why"]) for r in left["reservations"]} == {(p, "round first") for p in ("p-bo", "p-cleo")}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("reserve", "--items", "5", "--for", "Zoë"), "nobody is called Zoë"),
        (("reserve", "--items", "5", "--slice", "accent"), "'accent' is no slice"),
        (("term", "--for", "Bo", "--due", "soon"), "'soon' is no day"),
        (("round", "x", "--items", "999"), "items are left that nobody has judged"),
        (("ask", "no-such-item"), "is not in the queue"),
    ],
)
def test_what_cannot_be_assigned_is_refused_in_words(
    folder: Path, capsysbinary: pytest.CaptureFixture[bytes], call: tuple[str, ...], said: str
) -> None:
    name, *rest = call
    status, words = say(capsysbinary, "assign", name, folder, *rest, "--as", "Ada Lead")
    assert status == Exit.INVALID
    assert said in words


def test_an_annotator_leads_nobody(folder: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    status, words = say(capsysbinary, "assign", "qualify", folder, "--for", "Cleo", "--as", "Bo")
    assert status == Exit.INVALID
    assert "Bo is no lead" in words


def test_quality_is_said_with_intervals_and_times_are_erased(
    folder: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    found = as_json(capsysbinary, "quality", "show", folder)
    assert found["simulated"]
    assert len(found["people"]) == 3
    assert not found["reviewer_error"]["caught"][1]
    text = say(capsysbinary, "quality", "show", folder)[1]
    assert "For backfill: reviewer error is not known" in text
    assert "Simulated annotator 1" in text
    erase = ("quality", "erase-times", folder, "--for", "Simulated annotator 3", "--as", "Ada Lead")
    assert say(capsysbinary, *erase)[1].endswith("times and guesses of Simulated annotator 3 are erased\n")
    with open_project(folder, read_only=True) as project:
        assert project.store.timed_events("simulated-3") == []
        assert project.store.timed_events("simulated-1")
