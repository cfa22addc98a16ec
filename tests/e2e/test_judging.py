"""From the first key to the gate: what a person judges by keys alone is what the reference implies."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from pytestqt.qtbot import QtBot

from labeler.domain.consensus import normalised_answer
from labeler.domain.gate.policy import STANDARD
from labeler.domain.gate.report import Decision
from labeler.domain.items import Answer, Modality
from labeler.domain.simulation.tiers import tier_by_slices
from labeler.domain.verdicts import Checked, Right
from labeler.formats.gold.records import record_from_json
from labeler.shipped import DEMO_PROJECT
from labeler.steps.gate.run import run_gate
from labeler.steps.gold.build import build_gold
from labeler.steps.project import Project, person_called
from tests.e2e.annotator import Annotator
from tests.e2e.conftest import OpenWindow

A_MODALITY = 20


@pytest.fixture
def annotator(demo_folder: Path, demo: Project, open_window: OpenWindow, qtbot: QtBot) -> Annotator:
    person = person_called(demo, "Ana Annotator")
    return Annotator(open_window(demo_folder, "Ana Annotator"), demo, person.id, qtbot)


def test_forty_items_judged_by_keys_become_the_gold_set_and_the_gates_answer_that_the_reference_implies(
    annotator: Annotator, demo: Project, tmp_path: Path
) -> None:
    judged = {}
    for modality in (Modality.IMAGE, Modality.AUDIO):
        annotator.window.session.filter_modality(modality)
        for _ in range(A_MODALITY):
            item_id, truth = annotator.judge()
            judged[item_id] = truth
    assert len(judged) == 2 * A_MODALITY

    release = demo.store.latest_release()
    assert release is not None
    for item_id, truth in judged.items():
        stored = demo.store.verdict_of(release.id, item_id, annotator.person_id)
        assert stored is not None
        verdict = stored.verdict
        item = demo.store.item(item_id)
        assert item.reference is not None
        assert verdict.right is truth.right, item_id
        assert verdict.tier is tier_by_slices(item)
        assert verdict.tier_before_outputs
        assert verdict.checked is Checked.WHOLE
        assert verdict.exposed == ()
        assert verdict.gold is not None
        assert verdict.gold.answer.text is not None
        assert normalised_answer(verdict.gold.answer) == normalised_answer(Answer(text=item.reference.text))
        assert {failure.side for failure in verdict.failures} == {s for s, ok in truth.outputs.items() if not ok}, (
            item_id
        )

    published = build_gold(demo, tmp_path / "gold", "demo")
    lines = (published.folder / "records.jsonl").read_bytes().splitlines()
    records = {record.id: record for record in map(record_from_json, map(orjson.loads, lines))}
    assert judged.keys() <= records.keys()
    for item_id, truth in judged.items():
        right = {j.model: j.right for j in records[item_id].judged}
        assert sorted(right.values()) == sorted(truth.outputs.values()), item_id
        assert not records[item_id].provenance.simulated

    run = run_gate(
        published.folder,
        {"old": DEMO_PROJECT / "outputs-old.jsonl", "new": DEMO_PROJECT / "outputs-new.jsonl"},
        STANDARD,
    )
    assert run.report.decision is Decision.INSUFFICIENT
    only_new = sum(node.b for node in run.report.nodes)
    only_old = sum(node.c for node in run.report.nodes)
    kept = [r.resolution.right for r in demo.store.resolutions(release.id) if r.resolution.item_id in records]
    assert (only_new, only_old) == (kept.count(Right.NEW), kept.count(Right.OLD))
