"""The Gold screen without its window: what the next version would be, and who may do what with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from labeler.cli.app import run
from labeler.domain.consensus_policy import ConsensusPolicy, Rule
from labeler.domain.item_json import output_to_json
from labeler.domain.items import Modality, ModelVersion, Pair
from labeler.domain.people import Role
from labeler.domain.project import release_of
from labeler.domain.queue import rank
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import Right
from labeler.errors import LabelerError
from labeler.formats.gold.folder import verify
from labeler.formats.gold.manifest import read_manifest
from labeler.sessions.gold.session import GoldSession
from labeler.sessions.gold.state import Deed, Tone
from labeler.steps.build_queue import bands_of
from labeler.steps.gold import read as read_gold
from labeler.steps.gold.desk import pairs_at_hand
from labeler.steps.gold.exchange import import_gold
from labeler.steps.settle_posterior import propose, settle_proposed
from tests.steps.gate_files import write_outputs
from tests.steps.judged_project import RELEASE, JudgedProject

NOW = datetime(2026, 9, 5, tzinfo=UTC)
ITEMS = 30


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[JudgedProject]:
    made = JudgedProject(tmp_path / "project", items=ITEMS)
    for name in ("lena", "ben"):
        made.project.store.add_person(name, Role.LEAD, at=NOW)
    yield made
    made.project.close()


def opened(judged: JudgedProject, name: str = "lena") -> GoldSession:
    person = judged.project.store.person(name)
    assert person is not None
    made = GoldSession(judged.project, person, lambda: NOW)
    made.refresh()
    return made


def judge(judged: JudgedProject, right: Right, items: range) -> None:
    for item in judged.items[items.start : items.stop]:
        judged.judge(item.id, right, who="cy")


def test_before_anything_is_judged_it_says_what_is_missing(judged: JudgedProject) -> None:
    state = opened(judged).state
    assert state.deed is Deed.NONE
    assert "There is nothing to put into a gold set" in state.why_not
    assert state.nodes == ()


def test_an_annotator_may_not_see_it(judged: JudgedProject) -> None:
    person = judged.person("cy")
    with pytest.raises(LabelerError, match="the lead's"):
        GoldSession(judged.project, person, lambda: NOW)


def test_a_draft_shows_what_is_added_and_what_the_gate_says_and_writes_no_version(judged: JudgedProject) -> None:
    judge(judged, Right.NEW, range(20))
    judged.judge(judged.items[25].id, Right.NEW, sure=False, who="cy")
    session = opened(judged)
    state = session.state
    assert (state.draft_title, state.records) == ("Draft v0001, the first version", "20 records")
    assert {line.name: line.count for line in state.changes} == {
        "Added": "20",
        "Changed": "0",
        "Removed": "0",
        "Left out: unresolved": "1",
    }
    easy = state.nodes[0]
    assert (easy.cells[0], easy.cells[1], easy.tone) == ("image · easy", "20", Tone.OPEN)
    assert state.thin[0].name == "image · medium"
    assert [path.name for path in (judged.project.folder / "gold" / "judged").iterdir()] == ["looks.jsonl"]
    session.toggle_explained()
    assert "image · easy: 20 items" in session.state.explained[0]
    session.move(1)
    assert "image · medium" in session.state.explained[0]


def test_items_without_outputs_here_are_named_and_no_file_that_is_gone(judged: JudgedProject, tmp_path: Path) -> None:
    judge(judged, Right.NEW, range(3))
    theirs = tmp_path / "theirs.jsonl"
    theirs.write_text('{"id": "z-1", "modality": "image", "media": "x.png", "answer": {"text": "x"}}\n')
    import_gold(theirs, judged.project.folder / "gold", "judged")
    state = opened(judged).state
    assert (state.nodes, state.decision) == ((), "")
    assert state.why == "the outputs of the old models: 1 of the 4 items of the gold set have no output: z-1"


def test_who_builds_a_version_does_not_publish_it_and_every_look_is_kept(judged: JudgedProject) -> None:
    judge(judged, Right.NEW, range(20))
    series = judged.project.folder / "gold" / "judged"
    series.mkdir(parents=True)
    (series / "about.toml").write_text('cite_as = "Us"')  # the draft is the same with it as the version
    lena, ben = opened(judged), opened(judged, "ben")
    assert lena.state.deed is Deed.BUILD
    draft = lena.state.digest
    lena.do()
    assert read_manifest(series / "v0001").digest[7:19] == draft
    assert lena.state.version == "v0001, not published"
    assert (lena.state.deed, lena.state.message) == (Deed.NONE, "Built v0001; somebody else publishes it")
    assert "You built it" in lena.state.why_not
    assert verify(series / "v0001") == []
    ben.refresh()
    assert ben.state.deed is Deed.PUBLISH
    ben.do()
    assert ben.state.version == "v0001 published 2026-09-05"
    published = orjson.loads((series / "published.jsonl").read_bytes())
    assert (published["built_by"], published["published_by"]) == ("lena", "ben")
    assert sorted(look["by"] for look in published["seen"]) == ["ben", "lena"]  # both saw the draft's gate
    assert opened(judged, "ben").state.deed is Deed.NONE


def test_the_draft_says_which_answers_of_the_gate_turn_and_leads_to_what_is_wrong(
    judged: JudgedProject, tmp_path: Path
) -> None:
    judge(judged, Right.BOTH, range(ITEMS))
    session = opened(judged)
    session.do()
    files = []
    for side in ("old", "new"):
        lines = [output_to_json(judged.outputs[item.id, side]) for item in judged.items]
        files += [f"--{side}", str(write_outputs(tmp_path / f"{side}.jsonl", lines))]
    first = judged.project.folder / "gold" / "judged" / "v0001"
    run(["gate", "--gold", str(first), *files, "--as", "lena"], lambda _project, _person: 1)
    judge(judged, Right.OLD, range(20))
    judged.judge(judged.items[29].id, Right.BOTH, tier=Tier.HARD, who="cy")
    session.refresh()
    (turn,) = [line.name for line in session.state.changes if line.name.startswith("Turns")]
    assert turn.startswith("Turns: attempt 1, image reader 3.2: insufficient → block")
    assert session.state.decision == "✕ Blocked"
    wanted = list[str]()
    session.show_item = wanted.append
    session.open_newly_wrong()
    assert wanted == ["i-00"]
    copied = list[str]()
    session.copy_text = copied.append
    session.copy_markdown()
    assert copied[0].startswith("## Blocked: image reader 3.1 → reader 3.2, on judged v0002")


def test_the_mix_is_set_against_the_traffic_where_there_is_a_sample(judged: JudgedProject) -> None:
    judge(judged, Right.NEW, range(ITEMS))
    assert "traffic.jsonl" in opened(judged).state.mix_note
    lines = [{"modality": "image", "slices": {"kind": "chart" if n % 10 else "table"}} for n in range(300)]
    traffic = judged.project.folder / "traffic.jsonl"
    traffic.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    (line,) = opened(judged).state.mix
    assert line.tone is Tone.OPEN
    assert line.name.startswith("image · kind: chart 33 % of gold, 90 % of traffic")
    traffic.write_text("{}\n")
    broken = opened(judged).state
    assert "traffic.jsonl:1" in broken.mix_note
    assert broken.nodes  # the gate does not need it


def test_what_is_thin_is_put_first_in_the_queue(judged: JudgedProject) -> None:
    """Charts are judged, tables are not; the order of what waits follows from that, and nothing else of it changes."""
    for item in judged.items:
        if item.slices["kind"] == "chart":
            judged.judge(item.id, who="cy")
    session, store = opened(judged), judged.project.store
    before = {entry.item_id: (entry.why, entry.p) for entry in store.queue(RELEASE.id, "p-lea", limit=100)}
    session.queue_thin_first()
    assert session.state.message == f"{len(before):,} items of thin tiers and slices come first in Review"
    after = store.queue(RELEASE.id, "p-lea", limit=100)
    assert {entry.item_id: (entry.why, entry.p) for entry in after} == before
    bands = bands_of(store)
    assert bands is not None
    order = [bands[entry.item_id] for entry in after]
    assert order == sorted(order)
    assert [entry.rank for entry in after] == [rank(entry.item_id, 1, bands[entry.item_id]) for entry in after]


def test_what_a_policy_settled_stands_on_the_screen_as_such(judged: JudgedProject) -> None:
    judged.project.store.set_overlap(4)
    for n, item in enumerate(judged.items):
        for who in ("ann", "bob", "cy", "dee"):
            judged.judge(item.id, Right.OLD if n % 3 == 0 or (who == "dee" and n == 1) else Right.NEW, who=who)
    lead = judged.project.store.person("lena")
    assert lead is not None
    policy = ConsensusPolicy(Rule.POSTERIOR, 0.95)
    project = replace(judged.project, settings=replace(judged.project.settings, consensus=policy))
    settle_proposed(project.store, lead, RELEASE.id, propose(project, RELEASE.id), judged.clock())
    (line,) = [one for one in opened(judged).state.changes if one.name == "Settled without a lead"]
    assert (line.count, line.words, line.tone) == ("1", "by posterior 0.95, although somebody differed", Tone.OPEN)


def test_any_version_is_looked_at_with_what_it_changed_and_the_gate_on_it(judged: JudgedProject) -> None:
    judge(judged, Right.NEW, range(20))
    session = opened(judged)
    session.do()
    judge(judged, Right.OLD, range(20, 25))
    session.refresh()
    assert [(chip.words, chip.chosen) for chip in session.state.versions] == [
        ("v0001, not published", False),
        ("Draft v0002", True),
    ]
    draft_digest = session.state.digest
    session.go_by(-1)
    state = session.state
    assert [chip.chosen for chip in state.versions] == [True, False]
    assert (state.draft_title, state.records) == ("v0001, the first version", "20 records")
    assert state.changes[0].count == "20"
    first = judged.project.folder / "gold" / "judged" / "v0001"
    assert state.digest == read_manifest(first).digest[7:19] != draft_digest
    assert (state.nodes[0].cells[1], state.deed) == ("20", Deed.NONE)
    assert "starts from the draft" in state.why_not
    session.go_by(-1)
    assert session.state is state
    session.go_by(1)
    assert (session.state.digest, session.state.deed) == (draft_digest, Deed.BUILD)
    session.do()
    session.look_at("v0002")
    assert session.state.draft_title == "v0002 against v0001"
    assert {line.name: line.count for line in session.state.changes}["Added"] == "5"


def test_coming_back_reads_only_where_something_is_new(judged: JudgedProject) -> None:
    judge(judged, Right.NEW, range(20))
    session, read = opened(judged), list[bool]()
    session.listen(lambda old, new: read.append(old is not None and old.nodes is not new.nodes))

    def came() -> bool:
        read.clear()
        session.come()
        return any(read)

    assert not came()
    judge(judged, Right.NEW, range(20, 21))
    assert came()
    (judged.project.folder / "gate.toml").write_text('profile = "pilot"\n')
    assert came()
    assert not came()
    session.refresh()
    assert any(read)


def test_what_is_unresolved_leads_to_adjudicate_one_after_the_other(judged: JudgedProject) -> None:
    judge(judged, Right.NEW, range(20))
    unsure = [item.id for item in judged.items[25:27]]
    for item_id in unsure:
        judged.judge(item_id, Right.NEW, sure=False, who="cy")
    session, wanted = opened(judged), list[str]()
    session.settle_item = wanted.append
    assert session.state.unresolved == tuple(unsure)
    for _ in range(3):
        session.settle_next()
    assert wanted == [*unsure, unsure[0]]


def test_the_version_that_is_looked_at_is_exported(judged: JudgedProject, tmp_path: Path) -> None:
    judge(judged, Right.NEW, range(20))
    session = opened(judged)
    session.export(tmp_path / "none.jsonl", "jsonl")
    assert not (tmp_path / "none.jsonl").exists()
    session.do()
    judge(judged, Right.NEW, range(20, 25))
    session.do()
    session.look_at("v0001")
    session.export(tmp_path / "out.csv", "csv")
    assert session.state.message == "Wrote out.csv: 20 records"
    assert (tmp_path / "out.csv").read_text().count("i-") >= 20
    session.export(tmp_path / "no folder" / "out.csv", "csv")
    assert session.state.serious
    assert not session.state.busy


def test_the_gate_is_asked_with_any_two_models_whose_outputs_are_there() -> None:
    one, two, three = (ModelVersion("reader", version) for version in "123")
    first, second = (release_of({Modality.IMAGE: Pair(old, new)}) for old, new in ((one, two), (two, three)))
    assert [pair.words for pair in pairs_at_hand([first, second])] == [
        "reader 2 → reader 3",
        "reader 1 → reader 3",
        "reader 1 → reader 2",
    ]
    assert pairs_at_hand([]) == ()


def test_a_child_reads_what_is_read_here(judged: JudgedProject, monkeypatch: pytest.MonkeyPatch) -> None:
    judge(judged, Right.NEW, range(ITEMS))
    here = opened(judged).state
    monkeypatch.setattr(read_gold, "WORTH_A_CHILD", ITEMS)
    monkeypatch.setattr(read_gold, "Here", lambda: pytest.fail("it was read here"))
    assert opened(judged).state == here
    assert here.nodes
