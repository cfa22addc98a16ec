"""The gold answer's regions: taken from a side, edited to the pixel, undone, kept, saved and matched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from labeler.domain.items import Modality, ModelVersion, Output, Region
from labeler.domain.match import default_match, matches
from labeler.domain.project import ProjectSettings
from labeler.domain.verdicts import At
from labeler.sessions.review.session import ReviewSession
from labeler.steps.bring.release import Files, bring
from labeler.steps.gold.build import build_gold
from labeler.steps.opening import create_project
from labeler.steps.project import Project, person_called
from tests.sessions.conftest import Open
from tests.sessions.keys import press

BOXES = [(10, 10, 60, 30), (10, 40, 60, 60), (10, 70, 60, 90)]


@pytest.fixture
def boxes(tmp_path: Path) -> Iterator[Project]:
    """One picture whose outputs are regions alone: one side lacks the third, the other has moved the second."""
    given = tmp_path / "given"
    given.mkdir()
    (given / "p.png").write_bytes(b"not looked at")
    old = [{"id": f"r{n}", "box": box, "text": f"word {n}", "confidence": 0.5} for n, box in enumerate(BOXES[:2])]
    new = [{"id": f"r{n}", "box": box, "text": f"word {n}"} for n, box in enumerate(BOXES)]
    rows = {
        "items": {"id": "p", "modality": "image", "media": "p.png"},
        "old": {"item_id": "p", "model": {"name": "reader", "version": "1"}, "regions": old},
        "new": {"item_id": "p", "model": {"name": "reader", "version": "2"}, "regions": new},
    }
    for name, row in rows.items():
        (given / f"{name}.jsonl").write_bytes(orjson.dumps(row) + b"\n")
    settings = ProjectSettings("Boxes", "2026-01-01T00:00:00Z", seed=7)
    with create_project(tmp_path / "boxes", settings=settings) as project:
        lead = person_called(project, "Ada Lead")
        bring(project, Files(given / "items.jsonl", given / "old.jsonl", given / "new.jsonl"), lead)
        yield project


@pytest.fixture
def session(boxes: Project, review: Open) -> ReviewSession:
    made = review(boxes)
    press(made, "X", "Ctrl+Shift+G")
    return made


def regions(session: ReviewSession) -> tuple[Region, ...]:
    found = session.state.evidence.gold_regions
    assert found is not None
    return found


def edited(session: ReviewSession) -> tuple[Region, ...] | None:
    return session.state.judgement.draft.gold_regions


def boxes_of(session: ReviewSession) -> list[object]:
    return [region.box for region in regions(session)]


def fuller(session: ReviewSession) -> str:
    """The key that takes over the side with three regions."""
    pair = session.state.evidence.pair
    assert pair is not None
    return "Alt+A" if len(pair.a.regions) == 3 else "Alt+B"


def test_a_sides_regions_are_taken_over_without_its_confidence(session: ReviewSession) -> None:
    press(session, fuller(session))
    assert [region.box for region in regions(session)] == BOXES
    assert {region.confidence for region in regions(session)} == {None}
    press(session, "Ctrl+Z")
    assert edited(session) is None


def test_a_region_is_moved_and_resized_to_the_pixel_and_undone_step_by_step(session: ReviewSession) -> None:
    press(session, fuller(session), ";", "Right", "Shift+Down", "Right", "Ctrl+Shift+Left")
    assert boxes_of(session)[0] == (12, 20, 52, 40)
    assert [region.box for region in regions(session)[1:]] == BOXES[1:]
    press(session, "Ctrl+Z")
    assert boxes_of(session)[0] == BOXES[0]
    spot = session.state.evidence.spot
    assert spot is not None
    assert spot.at == At(box=BOXES[0])
    press(session, "Ctrl+Y")
    assert boxes_of(session)[0] == (12, 20, 52, 40)


def test_a_drag_is_a_step_of_its_own(session: ReviewSession) -> None:
    press(session, fuller(session), ";", "Right", "Right")
    session.pins.pick(At(box=(30, 20, 70, 40)))
    session.pins.pick(At(box=(30, 20, 90, 40)))
    press(session, "Down", "Ctrl+I")
    there = []
    for _ in range(4):
        press(session, "Ctrl+Z")
        there.append(boxes_of(session)[0])
    assert there == [(30, 21, 90, 41), (30, 20, 90, 40), (30, 20, 70, 40), (12, 10, 62, 30)]
    press(session, "Ctrl+Z", "Ctrl+Y", "Ctrl+Y")
    assert boxes_of(session)[0] == (30, 20, 70, 40)


def test_regions_are_added_reshaped_relabelled_and_deleted(session: ReviewSession) -> None:
    press(session, fuller(session), ";")
    session.pins.draw(At(box=(100, 100, 140, 120)))
    session.gold.relabel("word 4")
    press(session, "Ctrl+I")
    added = regions(session)[3]
    assert added.text == "word 4"
    assert added.polygon is not None
    assert len(added.polygon) == 5
    assert added.box is None
    press(session, ";", ";", "Delete")
    assert [region.text for region in regions(session)] == ["word 0", "word 2", "word 4"]
    assert len({region.id for region in regions(session)}) == 3


def test_an_outline_is_drawn_as_a_region(session: ReviewSession) -> None:
    before = len(regions(session))
    press(session, ";")
    for x, y in ((5, 5), (25, 5), (25, 25)):
        session.pins.draw_to(x, y)
    session.pins.draw_to(5, 25)
    (drawn,) = regions(session)[before:]
    assert drawn.polygon == ((5.0, 5.0), (25.0, 5.0), (25.0, 25.0), (5.0, 25.0))


def test_edited_regions_survive_a_crash_go_into_gold_and_decide_the_match(
    session: ReviewSession, boxes: Project, review: Open, tmp_path: Path
) -> None:
    press(session, fuller(session), ";", "Shift+Right")
    again = review(boxes)  # no close: the program is gone
    wanted = edited(session)
    assert edited(again) == wanted
    while again.state.judgement.missing:
        press(again, "4")
    press(again, "H", "Enter")
    release = boxes.store.latest_release()
    assert release is not None
    (stored,) = boxes.store.verdicts(release.id, "p")
    assert stored.verdict.gold is not None
    answer = stored.verdict.gold.answer
    assert list(answer.regions) == list(wanted or ())
    assert (20, 10, 70, 30) in [region.box for region in answer.regions]
    assert stored.verdict.gold.edits > 0
    press(again, "Ctrl+Z")
    assert edited(again) == wanted
    press(again, "Enter")
    published = build_gold(boxes, tmp_path / "gold", "boxes")
    (record,) = [orjson.loads(line) for line in (published.folder / "records.jsonl").read_bytes().splitlines()]
    assert record["answer"]["regions"][0]["box"] == [20, 10, 70, 30]
    right = Output("p", ModelVersion("reader", "3"), regions=answer.regions)
    assert matches(right, default_match(Modality.IMAGE, answer), answer)


def test_escape_lets_go_of_the_region_and_then_of_all(session: ReviewSession) -> None:
    press(session, fuller(session), ";")
    seen = []
    for _ in range(2):
        session.dismiss()
        evidence = session.state.evidence
        seen.append((evidence.spot is None, evidence.gold_regions is None))
    assert seen == [(True, False), (True, True)]
    press(session, "Ctrl+Shift+G")
    assert len(regions(session)) == 3
