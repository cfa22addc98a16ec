from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from labeler.domain.gold.changes import Reason
from labeler.domain.gold.records import LeftOut
from labeler.domain.items import output_sha256
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Checked, ResolvedBy, Right
from labeler.errors import Exit, LabelerError
from labeler.formats.gold.folder import read_records, read_removed, verify
from labeler.steps.gold.build import Published, build_gold, record_publication
from tests.steps.judged_project import JudgedProject


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[JudgedProject]:
    made = JudgedProject(tmp_path / "project", items=6)
    yield made
    made.project.close()


def build(judged: JudgedProject, to: Path) -> Published:
    return build_gold(judged.project, to, "reads")


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_whole_checked_resolutions_with_an_answer_become_gold(judged: JudgedProject, tmp_path: Path) -> None:
    judged.judge("i-02", Right.NEW, tier=Tier.HARD)
    judged.judge("i-01", Right.BOTH)
    published = build(judged, tmp_path / "gold")
    assert published.folder == tmp_path / "gold" / "reads" / "v0001"
    one, two = read_records(published.folder)
    assert (one.id, one.tier, one.answer.text) == ("i-01", Tier.EASY, "the right text")
    assert (two.id, two.tier, two.drawn.why, two.drawn.p) == ("i-02", Tier.HARD, "random", 0.25)
    assert two.provenance.resolved_by is ResolvedBy.CONSENSUS
    assert two.provenance.release == "reader 3.1 -> 3.2"
    assert len(two.provenance.verdicts) == 1
    assert two.extra == {"license": "CC0-1.0"}
    by_hash = {judgement.output_sha256: judgement for judgement in two.judged}
    old = by_hash[output_sha256(judged.outputs["i-02", "old"])]
    new = by_hash[output_sha256(judged.outputs["i-02", "new"])]
    assert (old.right, old.failures, old.model) == (False, ("text_misread",), "reader 3.1")
    assert (new.right, new.failures) == (True, ())
    assert two.accept == ("new i-02",)
    assert verify(published.folder) == []


def test_everyone_who_is_left_out_is_named_with_the_reason(judged: JudgedProject, tmp_path: Path) -> None:
    judged.judge("i-00")
    judged.judge("i-01", checked=Checked.DIFFERENCES)
    judged.judge("i-02", answer=None)
    judged.judge("i-03", Right.UNDECIDABLE, answer=None)
    judged.judge("i-04", sure=False)
    published = build(judged, tmp_path / "gold")
    assert published.left_out.why == {
        "i-01": LeftOut.DIFFERENCES_ONLY,
        "i-02": LeftOut.NO_ANSWER,
        "i-03": LeftOut.UNDECIDABLE,
        "i-04": LeftOut.UNRESOLVED,
    }
    assert published.manifest.raw["left_out"] == {
        "unresolved": 1,
        "undecidable": 1,
        "differences_only": 1,
        "no_answer": 1,
    }
    assert "1 unresolved" in (published.folder / "CHANGES.md").read_text()


def test_the_same_events_give_the_same_bytes_and_no_new_version(judged: JudgedProject, tmp_path: Path) -> None:
    for item in judged.items[:4]:
        judged.judge(item.id)
    first = build(judged, tmp_path / "here")
    record_publication(judged.project, first.manifest, "p-lea", judged.clock)
    second = build(judged, tmp_path / "there")
    assert content(first.folder) == content(second.folder)
    again = build(judged, tmp_path / "here")
    assert (again.new, again.folder) == (False, first.folder)
    assert [path.name for path in first.folder.parent.iterdir()] == ["v0001"]


def test_a_next_version_says_what_is_new_and_keeps_since_when_the_rest_is_there(
    judged: JudgedProject, tmp_path: Path
) -> None:
    judged.judge("i-00")
    first = build(judged, tmp_path / "gold")
    judged.judge("i-01")
    second = build(judged, tmp_path / "gold")
    assert second.folder.name == "v0002"
    assert second.manifest.raw["parent"] == {"version": "v0001", "digest": first.manifest.digest}
    zero, one = read_records(second.folder)
    assert (zero.added_in, zero.changed_in) == ("v0001", "v0001")
    assert (one.added_in, one.changed_in) == ("v0002", "v0002")
    assert (second.summary.added, second.summary.changed, second.summary.removed) == (1, 0, 0)
    page = (second.folder / "CHANGES.md").read_text()
    assert "Since v0001" in page
    behind = f"resolution {one.provenance.resolution} by consensus, verdicts {one.provenance.verdicts[0]}"
    assert f"`i-01` image · easy ({behind})" in page


