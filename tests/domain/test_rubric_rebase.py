"""Two leads change the rubric at once: whoever is second loses nothing, and nothing of the first one's is undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from labeler.domain.items import Modality
from labeler.domain.rubric import Rubrics, Severity, Tier
from labeler.domain.rubric_changes import unexplained
from labeler.domain.rubric_draft import RubricDraft, draft_from_json, draft_to_json
from labeler.domain.rubric_history import RubricHistory, RubricVersion
from labeler.domain.rubric_rebase import Rebased, rebased
from tests.domain.test_rubric_history import code, rubric

IMAGE = Modality.IMAGE
BASE = rubric(code("one"), code("two"), code("three"))
Change = Callable[[RubricDraft], RubricDraft]


def on_each_other(first: Change, second: Change) -> tuple[Rebased, Rubrics]:
    """`second` is unfinished while `first` is put in force; also what is in force then."""
    in_force = first(RubricDraft.of(BASE))
    history = RubricHistory((RubricVersion("1"), RubricVersion("2", in_force.changes)))
    today = lambda modality, name: history.follow(modality, "1", name).code  # noqa: E731
    rubrics = history.read_with(in_force.rubrics)
    return rebased(second(RubricDraft.of(BASE)), rubrics, today), rubrics


def codes(found: Rebased) -> list[str]:
    return [one.code for one in found.draft.rubrics[IMAGE].failures]


SECOND: dict[str, tuple[Change, list[str]]] = {
    "rename": (lambda d: d.renamed(IMAGE, "two", "deux"), ["one", "deux", "three", "theirs"]),
    "merge": (lambda d: d.merged(IMAGE, ["two", "three"], "two"), ["one", "two", "theirs"]),
    "split": (lambda d: d.split(IMAGE, "two", ["two", "half"]), ["one", "two", "half", "three", "theirs"]),
    "remove": (lambda d: d.removed(IMAGE, "two"), ["one", "three", "theirs"]),
    "add": (lambda d: d.added(IMAGE, "mine"), ["one", "two", "three", "theirs", "mine"]),
    "add, then merge into it": (
        lambda d: d.added(IMAGE, "mine").merged(IMAGE, ["two", "mine"], "mine"),
        ["one", "three", "theirs", "mine"],
    ),
    "order": (lambda d: d.moved(IMAGE, "three", -2), ["three", "one", "two", "theirs"]),
}


@pytest.mark.parametrize("name", SECOND)
def test_each_change_is_made_again_beside_a_code_that_somebody_added(name: str) -> None:
    second, wanted = SECOND[name]
    found, in_force = on_each_other(lambda d: d.added(IMAGE, "theirs"), second)
    assert (codes(found), found.lost, found.both) == (wanted, (), ())
    assert unexplained(in_force, found.draft.rubrics, found.draft.changes, {}) == ""


def test_texts_follow_a_code_that_somebody_renamed_and_leave_what_they_changed_of_it() -> None:
    def first(draft: RubricDraft) -> RubricDraft:
        return draft.renamed(IMAGE, "two", "deux").edited(IMAGE, "deux", label="Theirs", key="W")

    found, _ = on_each_other(first, lambda d: d.edited(IMAGE, "two", definition="mine", severity=Severity.MINOR))
    deux = found.draft.code(IMAGE, "deux")
    assert (deux.label, deux.key, deux.definition, deux.severity) == ("Theirs", "W", "mine", Severity.MINOR)
    assert [(change.kind, change.codes) for change in found.draft.changes] == [("reconsider", ("deux",))]


def test_what_both_changed_is_said_and_what_cannot_be_done_any_more_too() -> None:
    found, _ = on_each_other(
        lambda d: d.edited(IMAGE, "one", label="Theirs").removed(IMAGE, "two"),
        lambda d: d.edited(IMAGE, "one", label="Mine").edited(IMAGE, "two", label="Lost").renamed(IMAGE, "two", "deux"),
    )
    assert found.draft.code(IMAGE, "one").label == "Mine"
    assert found.both == ("label of one",)
    assert found.lost == (
        "two is now called deux (the rubric of image has no code two)",
        "another label of “Two” (the code is gone)",
    )
    assert codes(found) == ["one", "three"]


def test_tiers_are_made_again_and_a_new_code_of_both_is_theirs() -> None:
    found, _ = on_each_other(
        lambda d: d.added(IMAGE, "new").tier_edited(IMAGE, Tier.EASY, example="theirs"),
        lambda d: d.added(IMAGE, "new").tier_edited(IMAGE, Tier.HARD, definition="mine"),
    )
    tiers = {one.tier: one for one in found.draft.rubrics[IMAGE].tiers}
    assert (tiers[Tier.EASY].example, tiers[Tier.HARD].definition) == ("theirs", "mine")
    assert found.lost == ("“New” is new (there is another code new now)",)


def test_a_draft_on_disk_says_what_it_was_made_on() -> None:
    draft = RubricDraft.of(BASE).renamed(IMAGE, "two", "deux")
    assert draft_from_json(draft_to_json(draft), rubric(code("other"))) == draft
