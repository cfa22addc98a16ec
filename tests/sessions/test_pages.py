"""A picture of several pages: what is pinned, drawn or edited belongs to the page that it was done on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from PIL import Image

from labeler.domain.events import EventKind
from labeler.domain.project import ProjectSettings
from labeler.domain.verdicts import At, at_from_json, at_to_json
from labeler.formats.gold.folder import read_records
from labeler.sessions.review.session import ReviewSession
from labeler.steps.bring.release import Files, bring
from labeler.steps.exchange import export_verdicts
from labeler.steps.gold.build import build_gold
from labeler.steps.opening import create_project
from labeler.steps.project import Project, person_called
from tests.sessions.conftest import Open
from tests.sessions.keys import press

BOX = (50, 100, 200, 120)


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Project]:
    """Three pages, the same place on each; the outputs differ on the first and on the third."""
    given = tmp_path / "given"
    given.mkdir()
    sheets = [Image.new("RGB", (600, 400), name) for name in ("white", "#808080", "black")]
    sheets[0].save(given / "p.tif", save_all=True, append_images=sheets[1:])

    def regions(*said: str) -> list[dict[str, object]]:
        return [{"id": f"r{n}", "box": BOX, "text": text, "page": n} for n, text in enumerate(said)]

    rows: dict[str, dict[str, object]] = {
        "items": {"id": "p", "modality": "image", "media": "p.tif"},
        "old": {"item_id": "p", "model": {"name": "reader", "version": "1"}, "regions": regions("292", "Paper", "44")},
        "new": {"item_id": "p", "model": {"name": "reader", "version": "2"}, "regions": regions("262", "Paper", "45")},
    }
    for name, row in rows.items():
        (given / f"{name}.jsonl").write_bytes(orjson.dumps(row) + b"\n")
    settings = ProjectSettings("Pages", "2026-01-01T00:00:00Z", seed=7)
    with create_project(tmp_path / "pages", settings=settings) as project:
        lead = person_called(project, "Ada Lead")
        bring(project, Files(given / "items.jsonl", given / "old.jsonl", given / "new.jsonl"), lead)
        yield project


@pytest.fixture
def session(pages: Project, review: Open) -> ReviewSession:
    made = review(pages)
    made.know_size((600, 400))
    press(made, "X")
    return made


def pinned(session: ReviewSession) -> list[At]:
    return [pin.at for pin in session.state.evidence.pins]


def test_a_failure_at_a_difference_is_pinned_to_its_page(session: ReviewSession) -> None:
    press(session, "1", "2")
    assert sorted(at.page for at in pinned(session)) == [0, 2]


def test_what_is_drawn_stands_on_the_page_that_is_looked_at(session: ReviewSession) -> None:
    session.know_page(1)
    for x, y in ((10, 10), (60, 10), (60, 50)):
        session.pins.draw_to(x, y)
    press(session, "Q")
    assert pinned(session) == [At(polygon=((10, 10), (60, 10), (60, 50)), page=1)]
    press(session, "Right")
    assert [at.page for at in pinned(session)] == [1], "moved by keys it stays there"


def test_the_same_place_on_three_pages_is_three_places(session: ReviewSession) -> None:
    seen = []
    for _ in range(3):
        session.pins.step(+1)
        assert session.state.evidence.spot is not None
        assert session.state.evidence.spot.at is not None
        seen.append(session.state.evidence.spot.at.page)
    assert sorted(seen) == [0, 1, 2]


def test_pages_reach_the_log_the_export_and_the_gold_set(
    session: ReviewSession, pages: Project, tmp_path: Path
) -> None:
    press(session, "1", "2", "Ctrl+Shift+G")
    session.know_page(1)
    session.pins.draw(At(box=(300, 10, 350, 30), page=1))
    session.dismiss()
    session.dismiss()
    press(session, "H")
    session.save()
    release = pages.store.latest_release()
    assert release is not None
    (stored,) = pages.store.verdicts(release.id, "p")
    wanted = {(f.side, at.page) for f in stored.verdict.failures for at in f.at}
    assert {page for _, page in wanted} == {0, 2}
    export_verdicts(pages.store, tmp_path / "verdicts.jsonl")
    exported = (tmp_path / "verdicts.jsonl").read_bytes()
    assert exported.count(b'"page":2') >= 1
    build_gold(pages, tmp_path / "gold", "pages")
    (record,) = read_records(tmp_path / "gold" / "pages" / "v0001")
    assert [region.page for region in record.answer.regions] == [0, 1, 2, 1]


def test_a_failure_s_page_comes_back_from_json() -> None:
    for at in (At(box=(1, 2, 3, 4), page=7), At(polygon=((1, 2), (3, 4), (5, 6))), At(time_s=(1.0, 2.0))):
        assert at_from_json(at_to_json(at)) == at
    assert "page" not in at_to_json(At(box=(1, 2, 3, 4))), "one page needs no number"


def test_a_skip_of_what_cannot_be_opened_has_the_panes_reason_without_the_files_name(
    session: ReviewSession, pages: Project
) -> None:
    item = session.state.evidence.item
    assert item is not None
    for option in ("1", "2"):
        session.show_item(item.id)
        session.know_problem(f"{item.media} is damaged: image file is truncated.")
        press(session, "S", option)
        press(session, "Ctrl+Z")
    reasons = [event.body["reason"] for event in pages.store.events(kinds=[EventKind.SKIP])]
    assert reasons == [
        "It cannot be opened: it is damaged: image file is truncated",
        "I do not know this language or subject",
    ]