def test_a_changed_answer_is_a_change_and_a_changed_tier_is_a_removal_too(
    judged: JudgedProject, tmp_path: Path
) -> None:
    judged.judge("i-00")
    judged.judge("i-01")
    build(judged, tmp_path / "gold")
    judged.judge("i-00", answer="another text")
    judged.judge("i-01", tier=Tier.HARD)
    second = build(judged, tmp_path / "gold")
    zero, one = read_records(second.folder)
    assert (zero.answer.text, zero.added_in, zero.changed_in) == ("another text", "v0001", "v0002")
    assert (one.tier, one.added_in) == (Tier.HARD, "v0002")
    (removed,) = read_removed(second.folder)
    assert (removed.id, removed.reason, removed.by) == ("i-01", Reason.SUPERSEDED, "p-lea")
    assert removed.retiered == (Tier.EASY, Tier.HARD)
    assert removed.event == one.provenance.resolution


def test_nothing_shrinks_without_an_entry_in_the_ledger(judged: JudgedProject, tmp_path: Path) -> None:
    for number in range(4):
        judged.judge(f"i-0{number}")
    build(judged, tmp_path / "gold")
    judged.judge("i-00", Right.UNDECIDABLE, answer=None)
    judged.judge("i-01", Right.OLD, who="max")  # disagrees: opened again
    judged.judge("i-02", checked=Checked.DIFFERENCES, rubric="2")
    second = build(judged, tmp_path / "gold")
    assert [record.id for record in read_records(second.folder)] == ["i-03"]
    assert {removed.id: removed.reason for removed in read_removed(second.folder)} == {
        "i-00": Reason.WRONG,
        "i-01": Reason.SUPERSEDED,
        "i-02": Reason.RUBRIC_CHANGE,
    }
    assert all(removed.event and removed.by for removed in read_removed(second.folder))


def test_another_projects_gold_set_is_not_overwritten(judged: JudgedProject, tmp_path: Path) -> None:
    judged.judge("i-00")
    judged.judge("i-01")
    build(judged, tmp_path / "gold")
    stranger = JudgedProject(tmp_path / "stranger", items=1)
    stranger.judge("i-00", answer="something else")
    with pytest.raises(LabelerError, match="1 records of the last version have no resolution"):
        build(stranger, tmp_path / "gold")
    stranger.project.close()
    assert [path.name for path in (tmp_path / "gold" / "reads").iterdir()] == ["v0001"]


def test_nothing_is_built_on_a_damaged_parent(judged: JudgedProject, tmp_path: Path) -> None:
    judged.judge("i-00")
    first = build(judged, tmp_path / "gold")
    with (first.folder / "records.jsonl").open("ab") as file:
        file.write(b"\n")
    judged.judge("i-01")
    with pytest.raises(LabelerError) as caught:
        build(judged, tmp_path / "gold")
    assert caught.value.exit_status is Exit.GOLD_DAMAGED


def test_a_set_of_nothing_is_refused(judged: JudgedProject, tmp_path: Path) -> None:
    judged.judge("i-04", sure=False)
    with pytest.raises(LabelerError, match="1 unresolved"):
        build(judged, tmp_path / "gold")
    assert list((tmp_path / "gold" / "reads").iterdir()) == []


def test_simulated_verdicts_are_marked_and_counted(judged: JudgedProject, tmp_path: Path) -> None:
    judged.person("sim-1", simulated=True)
    judged.judge("i-00", who="sim-1")
    judged.judge("i-01")
    published = build(judged, tmp_path / "gold")
    zero, one = (orjson.loads(line) for line in (published.folder / "records.jsonl").read_bytes().splitlines())
    assert zero["provenance"]["simulated"] is True
    assert "simulated" not in one["provenance"]
    assert published.manifest.simulated == 1


def test_media_come_along_by_content(judged: JudgedProject, tmp_path: Path) -> None:
    for number in range(2):
        (judged.project.folder / "media" / f"i-0{number}.png").write_bytes(b"the same picture")
    for number in range(3):
        judged.judge(f"i-0{number}")
    published = build_gold(judged.project, tmp_path / "gold", "reads", with_media=True)
    zero, one, two = read_records(published.folder)
    assert zero.media == one.media
    assert zero.media is not None
    assert (published.folder / zero.media).read_bytes() == b"the same picture"
    assert (two.media, published.media_kept_back) == ("media/i-02.png", 1)
    assert verify(published.folder) == []


def test_publishing_is_an_event_with_the_digest(judged: JudgedProject, tmp_path: Path) -> None:
    judged.judge("i-00")
    published = build(judged, tmp_path / "gold")
    event = record_publication(judged.project, published.manifest, "p-lea", judged.clock)
    assert event.body["digest"] == published.manifest.digest
    assert judged.project.store.chain_damage() == []
