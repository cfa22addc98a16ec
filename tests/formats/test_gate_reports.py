from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import orjson
import pytest

from labeler.domain.gate.decide import decide
from labeler.domain.gate.policy import STANDARD
from labeler.domain.gate.report import Decision, GateReport
from labeler.domain.gate.tally import Outcome, Tallies, remember
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from labeler.errors import LabelerError
from labeler.formats.gate.policy import TEMPLATE, policy_from_toml, read_policy
from labeler.formats.gate.reports import WRITERS, GateDocument, write_gate_report
from labeler.formats.gate.words import average_title, points

NASTY = '<img src=x onerror=alert(1)>|`*[x](http://e.vil)\x00"&'


def report(*, wrong: int) -> GateReport:
    tallies, cells = Tallies(), (("accent", NASTY),)
    for tier in (Tier.EASY, Tier.MEDIUM, Tier.HARD):
        lost = wrong if tier is Tier.HARD else 0
        tallies.add(Modality.AUDIO, tier, cells, Outcome(1, 1, by_match=2), 400 - lost)
        tallies.add(Modality.AUDIO, tier, cells, Outcome(1, 0, by_match=2), lost)
        for tally in tallies.tallies_of(Modality.AUDIO, tier, cells):
            remember(tally.newly_wrong, [NASTY] * lost)
            remember(tally.unjudged, [NASTY] * lost)
    return decide(tallies, STANDARD)


def document(found: GateReport) -> GateDocument:
    return GateDocument(found, f"audio m 1 → {NASTY}", {"gold": "sha256:0"}, {"gold": {"name": "x"}})


def test_json_holds_the_figures() -> None:
    written = orjson.loads(WRITERS[".json"](document(report(wrong=40))))
    assert written["decision"] == "block"
    hard = next(node for node in written["nodes"] if node["node"] == "audio · hard")
    assert (hard["n"], hard["b"], hard["c"], hard["state"]) == (400, 0, 40, "regressed")
    assert hard["delta"] == pytest.approx(-0.1)
    assert hard["delta_interval"][0] < -0.1 < hard["delta_interval"][1]
    assert written["gold"] == {"name": "x"}


def test_junit_counts_its_cases_and_fails_when_it_does_not_ship() -> None:
    found = report(wrong=40)
    suite = ET.fromstring(WRITERS[".xml"](document(found)))[0]
    cases = suite.findall("testcase")
    assert len(cases) == int(suite.get("tests") or 0) == len(found.nodes) + 1
    assert int(suite.get("failures") or 0) == sum(case.find("failure") is not None for case in cases) >= 2
    assert cases[-1].get("name") == "decision"
    assert cases[-1].find("failure") is not None


def test_junit_is_green_when_the_model_ships() -> None:
    found = report(wrong=0)
    assert found.decision is Decision.SHIP
    suite = ET.fromstring(WRITERS[".xml"](document(found)))[0]
    assert (suite.get("failures"), suite.get("skipped")) == ("0", "0")


def test_an_average_that_is_shown_not_to_change_says_nothing_else() -> None:
    found, tallies = report(wrong=0), Tallies()
    assert average_title(found) == "The average."
    for tier in (Tier.EASY, Tier.MEDIUM, Tier.HARD):
        tallies.add(Modality.TEXT, tier, (), Outcome(1, 1), 3_999)
    tallies.add(Modality.TEXT, Tier.EASY, (), Outcome(1, 0), 1)
    fell = decide(tallies, STANDARD)
    assert (fell.decision, points(fell.aggregate.new_rate - fell.aggregate.old_rate)) == (Decision.SHIP, "0.0")
    assert average_title(fell) == "The average."


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_html_runs_nothing_and_asks_for_nothing() -> None:
    page = WRITERS[".html"](document(report(wrong=40))).decode()
    tags = Tags()
    tags.feed(page)
    names = {tag for tag, _ in tags.found}
    assert not names & {"img", "script", "link", "iframe", "a"}
    policy = {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"}
    assert ("meta", policy) in tags.found
    assert "http://e.vil" in page  # shown, as text


def test_markdown_shows_ids_as_they_are() -> None:
    page = WRITERS[".md"](document(report(wrong=40))).decode()
    assert "<img" not in page.replace("\\<img", "")
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert {row.replace("\\|", "").count("|") for row in rows} == {8}


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelerError, match=r"ends in \.pdf"):
        write_gate_report(tmp_path / "gate.pdf", document(report(wrong=0)))


def test_the_commented_policy_is_the_standard_one(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(TEMPLATE, encoding="utf-8")
    assert read_policy(path) == STANDARD


def test_every_line_that_the_template_comments_out_can_be_used(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    lines = [re.sub(r"^# (?=\w+ = |\[)", "", line) for line in TEMPLATE.splitlines()]
    path.write_text("\n".join(lines), encoding="utf-8")
    policy = read_policy(path)
    assert policy.floors == {(Modality.IMAGE, Tier.EASY): 0.95}
    assert policy.traffic[Modality.IMAGE][Tier.FRONTIER] == 0.02
    assert policy.bins == {"snr_db": (10.0, 20.0)}


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ({"profile": "lax"}, "profile 'lax' is not known"),
        ({"margin": {}}, "margin is not a setting"),
        ({"margins": {"hrd": 2}}, "margins.hrd"),
        ({"margins": {"hard": 0}}, "margins.hard: 0 does not lie between 0 and 100"),
        ({"traffic": {"image": {"easy": 0.5}}}, "sum to 0.5"),
        ({"bins": {"snr": [3, 1]}}, "bins.snr"),
        ({"cells": {"required": ["image/hard"]}}, "is not modality/tier/slice=value"),
        ({"power": True}, "power: True"),
        ({"slices": "kind"}, "slices: 'kind' is not a list"),
    ],
)
def test_a_policy_that_cannot_be_is_refused_by_key(toml: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("(", r"\(")):
        policy_from_toml(toml)
