"""Answers that are pictures or recordings: what people judged counts, another file is nobody's error."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from labeler.domain.gate.policy import STANDARD
from labeler.domain.gate.report import Decision, Lack, NodeState
from labeler.domain.gold.records import GoldRecord, JudgedOutput
from labeler.domain.items import Answer, Modality
from labeler.domain.match import Match, MatchKind
from labeler.domain.rubric import Tier
from labeler.formats.gate.html import gate_to_html
from labeler.formats.gate.json import gate_to_json
from labeler.formats.gate.markdown import gate_to_markdown
from labeler.formats.gold.folder import read_records, verify
from labeler.formats.outputs import judged_sha256
from labeler.sessions.review.draft import Choice
from labeler.steps.gate.run import GateRun, run_gate
from labeler.steps.gold.build import build_gold
from labeler.steps.project import Project
from tests.sessions.conftest import Open, review  # noqa: F401 - a fixture
from tests.sessions.keys import press
from tests.steps.gate_files import output, record, write_gold, write_outputs

ITEMS = 300


def digest(number: int, version: str) -> str:
    return sha256(f"{number}/{version}".encode()).hexdigest()


def made(number: int, version: str, of: str | None = None) -> dict[str, Any]:
    sha = digest(number, of or version)
    return output(number, None, version, media=f"made/{number}.png", sha256=sha)


def pictures(*, critical: int = -1) -> list[GoldRecord]:
    """The old model's picture is the answer of every item, and was judged right."""
    tiers = (Tier.EASY, Tier.MEDIUM, Tier.HARD)
    return [
        replace(
            record(n, tier=tiers[n % 3], critical=n == critical),
            modality=Modality.IMAGE,
            answer=Answer(media_sha256=digest(n, "1")),
            match=Match(MatchKind.MEDIA),
            judged=(JudgedOutput(judged_sha256(made(n, "1")), "m 1", right=True),),
        )
        for n in range(3 * ITEMS)
    ]


def gated(tmp_path: Path, golds: list[GoldRecord], new: list[dict[str, Any]]) -> GateRun:
    gold = write_gold(tmp_path, golds)
    old = write_outputs(tmp_path / "old.jsonl", [made(n, "1") for n in range(3 * ITEMS)])
    return run_gate(gold, {"old": old, "new": write_outputs(tmp_path / "new.jsonl", new)}, STANDARD)


def test_pictures_that_nobody_has_judged_are_no_errors_and_no_evidence(tmp_path: Path) -> None:
    new = [made(n, "2", of="2" if n % 3 == 0 else "1") for n in range(3 * ITEMS)]
    report = gated(tmp_path, pictures(critical=0), new).report
    assert report.decision is Decision.INSUFFICIENT
    assert report.critical_failed == 0
    assert report.critical_open == 1
    easy, medium, hard = report.nodes
    assert (easy.n, easy.c, easy.open, easy.open_ids[0]) == (0, 0, ITEMS, "t-0000000")
    assert (easy.state, easy.lack) == (NodeState.INSUFFICIENT, Lack.JUDGEMENTS)
    assert [(node.state, node.open) for node in (medium, hard)] == [(NodeState.PASSES, 0)] * 2
    assert any(ground.startswith("critical: people must judge 1 item first") for ground in report.grounds)
    for page in (gate_to_markdown(report, "m", {}), gate_to_html(report, "m", {})):
        assert "For people to judge" in page
        assert "0000000" in page
    assert gate_to_json(report, {})["nodes"][0]["open"] == ITEMS


def test_one_open_item_keeps_its_tier_from_shipping(tmp_path: Path) -> None:
    new = [made(n, "2", of="2" if n == 5 else "1") for n in range(3 * ITEMS)]
    report = gated(tmp_path, pictures(), new).report
    assert report.decision is Decision.INSUFFICIENT
    assert [(node.n, node.open) for node in report.nodes] == [(ITEMS, 0), (ITEMS, 0), (ITEMS - 1, 1)]
    assert "people must judge 1 item first" in report.grounds[0]


@pytest.mark.parametrize(("right", "decision"), [(True, Decision.SHIP), (False, Decision.BLOCK)])
def test_what_people_said_of_the_new_pictures_decides(tmp_path: Path, right: bool, decision: Decision) -> None:
    golds = [
        replace(one, judged=(*one.judged, JudgedOutput(judged_sha256(made(n, "2")), "m 2", right=right)))
        for n, one in enumerate(pictures())
    ]
    report = gated(tmp_path, golds, [made(n, "2") for n in range(3 * ITEMS)]).report
    assert report.decision is decision
    (seen,) = report.agreement.values()
    assert (seen.both, seen.agree) == (3 * ITEMS, 3 * ITEMS), "of the new pictures no match said anything"


def test_a_model_that_makes_no_picture_is_wrong(tmp_path: Path) -> None:
    report = gated(tmp_path, pictures(), [output(n, "I cannot draw.", "2") for n in range(3 * ITEMS)]).report
    assert report.decision is Decision.BLOCK


def test_a_set_takes_the_answers_picture_along_and_the_gate_knows_it_by_its_bytes(
    painted: Project,
    review: Open,  # noqa: F811
    tmp_path: Path,
) -> None:
    session = review(painted)
    session.show_item("p1")
    press(session, "X", "1")
    assert session.state.judgement.verdict is Choice.A
    press(session, "H")
    session.save()
    session.close()
    published = build_gold(painted, tmp_path / "gold", "forms", with_media=True)
    (made_of,) = read_records(published.folder)
    assert published.media_kept_back == 0
    answer = published.folder / str(made_of.extra["answer_media"])
    assert answer == published.folder / "media" / f"{made_of.answer.media_sha256}.png"
    assert sha256(answer.read_bytes()).hexdigest() == made_of.answer.media_sha256
    assert verify(published.folder) == []

    given = next(path for path in tmp_path.rglob("given") if path.is_dir())
    files = {side: next(given.rglob(f"*{side}*.jsonl")) for side in ("old", "new")}
    report = run_gate(published.folder, {"old": files["old"], "new": files["new"]}, STANDARD).report
    assert sum(node.n for node in report.nodes) == 1, "outputs without sha256: their files are beside them"
    assert sum(node.open for node in report.nodes) == 0

    answer.write_bytes(answer.read_bytes() + b"!")
    assert len(verify(published.folder)) == 1
