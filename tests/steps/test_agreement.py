"""Agreement read in short is agreement read from whole verdicts."""

from __future__ import annotations

from pathlib import Path

from labeler.domain.agreement.answers import Question
from labeler.domain.agreement.groups import Grouping
from labeler.domain.items import Modality
from labeler.domain.quality_report import quality_report
from labeler.domain.rubric_draft import RubricDraft
from labeler.steps.agreement import measure_agreement, measure_questions, read_answers, read_judged
from labeler.steps.project import Project
from labeler.steps.rubric import publish_rubric
from tests.steps.judged_project import JudgedProject
from tests.whole_verdicts import answered, judged_items


def test_what_is_read_in_short_is_what_whole_verdicts_answer(demo: Project) -> None:
    store, lead = demo.store, demo.store.person("Ada Lead")
    release = store.latest_release()
    assert lead is not None
    assert release is not None
    draft = RubricDraft.of(demo.rubrics).renamed(Modality.IMAGE, "value_misread", "value_wrong")
    publish_rubric(demo, lead, draft.rubrics, draft.changes)
    judged, whole = read_judged(demo), judged_items(demo, release)
    assert len(whole) == len(judged.items) > 50
    for question in Question:
        judged = read_answers(demo, judged, question)
        assert judged.answers[question] == answered(question, whole)
    codes = {code for said in judged.answers[Question.FAILURES].said for named in said for _, code in named or ()}  # type: ignore[attr-defined]
    assert "value_wrong" in codes
    assert "value_misread" not in codes
    of_pictures = read_judged(demo, Modality.IMAGE)
    assert {slices["modality"] for slices in of_pictures.answers[Question.TIER].slices} == {"image"}
    for question, found in measure_questions(demo).items():
        assert found == judged.groups(question, Grouping.ALL)[0].agreement


def test_peoples_figures_follow_from_what_is_read_in_short(demo: Project) -> None:
    release = demo.store.latest_release()
    assert release is not None
    leads = {one.resolution.item_id: one.resolution.right for one in demo.store.resolutions(release.id)
             if one.resolution.by == "lead"}  # fmt: skip
    found = measure_agreement(demo, resamples=5)
    assert found.annotators == quality_report(judged_items(demo, release), leads, seed=demo.settings.seed, resamples=5)
    assert any(one.usual_s for one in found.annotators)


def test_a_simulated_annotators_word_counts_while_nobody_else_judged(tmp_path: Path) -> None:
    judged = JudgedProject(tmp_path / "p", items=3)
    for name in ("one", "other"):
        judged.person(name, simulated=True)
        judged.judge("i-00", who=name)
    found = read_judged(judged.project)
    assert (found.simulated, found.several, found.left_out) == (True, 1, 0)
    judged.judge("i-01", who="ann")
    found = read_judged(judged.project)
    assert (found.simulated, found.items, found.left_out) == (False, ["i-01"], 2)
    judged.project.store.close()
