"""A new version of the rubric in a real project: everything that reads verdicts reads them through it."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import orjson
import pytest

from labeler.cli.app import run
from labeler.domain.events import EventKind, seal
from labeler.domain.items import Modality
from labeler.domain.people import Person
from labeler.domain.rubric import Crop, Tier
from labeler.domain.rubric_draft import RubricDraft, draft_from_json, draft_to_json
from labeler.domain.verdicts import ResolvedBy, Right
from labeler.errors import LabelerError
from labeler.formats.rubric import read_rubrics, write_rubrics
from labeler.steps.exchange import export_verdicts, import_verdicts
from labeler.steps.gold.build import build_gold
from labeler.steps.insights import read_resolved
from labeler.steps.opening import open_project
from labeler.steps.rubric import look_again, publish_rubric, record_rubrics
from labeler.steps.settle import settle
from labeler.store import LoggedEvent
from tests.steps.backfill.decided_project import DecidedProject
from tests.steps.judged_project import RELEASE, JudgedProject

IMAGE = Modality.IMAGE


def publish(judged: JudgedProject, lead: Person, draft: RubricDraft) -> str:
    return publish_rubric(judged.project, lead, draft.rubrics, draft.changes, now=judged.clock)


def codes_on(judged: JudgedProject, item: str) -> list[str]:
    return [f.code for stored in judged.project.store.verdicts(RELEASE.id, item) for f in stored.verdict.failures]


def test_old_verdicts_resolutions_figures_and_gold_speak_the_new_codes(
    judged: JudgedProject, lead: Person, tmp_path: Path
) -> None:
    judged.judge("i-00")  # settled: one verdict is enough here
    first = RubricDraft.of(judged.project.rubrics).renamed(IMAGE, "text_misread", "misread")
    assert publish(judged, lead, first) == "2"
    second = RubricDraft.of(judged.project.rubrics).merged(IMAGE, ["misread", "value_misread"], "misread")
    assert publish(judged, lead, second) == "3"
    assert codes_on(judged, "i-00") == ["misread"]
    store = judged.project.store
    standing = store.resolution(RELEASE.id, "i-00")
    assert standing is not None
    assert [f.code for f in standing.resolution.failures] == ["misread"]
    assert {code for one in read_resolved(judged.project).columns.failure_sets for _, code in one} == {"misread"}
    build_gold(judged.project, tmp_path / "gold", "g")
    (record,) = (tmp_path / "gold/g/v0001/records.jsonl").read_bytes().splitlines()
    assert sorted(one["failures"] for one in orjson.loads(record)["judged"]) == [[], ["misread"]]
    # The verdict keeps the version that it was given under, and nothing is settled anew.
    (stored,) = store.verdicts(RELEASE.id, "i-00")
    assert (stored.verdict.rubric, stored.event.body["failures"][0]["code"]) == ("1", "text_misread")
    assert settle(store, store.stream(lead.id), RELEASE.id, ["i-00"], judged.clock()) == 0
    assert look_again(store, RELEASE.id) == []
    assert not build_gold(judged.project, tmp_path / "gold", "g").new


def test_a_split_code_is_listed_until_a_lead_decides_again(judged: JudgedProject, lead: Person) -> None:
    judged.judge("i-00")
    judged.judge("i-01", Right.BOTH)
    split = RubricDraft.of(judged.project.rubrics).split(IMAGE, "text_misread", ["letter", "word"])
    publish(judged, lead, split)
    (found,) = look_again(judged.project.store, RELEASE.id)
    assert (found.item_id, found.resolved) == ("i-00", True)
    assert found.doubts[0].change.in_words() == "“Text misread” was split into “Letter” and “Word”"
    assert codes_on(judged, "i-00") == ["text_misread"]
    retired = judged.project.rubrics[IMAGE].failure("text_misread")
    assert retired is not None
    assert retired.definition.startswith("A word, name or label")
    judged.judge("i-00", Right.OLD, rubric="2")  # the same person, by the rubric of today
    assert look_again(judged.project.store, RELEASE.id) == []


def test_a_consensus_after_a_rename_is_written_in_the_new_codes_and_read_once(
    judged: JudgedProject, lead: Person
) -> None:
    """Codes that swap names would come out wrong if a resolution were followed twice."""
    draft = RubricDraft.of(judged.project.rubrics).renamed(IMAGE, "text_misread", "x_x")
    draft = draft.renamed(IMAGE, "row_missing", "y_y")
    publish(judged, lead, draft)
    judged.judge("i-00")  # by somebody who works by version 1 still
    standing = judged.project.store.resolution(RELEASE.id, "i-00")
    assert standing is not None
    assert standing.resolution.by is ResolvedBy.CONSENSUS
    assert (standing.event.body["rubric"], standing.event.body["failures"][0]["code"]) == ("2", "x_x")
    assert [f.code for f in standing.resolution.failures] == ["x_x"]


def test_only_a_lead_changes_the_rubric(judged: JudgedProject, lead: Person, tmp_path: Path) -> None:
    draft = RubricDraft.of(judged.project.rubrics).removed(IMAGE, "reading_order")
    with pytest.raises(LabelerError, match="only a lead"):
        publish(judged, judged.person("lea"), draft)
    publish(judged, lead, draft)
    # A file that says otherwise changes nothing: whoever is no lead cannot speak for one.
    store = judged.project.store
    newest = next(reversed(list(store.events(kinds=[EventKind.RUBRIC]))))
    store.append(store.stream("p-lea"), EventKind.RUBRIC, {**newest.body, "version": "9"}, judged.clock())
    assert [version.version for version in store.rubric_history.versions] == ["1", "2"]


def test_a_version_travels_with_the_verdicts_and_is_in_force_where_it_arrives(
    judged: JudgedProject, lead: Person, tmp_path: Path
) -> None:
    judged.judge("i-00")
    record_rubrics(judged.project, lead, now=judged.clock)
    export_verdicts(judged.project.store, tmp_path / "before.jsonl")
    other = JudgedProject(tmp_path / "other", items=4)
    with other.project:
        import_verdicts(other.project.store, tmp_path / "before.jsonl")
        publish(judged, lead, RubricDraft.of(judged.project.rubrics).renamed(IMAGE, "text_misread", "misread"))
        export_verdicts(judged.project.store, tmp_path / "after.jsonl")
        import_verdicts(other.project.store, tmp_path / "after.jsonl")
        assert other.project.rubrics[IMAGE].version == "2"
        assert other.project.rubrics[IMAGE].failure("misread") is not None
        assert codes_on(other, "i-00") == ["misread"]


def test_what_was_edited_by_hand_is_a_version_too(judged: JudgedProject, lead: Person) -> None:
    record_rubrics(judged.project, lead, now=judged.clock)
    judged.judge("i-00")
    file = judged.project.folder / "rubric.toml"
    rubrics = read_rubrics(file)
    write_rubrics(RubricDraft.of(rubrics).removed(IMAGE, "text_misread").rubrics, file)
    with open_project(judged.project.folder) as project:
        record_rubrics(project, lead, now=judged.clock)
        assert project.store.rubric_history.versions[-1].version == "2"
        assert [one.item_id for one in look_again(project.store, RELEASE.id)] == ["i-00"]
    with open_project(judged.project.folder) as project:
        assert project.rubrics[IMAGE].version == "2"
        assert project.rubrics[IMAGE].failure("text_misread") in project.rubrics[IMAGE].retired


def test_a_draft_comes_back_as_it_was(judged: JudgedProject) -> None:
    draft = RubricDraft.of(judged.project.rubrics).split(IMAGE, "text_misread", ["letter", "word"])
    draft = draft.edited(IMAGE, "letter", label="", definition="مثال").tier_edited(IMAGE, Tier.HARD, example="x")
    raw = orjson.loads(orjson.dumps(draft_to_json(draft)))
    assert draft_from_json(raw, draft.base) == draft
    assert draft.lacking() == "image, letter: the label is missing"


def test_the_rubric_is_changed_from_the_command_line(
    judged: JudgedProject, lead: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    judged.judge("i-00")

    def rubric(*arguments: str) -> int:
        return run(["rubric", arguments[0], str(judged.project.folder), *arguments[1:]], lambda *_: 0)

    image = ("--modality", "image", "--as", "Ada")
    assert rubric("split", "text_misread", "--into", "letter", "--into", "word", *image) == 0
    assert rubric("merge", "row_missing", "column_missing", "--into", "row_missing", *image) == 0
    assert rubric("rename", "letter", "Bad Name", *image) == 2
    assert rubric("remove", "letter", "--modality", "image", "--as", "lea") == 2
    assert rubric("again") == 0
    assert rubric("history") == 0
    assert rubric("show") == 0
    said = capsys.readouterr()
    assert "version 3 is in force; 1 items to look at again" in said.out
    assert "i-00: “Text misread” was split into “Letter” and “Word” in version 2" in said.out
    assert "'Bad Name' is no code" in said.err
    assert "only a lead changes the rubric" in said.err


def test_a_backfill_policy_may_name_a_code_as_it_was_or_as_it_is(tmp_path: Path) -> None:
    decided = DecidedProject(tmp_path / "decided", items=4, flips=2)
    with decided.project as project:
        decided.judge("i-00", who="ann")
        (before,) = {record.failures for record in decided.records().records if record.failures}
        draft = RubricDraft.of(project.rubrics).renamed(IMAGE, before[0], "called_otherwise")
        publish_rubric(project, decided.lead, draft.rubrics, draft.changes, now=decided.clock)
        (after,) = {record.failures for record in decided.records().records if record.failures}
        assert after == tuple(sorted({*before, "called_otherwise"}))


def test_a_hold_of_an_annotator_holds_nothing(tmp_path: Path) -> None:
    """As a file can bring it that no program of ours wrote."""
    decided = DecidedProject(tmp_path / "decided", items=4, flips=2)
    with decided.project as project:
        body = {"kind": "hold", "release": RELEASE.id, "decision_id": "d-00", "on": True}
        with pytest.raises(LabelerError, match="only a lead"):
            project.store.append(project.store.stream("p-bo"), EventKind.HOLD, body, decided.clock())
        ann = project.store.stream(decided.person("ann").id)
        last = project.store.newest_of(ann)
        assert last is not None
        forged = seal(ann, 2, str(uuid4()), EventKind.HOLD, decided.clock(), last.hash, body)
        assert project.store.adopt([LoggedEvent(forged)]).added == 1
        assert not any(handling.held for handling in decided.records().handling.values())


def test_a_file_whose_real_example_has_whole_numbers_is_not_taken_for_one_edited_by_hand(
    judged: JudgedProject, lead: Person
) -> None:
    """A place that somebody drew has them; such a project took in no version of another lead any more."""
    crop = Crop("i-00", box=(1, 2, 3, 4))
    publish(judged, lead, RubricDraft.of(judged.project.rubrics).edited(IMAGE, "text_misread", crop=crop))
    with open_project(judged.project.folder) as other:
        record_rubrics(other, lead, now=judged.clock)
        assert [version.version for version in other.store.rubric_history.versions] == ["1", "2"]
        publish(judged, lead, RubricDraft.of(judged.project.rubrics).renamed(IMAGE, "text_misread", "misread"))
        assert other.rubrics[IMAGE].version == "3"
