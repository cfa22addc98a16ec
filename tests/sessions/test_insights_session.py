from __future__ import annotations

import csv
import io
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from labeler.domain.insights.columns import Became
from labeler.domain.items import Modality
from labeler.domain.people import Role
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Right
from labeler.errors import LabelerError
from labeler.sessions.commands import rebind
from labeler.sessions.insights.commands import COMMANDS
from labeler.sessions.insights.session import InsightsSession
from labeler.sessions.insights.state import PanelId
from labeler.sessions.review.session import ReviewSession
from labeler.steps.insights import page, read_material
from labeler.steps.project import Project
from tests.steps.judged_project import JudgedProject

NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def session(demo: Project) -> InsightsSession:
    return opened(demo)


def opened(project: Project, name: str = "Ada Lead") -> InsightsSession:
    lead = project.store.person(name)
    assert lead is not None
    made = InsightsSession(project, lead, lambda: NOW)
    made.refresh()
    return made


def test_the_screen_shows_the_figures_of_the_report(session: InsightsSession, demo: Project) -> None:
    state = session.state
    assert state.page == page(read_material(demo))
    assert not state.loading
    assert state.filters.modalities == (Modality.AUDIO, Modality.IMAGE)
    assert state.agreement is not None
    assert state.agreement.simulated


def test_an_annotator_may_not_see_the_figures(demo: Project) -> None:
    annotator = demo.store.add_person("Ben", Role.ANNOTATOR, at=NOW)
    with pytest.raises(LabelerError, match="Insights are the lead's"):
        InsightsSession(demo, annotator, lambda: NOW)


def test_every_mark_leads_to_as_many_items_as_it_says(session: InsightsSession) -> None:
    looked = 0
    for panel in PanelId:
        for number, mark in enumerate(session.state.marks[panel]):
            session.point(panel, number)
            session.open()
            behind = session.state.behind
            assert behind is not None
            assert f"{len(behind):,} " in mark.words or "no items" in mark.words
            session.dismiss()
            looked += 1
    assert looked > 50


def test_keys_walk_to_a_mark_and_on_to_its_item_in_review(session: InsightsSession) -> None:
    shown: list[str] = []
    session.show_item = shown.append
    by_key = {command.key: command for command in rebind(COMMANDS, {})}
    for key in ("N", "N", "Right", "Enter", "Down", "Enter"):  # cards, tiers, what flipped: regressed
        assert by_key[key].when(session)
        by_key[key].do(session)
    behind = session.state.behind
    assert behind is not None
    assert behind.title == "regressed"
    assert behind.line(1).became is Became.REGRESSED
    assert shown == [behind.line(1).item_id]


def test_filters_narrow_every_panel_and_can_be_taken_away(session: InsightsSession) -> None:
    whole = session.state.page
    assert whole is not None
    session.filter_modality(Modality.AUDIO)
    session.toggle_tier(Tier.MEDIUM)
    session.filter_slice("noise", "none")
    session.filter_person(session.state.filters.people[0].id)
    narrowed = session.state.page
    assert narrowed is not None
    assert {(rate.modality, rate.tier) for rate in narrowed.tiers} == {(Modality.AUDIO, Tier.MEDIUM)}
    assert 0 < narrowed.items < whole.items
    session.filter_dates(1)
    assert session.state.page is not None
    assert session.state.page.items == 0
    session.clear_filter()
    assert session.state.page == whole


def test_a_verdict_shows_after_the_next_look(tmp_path: Path) -> None:
    judged = JudgedProject(tmp_path / "p", 3)
    judged.project.store.add_person("Lea Lead", Role.LEAD, at=judged.clock())
    with judged.project as project:
        session = opened(project, "Lea Lead")
        assert session.state.page is not None
        assert session.state.page.items == 0
        judged.judge("i-00", Right.OLD)
        session.refresh()
        assert session.state.page.flipped.regressed == 1


def test_the_heat_map_can_be_turned(session: InsightsSession) -> None:
    first = session.state.heat_map
    assert first is not None
    session.next_heat()
    second = session.state.heat_map
    assert second is not None
    assert second.modality is not first.modality
    session.next_slice()
    session.choose_side()
    third = session.state.heat_map
    assert third is not None
    assert third.side == "old"


def test_a_panel_is_copied_as_csv(demo: Project) -> None:
    shutil.copyfile(demo.folder / "items.jsonl", demo.folder / "traffic.jsonl")
    session = opened(demo)
    for panel in PanelId:
        session.point(panel, 0)
        assert len(list(csv.reader(io.StringIO(session.csv())))) > 1
    session.point(PanelId.RESIDUAL, 0)
    heads = [line[0] for line in csv.reader(io.StringIO(session.csv())) if line and line[-1] == "Items"]
    assert heads == ["Missed since", "Failure of the new model"]


def test_what_there_was_before_the_first_release_leads_to_its_items(session: InsightsSession) -> None:
    before, after = session.state.marks[PanelId.RELEASES][:2]
    assert (before.column, after.column) == (0, 1)
    listed = []
    for mark in (0, 1):
        session.point(PanelId.RELEASES, mark)
        session.open()
        assert session.state.behind is not None
        listed.append([session.state.behind.line(n).item_id for n in range(len(session.state.behind))])
        session.dismiss()
    assert listed[0] == listed[1] != []


def test_the_page_is_saved_for_people_without_the_app(session: InsightsSession, tmp_path: Path) -> None:
    session.write_report(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")
    session.write_report(tmp_path / "nowhere" / "page.html")
    assert session.state.serious


def test_a_verdict_on_an_item_that_the_figures_led_to_says_so(demo: Project) -> None:
    lead = demo.store.person("Ada Lead")
    assert lead is not None
    review = ReviewSession(demo, lead, lambda: NOW, lambda: 0.0)
    review.show_item("img-040", exposed=("models", "verdicts"))
    assert review.state.judgement.draft.exposed >= {"models", "verdicts"}
