from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from labeler.domain.insights.columns import MODALITIES, Became
from labeler.domain.insights.cut import Cut, items_of
from labeler.domain.items import Modality
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Right
from labeler.errors import LabelerError
from labeler.formats.gate.policy import TEMPLATE
from labeler.steps import insights
from labeler.steps.gold.build import build_gold, record_publication
from labeler.steps.insights import page, read_material
from labeler.steps.opening import create_project
from labeler.steps.project import Project
from tests.steps.judged_project import JudgedProject


def test_a_page_says_what_people_decided(tmp_path: Path) -> None:
    judged = JudgedProject(tmp_path / "p", 8)
    for number, right in enumerate((Right.NEW, Right.OLD, Right.BOTH, Right.NEITHER, Right.UNDECIDABLE)):
        judged.judge(f"i-{number:02}", right, tier=Tier.HARD if number == 1 else Tier.EASY)
    with judged.project as project:
        found = page(read_material(project))
        flipped = found.flipped
        assert (flipped.fixed, flipped.regressed, flipped.kept, flipped.residual, flipped.undecidable) == (
            1,
            1,
            1,
            1,
            1,
        )
        assert (found.items, found.simulated) == (5, 0)
        assert [(heat.key, heat.codes) for heat in found.failures] == [("kind", ())]
        assert [(rate.modality, rate.tier, rate.change.n) for rate in found.tiers] == [
            (Modality.IMAGE, Tier.EASY, 3),
            (Modality.IMAGE, Tier.HARD, 1),
        ]
        assert found.residual.since == (("reader 3.1", 1),)
        assert {node.key.slice and node.key.slice[0] for node in found.watch} == {None, "kind", "width"}


def test_nothing_is_looked_for_before_the_first_release(demo: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """On many items that takes a fifth of the time until the first figures are there."""
    monkeypatch.setattr(insights, "carried_rows", lambda _project, _release: pytest.fail("it looked"))
    assert read_material(demo).number == 1


def test_the_items_behind_a_number_are_as_many_as_it_says(demo: Project) -> None:
    material = read_material(demo)
    found = page(material)
    for became, count in ((Became.FIXED, found.flipped.fixed), (Became.RESIDUAL, found.flipped.residual)):
        assert len(items_of(material.columns, Cut(became=became))) == count > 0
    for tier in found.tiers:
        behind = items_of(material.columns, Cut(modality=tier.modality, tiers=frozenset({tier.tier})))
        assert len(behind) == tier.change.n


def test_simulated_verdicts_are_counted_as_such_until_a_person_judges(demo: Project) -> None:
    found = page(read_material(demo))
    assert found.simulated == found.items > 0


def test_a_reopened_item_is_no_longer_counted(tmp_path: Path) -> None:
    judged = JudgedProject(tmp_path / "p", 2)
    judged.judge("i-00")
    with judged.project as project:
        assert page(read_material(project)).items == 1
        judged.judge("i-00", Right.OLD, who="ben")  # the verdicts no longer agree
        assert page(read_material(project)).items == 0


def test_the_projects_own_gate_decides_how_slices_are_cut(tmp_path: Path) -> None:
    judged = JudgedProject(tmp_path / "p", 6)
    for number in range(6):
        judged.judge(f"i-{number:02}")
    policy = TEMPLATE.replace("slices = []", 'slices = ["width"]').replace("[bins]", "[bins]\nwidth = [100.5]")
    (tmp_path / "p" / "gate.toml").write_text(policy)
    with judged.project as project:
        material = read_material(project)
        assert material.policy_from == "gate.toml, profile standard"
        cells = {node.key.slice for node in page(material).watch} - {None}
        assert cells == {("width", "<100.5"), ("width", "≥100.5")}


def test_published_gold_sets_stand_on_the_page(tmp_path: Path) -> None:
    judged = JudgedProject(tmp_path / "p", 2)
    judged.judge("i-00")
    with judged.project as project:
        built = build_gold(project, tmp_path / "gold", "invoices")
        for _ in range(2):  # built again elsewhere it is the same version
            record_publication(project, built.manifest, "p-lea", now=lambda: datetime(2026, 9, 2, tzinfo=UTC))
        found = page(read_material(project)).gold
        assert [(gold.name, gold.version, gold.records) for gold in found] == [("invoices", "v0001", 1)]


def test_a_release_that_is_not_there_is_named(demo: Project, tmp_path: Path) -> None:
    assert read_material(demo, release="1").release == demo.store.latest_release()
    with pytest.raises(LabelerError, match="there is no release 2"):
        read_material(demo, release="2")
    with create_project(tmp_path / "empty") as empty, pytest.raises(LabelerError, match="no release yet"):
        read_material(empty)


def test_the_mix_is_set_against_a_sample_of_the_traffic_where_the_folder_holds_one(demo: Project) -> None:
    assert page(read_material(demo)).drift is None
    traffic = demo.folder / "traffic.jsonl"
    lines = [
        {
            "modality": "audio",
            "slices": {"device": "telephone" if n % 10 else "headset", "snr_db": n % 3},
            "tier": "hard",
        }
        for n in range(400)
    ]
    traffic.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    material = read_material(demo)
    found = page(material).drift
    assert found is not None
    assert found.gold_items == len(material.columns)
    device = next(one for one in found.slices if one.key == "device")
    assert device.drifted
    assert [need.value for need in device.needs] == ["telephone"]
    assert sum(device.gold.values()) == int((material.columns.modality == MODALITIES.index(Modality.AUDIO)).sum())
    assert {"device", "snr_db", "tier"} == {one.key for one in found.slices}
    traffic.write_bytes(b'{"modality": "smell"}\n')
    with pytest.raises(LabelerError, match=r"traffic.jsonl:1"):
        read_material(demo)
