"""What verdicts amount to where not everyone said the same: settled at a lead's word, marked, and opened again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from labeler.domain.consensus_policy import ConsensusPolicy, Rule
from labeler.domain.people import Person, Role
from labeler.domain.rubric import Tier
from labeler.domain.verdicts import ResolvedBy, Right
from labeler.errors import LabelerError
from labeler.formats.gold.folder import read_records
from labeler.formats.project import read_settings, write_settings
from labeler.steps.adjudicate import reopen
from labeler.steps.docket import docket_of
from labeler.steps.gold.build import build_gold
from labeler.steps.project import Project
from labeler.steps.settle import settle
from labeler.steps.settle_posterior import SettledByPosterior, propose, settle_proposed
from tests.steps.judged_project import RELEASE, JudgedProject

ITEMS = 30
DISPUTED = ("i-00", "i-01", "i-02")
"""The careless one says otherwise; everything else all four say alike."""


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[JudgedProject]:
    made = JudgedProject(tmp_path / "p", ITEMS)
    made.project.store.set_overlap(4)
    for n in range(ITEMS):
        for who in ("ann", "bob", "cy", "dee"):
            item = f"i-{n:02d}"
            careless = who == "dee" and item in DISPUTED
            made.judge(item, Right.OLD if careless or (n % 3 == 0 and item not in DISPUTED) else Right.NEW, who=who)
    with made.project:
        yield made


@pytest.fixture
def lead(judged: JudgedProject) -> Person:
    return judged.project.store.add_person("Ada", Role.LEAD, at=judged.clock(), person_id="ada")


def by_posterior(judged: JudgedProject, sure: float = 0.95) -> Project:
    policy = ConsensusPolicy(Rule.POSTERIOR, sure)
    return replace(judged.project, settings=replace(judged.project.settings, consensus=policy))


def run(judged: JudgedProject, lead: Person, sure: float = 0.95) -> SettledByPosterior:
    project = by_posterior(judged, sure)
    return settle_proposed(project.store, lead, RELEASE.id, propose(project, RELEASE.id), judged.clock())


def test_what_three_reliable_people_say_is_settled_and_marked(judged: JudgedProject, lead: Person) -> None:
    store = judged.project.store
    assert all(store.resolution(RELEASE.id, item) is None for item in DISPUTED)
    assert run(judged, lead).settled == len(DISPUTED)
    for item in DISPUTED:
        standing = store.resolution(RELEASE.id, item)
        assert standing is not None
        found = standing.resolution
        assert (found.right, found.by, found.policy) == (Right.NEW, ResolvedBy.CONSENSUS, "posterior 0.95")
        assert len(found.verdicts) == 4
    assert {line.policy for line in docket_of(judged.project, RELEASE.id).resolved} == {"", "posterior 0.95"}
    assert run(judged, lead) == SettledByPosterior(0, 0)
    assert settle(store, store.stream(lead.id), RELEASE.id, DISPUTED, judged.clock()) == 0


def test_what_a_lead_opens_again_stays_open_until_somebody_says_something_new(
    judged: JudgedProject, lead: Person
) -> None:
    run(judged, lead)
    store = judged.project.store
    standing = store.resolution(RELEASE.id, "i-00")
    assert standing is not None
    reopen(store, lead, standing.event.id, judged.clock())
    assert run(judged, lead).settled == 0
    judged.judge("i-00", Right.NEW, who="eve")
    assert run(judged, lead).settled == 1


def test_what_is_no_longer_sure_enough_is_opened_again(judged: JudgedProject, lead: Person) -> None:
    run(judged, lead)
    assert run(judged, lead, sure=0.999999999).reopened == len(DISPUTED)
    assert judged.project.store.resolution(RELEASE.id, "i-00") is None
    assert judged.project.store.resolution(RELEASE.id, "i-09") is not None  # all said the same


def test_tier_and_gold_answer_have_to_be_sure_as_well(judged: JudgedProject, lead: Person) -> None:
    judged.judge("i-00", Right.NEW, who="bob", tier=Tier.HARD)
    judged.judge("i-00", Right.NEW, who="cy", tier=Tier.FRONTIER)
    judged.judge("i-01", Right.NEW, who="bob", answer="another text")
    judged.judge("i-01", Right.NEW, who="cy", answer="a third text")
    judged.judge("i-02", Right.NEW, who="cy", sure=False)
    assert run(judged, lead).settled == 0


def test_a_project_that_wants_unanimity_settles_nothing_so(judged: JudgedProject) -> None:
    with pytest.raises(LabelerError, match="unanimity alone"):
        propose(judged.project, RELEASE.id)


def test_the_policy_stands_in_the_settings(judged: JudgedProject) -> None:
    wanted = by_posterior(judged, 0.9).settings
    write_settings(judged.project.folder, wanted)
    assert read_settings(judged.project.folder) == wanted
    file = judged.project.folder / "project.toml"
    file.write_text(file.read_text("utf-8").replace("sure = 0.9", "sure = 1.5"), "utf-8")
    with pytest.raises(LabelerError, match=r"sure cannot be 1\.5"):
        read_settings(judged.project.folder)


def test_the_gold_record_says_by_which_policy_and_others_are_as_they_were(
    judged: JudgedProject, lead: Person, tmp_path: Path
) -> None:
    before = build_gold(judged.project, tmp_path / "before", "reads")
    run(judged, lead)
    after = build_gold(judged.project, tmp_path / "after", "reads")
    old, new = ((one.folder / "records.jsonl").read_bytes().splitlines() for one in (before, after))
    marked = [record.id for record in read_records(after.folder) if record.provenance.policy == "posterior 0.95"]
    assert marked == list(DISPUTED)
    assert old == [line for line in new if orjson.loads(line)["id"] not in DISPUTED]
    assert all(b"policy" not in line for line in old)
    assert (before.manifest.policies, after.manifest.policies) == ({}, {"posterior 0.95": 3})
    assert "policies" not in before.manifest.raw
